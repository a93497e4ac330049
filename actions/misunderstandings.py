"""What was not answered or not understood is told to those who teach the assistant. The talk never waits on it."""

import re

import httpx
import structlog

from actions.api import JSON, CareApiError
from actions.talk import Talk

log = structlog.get_logger()

FALLBACK = "nlu_fallback"
UNSURE_BELOW = 0.4
"""Confidence under which an understanding is worth a second look; ours."""
REJECTED = re.compile(
    r"\b(?:det|så) (?:var inte (?:det|så) (?:som )?jag|menade? jag inte|sa jag inte|frågade jag inte)|"
    r"\b(?:inte (?:det|så|vad) jag (?:menade|sa|frågade)|missförstod|missförstått|fattar fel|förstår fel)|"
    r"\b(?:not what i (?:meant|said|asked)|misunderst\w+)",
    re.IGNORECASE,
)
"""How people say that they were understood wrongly: "nej det menade jag inte"."""


async def report_unanswered(talk: Talk) -> None:
    """Tell of a question that no article answered."""
    if talk.said:
        await _send(talk, "unanswered", {"key": talk.turn, "text": talk.said})


async def report(talk: Talk) -> None:
    """Tell of this turn if it was not understood, and of the one before if this one shows that it was not.

    An open form understands answers of its own kind; nothing is told of them.
    """
    if not talk.said or talk.tracker.active_loop.get("name"):
        return
    said = talk.written
    before = said[-2] if len(said) > 1 and said[-1].get("text") == talk.said else None
    if REJECTED.search(talk.said):
        if before is not None:
            await _send(talk, "misunderstood", _as_json(before, "rejected"))
    elif before is not None and _intent(before) == FALLBACK and talk.intent != FALLBACK:
        await _send(talk, "misunderstood", _as_json(before, "rephrased") | {"suggested": talk.intent})
    if said and talk.intent == FALLBACK:
        await _send(talk, "misunderstood", _as_json(said[-1], "fallback"))
    elif said and _confidence(said[-1]) < UNSURE_BELOW:
        await _send(talk, "misunderstood", _as_json(said[-1], "unsure"))


def _as_json(event: JSON, reason: str) -> JSON:
    return {
        "key": str((event.get("metadata") or {}).get("turn") or event.get("message_id") or ""),
        "text": event["text"],
        "reason": reason,
        "understood_as": _intent(event),
        "confidence": _confidence(event),
    }


def _intent(event: JSON) -> str:
    return str(event["parse_data"]["intent"].get("name"))


def _confidence(event: JSON) -> float:
    return float(event["parse_data"]["intent"].get("confidence") or 0.0)


async def _send(talk: Talk, what: str, body: JSON) -> None:
    try:
        await talk.api.post(f"/api/assistant/learning/{what}", body)
    except (CareApiError, httpx.HTTPError) as error:
        log.warning("learning_not_kept", what=what, error=type(error).__name__)
