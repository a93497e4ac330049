"""Timings of a talk, measured against the running service."""

import statistics
import time
from collections.abc import Callable
from uuid import uuid4

from rich.console import Console
from rich.progress import track

from assistant.chat_client import ChatClient, NoAnswerError
from assistant.web.chat.engine import Engine

PATIENT, OTHER_PATIENT = "elsa", "bertil"
QUESTION = "vad väger jag?"
"""A turn with a custom action that reads the record."""
WARM_UP = 5
TALK = ("vad väger jag?", "jag skulle vilja boka en tid hos läkaren", "på tisdag", "avbryt", "vilka mediciner tar jag?")
"""What is said over and over in a long talk: questions, a form begun, answered and given up."""
MILESTONES = (5, 50, 250, 500)
AROUND = 10
"""Turns before and after a milestone whose median counts, since the machine does other things as well."""


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


def curve(turns: int = MILESTONES[-1]) -> list[dict[str, float]]:
    """Return how long a turn takes early and late in one long talk, asked of the engine.

    One row a milestone: the turn, the median milliseconds of `QUESTION` around it, that of the same question at the
    same moment in a talk of few turns, and how many times the one is the other.
    """
    long, short = ChatClient(PATIENT), ChatClient(OTHER_PATIENT)
    milestones = [one for one in MILESTONES if one <= turns]
    taken: list[tuple[int, float, float]] = []
    try:
        for number in track(range(1, turns + 1), description="turns", console=Console(stderr=True)):
            text = TALK[(number - 1) % len(TALK)]
            spent = _asked(long.conversation_id, text)
            if text == QUESTION and any(abs(number - one) <= AROUND for one in milestones):
                taken.append((number, spent, _asked(short.conversation_id, text)))
    finally:
        long.close()
        short.close()
    return [_row(one, [times for number, *times in taken if abs(number - one) <= AROUND]) for one in milestones]


def _asked(conversation: str, text: str) -> float:
    """Ask the engine and return the milliseconds it took."""
    started = time.perf_counter()
    Engine().turn(conversation_id=conversation, turn_id=str(uuid4()), text=text, payload=None, language="sv")
    return 1000 * (time.perf_counter() - started)


def _row(turn: int, taken: list[list[float]]) -> dict[str, float]:
    late, early = (statistics.median(times) for times in zip(*taken, strict=True))
    return {"turn": turn, "ms": round(late, 1), "short_talk_ms": round(early, 1), "times": round(late / early, 2)}


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
