"""Which words of the rules a typed word can be: exactly, by stem, without its dots, or misspelt."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from rapidfuzz.distance import OSA

from assistant.safety.red_flags.normalise import canonical, fold

SHORTEST_MISSPELT = 6
SHORTEST_TWICE_MISSPELT = 10
SHORTEST_SWAPPED = 8
SHORTEST_JOINED_MISSPELT = 9
"""Letters a rule word needs before one letter may be missing, doubled or moved, two letters wrong, one letter another,
and before any of this is forgiven in a word written as several."""
UNEXPLAINED = 5
"""Letters that a stem must leave over before the whole word is taken for a misspelling of a longer one."""
DOUBLED = re.compile(r"([^\W\d_])\1")

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
        if len(word) >= SHORTEST_MISSPELT:
            found |= frozenset(self._spelt_right(DOUBLED.sub(r"\1", word)))
        explained = max((len(atom.strip("*")) for atom in found), default=0)
        if word in self._lookalikes or len(word) - explained < UNEXPLAINED:
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
        misspelt = self._misspelt(fold(word), strict=True) if len(word) >= shortest else ()
        return frozenset(atom for atom in misspelt if shortest <= len(atom.strip("*")) <= len(word) + 1)

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

    def _misspelt(self, folded: str, *, strict: bool = False) -> Iterator[str]:
        if len(folded) < SHORTEST_MISSPELT - 1 or folded[0] not in self._by_letter:
            return
        for known, atom in self._by_letter[folded[0]]:
            lengths = [len(known), len(known) - 1, len(known) + 1] if atom.endswith("*") else [len(folded)]
            if any(_is_slip(folded[:length], known, strict=strict) for length in lengths):
                yield atom


def _is_slip(typed: str, known: str, *, strict: bool) -> bool:
    """Tell whether the typed word can be the known one mistyped; a short word with one other letter is another word."""
    limit = 2 if len(known) >= SHORTEST_TWICE_MISSPELT and not strict else 1
    if OSA.distance(typed, known, score_cutoff=limit) > limit:
        return False
    swapped = len(typed) == len(known) and sorted(typed) != sorted(known)
    return not swapped or (len(known) >= SHORTEST_SWAPPED and not strict)


def _agrees(word: str, known: str) -> bool:
    """Tell whether dots and rings, where the writer put them, are those of the known word (gås is not gas)."""
    return all(fold(typed) == typed or typed == right for typed, right in zip(word, known, strict=False))
