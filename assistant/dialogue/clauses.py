"""The parts of a message that asks for more than one thing."""

import re

from assistant.dialogue.text import words

JOINED = re.compile(r"\b(?:och|sen|sedan|dessutom|också|samt|and|also|then)\b|[.?!;]\s", re.IGNORECASE)
FEWEST_WORDS = 2
"""Words of a part that can be a request of its own: "yr och trött" is one thing."""


def clauses(text: str) -> list[str]:
    """Return the parts of a message that can each be a request, in order; none if it has but one."""
    parts = [part.strip(" ,") for part in JOINED.split(text)]
    requests = [part for part in parts if len(words(part)) >= FEWEST_WORDS]
    return requests if len(requests) > 1 else []
