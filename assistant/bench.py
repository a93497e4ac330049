"""Timings of a talk, measured against the running service."""

import statistics
import time
from collections.abc import Callable
from uuid import uuid4

from rich.console import Console
from rich.progress import track

from assistant import stock_engine
from assistant.chat_client import ChatClient, NoAnswerError
from assistant.settings import get_settings
from assistant.web.chat.engine import Engine

PATIENT, OTHER_PATIENT = "elsa", "bertil"
QUESTION, INTENT = "vad väger jag?", "ask_weight"
"""A turn with a custom action that reads the record."""
GIVE_UP = "avbryt"
"""Said first, as the patient's talk may be in the middle of something."""
STOCK_PORT_BEYOND = 100
"""The stock engine's port lies so far beyond ours."""
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


def turns_beside_stock(turns: int = 100) -> dict[str, float]:
    """Return milliseconds of the same turn of our engine and of Rasa's stock one, asked by turns in the same minutes.

    Both do the same custom action for the same patient and say the same. What is asked is a text that both were taught.
    """
    screen, engine, settings = ChatClient(PATIENT), Engine(), get_settings()

    def ask_ours(text: str) -> list[str]:
        replies = engine.turn(
            conversation_id=screen.conversation_id, turn_id=str(uuid4()), text=text, payload=None, language="sv"
        )
        return [reply.text for reply in replies]

    taken: dict[str, list[float]] = {"ours": [], "stock": []}
    try:
        with stock_engine.running(settings, settings.dialogue_port + STOCK_PORT_BEYOND) as stock:
            ask_ours(GIVE_UP)
            asked = stock.examples[INTENT]
            text = next(one for one in asked if ask_ours(one) == stock.turn(screen.conversation_id, one))
            for _ in track(range(turns), description="turns", console=Console(stderr=True)):
                taken["ours"].append(_milliseconds(lambda: ask_ours(text)))
                taken["stock"].append(_milliseconds(lambda: stock.turn(screen.conversation_id, text)))
    finally:
        screen.close()
    return {**_summary("ours", taken["ours"]), **_summary("stock", taken["stock"])}


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
    engine = Engine()
    return _milliseconds(
        lambda: engine.turn(conversation_id=conversation, turn_id=str(uuid4()), text=text, payload=None, language="sv")
    )


def _row(turn: int, taken: list[list[float]]) -> dict[str, float]:
    late, early = (statistics.median(times) for times in zip(*taken, strict=True))
    return {"turn": turn, "ms": round(late, 1), "short_talk_ms": round(early, 1), "times": round(late / early, 2)}


def _timed(act: Callable[[], object], times: int, what: str) -> list[float]:
    for _ in range(WARM_UP):
        act()
    return [_milliseconds(act) for _ in track(range(times), description=what, console=Console(stderr=True))]


def _milliseconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - started)


def _summary(what: str, taken: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(taken, n=20)
    return {f"{what}_p50_ms": round(cuts[9], 1), f"{what}_p95_ms": round(cuts[18], 1)}
