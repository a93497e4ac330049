"""The words that the texts use, and how an unknown word is read with their help: misspelt, or put together."""

from collections import Counter, defaultdict
from collections.abc import Callable
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from knowledge.text import STOP_WORDS, fold, stem

SHORTEST_CORRECTED = 5
LONG = 8
SHORTEST_PART = 3


class Vocabulary:
    """Known words with how often they occur."""

    def __init__(self, counts: Counter[str], is_swedish: Callable[[str], bool]) -> None:
        """Know the words of `counts`, and of other words at least whether they are Swedish, not misspelt."""
        self.counts = counts
        self._is_swedish = is_swedish
        self._folded: dict[str, str] = {}
        self._by_start: dict[str, dict[str, str]] = defaultdict(dict)
        self._stems: Counter[str] = Counter()
        for word, count in counts.most_common():
            self._folded.setdefault(fold(word), word)
            if len(word) >= SHORTEST_CORRECTED - 1:
                self._by_start[fold(word)[0]][word] = fold(word)
            self._stems[stem(word)] += count
        self._cached_correct = lru_cache(maxsize=50_000)(self._correct)
        self._cached_parts = lru_cache(maxsize=100_000)(self._parts)

    def knows(self, word: str) -> bool:
        """Say whether the word, or another form of it, occurs."""
        return word in self.counts or stem(word) in self._stems

    def correct(self, word: str) -> str:
        """Return the known word that this one most likely was meant to be, or the word itself.

        A known word stays. Missing å, ä and ö come first, then one wrong, missing, extra or swapped letter (two in
        words of eight letters or more). Compounds of known words are not misspelt.
        """
        return self._cached_correct(word)

    def parts(self, word: str) -> list[str]:
        """Return the known words that the word is put together of, or nothing."""
        return self._cached_parts(word)

    def _correct(self, word: str) -> str:
        if self.knows(word) or any(sign.isdigit() for sign in word):
            return word
        unfolded = self._folded.get(fold(word))
        if unfolded is not None:
            return unfolded
        if len(word) < SHORTEST_CORRECTED or self._is_swedish(word) or self._parts(word):
            return word
        return self._nearest(word)

    def _nearest(self, word: str) -> str:
        farthest = 2 if len(word) >= LONG else 1
        near = process.extract(
            fold(word),
            self._by_start[fold(word)[0]],
            scorer=DamerauLevenshtein.distance,
            score_cutoff=farthest,
            limit=5,
        )
        if not near:
            return word
        return min((distance, -fuzz.ratio(word, known), -self.counts[known], known) for _, distance, known in near)[3]

    def _parts(self, word: str) -> list[str]:
        best: list[str] = []
        for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
            head, tail = word[:cut], word[cut:].removeprefix("-")
            if self._is_part(head) and self._is_last(tail):
                split = [self._without_link(head), tail]
                if not best or min(map(len, split)) > min(map(len, best)):
                    best = split
        return best

    def _is_part(self, head: str) -> bool:
        return self._without_link(head) in self.counts or stem(head) in self.counts

    def _is_last(self, tail: str) -> bool:
        if len(tail) < SHORTEST_PART or tail in STOP_WORDS:
            return False
        return tail in self.counts or (len(tail) > SHORTEST_PART + 1 and self.knows(tail))

    def _without_link(self, head: str) -> str:
        if head not in self.counts and head.endswith("s") and head[:-1] in self.counts:
            return head[:-1]
        return head
