"""The worker process: takes shards from the queue and, while it leads, starts the rounds.

Any number of workers may run. One of them leads: the one that holds an advisory lock on a connection of its own, which
PostgreSQL gives back the moment that process dies.
"""

import asyncio
import threading
from contextlib import suppress

import psycopg
import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Status

from assistant import database, logs
from assistant.records import reminders, scheduling
from assistant.records.database import session
from assistant.records.models.base import utc_now
from scheduler import alarms, rounds, second_look
from scheduler.queue import STALLED_AFTER_S, app, apply_schema

LEADER_LOCK = 7312
ROUND_EVERY_S = 60
HOLDS_EVERY_S = 30
RESCUE_EVERY_S = 10
CONCURRENCY = 2

log = structlog.get_logger()


class Leader:
    """Whether this process leads. Ask before each act; it takes over when nobody leads."""

    def __init__(self) -> None:
        self._connection: psycopg.Connection | None = None
        self._asking = threading.Lock()

    def leads(self) -> bool:
        """Return whether the lock is ours now, taking it if it is free."""
        with self._asking:
            try:
                return self._holds() or self._take()
            except psycopg.OperationalError:
                self.resign()
                return False

    def resign(self) -> None:
        """Give the lock back."""
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
            self._connection = None

    def _holds(self) -> bool:
        if self._connection is None:
            return False
        self._connection.execute("SELECT 1")
        return True

    def _take(self) -> bool:
        connection = psycopg.connect(database.url(), autocommit=True, connect_timeout=5)
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", [LEADER_LOCK]).fetchone()
        if row is None or not row[0]:
            connection.close()
            return False
        self._connection = connection
        log.info("leading")
        return True


async def rescue_stalled_jobs(stalled_after_s: float = STALLED_AFTER_S) -> int:
    """Give the jobs of dead workers to living ones, and return how many.

    A job whose patients have been queued anew meanwhile is closed instead.
    """
    rescued = 0
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=stalled_after_s):
        try:
            await app.job_manager.retry_job(job)
            rescued += 1
        except UniqueViolation:
            await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
        log.warning("job_rescued", job_id=job.id)
    return rescued


def schedule(leader: Leader) -> AsyncIOScheduler:
    """Return the scheduler of timed work. The leader alone acts; every worker watches whether rounds run."""

    def start_round() -> None:
        if leader.leads():
            rounds.defer_round()

    def watch_check_ins() -> None:
        if leader.leads():
            alarms.watch_check_ins()

    def release_holds() -> None:
        if leader.leads():
            with session() as db:
                scheduling.release_expired_holds(db)

    def remind() -> None:
        if leader.leads():
            with session() as db:
                reminders.send_due(db, now=utc_now())

    def look_again() -> None:
        if leader.leads():
            second_look.take()

    async def rescue() -> None:
        if await asyncio.to_thread(leader.leads):
            with suppress(ConnectorException):
                await rescue_stalled_jobs()

    scheduler = AsyncIOScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1})
    scheduler.add_job(start_round, "interval", seconds=ROUND_EVERY_S, misfire_grace_time=ROUND_EVERY_S)
    scheduler.add_job(release_holds, "interval", seconds=HOLDS_EVERY_S, misfire_grace_time=HOLDS_EVERY_S)
    scheduler.add_job(rescue, "interval", seconds=RESCUE_EVERY_S, misfire_grace_time=RESCUE_EVERY_S)
    scheduler.add_job(watch_check_ins, "interval", seconds=ROUND_EVERY_S, misfire_grace_time=ROUND_EVERY_S)
    scheduler.add_job(alarms.watch_rounds, "interval", seconds=ROUND_EVERY_S, misfire_grace_time=ROUND_EVERY_S)
    scheduler.add_job(look_again, "interval", seconds=ROUND_EVERY_S, misfire_grace_time=ROUND_EVERY_S)
    scheduler.add_job(remind, "interval", seconds=ROUND_EVERY_S, misfire_grace_time=ROUND_EVERY_S)
    scheduler.add_job(start_round)
    return scheduler


async def run() -> None:
    """Work until told to stop."""
    leader = Leader()
    scheduler = schedule(leader)
    async with app.open_async():
        scheduler.start()
        try:
            await app.run_worker_async(concurrency=CONCURRENCY, delete_jobs="successful")
        finally:
            scheduler.shutdown(wait=False)
            leader.resign()


def main() -> None:
    """Run the worker process."""
    logs.configure("worker")
    database.wait_until_ready()
    apply_schema()
    asyncio.run(run())


if __name__ == "__main__":
    main()
