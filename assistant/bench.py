"""Timings of a talk, measured against the running service."""

import statistics
import time
from collections.abc import Callable
from uuid import uuid4

from rich.console import Console
from rich.progress import track

from assistant.chat_client import ChatClient, NoAnswerError
from assistant.web.chat.engine import Engine

PATIENT = "elsa"
QUESTION = "vad väger jag?"
"""A turn with a custom action that reads the record."""
WARM_UP = 5


def chat(turns: int = 200) -> dict[str, float]:
    """Return milliseconds of a turn with a custom action: asked of the engine, and from tablet to answer."""
    screen = ChatClient(PATIENT)
    engine = Engine()

    def ask_engine() -> None:
        engine.turn(
            conversation_id=screen.conversation_id, turn_id=str(uuid4()), text=QUESTION, payload=None, language="sv"
        )

    try:
        asked = _timed(ask_engine, turns, "engine")
        seen = _timed(lambda: _ask_on(screen), min(turns, 25), "tablet")
    finally:
        screen.close()
    return {**_summary("engine", asked), **_summary("tablet", seen)}


def _ask_on(screen: ChatClient) -> None:
    """Ask on a screen; a refusal, as when the patient has asked too often this minute, is no answer to time."""
    for message in screen.say(QUESTION):
        if message["kind"] == "error":
            raise NoAnswerError(message["text"]["sv"])


def _timed(act: Callable[[], object], times: int, what: str) -> list[float]:
    for _ in range(WARM_UP):
        act()
    taken = []
    for _ in track(range(times), description=what, console=Console(stderr=True)):
        started = time.perf_counter()
        act()
        taken.append(1000 * (time.perf_counter() - started))
    return taken


def _summary(what: str, taken: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(taken, n=20)
    return {f"{what}_p50_ms": round(cuts[9], 1), f"{what}_p95_ms": round(cuts[18], 1)}
