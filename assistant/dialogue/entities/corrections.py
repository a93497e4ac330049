"""What people take back within a message: "81, nej förlåt, 82 kilo", "tisdag, onsdag menar jag", "82, inte 28"."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from itertools import pairwise
from typing import Any

from assistant.dialogue.entities.reading import Reading

WITHDRAWN = "<withdrawn>"
CORRECTING = (
    r"(?:nej|na|nae|neej|fel|forlat|ursakta|vanta|menar|menade|rattare|rattelse|snarare|utan|forresten|angrar|oj|hoppsan"
    r"|ska(?: det)? (?:vara|sta)|skulle(?: det)? (?:vara|sta|ha varit)|sorry|mean|meant|wait|actually|rather)"
)
WORD = r"(?!<)[^\d\s]\S*"
AGAIN = rf"(?: {WORD}){{0,4}} {CORRECTING}(?: (?:<date>|{WORD})){{0,4}}"
"""The words between what is taken back and what is said instead."""

AT_ONCE = r"(?: [-–,;.…])*"
MEANT = r"(?= (?:menar|menade|ska|skulle) )"
"""What stands between and after where one says last that the other is meant: "tisdag, onsdag menar jag"."""

TAKES_BACK = re.compile(rf"\b{CORRECTING}\b")
SAID_AFTER = re.compile(r"(?: ,)?(?: det)?(?: jag)? (?:menar|menade|ska|skulle|mean|meant)(?: jag| det| vara)*(?= |$)")
REFUSED = re.compile(
    r"(?:^| )(?:inte|ej|i stallet for)(?: (?:pa|till|den|det|klockan|vid|var|vara|i|kg|overtryck|blodtryck)){0,3}$"
)
A_LIMIT = re.compile(r"\b(?:under|over|minst|hogst|lagre|hogre|max|normalt|normal)\b")
PAUSE = re.compile(r"[-–,;.… ]*")
FARTHEST = 9


def withdraw(reading: Reading, symbols: Collection[str], same: Callable[[Any, Any], bool]) -> None:
    """Turn values that are taken back into `<withdrawn>`: of two of the `same` kind the one that is corrected."""
    places = [place for place, token in enumerate(reading.tokens) if token.form in symbols]
    for first, second in pairwise(places):
        if same(reading.tokens[first].value, reading.tokens[second].value):
            taken_back = _taken_back(reading, first, second)
            if taken_back is not None:
                reading.put(taken_back, replace(reading.tokens[taken_back], form=WITHDRAWN))


def _taken_back(reading: Reading, first: int, second: int) -> int | None:
    """Return which of two neighbouring values is taken back, if one is."""
    forms = [token.form for token in reading.tokens]
    between = " ".join(forms[first + 1 : second])
    if second - first > FARTHEST or A_LIMIT.search(between):
        return None
    if REFUSED.search(between):
        return second
    before, after = " ".join(forms[:first]), " " + " ".join(forms[second + 1 :])
    at_once = PAUSE.fullmatch(between) and (SAID_AFTER.match(after) or REFUSED.search(before))
    return first if at_once or TAKES_BACK.search(between) else None
