"""Sessions on the care record."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from assistant import database


@lru_cache
def engine() -> Engine:
    """Return this process's connection pool."""
    return create_engine(
        database.url().replace("postgresql://", "postgresql+psycopg://", 1),
        pool_size=10,
        max_overflow=20,
        pool_pre_ping=True,
        hide_parameters=True,
    )


@contextmanager
def session() -> Iterator[Session]:
    """Yield a session that commits when the block ends well and rolls back when it raises."""
    with Session(engine(), expire_on_commit=False) as db, db.begin():
        yield db
