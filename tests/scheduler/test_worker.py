"""The worker process: exactly once though it is killed, and one leader at a time."""

import os
import subprocess
import sys
import time as clock
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import time

import pytest
from sqlalchemy import func, select, text

from assistant.records.database import engine, session
from assistant.records.models import CheckIn, Recommendation, Task
from assistant.settings import ROOT
from scheduler import jobs, queue, rounds
from scheduler.worker import LEADER_LOCK, Leader
from tests.scheduler.people import add_patient, annas_morning, latest_morning


@contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """A real worker process, killed the hard way at the end if it still lives."""
    process = subprocess.Popen([sys.executable, "-m", "scheduler.worker"], cwd=ROOT, env=os.environ)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(holds: Callable[[], bool], timeout_s: float) -> None:
    deadline = clock.monotonic() + timeout_s
    while not holds():
        assert clock.monotonic() < deadline, "it did not happen in time"
        clock.sleep(0.2)


def count(statement: str, **parameters: object) -> int:
    with session() as db:
        return int(db.scalar(text(statement), parameters) or 0)


class TestWorkerKilledInTheMiddle:
    @pytest.mark.slow
    def test_another_takes_its_job_within_a_minute_and_nothing_is_doubled(self, care: str) -> None:
        with session() as db:
            anna = annas_morning(db, latest_morning(), checkin_time=time(0, 0), timezone="UTC")
        with engine().connect() as blocker, blocker.begin():
            blocker.execute(text("LOCK TABLE recommendation IN SHARE ROW EXCLUSIVE MODE"))
            with worker() as first:
                wait_until(lambda: self._waits_for_the_lock() == 1, 30)
                first.kill()
                first.wait()
        with session() as db:
            assert db.scalar(select(func.count()).select_from(CheckIn).where(CheckIn.patient_id == anna)) == 0
        with worker() as second:
            wait_until(lambda: count("SELECT count(*) FROM check_in WHERE patient_id = :id", id=anna) == 1, 75)
            second.terminate()
            assert second.wait(30) == 0
        with session() as db:
            said = db.scalars(select(Recommendation.rule_id).where(Recommendation.patient_id == anna)).all()
            tasks = db.scalar(select(func.count()).select_from(Task).where(Task.patient_id == anna))
        assert sorted(said) == ["pressure-falling-on-treatment", "three-signals-visit", "weight-loss-5d"]
        assert tasks == 1

    @staticmethod
    def _waits_for_the_lock() -> int:
        return count(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE '%recommendation%'"
        )


class TestPatientWhoCannotBeEvaluated:
    def test_does_not_keep_the_others_of_the_shard_from_their_check_in(self, care: str) -> None:
        with session() as db:
            good = [add_patient(db, checkin_time=time(0, 0)) for _ in range(4)]
            bad = add_patient(db, checkin_time=time(0, 0), tastes={"likes": [7]})
        assert rounds.defer_round() == 1
        queue.app.run_worker(wait=False, install_signal_handlers=False)
        with session() as db:
            written = db.scalars(select(CheckIn.patient_id).where(CheckIn.patient_id.in_([*good, bad]))).all()
        assert sorted(written) == sorted(good)
        assert rounds.defer_round() == 0


class TestQueue:
    def test_answers_only_while_a_worker_lives(self, care: str) -> None:
        with session() as db:
            db.execute(text("DELETE FROM procrastinate_workers"))
        assert not queue.queue_answers()
        with worker():
            wait_until(queue.queue_answers, 30)

    def test_schema_can_be_applied_again(self, care: str) -> None:
        queue.apply_schema()
        queue.apply_schema()

    def test_queueing_is_undone_with_its_transaction(self, care: str) -> None:
        with session() as db:
            queued = queue.defer(db, task=jobs.TASK, queue=jobs.QUEUE, lock="one", arguments={"patient_ids": []})
            again = queue.defer(db, task=jobs.TASK, queue=jobs.QUEUE, lock="one", arguments={"patient_ids": []})
            db.rollback()
        assert (queued, again) == (True, False)
        assert count("SELECT count(*) FROM procrastinate_jobs") == 0


class TestLeader:
    def test_is_one_at_a_time(self, care: str) -> None:
        first, second = Leader(), Leader()
        wait_until(first.leads, 10)
        assert (second.leads(), first.leads()) == (False, True)
        first.resign()
        assert second.leads()
        second.resign()

    def test_lock_is_free_when_the_leaders_connection_dies(self, care: str) -> None:
        first, second = Leader(), Leader()
        assert first.leads()
        with session() as db:
            db.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = :key"),
                {"key": LEADER_LOCK},
            )
        wait_until(second.leads, 10)
        assert not first.leads()
        second.resign()
