"""Runs the processes of the Procfile: starts them, restarts the ones that die, stops them all together.

honcho, which reads the same file, ends everything when one process dies; here a patient's talk must go on.
"""

import asyncio
import ctypes
import json
import os
import shlex
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

import structlog

from assistant import database, preparation
from assistant.settings import ROOT, Settings, get_settings

log = structlog.get_logger()

FIRST_BACKOFF_S = 0.5
LONGEST_BACKOFF_S = 20.0
STEADY_S = 30.0
"""A process that has lived this long is restarted at once when it dies."""
STOP_GRACE_S = 8.0
PR_SET_PDEATHSIG = 1


@dataclass
class Process:
    """One line of the Procfile."""

    name: str
    args: list[str]
    environment: dict[str, str]
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    backoff_s: float = field(default=FIRST_BACKOFF_S, init=False)


async def run(processes: list[Process], before: Callable[[], None] | None = None) -> None:
    """Run until SIGINT or SIGTERM. The first process is started alone; `before` runs when it is up, then the others."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signal_number, stopping.set)
    first, *rest = processes
    tasks = [asyncio.create_task(_keep(first, stopping))]
    if before:
        await asyncio.to_thread(before)
    tasks += [asyncio.create_task(_keep(process, stopping)) for process in rest]
    await stopping.wait()
    log.info("stopping")
    for task in reversed(tasks):
        await task


def processes_of(settings: Settings, model: Path) -> list[Process]:
    """Return what has to run on this machine, in order."""
    environment = _environment(settings, model)
    own_database = [] if settings.database_url else [_database_process(settings)]
    return own_database + [
        Process(name, shlex.split(Template(command).substitute(environment)), environment)
        for name, command in _procfile()
    ]


def _database_process(settings: Settings) -> Process:
    command = database.prepare(settings)
    return Process("database", command.args, dict(os.environ), command.user, database.STOP_SIGNAL)


def _procfile() -> list[tuple[str, str]]:
    lines = (line.strip() for line in (ROOT / "Procfile").read_text().splitlines())
    pairs = (line.split(":", 1) for line in lines if line and not line.startswith("#"))
    return [(name.strip(), command.strip()) for name, command in pairs]


def _environment(settings: Settings, model: Path) -> dict[str, str]:
    return {
        **os.environ,
        "VIGOR_MODEL": str(model),
        "VIGOR_HOST": settings.host,
        "VIGOR_VAR_DIR": str(settings.var_dir),
        "VIGOR_WEB_PORT": str(settings.web_port),
        "VIGOR_DIALOGUE_PORT": str(settings.dialogue_port),
        "VIGOR_ACTIONS_PORT": str(settings.actions_port),
        "VIGOR_ENGINE_SECRET": settings.engine_secret.get_secret_value(),
        "VIGOR_ACTIONS_SECRET": settings.actions_secret.get_secret_value(),
        "VIGOR_ACTIONS_WEBHOOK": f"{settings.actions_url}/webhook",
        "VIGOR_TRACKER_URL": tracker_url(settings),
        "PYTHONUNBUFFERED": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "POLARS_MAX_THREADS": "1",
    }


def tracker_url(settings: Settings) -> str:
    """Return the URL at which the engine keeps its trackers: a schema of their own in the same database."""
    url = database.url(settings)
    return f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3Ddialogue"


async def _keep(process: Process, stopping: asyncio.Event) -> None:
    """Run a process again and again until we stop, waiting longer each time it dies young."""
    while not stopping.is_set():
        started = time.monotonic()
        child = await asyncio.create_subprocess_exec(
            *process.args,
            cwd=ROOT,
            env=process.environment,
            user=process.user,
            start_new_session=True,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            preexec_fn=_die_with_parent(process.stop_signal),
        )
        log.info("process_started", name=process.name, pid=child.pid)
        output = asyncio.create_task(_forward(process.name, child))
        code = await _wait(child, stopping, process.stop_signal)
        await output
        if stopping.is_set():
            return
        process.backoff_s = FIRST_BACKOFF_S if time.monotonic() - started > STEADY_S else process.backoff_s
        log.warning("process_died", name=process.name, pid=child.pid, code=code, restart_in_s=process.backoff_s)
        await _sleep(process.backoff_s, stopping)
        process.backoff_s = min(2 * process.backoff_s, LONGEST_BACKOFF_S)


async def _wait(child: asyncio.subprocess.Process, stopping: asyncio.Event, stop_signal: signal.Signals) -> int:
    """Wait for the child to end; when we stop, ask it to, and after a grace period make it."""
    ended = asyncio.create_task(child.wait())
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait({ended, stop}, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if not ended.done():
        child.send_signal(stop_signal)
        await asyncio.wait({ended}, timeout=STOP_GRACE_S)
        if not ended.done():
            child.kill()
    return await ended


async def _forward(name: str, child: asyncio.subprocess.Process) -> None:
    """Pass the child's structured lines on; wrap what its libraries print."""
    if child.stdout is None:
        return
    async for raw in child.stdout:
        line = raw.decode(errors="replace").rstrip()
        if line.startswith("{"):
            sys.stderr.write(line + "\n")
        elif line:
            sys.stderr.write(json.dumps({"process": name, "event": "output", "line": line}, ensure_ascii=False) + "\n")
        sys.stderr.flush()


async def _sleep(seconds: float, stopping: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return


def _die_with_parent(stop_signal: signal.Signals) -> Callable[[], None]:
    """Return what the child does before it becomes the program: ask Linux to stop it should we be killed."""
    if not sys.platform.startswith("linux"):
        return lambda: None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, stop_signal)


def up(model: Path) -> None:
    """Run everything until stopped."""
    settings = get_settings()
    asyncio.run(run(processes_of(settings, model), before=lambda: _prepare_database(settings)))


def _prepare_database(settings: Settings) -> None:
    database.wait_until_ready(settings)
    preparation.prepare(demo=settings.demo)
    log.info("database_ready")
