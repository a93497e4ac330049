"""The parts of a message that asks for more than one thing."""

import re
from typing import Any

from assistant.dialogue.text import words

JOINED = re.compile(r"\b(?:och|sen|sedan|dessutom|också|samt|and|also|then)\b|[.?!;]\s", re.IGNORECASE)
SENTENCE_END = re.compile(r"[.?!;]\s")
LEAST_CONFIDENCE = 0.98
"""Confidence from which a part of a message is believed to be a request of its own: parts that are real requests lie
near 1, while a part that only tells what happened is a guess, however likely, once torn from the rest."""
NO_REQUEST = frozenset(
    ["affirm", "deny", "greet", "thank", "goodbye", "mood_good", "out_of_scope", "emergency", "self_harm"]
)
FEWEST_WORDS = 2
"""Words of a part that can be a request of its own: "yr och trött" is one thing."""


def clauses(text: str) -> list[str]:
    """Return the parts of a message that can each be a request, in order; none if it has but one."""
    parts = [part.strip(" ,") for part in JOINED.split(text)]
    requests = [part for part in parts if len(words(part)) >= FEWEST_WORDS]
    return requests if len(requests) > 1 else []


def first_request(text: str, intent: str | None, parts: list[dict[str, Any]]) -> str | None:
    """Return the first of the requests of one sentence ("boka tid och förnya mitt recept") if `intent` is a later one.

    `parts` are the intents of the clauses, {"name", "confidence"}. In several sentences the first often tells why, not
    what, so the message's own intent stands, and None is returned.
    """
    if not parts or SENTENCE_END.search(text) or intent in NO_REQUEST:
        return None
    first, later = parts[0], [one["name"] for one in parts[1:]]
    is_request = first["confidence"] >= LEAST_CONFIDENCE and first["name"] not in NO_REQUEST
    return str(first["name"]) if is_request and first["name"] != intent and intent in later else None
