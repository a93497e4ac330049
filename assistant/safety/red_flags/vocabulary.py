"""Which words of the rules a typed word can be: exactly, by stem, without its dots, or misspelt."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from rapidfuzz.distance import OSA

from assistant.safety.red_flags.normalise import canonical, fold

SHORTEST_MISSPELT = 6
SHORTEST_TWICE_MISSPELT = 10
"""Letters a rule word needs before one, or two, wrong letters are forgiven."""

YEAR = re.compile(r"(?:18|19|20)\d\d")
ANY_YEAR = "#year"
"""The rule word that any calendar year matches."""


class Vocabulary:
    """The words of the rules: `word`, `stem*`, `*ending` and `*part*`."""

    def __init__(self, atoms: Iterable[str], *, lookalikes: Iterable[str]) -> None:
        self._exact: dict[str, list[str]] = defaultdict(list)
        self._stems: dict[str, list[str]] = defaultdict(list)
        self._parts: list[str] = []
        self._endings: list[str] = []
        self._by_letter: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._lookalikes = frozenset(canonical(word) for word in lookalikes)
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
        if len(bare) >= SHORTEST_MISSPELT:
            self._by_letter[fold(bare)[0]].append((fold(bare), atom))

    def _atoms_of(self, word: str) -> frozenset[str]:
        found = frozenset(self._spelt_right(word))
        if found or word in self._lookalikes:
            return found
        return frozenset(self._misspelt(fold(word)))

    def _atoms_of_joined(self, word: str, without_last: int) -> frozenset[str]:
        """Return the rule words that several typed words make together ("medvets lös").

        `without_last` is the length of all but the last of them: a rule word that ends sooner does not need it.
        """
        right = {atom for atom in self._spelt_right(word) if not atom.startswith("*")}
        found = right or set(self._misspelt(fold(word), most=1))
        shortest = max(without_last, SHORTEST_MISSPELT)
        return frozenset(atom for atom in found if len(atom.strip("*")) > shortest)

    def _spelt_right(self, word: str) -> Iterator[str]:
        folded = fold(word)
        candidates = list(self._exact.get(folded, ()))
        for length in range(2, len(folded) + 1):
            candidates.extend(self._stems.get(folded[:length], ()))
        if YEAR.fullmatch(word):
            yield ANY_YEAR
        yield from (atom for atom in candidates if _agrees(word, atom.strip("*")))
        yield from (atom for atom in self._parts if atom.strip("*") in word)
        yield from (atom for atom in self._endings if word.endswith(atom.strip("*")))

    def _misspelt(self, folded: str, *, most: int = 2) -> Iterator[str]:
        if len(folded) < SHORTEST_MISSPELT - 1 or folded[0] not in self._by_letter:
            return
        for known, atom in self._by_letter[folded[0]]:
            limit = most if len(known) >= SHORTEST_TWICE_MISSPELT else 1
            if len(folded) < len(known) - limit:
                continue
            if atom.endswith("*"):
                lengths = {len(known) + shift for shift in (-1, 0, 1)}
                if any(OSA.distance(folded[:length], known, score_cutoff=limit) <= limit for length in lengths):
                    yield atom
            elif OSA.distance(folded, known, score_cutoff=limit) <= limit:
                yield atom


def _agrees(word: str, known: str) -> bool:
    """Tell whether dots and rings, where the writer put them, are those of the known word (gås is not gas)."""
    return all(fold(typed) == typed or fold(right) != right for typed, right in zip(word, known, strict=False))
