"""What a text is about, as weighted terms: stems, parts of compounds, and headwords of the lexicon."""

from collections import Counter
from collections.abc import Iterable

from knowledge import lemmas
from knowledge.lexicon import Lexicon, entries
from knowledge.text import STOP_WORDS, stem, words
from knowledge.vocabulary import Vocabulary

PART_WEIGHT = 0.5
HEADWORD_WEIGHT = 1.0
SHORTEST_COMPOUND = 7
OFTEN = 3

Terms = dict[str, float]


class Analyser:
    """Reads texts with the help of the words that all texts together use."""

    def __init__(self, written: Counter[str], asked: Counter[str], learnt: frozenset[tuple[str, str]]) -> None:
        """Know the words that are `written` by editors, and of those `asked` by people the ones that are no slips.

        `learnt` adds (what people say, headword) to the lexicon.
        """
        self.learnt = learnt
        self._written = written
        self._asked = asked
        self._lemmas = lemmas.ready()
        sound = {word: count for word, count in asked.items() if count >= OFTEN or self._lemmas.is_swedish(word)}
        self.vocabulary = Vocabulary(written + Counter(sound), self._lemmas.is_swedish)
        self._lexicon = Lexicon([*entries(), *sorted(learnt)], self._content_stems)

    @classmethod
    def of_texts(cls, *, written: Iterable[str], asked: Iterable[str]) -> "Analyser":
        """Return an analyser that knows the words of the texts and of the lexicon."""
        lexicon = (expression for pair in entries() for expression in pair)
        return cls(_count([*written, *lexicon]), _count(asked), frozenset())

    def extended(self, *, written: Iterable[str], asked: Iterable[str]) -> "Analyser":
        """Return an analyser that knows the words of more texts; the same one if there is nothing new in them."""
        new_written, new_asked = _count(written), _count(asked)
        if all(self.vocabulary.knows(word) for word in new_written + new_asked):
            return self
        return Analyser(self._written + new_written, self._asked + new_asked, self.learnt)

    def having_learnt(self, learnt: frozenset[tuple[str, str]]) -> "Analyser":
        """Return an analyser whose lexicon has these (what people say, headword) beside its own."""
        return Analyser(self._written + _count(said for said, _ in learnt), self._asked, learnt)

    def corrected(self, text: str) -> str:
        """Return the words of a question as they were most likely meant."""
        return " ".join(self.vocabulary.correct(word) for word in words(text))

    def terms(self, text: str) -> Terms:
        """Return the terms of a text, each with how much of it there is."""
        found: Terms = {}
        listed = words(text)
        stems = [self._stem(word) for word in listed]
        for word, one in zip(listed, stems, strict=True):
            if word not in STOP_WORDS:
                _add(found, one, 1.0)
            for part in self._parts(word):
                _add(found, part, PART_WEIGHT)
        for headword in self._lexicon.headwords(stems):
            _add(found, f"={headword}", HEADWORD_WEIGHT)
        return found

    def content_words(self, text: str) -> list[str]:
        """Return the words of the text that say what it is about."""
        return [word for word in words(text) if word not in STOP_WORDS]

    def _stem(self, word: str) -> str:
        return stem(self._lemmas.base(word))

    def _content_stems(self, expression: str) -> list[str]:
        """Leave small words out of an expression, unless that leaves a single word: it would say too little."""
        listed = words(expression)
        content = [word for word in listed if word not in STOP_WORDS]
        return [self._stem(word) for word in (content if len(content) > 1 else listed)]

    def _parts(self, word: str) -> list[str]:
        if len(word) < SHORTEST_COMPOUND:
            return []
        return [self._stem(part) for part in self.vocabulary.parts(word)]


def _count(texts: Iterable[str]) -> Counter[str]:
    return Counter(word for text in texts for word in words(text))


def _add(terms: Terms, term: str, weight: float) -> None:
    terms[term] = terms.get(term, 0.0) + weight
