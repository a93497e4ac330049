"""Bringing the database to where the processes can use it."""

from sqlalchemy import text

from assistant.records import demo as demo_patients
from assistant.records import schema
from assistant.records.database import engine, session
from assistant.records.models.base import utc_now
from knowledge.editorial import transfer
from scheduler import queue


def reset() -> None:
    """Delete everything and start over with the demo patients."""
    with engine().begin() as connection:
        connection.execute(text("DROP SCHEMA IF EXISTS dialogue CASCADE"))
    schema.reset()
    prepare(demo=True)


def prepare(*, demo: bool) -> None:
    """Apply the migrations, the queue's tables and the engine's schema, and keep the shipped articles.

    Adds the demo patients if asked. Repeatable.
    """
    schema.upgrade()
    queue.apply_schema()
    with engine().begin() as connection:
        connection.execute(text("CREATE SCHEMA IF NOT EXISTS dialogue"))
    with session() as db:
        transfer.import_shipped(db, now=utc_now())
    if demo:
        demo_patients.seed()
