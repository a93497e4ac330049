"""Rasa's stock engine: its own pipeline, policies, channel and store, started as its manual says, with our actions.

Only `vigor bench turns` uses it, to time a turn of ours beside one of its.
"""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import yaml

from assistant import pipelines
from assistant.settings import ROOT, Settings
from assistant.training import ENGINE_PYTHON, engine_environment

DOMAIN = ROOT / "assistant" / "dialogue" / "domain"
AN_INTENT = 20
"""Training texts an intent: with all of them DIET trains for hours, and its turns get no quicker."""
ENDPOINTS = """
action_endpoint:
  url: ${VIGOR_ACTIONS_WEBHOOK}
  headers:
    Authorization: Bearer ${VIGOR_ACTIONS_SECRET}
"""
START_TIMEOUT_S = 180.0


class StockEngine:
    """A running stock engine."""

    def __init__(self, url: str, examples: dict[str, list[str]]) -> None:
        """Take where it answers, and the texts that it was taught, by intent."""
        self.examples = examples
        self._http = httpx.Client(base_url=url, timeout=30.0)

    def turn(self, conversation_id: str, text: str) -> list[str]:
        """Return the texts that answer a message."""
        answer = self._http.post("/webhooks/rest/webhook", json={"sender": conversation_id, "message": text})
        answer.raise_for_status()
        return [message["text"] for message in answer.json() if "text" in message]


@contextmanager
def running(settings: Settings, port: int) -> Iterator[StockEngine]:
    """Train a stock engine (some minutes the first time), run it on loopback beside ours, and end it."""
    folder = settings.var_dir / "stock-engine"
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        **engine_environment(cache=folder / "cache"),
        "VIGOR_ACTIONS_WEBHOOK": f"{settings.actions_url}/webhook",
        "VIGOR_ACTIONS_SECRET": settings.actions_secret.get_secret_value(),
    }
    examples = pipelines.chosen(ROOT / "nlu_data" / "train", AN_INTENT)
    _train(folder, examples, environment)
    process = subprocess.Popen(
        _serving(folder, port), cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, process)
        yield StockEngine(url, examples)
    finally:
        process.terminate()
        process.wait()


def _train(folder: Path, examples: dict[str, list[str]], environment: dict[str, str]) -> None:
    (folder / "nlu.yml").write_text(pipelines.as_rasa_yaml(examples), encoding="utf-8")
    (folder / "stories.yml").write_text(_stories(examples), encoding="utf-8")
    command = [str(ENGINE_PYTHON), "-m", "rasa", "train", "--config", str(pipelines.STOCK), "--domain", str(DOMAIN)]
    command += ["--data", str(folder / "nlu.yml"), str(folder / "stories.yml"), "--out", str(folder)]
    command += ["--fixed-model-name", "stock"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _stories(intents: dict[str, list[str]]) -> str:
    """Return one story an intent that has an action of its name, which is how our own policy chooses."""
    declared = [yaml.safe_load(file.read_text(encoding="utf-8")).get("actions") or [] for file in DOMAIN.glob("*.yml")]
    actions = {one if isinstance(one, str) else next(iter(one)) for actions in declared for one in actions}
    stories = [
        {"story": intent, "steps": [{"intent": intent}, {"action": f"action_{intent}"}]}
        for intent in sorted(intents)
        if f"action_{intent}" in actions
    ]
    return yaml.safe_dump({"version": "3.1", "stories": stories})


def _serving(folder: Path, port: int) -> list[str]:
    (folder / "endpoints.yml").write_text(ENDPOINTS)
    (folder / "credentials.yml").write_text("rest:\n")
    return [
        *(str(ENGINE_PYTHON), "-m", "rasa", "run", "--quiet", "--interface", "127.0.0.1", "--port", str(port)),
        *("--model", str(folder / "stock.tar.gz"), "--endpoints", str(folder / "endpoints.yml")),
        *("--credentials", str(folder / "credentials.yml")),
    ]


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the engine answers, which it does only with its model loaded."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(url)
            return
        except httpx.TransportError:
            time.sleep(1)
    raise RuntimeError("The stock engine did not start.")
