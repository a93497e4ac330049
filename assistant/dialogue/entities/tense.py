"""Whether a message tells of what has been or wishes for what is to come.

What a message is about (its intent) says which way people look, but a short one is often taken for something else. So a
day that could be either is past only where the words themselves tell or ask of the past.
"""

from __future__ import annotations

import re

from assistant.dialogue.entities.calendar import Looking
from assistant.dialogue.entities.reading import Reading
from assistant.dialogue.text import fold

TELLS = re.compile(
    r"\b(?:var|blev|hade|fick|tog|sov|lag|stod|matte|vagde|foll|slog|kande|madde|at|drack|gick|sag|laste|akte|gjorde"
    r"|hande|kraktes|begynte|sedan|sen|sedn|forra|har \w*(?:\w\w[ai]t|\w\wtt|\w\wts)|haft|varit|fatt|\w{3,}ades?"
    r"|was|were|had|did|fell|took|began|slept|felt|got|since|last|\w{3,}ed)\b"
)
MEASURED = re.compile(
    r"\b(?:vikt|puls|syre|temp|socker|andning|blodtryck|overtryck|kg|grader|procent|mmol|slag)\b|\b\d{3}/\d{2,3}\b"
)
ASKS = re.compile(
    r"\b(?:visa|vad|hur|vilk\w+|nar|vem|las|lista|resultat\w*|prov\w*|svar\w*|journal\w*|varde\w*|show|what|how|results?)\b"
)
WISHES = re.compile(
    r"\b(?:passar|funkar|fungerar|duger|gar (?:det )?(?:bra|an)|boka\w*|flytta|ny tid|en tid|ring|hellre|helst|kan ni"
    r"|kan nagon|hinner|nagon gang|nan gang|can you|could you|book|i can)\b"
)


def looking(reading: Reading, usually: Looking) -> Looking:
    """Return where the days of a message lie, when `usually` is what its intent lets expect."""
    said = fold(" ".join(word.form for word in reading.words))
    if usually == "ahead" or TELLS.search(said):
        return usually
    if WISHES.search(said):
        return "ahead"
    return usually if MEASURED.search(reading.forms) or (usually == "back" and ASKS.search(said)) else "either"
