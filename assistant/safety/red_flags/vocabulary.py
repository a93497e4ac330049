"""Which words of the rules a typed word can be: exactly, by stem, without its dots, or misspelt."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.safety.red_flags.normalise import canonical, fold

SHORTEST_MISSPELT = 5
SHORTEST_TWICE_MISSPELT = 10
SHORTEST_SWAPPED = 8
SHORTEST_JOINED_MISSPELT = 9
"""Letters a rule word needs before one letter may be missing, doubled or moved, two letters wrong, one letter another,
and before any of this is forgiven in a word written as several."""
SHORTEST_STRENGTHENED = 4
"""Letters a word needs behind a strengthening prefix ("jätteförvirrad")."""
UNEXPLAINED = 5
"""Letters that a stem must leave over before the whole word is taken for a misspelling of a longer one."""
DOUBLED = re.compile(r"([^\W\d_])\1")

YEAR = re.compile(r"(?:18|19|20)\d\d")
ANY_YEAR = "#year"
"""The rule word that any calendar year matches."""


@dataclass(frozen=True, slots=True)
class Known:
    """Rule words of one first letter and length, by their atom."""

    whole: dict[str, str] = field(default_factory=dict)
    stems: dict[str, str] = field(default_factory=dict)


class Vocabulary:
    """The words of the rules: `word`, `stem*`, `*ending` and `*part*`."""

    def __init__(self, atoms: Iterable[str], *, lookalikes: Iterable[str], intensifiers: Iterable[str]) -> None:
        self._exact: dict[str, list[str]] = defaultdict(list)
        self._stems: dict[str, list[str]] = defaultdict(list)
        self._parts: list[str] = []
        self._endings: list[str] = []
        self._by_letter: dict[tuple[str, int], Known] = defaultdict(Known)
        self._lookalikes = frozenset(canonical(word) for word in lookalikes)
        self._intensifiers = tuple(canonical(word) for word in intensifiers)
        for atom in sorted(set(atoms)):
            self._add(atom)
        self.atoms_of = lru_cache(maxsize=20_000)(self._atoms_of)
        self.atoms_of_joined = lru_cache(maxsize=20_000)(self._atoms_of_joined)

    def _add(self, atom: str) -> None:
        bare = atom.strip("*")
        if atom.startswith("*"):
            (self._parts if atom.endswith("*") else self._endings).append(atom)
            return
        (self._stems if atom.endswith("*") else self._exact)[fold(bare)].append(atom)
        if len(bare) >= SHORTEST_MISSPELT + atom.endswith("*"):
            known = self._by_letter[fold(bare)[0], len(bare)]
            (known.stems if atom.endswith("*") else known.whole)[atom] = fold(bare)

    def _atoms_of(self, word: str) -> frozenset[str]:
        found = frozenset(self._spelt_right(word))
        if len(word) >= SHORTEST_MISSPELT:
            found |= frozenset(self._spelt_right(DOUBLED.sub(r"\1", word)))
        for strong in self._intensifiers:
            if len(word) - len(strong) >= SHORTEST_STRENGTHENED and word.startswith(strong):
                found |= frozenset(self._spelt_right(word.removeprefix(strong)))
        if word in self._lookalikes or _is_explained(word, found):
            return found
        return found | frozenset(self._misspelt(fold(word)))

    def _atoms_of_joined(self, word: str, without_last: int) -> frozenset[str]:
        """Return the rule words that several typed words make together ("medvets lös").

        `without_last` is the length of all but the last of them: a rule word that ends sooner does not need it.
        """
        right = {atom for atom in self._spelt_right(word) if not atom.startswith("*")}
        if right:
            return frozenset(atom for atom in right if len(atom.strip("*")) > max(without_last, SHORTEST_MISSPELT))
        shortest = max(without_last + 1, SHORTEST_JOINED_MISSPELT)
        misspelt = self._misspelt(fold(word), joined=True) if len(word) >= shortest else ()
        return frozenset(atom for atom in misspelt if shortest <= len(atom.strip("*")) <= len(word) + 1)

    def _spelt_right(self, word: str) -> Iterator[str]:
        folded = fold(word)
        candidates = list(self._exact.get(folded, ()))
        for length in range(2, len(folded) + 1):
            candidates.extend(self._stems.get(folded[:length], ()))
        if YEAR.fullmatch(word):
            yield ANY_YEAR
        agrees = str.startswith if word in self._lookalikes else _agrees
        yield from (atom for atom in candidates if agrees(word, atom.strip("*")))
        yield from (atom for atom in self._parts if atom.strip("*") in word)
        yield from (atom for atom in self._endings if word.endswith(atom.strip("*")))

    def _misspelt(self, folded: str, *, joined: bool = False) -> Iterator[str]:
        for length in range(SHORTEST_MISSPELT, len(folded) + 3):
            known = self._by_letter.get((folded[:1], length))
            if known is None or (joined and length > len(folded) + 1):
                continue
            limit = 2 if length >= SHORTEST_TWICE_MISSPELT and not joined else 1
            beginnings = {folded[: length + shift] for shift in (-1, 0, 1)}
            stems = () if joined else ((begin, known.stems) for begin in beginnings)
            for typed, words in ((folded, known.whole), *stems):
                if words and abs(len(typed) - length) <= limit:
                    yield from _slips(typed, words, limit=limit, joined=joined)


def _slips(typed: str, words: dict[str, str], *, limit: int, joined: bool) -> Iterator[str]:
    """Yield the atoms of the words that `typed` can be; a short word with one other letter is another word."""
    for known, _, atom in process.extract(typed, words, scorer=OSA.distance, score_cutoff=limit, limit=None):
        swapped = len(typed) == len(known) and sorted(typed) != sorted(known)
        if not swapped or (len(known) >= SHORTEST_SWAPPED and not joined):
            yield atom


def _is_explained(word: str, atoms: frozenset[str]) -> bool:
    """Tell whether the atoms leave so little of the word over that it is no misspelling of another."""
    explained = max((len(atom.strip("*")) for atom in atoms), default=0)
    return len(word) - explained < UNEXPLAINED


def _agrees(word: str, known: str) -> bool:
    """Tell whether dots and rings, where the writer put them, are those of the known word (gås is not gas)."""
    return all(fold(typed) == typed or typed == right for typed, right in zip(word, known, strict=False))
