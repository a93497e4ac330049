"""Whether a message is written in English, told by the small words that hold a sentence together."""

import re

WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?", re.IGNORECASE)
FEWEST = 2
"""Small English words that a message must hold: one alone may be a name, a song or a slip."""
CODE = re.compile(r"[*;={}<>]")
"""Signs of programs, which are no English."""
TELLING = re.compile(
    r"the|is|are|was|were|what|how|when|where|which|who|why|can't|could|would|should|shall|will|does|did|have|has|my|your"
    r"|you|we|us|they|she|he|it|it's|i'm|i've|don't|this|that|these|those|want|need|please|with|from|about|not|yes|and"
    r"|of|been|feel|take|speak|english|because|very|today|doctor|nurse|appointment|medicine|thank|thanks"
)
SHARED = re.compile(r"i|at|am|a|an|be|to|do|me|for|so|can|in|on|but")
"""Words of both languages, or common slips, which tell nothing by themselves."""
SWEDISH = re.compile(r".*[åäö].*|jag|du|det|och|att|inte|min|mitt|mina|en|ett|som|har|vad|kan|vill|den|de|om|är|ar|ni")


def is_english(text: str) -> bool:
    """Tell whether a message is English beyond doubt: a telling small word, two small words in all, none Swedish."""
    if CODE.search(text):
        return False
    words = [word.casefold() for word in WORD.findall(text.replace("\u2019", "'"))]
    if any(SWEDISH.fullmatch(word) for word in words):
        return False
    telling = sum(bool(TELLING.fullmatch(word)) for word in words)
    shared = sum(bool(SHARED.fullmatch(word)) for word in words)
    return telling > 0 and telling + shared >= FEWEST
