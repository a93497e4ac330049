"""The database schema: bring it up to date, or start over."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from assistant.records.database import engine

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK_KEY = 7302
"""Advisory lock that lets one process at a time migrate."""


def upgrade() -> None:
    """Bring the schema to the newest version; safe to call from several processes at once."""
    with engine().begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
        command.upgrade(config(connection), "head")


def reset() -> None:
    """Drop everything, data included, and build the schema anew."""
    with engine().begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    upgrade()


def config(connection: Connection) -> Config:
    """Return the Alembic configuration that works on this connection."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["connection"] = connection
    return settings
