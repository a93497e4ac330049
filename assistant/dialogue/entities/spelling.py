"""The standard spelling of the words that the grammar of values knows, from nlu_data/lookup/spelling.yml."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.dialogue.entities import lookup, numerals
from assistant.dialogue.entities.tokens import Token
from assistant.dialogue.text import fold

ORDINALS = {
    "forsta": 1,
    "andra": 2,
    "tredje": 3,
    "fjarde": 4,
    "femte": 5,
    "sjatte": 6,
    "sjunde": 7,
    "attonde": 8,
    "nionde": 9,
    "tionde": 10,
    "elfte": 11,
    "tolfte": 12,
    "trettonde": 13,
    "fjortonde": 14,
    "femtonde": 15,
    "sextonde": 16,
    "sjuttonde": 17,
    "artonde": 18,
    "nittonde": 19,
    "tjugonde": 20,
    "trettionde": 30,
    "trettioforsta": 31,
    "trettiforsta": 31,
    "sjette": 6,
    "ottonde": 8,
    "niende": 9,
    "tiende": 10,
}
ORDINALS |= {
    f"{tens}{word}": 20 + value for tens in ("tjugo", "tjuge", "tju") for word, value in tuple(ORDINALS.items())[:9]
}
ENGLISH_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
ORDINALS |= {word: number for number, word in enumerate(ENGLISH_ORDINALS.split(), start=1)}
WEEKDAYS = ("mandag", "tisdag", "onsdag", "torsdag", "fredag", "lordag", "sondag")
WEEKDAY_WITH_PART = re.compile(rf"({'|'.join(WEEKDAYS)})s?(morgon|formiddag|eftermiddag|kvall)(?:en|s)?")
DOUBLED = re.compile(r"(\w)\1")
LONGEST_VARIANT = 4
SHORTEST_VARIANT = 5
SHORTEST_MISSPELT = 6
TWO_ERRORS_FROM = 12


@lru_cache
def _spellings() -> tuple[dict[str, str], dict[str, str], list[str]]:
    """Return the variants as written, the variants folded, and the words that may be misspelt."""
    written: dict[str, str] = {}
    folded: dict[str, str] = {}
    spelling = dict(lookup.load("spelling"))
    kept = spelling.pop("kept")
    spelling.pop("links")
    for group in spelling.values():
        for form, variants in group.items():
            folded[form] = form
            for variant in variants:
                written[variant] = form
                folded.setdefault(fold(variant), form)
    for word in kept:
        folded.pop(fold(word), None)
        written[word] = fold(word)
    misspelt = [word for word in folded if len(word) >= SHORTEST_VARIANT and " " not in word]
    return written, folded, misspelt


def standardise(words: list[Token]) -> list[Token]:
    """Return the words with standard forms; a variant of several words is looked for first."""
    result: list[Token] = []
    place = 0
    while place < len(words):
        length, form = _longest_variant(words, place)
        last = words[place + length - 1]
        number = numerals.parse(form) if length == 1 else None
        if number is not None:
            result.append(Token(str(number), words[place].start, last.end, spoken=True))
        else:
            result.extend(Token(part, words[place].start, last.end) for part in form.split())
        place += length
    return result


def _longest_variant(words: list[Token], place: int) -> tuple[int, str]:
    written, folded, _ = _spellings()
    for length in range(min(LONGEST_VARIANT, len(words) - place), 1, -1):
        phrase = " ".join(token.form for token in words[place : place + length])
        if form := written.get(phrase) or folded.get(fold(phrase)):
            return length, form
    word = words[place].form
    return 1, written.get(word) or _standard_word(fold(word))


@lru_cache(maxsize=8192)
def _standard_word(word: str) -> str:
    _, folded, misspelt = _spellings()
    if word in folded:
        return folded[word]
    if word in ORDINALS:
        return f"{ORDINALS[word]}:e"
    if parts := _weekday_with_part(word) or _number_joined(word):
        return parts
    if not word.isalpha() or len(word) < SHORTEST_VARIANT or numerals.parse(word) is not None:
        return word
    return _nearest(word, folded, misspelt)


def _nearest(word: str, folded: dict[str, str], misspelt: list[str]) -> str:
    """Return the standard form one typing error away (two in a long word), the first two letters kept but for order.

    In a word of five or six letters only swapped or doubled letters count as an error, weekdays apart.
    """
    errors = 2 if len(word) >= TWO_ERRORS_FROM else 1
    near = process.extract(word, misspelt, processor=None, scorer=OSA.distance, score_cutoff=errors, limit=5)
    for found, _, _ in near:
        long = len(found) > SHORTEST_MISSPELT and len(word) >= SHORTEST_MISSPELT
        same_letters = sorted(found) == sorted(word) or DOUBLED.sub(r"\1", found) == DOUBLED.sub(r"\1", word)
        begins_alike = sorted(found[:2]) == sorted(word[:2])
        if (begins_alike and (long or found in WEEKDAYS)) or (same_letters and found[0] == word[0]):
            return folded[found]
    return word


def _number_joined(word: str) -> str | None:
    """Return "8 tiden" for "åttatiden" and "komma 3" for "kommatre"."""
    for ending in ("tiden", "tia"):
        if word.endswith(ending) and (hour := numerals.parse(word.removesuffix(ending))):
            return f"{hour} tiden"
    tenths = numerals.parse(word.removeprefix("komma")) if word.startswith("komma") else None
    return None if tenths is None else f"komma {tenths}"


def _weekday_with_part(word: str) -> str | None:
    found = WEEKDAY_WITH_PART.fullmatch(word)
    return f"{found[1]} {found[2]}" if found else None
