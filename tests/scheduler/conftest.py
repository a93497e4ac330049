"""A database with the queue's tables, emptied of due patients after each test."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from assistant.records.database import session
from scheduler import queue


@pytest.fixture
def care(database_url: str) -> Iterator[str]:
    """The database as the round sees it: what is written stays written; nobody else is due, before or afterwards."""
    queue.apply_schema()
    _let_nobody_be_due()
    yield database_url
    _let_nobody_be_due()


def _let_nobody_be_due() -> None:
    with session() as db:
        db.execute(text("UPDATE patient_settings SET checkins_enabled = false"))
        db.execute(text("DELETE FROM procrastinate_jobs"))
