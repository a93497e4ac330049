"""Number words as integers: Swedish in one word, in dialect or misspelt; English.

Parts of a number are joined in number_phrases.py.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

STANDALONE = {
    0: "noll nol",
    2: "tva tvo tu",
    3: "tre",
    4: "fyra",
    5: "fem femm",
    6: "sex sexx",
    7: "sju sjy",
    8: "atta otta atte",
    9: "nio nie",
    10: "tio tie",
    11: "elva ellva",
    12: "tolv",
    13: "tretton tretten",
    14: "fjorton fjorten",
    15: "femton femten",
    16: "sexton sexten",
    17: "sjutton sjutten sytton",
    18: "arton aderton",
    19: "nitton nitten",
}
ENGLISH = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
ENGLISH += " seventeen eighteen nineteen"
ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety hundred"
UNIT_ENDINGS = {1: "et en", 2: "tva tvo tu", 3: "tre", 4: "fyra fyr", 5: "fem", 6: "sex", 7: "sju sjy", 8: "ata ota"}
UNIT_ENDINGS |= {9: "nio nie ni"}
TEN_STEMS = {3: "tre", 4: "fyr for", 5: "fem", 6: "sex seks", 7: "sju sy", 8: "a o", 9: "ni"}
TEN_ENDINGS = ("tio", "tie", "ti", "tijo", "tye")
TWENTIES = ("tjugo", "tjuge", "tjugi", "tjugu")
TWENTIES_BEFORE_UNIT = ("tjug", "tju", "tjuo")

DOUBLED = re.compile(r"([a-z])\1+")
HUNDRED = re.compile(r"(?P<before>[a-z]*?)hun+(?:d?ra|dre|dr)(?:och|o)?(?P<after>[a-z]*)")
SHORTEST_MISSPELT = 7


def _collapse(word: str) -> str:
    """Return `word` with doubled letters written once: the doubling is what people get wrong."""
    return DOUBLED.sub(r"\1", word)


def _tens() -> dict[str, int]:
    """Return 20, 30 ... 90 in all their forms."""
    forms = {
        stem + ending: 10 * ten for ten, stems in TEN_STEMS.items() for stem in stems.split() for ending in TEN_ENDINGS
    }
    return forms | dict.fromkeys(TWENTIES, 20)


ALONE = {word: number for number, words in STANDALONE.items() for word in words.split()}
ALONE |= {word: number for number, word in enumerate(ENGLISH.split())}
ALONE |= {word: 10 * number for number, word in enumerate(ENGLISH_TENS.split(), start=2)}
UNITS = {word: number for number, words in UNIT_ENDINGS.items() for word in words.split()}
TENS = _tens()
COMPOUND = (
    {tens + unit: TENS[tens] + UNITS[unit] for tens in TENS for unit in UNITS}
    | {tens + unit: 20 + UNITS[unit] for tens in TWENTIES_BEFORE_UNIT for unit in UNITS}
    | {_collapse(word): number for word, number in ALONE.items() if number > 10}
    | TENS
)
BEGINNINGS = frozenset(word[:2] for word in COMPOUND)
MISSPELT = [word for word in COMPOUND if len(word) >= SHORTEST_MISSPELT]


@lru_cache(maxsize=4096)
def parse(word: str) -> int | None:
    """Return the value of one number word in folded lower case, or None. "en" and "ett" alone are articles: None."""
    if word in ALONE:
        return ALONE[word]
    if hundreds := HUNDRED.fullmatch(word):
        return _with_hundreds(_collapse(hundreds["before"]), _collapse(hundreds["after"]))
    return _below_hundred(_collapse(word)) or _hundred_left_out(word)


def _hundred_left_out(word: str) -> int | None:
    """Return 145 for "ettfyrtiofem"."""
    rest = COMPOUND.get(_collapse(word.removeprefix("ett"))) if word.startswith("ett") else None
    return 100 + rest if rest is not None and rest >= 20 else None


def _with_hundreds(before: str, after: str) -> int | None:
    count = UNITS.get(before) if before else 1
    rest = UNITS.get(after, ALONE.get(after)) or _below_hundred(after) if after else 0
    return None if count is None or rest is None else 100 * count + rest


def _below_hundred(word: str) -> int | None:
    if word in COMPOUND:
        return COMPOUND[word]
    if len(word) < SHORTEST_MISSPELT or word[:2] not in BEGINNINGS:
        return None
    near = process.extract(word, MISSPELT, processor=None, scorer=OSA.distance, score_cutoff=1, limit=8)
    values = {COMPOUND[form] for form, _, _ in near if form[:2] == word[:2]}
    return values.pop() if len(values) == 1 else None
