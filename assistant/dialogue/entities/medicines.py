"""Medicines by the names people say: substance, brand or lay class, inflected, misspelt or spelt by ear."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypedDict

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.dialogue.entities import lookup
from assistant.dialogue.entities.lexicon import Hit, Lexicon
from assistant.dialogue.entities.tokens import Token
from assistant.dialogue.text import fold

SHORTEST_MISSPELT = 6
TWO_ERRORS_FROM = 10
ATC_LEVELS = (7, 5, 4, 3, 1)
BY_EAR = (
    ("ph", "f"),
    ("th", "t"),
    ("ck", "k"),
    ("qu", "kv"),
    ("x", "ks"),
    ("w", "v"),
    ("z", "s"),
    ("y", "i"),
    ("c", "k"),
)
DOUBLED = re.compile(r"(.)\1")
FORM = re.compile(r"(?<=\w{4})(?:tabl|sprut|dos|medicin|kur|plast|spray|dropp|piller|kaps|kram|salv|inhal)\w*$")
ENDINGS = ("en", "et", "n", "s")
NAME_END = re.compile(r"[,(\d]")


class Medicine(TypedDict):
    """A medicine as it is called here, and its ATC code (a prefix where only the class was said)."""

    name: str
    atc: str


@dataclass(frozen=True, slots=True)
class Match:
    """A medicine and the tokens that say it."""

    medicine: Medicine
    first: int
    end: int


def find(words: list[Token], own: Sequence[Mapping[str, str]] = ()) -> Iterator[Match]:
    """Yield the medicines in a message; where one of the patient's `own` fits, by name or ATC code, that is meant."""
    mine = [Medicine(name=medicine["name"], atc=medicine.get("atc", "")) for medicine in own]
    names = _own_names(tuple((medicine["name"], medicine["atc"]) for medicine in mine))
    taken: set[int] = set()
    for hit in names.find(words):
        taken |= set(range(hit.first, hit.end))
        yield Match(mine[int(hit.name)], hit.first, hit.end)
    for hit in _known().find(words):
        if taken.isdisjoint(range(hit.first, hit.end)):
            name, _, atc = hit.name.rpartition("|")
            yield Match(_own_or(Medicine(name=name, atc=atc), mine), hit.first, hit.end)


def _own_or(said: Medicine, mine: list[Medicine]) -> Medicine:
    """Return the patient's own medicine with the same code, or the only one of the class that was said.

    A class of several codes ("blodtrycksmedicin") is told by what they have in common.
    """
    codes = said["atc"].split()
    same = [medicine for medicine in mine if medicine["atc"].startswith(tuple(codes))]
    return same[0] if len(same) == 1 else Medicine(name=said["name"], atc=_common_level(codes))


def _common_level(codes: list[str]) -> str:
    """Return the deepest ATC level that all codes share; empty if they share none."""
    levels = (codes[0][:length] for length in ATC_LEVELS if len(codes[0]) >= length)
    return next((level for level in levels if all(code.startswith(level) for code in codes)), "")


class Names:
    """Medicine names, found also with typing errors."""

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        self._exact = Lexicon(names, inflect=True, misspelt=False)
        self._by_ear = {
            by_ear(name.lower()): key for key, all_names in names.items() for name in all_names if " " not in name
        }
        self._long = [name for name in self._by_ear if len(name) >= SHORTEST_MISSPELT]
        self._misspelt = lru_cache(maxsize=8192)(self._nearest)

    def find(self, words: list[Token]) -> Iterator[Hit]:
        """Yield exact names, then misspelt ones in the words that are left."""
        taken: set[int] = set()
        for hit in self._exact.find(words):
            taken |= set(range(hit.first, hit.end))
            yield hit
        for place, word in enumerate(words):
            key = self._misspelt(word.form) if place not in taken else None
            if key:
                yield Hit(key, place, place + 1)

    def _nearest(self, word: str) -> str | None:
        if word in _other_words():
            return None
        said = by_ear(FORM.sub("", fold(word)))
        if said in self._by_ear:
            return self._by_ear[said] if len(said) >= SHORTEST_MISSPELT - 1 else None
        if len(said) < SHORTEST_MISSPELT or not said.isalpha():
            return None
        errors = 2 if len(said) >= TWO_ERRORS_FROM else 1
        for ending in ENDINGS:
            if said.endswith(ending) and said.removesuffix(ending) in self._by_ear:
                return self._by_ear[said.removesuffix(ending)]
        near = process.extractOne(said, self._long, processor=None, scorer=OSA.distance, score_cutoff=errors)
        return self._by_ear[near[0]] if near and near[0][0] == said[0] else None


def by_ear(word: str) -> str:
    """Return a word as it sounds, so that "metoprolol" meets "metoprålål" and "Xarelto" meets "Ksarelto"."""
    word = fold(word)
    for letters, sound in BY_EAR:
        word = word.replace(letters, sound)
    return DOUBLED.sub(r"\1", word)


@lru_cache
def _other_words() -> frozenset[str]:
    return frozenset(lookup.load("medicines")["other_words"])


@lru_cache
def _known() -> Names:
    data = lookup.load("medicines")
    names = {f"{name}|{atc}": [name] for atc, all_names in data["substances"].items() for name in all_names}
    return Names(names | {f"{all_names[0]}|{atc}": all_names for atc, all_names in data["groups"].items()})


@lru_cache(maxsize=256)
def _own_names(mine: tuple[tuple[str, str], ...]) -> Names:
    """Return the names of a patient's medicines: all of it, and its first words up to strength and form."""
    names = {}
    for index, (name, _) in enumerate(mine):
        short = NAME_END.split(name)[0].strip()
        names[str(index)] = sorted({name, short, short.split()[0]} if short else {name})
    return Names(names)
