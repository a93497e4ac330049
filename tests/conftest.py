"""What all tests share: a real PostgreSQL of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from assistant import database
from assistant.records import database as records_database
from assistant.records import schema
from assistant.settings import get_settings
from tests.scheduler.smhi import Smhi


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a file's tests in one worker, and those of the real processes in one service."""
    for item in items:
        together = "e2e" if item.get_closest_marker("e2e") else str(item.path)
        item.add_marker(pytest.mark.xdist_group(together))


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A fresh PostgreSQL server with the newest schema, for the whole run."""
    patch = pytest.MonkeyPatch()
    patch.setenv("VIGOR_VAR_DIR", str(_shared_folder(tmp_path_factory)))
    get_settings.cache_clear()
    with database.available() as url:
        _create_schema()
        yield url
    patch.undo()
    get_settings.cache_clear()


@pytest.fixture(scope="session")
def sql_engine(database_url: str) -> Engine:
    """The pool that the code under test uses."""
    return records_database.engine()


@pytest.fixture
def db(sql_engine: Engine) -> Iterator[Session]:
    """A session whose work is undone after the test, also what the code under test commits through it."""
    with sql_engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        transaction.rollback()


def _shared_folder(factory: pytest.TempPathFactory) -> Path:
    return factory.mktemp("var")


def _create_schema() -> None:
    schema.upgrade()


@pytest.fixture
def smhi() -> Iterator[Smhi]:
    """SMHI, as told by the test."""
    server = Smhi()
    yield server
    server.server.shutdown()
    server.server.server_close()
