"""The whole service as a user has it: real processes, started by `vigor up` in a folder of their own."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from assistant import training
from assistant.settings import ROOT, Settings
from knowledge import service as knowledge

READY_TIMEOUT_S = 120.0
VIGOR = ROOT / ".venv" / "bin" / "vigor"


@dataclass
class Service:
    """A running service. `url` is that of its pages."""

    url: str
    environment: dict[str, str]
    log: Path
    supervisor: subprocess.Popen[bytes]

    def pid(self, name: str) -> int:
        """Return the process id of the newest process of this name."""
        started = [event for event in self.events() if event.get("event") == "process_started"]
        return int(next(event["pid"] for event in reversed(started) if event["name"] == name))

    def events(self) -> list[dict[str, object]]:
        """Return the log so far."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def kill(self, name: str) -> None:
        """End a process as the kernel would when memory runs out."""
        os.kill(self.pid(name), signal.SIGKILL)

    def is_ready(self) -> bool:
        """Tell whether the service says that it is ready."""
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5.0).is_success
        except httpx.TransportError:
            return False

    def wait_until_ready(self, timeout_s: float = READY_TIMEOUT_S) -> None:
        """Wait for readiness; show the end of the log if it does not come."""
        deadline = time.monotonic() + timeout_s
        while not self.is_ready():
            if time.monotonic() > deadline or self.supervisor.poll() is not None:
                raise AssertionError("not ready:\n" + self.log.read_text(errors="replace")[-6000:])
            time.sleep(0.2)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a `vigor` command against this service."""
        command = [VIGOR, *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=240)


@contextmanager
def running(folder: Path) -> Iterator[Service]:
    """Yield a ready service that keeps its data in `folder`."""
    web, dialogue, actions = _free_ports(3)
    _take_what_is_trained(folder)
    environment = {
        **os.environ,
        "VIGOR_VAR_DIR": str(folder),
        "VIGOR_DEMO": "1",
        "VIGOR_WEB_PORT": str(web),
        "VIGOR_DIALOGUE_PORT": str(dialogue),
        "VIGOR_ACTIONS_PORT": str(actions),
        "VIGOR_MESSAGES_PER_MINUTE": "1000",
    }
    log = folder / "service.log"
    with log.open("wb") as output:
        supervisor = subprocess.Popen([VIGOR, "up"], env=environment, cwd=ROOT, stdout=output, stderr=output)
    service = Service(f"http://127.0.0.1:{web}", environment, log, supervisor)
    try:
        service.wait_until_ready()
        yield service
    finally:
        supervisor.send_signal(signal.SIGINT)
        try:
            supervisor.wait(30)
        except subprocess.TimeoutExpired:
            supervisor.kill()


def _take_what_is_trained(folder: Path) -> None:
    """Copy the dialogue model and the encoder that `make setup` has trained, so that no process trains anew."""
    settings = Settings()
    model = training.train(settings)
    knowledge.prepare(settings)
    (folder / "models").mkdir(parents=True)
    shutil.copy2(model, folder / "models" / model.name)
    for name in ("encoder", "scope"):
        shutil.copytree(settings.var_dir / name, folder / name)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports
