"""Words and phrases of a list, found in a message whole, inflected, in a compound or with a typing error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.dialogue.entities import lookup
from assistant.dialogue.entities.tokens import Token
from assistant.dialogue.entities.tokens import tokens as tokens_of
from assistant.dialogue.text import fold

LONGEST_PHRASE = 5
SHORTEST_MISSPELT = 8
SHORTEST_FOLDED = 4
ENDINGS = ("", "s", "n", "en", "et", "ns", "ens", "ets")


@dataclass(frozen=True, slots=True)
class Hit:
    """What was found and which tokens say it: from `first` up to, not including, `end`."""

    name: str
    first: int
    end: int


class Lexicon:
    """A list of names, each with the phrases that mean it."""

    def __init__(self, phrases_by_name: Mapping[str, Iterable[str]], *, inflect: bool, misspelt: bool) -> None:
        self._phrases: dict[str, str] = {}
        self._heads: dict[str, str] = {}
        self._tails: dict[str, str] = {}
        for name, phrases in phrases_by_name.items():
            for phrase in phrases:
                self._add(name, phrase, inflect=inflect)
        self._folded = {
            fold(phrase): name for phrase, name in reversed(self._phrases.items()) if len(phrase) >= SHORTEST_FOLDED
        }
        long = [word for word in self._folded if len(word) >= SHORTEST_MISSPELT and word.isalpha()]
        self._misspelt = long if misspelt else []
        self._lookup = lru_cache(maxsize=8192)(self._one_word)

    def _add(self, name: str, phrase: str, *, inflect: bool) -> None:
        if phrase.endswith("-"):
            self._heads[phrase[:-1]] = name
        elif phrase.startswith("-"):
            self._tails[phrase[1:]] = name
        else:
            words = " ".join(token.form for token in tokens_of(phrase))
            for ending in ENDINGS if inflect else ENDINGS[:1]:
                self._phrases.setdefault(words + ending, name)

    def find(self, words: list[Token]) -> Iterator[Hit]:
        """Yield what the words say, the longest phrase first, no word used twice."""
        place = 0
        while place < len(words):
            hit = self._at(words, place)
            if hit:
                yield hit
            place = hit.end if hit else place + 1

    def _at(self, words: list[Token], place: int) -> Hit | None:
        for length in range(min(LONGEST_PHRASE, len(words) - place), 1, -1):
            name = self._phrase(" ".join(word.form for word in words[place : place + length]))
            if name:
                return Hit(name, place, place + length)
        name = self._lookup(words[place].form)
        return Hit(name, place, place + 1) if name else None

    def _phrase(self, phrase: str) -> str | None:
        """Look a phrase up as written; without its marks only if it has none, so that "hälsa" is not "halsa"."""
        return self._phrases.get(phrase) or (self._folded.get(phrase) if phrase.isascii() else None)

    def _one_word(self, word: str) -> str | None:
        if name := self._phrase(word) or self._compound(word):
            return name
        if not self._misspelt or len(word) < SHORTEST_MISSPELT:
            return None
        near = process.extractOne(fold(word), self._misspelt, processor=None, scorer=OSA.distance, score_cutoff=1)
        return self._folded[near[0]] if near and near[0][0] == fold(word[0]) else None

    def _compound(self, word: str) -> str | None:
        heads = (name for head, name in self._heads.items() if word.startswith(head) and len(word) > len(head))
        tails = (name for tail, name in self._tails.items() if word.endswith(tail) and len(word) > len(tail))
        return next(heads, None) or next(tails, None)


@lru_cache
def lexicon(name: str) -> Lexicon:
    """Return one of the lists in nlu_data/lookup; symptoms and body parts list their inflections themselves."""
    entries = {slug: [slug, *phrases] if name == "foods" else phrases for slug, phrases in lookup.load(name).items()}
    return Lexicon(entries, inflect=name in ("foods", "roles"), misspelt=name in ("roles", "symptoms"))
