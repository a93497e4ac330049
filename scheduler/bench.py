"""`vigor bench round`: the real round on a region of made-up patients, in a database of its own that is thrown away.

Measured is what the workers do, from the queued shards to the written check-ins: read, evaluate, write. Each run clears
what the one before wrote.
"""

import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as time_of_day
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from zoneinfo import ZoneInfo

import psutil  # type: ignore[import-untyped]  # it has no types
import psycopg

from assistant import database
from assistant.settings import Settings
from scheduler import peer
from scheduler.cohort_readings import ZONE

REGION = 1_700_000
SIZES = (10_000, 100_000, 300_000)
WORKERS = (1, 2)
PEER_PATIENTS = 500
CLEARED = "check_in, recommendation, task, provenance, audit_entry, resource_version, procrastinate_jobs"

_spawn = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Measured:
    """One round: how many patients got their check-in, in how long, and the most memory that one worker held.

    `cpu_s` is processor time, of the workers and of the database: what holds also on a machine that others share.
    `load` is how many processes wanted a processor meanwhile, ours included: the average over the last minute.
    """

    patients: int
    workers: int
    seconds: float
    cpu_s: float
    recommendations: int
    queued_in_s: float
    peak_rss_mb: float
    load: float

    @property
    def patients_per_s(self) -> float:
        """Check-ins written in a second."""
        return self.patients / self.seconds

    @property
    def ms_per_patient(self) -> float:
        """Wall-clock milliseconds for one patient."""
        return 1000 * self.seconds / self.patients

    @property
    def cpu_ms_per_patient(self) -> float:
        """Milliseconds of processor time for one patient."""
        return 1000 * self.cpu_s / self.patients

    @property
    def region_minutes_of_cpu(self) -> float:
        """Projected minutes for 1.7 million patients if two processors did nothing else."""
        return REGION * self.cpu_s / self.patients / 2 / 60

    @property
    def region_minutes(self) -> float:
        """Projected minutes for 1.7 million patients at this pace."""
        return REGION / self.patients_per_s / 60


@dataclass(frozen=True)
class Report:
    """The rounds measured, and the peer patient by patient (None: the rule-engine library is not installed)."""

    rounds: list[Measured]
    peer: peer.Measured | None

    def spread(self, workers: int) -> float:
        """Return how much more processor time the dearest patient takes than the cheapest, between sizes."""
        costs = [one.cpu_ms_per_patient for one in self.rounds if one.workers == workers]
        return max(costs) / min(costs) - 1

    def speed_up(self, patients: int) -> float:
        """Return how many times faster the most workers were than one."""
        paces = {one.workers: one.patients_per_s for one in self.rounds if one.patients == patients}
        return paces[max(paces)] / paces[1]


def bench(
    *,
    sizes: Sequence[int] = SIZES,
    workers: Sequence[int] = WORKERS,
    peer_patients: int = PEER_PATIENTS,
    told: Callable[[str], None] = lambda _: None,
) -> Report:
    """Measure the round at each size with each number of workers.

    Args:
        peer_patients: how many patients the peer library is given.
        told: told of each step, for a progress line.

    Raises:
        RuntimeError: a round did not give every patient exactly one check-in.
    """
    rounds: list[Measured] = []
    beside: peer.Measured | None = None
    for size in sizes:
        with _throw_away_database() as url:
            told(f"{size} patients: filling the database")
            _in_process(_prepare, url, size)
            for count in workers:
                told(f"{size} patients: round with {count} worker(s)")
                rounds.append(_measure(url, size, count))
            if size == sizes[0]:
                told("the peer, patient by patient")
                beside = peer.measure(url, patients=peer_patients)
    return Report(rounds=rounds, peer=beside)


def lines(report: Report) -> Iterator[str]:
    """Yield the report as lines for people."""
    yield "patients  workers  load  queue s  seconds  patients/s  CPU ms/patient  peak MB    said  region min  if idle"
    for one in report.rounds:
        yield (
            f"{one.patients:8d}  {one.workers:7d}  {one.load:4.1f}  {one.queued_in_s:7.1f}  {one.seconds:7.1f}"
            f"  {one.patients_per_s:10.0f}  {one.cpu_ms_per_patient:14.3f}  {one.peak_rss_mb:7.0f}"
            f"  {one.recommendations:6d}  {one.region_minutes:10.1f}  {one.region_minutes_of_cpu:7.1f}"
        )
    yield "region: 1.7 million patients at this pace; if idle: by processor time, on two processors of one's own"
    for count in sorted({one.workers for one in report.rounds}):
        yield f"cost per patient differs by {100 * report.spread(count):.0f} % between sizes with {count} worker(s)"
    for size in sorted({one.patients for one in report.rounds}):
        yield f"{size} patients: the most workers are {report.speed_up(size):.2f} times as fast as one"
    yield peer.line(report.peer)


@contextmanager
def _throw_away_database() -> Iterator[str]:
    """A PostgreSQL server of its own, named in the environment for the processes started meanwhile."""
    before = os.environ.get("VIGOR_DATABASE_URL")
    with tempfile.TemporaryDirectory(prefix="vigor-bench-") as folder:
        Path(folder).chmod(0o755)
        with database.available(Settings(var_dir=Path(folder), database_url=None)) as url:
            os.environ["VIGOR_DATABASE_URL"] = url
            try:
                yield url
            finally:
                os.environ.pop("VIGOR_DATABASE_URL")
                if before is not None:
                    os.environ["VIGOR_DATABASE_URL"] = before


def _prepare(url: str, patients: int) -> None:
    from assistant.records import schema  # noqa: PLC0415 - in the process whose environment names this database
    from assistant.records.models.base import utc_now  # noqa: PLC0415
    from scheduler import bench_data, queue  # noqa: PLC0415

    schema.upgrade()
    queue.apply_schema()
    bench_data.fill(url, patients=patients, now=utc_now())


def _measure(url: str, patients: int, workers: int) -> Measured:
    _clear(url)
    started = time.perf_counter()
    _in_process(_queue_round)
    queued = time.perf_counter() - started
    database_before = _database_cpu_s(url)
    seconds, workers_cpu, peak = _run_workers(workers)
    load = os.getloadavg()[0]
    cpu = workers_cpu + _database_cpu_s(url) - database_before
    with psycopg.connect(url) as connection:
        [(written, people)] = connection.execute("SELECT count(*), count(DISTINCT patient_id) FROM check_in").fetchall()
        [(said,)] = connection.execute("SELECT count(*) FROM recommendation").fetchall()
    if not written == people == patients:
        raise RuntimeError(f"{written} check-ins for {people} of {patients} patients")
    return Measured(patients, workers, seconds, cpu, said, queued, peak, load)


@dataclass(frozen=True)
class _Work:
    """What one worker spent, from `start` to `end` on the machine's own clock."""

    start: float
    end: float
    cpu_s: float
    peak_rss_mb: float


def _run_workers(count: int) -> tuple[float, float, float]:
    """Start the workers together; return the seconds and the processor seconds of all, and the largest peak, in MB."""
    together = _spawn.Barrier(count)
    results: SimpleQueue[_Work] = _spawn.SimpleQueue()
    processes = [_spawn.Process(target=_work, args=(together, results)) for _ in range(count)]
    for process in processes:
        process.start()
    done = [results.get() for _ in processes]
    for process in processes:
        process.join()
    seconds = max(one.end for one in done) - min(one.start for one in done)
    return seconds, sum(one.cpu_s for one in done), max(one.peak_rss_mb for one in done)


def _work(together: Barrier, results: "SimpleQueue[_Work]") -> None:
    from assistant import logs  # noqa: PLC0415 - a worker process imports what it needs
    from scheduler import jobs, queue, rulebook  # noqa: PLC0415

    logs.configure("bench")
    rulebook.current()
    together.wait()
    start, cpu_before = time.monotonic(), time.process_time()
    queue.app.run_worker(queues=[jobs.QUEUE], wait=False, concurrency=1, delete_jobs="successful")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    results.put(_Work(start, time.monotonic(), time.process_time() - cpu_before, peak))


def _database_cpu_s(url: str) -> float:
    """Processor seconds that the server and all its processes, ended ones included, have spent."""
    with psycopg.connect(url) as connection:
        server = psutil.Process(connection.info.backend_pid).parent()
        if server is None:
            return 0.0
        own = server.cpu_times()
        living = [one.cpu_times() for one in server.children()]
    ended = own.user + own.system + own.children_user + own.children_system
    return float(ended + sum(one.user + one.system for one in living))


def _queue_round() -> None:
    from assistant.records.models.base import utc_now  # noqa: PLC0415 - in the process whose environment names it
    from scheduler import rounds  # noqa: PLC0415

    rounds.defer_round(when_all_are_due(utc_now(), spread_s=rounds.SPREAD_S))


def when_all_are_due(now: datetime, *, spread_s: int) -> datetime:
    """Return now, or right after midnight the moment of the last turn: they are spread over some minutes."""
    midnight = datetime.combine(now.astimezone(ZoneInfo(ZONE)), time_of_day.min, ZoneInfo(ZONE))
    return max(now, midnight + timedelta(seconds=spread_s))


def _clear(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(f"TRUNCATE {CLEARED} CASCADE")
        connection.execute("DELETE FROM medication_request WHERE intent = 'proposal'")
        connection.execute("VACUUM ANALYZE check_in")


def _in_process(target: Callable[..., None], *arguments: object) -> None:
    process = _spawn.Process(target=target, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError(f"{target.__name__} ended with {process.exitcode}")
