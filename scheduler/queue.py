"""The job queue: Procrastinate, in the same PostgreSQL as the care record."""

import procrastinate
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.schema import SchemaManager
from procrastinate.types import JSONDict
from sqlalchemy import text
from sqlalchemy.orm import Session

from assistant import database
from assistant.records.database import engine, session

SCHEMA_LOCK = 7310
HEARTBEAT_S = 5.0
STALLED_AFTER_S = 20.0
"""A worker silent for so long is taken for dead, and its jobs are given to another."""

app = procrastinate.App(
    connector=procrastinate.PsycopgConnector(conninfo=database.url, min_size=1, max_size=8),
    import_paths=["scheduler.jobs"],
    worker_defaults={"update_heartbeat_interval": HEARTBEAT_S, "stalled_worker_timeout": STALLED_AFTER_S},
)

_deferring = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(conninfo=database.url))
"""Queues jobs on a session's connection, which the app of a running worker, being asynchronous, cannot."""


def apply_schema() -> None:
    """Create the queue's tables unless they exist; safe to call from several processes at once."""
    with engine().begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": SCHEMA_LOCK})
        if connection.scalar(text("SELECT to_regclass('procrastinate_jobs')")) is None:
            connection.exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))


def defer(db: Session, *, task: str, queue: str, lock: str, arguments: JSONDict) -> bool:
    """Queue a job in the session's transaction; return False when one with this lock waits already."""
    try:
        with db.begin_nested():
            connection = db.connection().connection.driver_connection
            job = _deferring.configure_task(task, queue=queue, queueing_lock=lock, connection=connection)
            job.defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True


def database_answers() -> bool:
    """Return whether the database can be reached."""
    try:
        with session() as db:
            return db.scalar(text("SELECT true")) is True
    except Exception:
        return False


def queue_answers() -> bool:
    """Return whether the queue can be reached and a living worker takes jobs from it; a dead database is a no."""
    query = text("SELECT max(last_heartbeat) > now() - make_interval(secs => :age) FROM procrastinate_workers")
    try:
        with session() as db:
            return bool(db.scalar(query, {"age": STALLED_AFTER_S}))
    except Exception:
        return False
