"""What search reads: articles taken apart into heads, passages and questions, each by words, letters and meaning.

A snapshot is made at once and never changed, so that searches go on undisturbed while an article is published.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from scipy import sparse

from knowledge import ngrams
from knowledge.analysis import Analyser, Terms
from knowledge.articles import Article, Passage
from knowledge.encoder.encoder import Encoder, Vectors
from knowledge.postings import Bm25, Cosine, Floats

FEATURES = (
    *("words_whole", "words_head", "words_passage", "words_question", "words_few"),
    *("letters_whole", "letters_question", "letters_few"),
    *("meaning_passage", "meaning_question", "meaning_few"),
)
FEW = 3
SHORTLIST = 250
"""Of a larger collection, only as many articles have the meaning of each of their questions compared."""


@dataclass(frozen=True)
class Entry:
    """One article, read."""

    article: Article
    passages: list[Passage]
    whole_terms: Terms
    head_terms: Terms
    passage_terms: list[Terms]
    question_terms: list[Terms]
    whole_ngrams: sparse.csr_matrix
    question_ngrams: sparse.csr_matrix
    passage_vectors: Vectors
    question_vectors: Vectors


def written_in(article: Article) -> list[str]:
    """Return what the editor has written."""
    return [article.body, article.spoken, article.title, article.summary, *article.synonyms, *article.lay_words]


def read(article: Article, *, analyser: Analyser, encoder: Encoder) -> Entry:
    """Take an article apart."""
    passages = article.passages() or [Passage(article.title, article.summary)]
    asked = _asked(article)
    head = [article.title, article.summary, *article.synonyms, *article.lay_words]
    questions = [analyser.terms(analyser.corrected(question)) for question in asked]
    parts = [analyser.terms(passage.text) for passage in passages]
    head_terms = analyser.terms(". ".join(head))
    return Entry(
        article=article,
        passages=passages,
        whole_terms=_together([head_terms, analyser.terms(article.spoken), *parts, *questions]),
        head_terms=head_terms,
        passage_terms=parts,
        question_terms=questions,
        whole_ngrams=ngrams.count([" ".join([*head, article.body, *article.questions])]),
        question_ngrams=ngrams.count(asked),
        passage_vectors=encoder.encode([f"{article.title}. {part.heading}. {part.text}" for part in passages]),
        question_vectors=encoder.encode(asked),
    )


def _asked(article: Article) -> list[str]:
    """Return the article's questions, and its names and lay words, which are the shortest questions."""
    return [article.title, article.summary, *article.questions, *article.synonyms, *article.lay_words]


def _together(parts: Sequence[Terms]) -> Terms:
    total: Terms = {}
    for part in parts:
        for term, weight in part.items():
            total[term] = total.get(term, 0.0) + weight
    return total


class _Groups:
    """Which units belong to which article."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self._sizes = sizes
        self.starts = np.cumsum([0, *sizes[:-1]])
        self._units = np.full((len(sizes), max(sizes)), sum(sizes), dtype=np.int64)
        for row, (start, size) in enumerate(zip(self.starts, sizes, strict=True)):
            self._units[row, :size] = np.arange(start, start + size)

    def units(self, group: int) -> slice:
        """Return the units of one article."""
        return slice(self.starts[group], self.starts[group] + self._sizes[group])

    def best(self, scores: Floats) -> Floats:
        """Return the score of every article's best unit."""
        return np.maximum.reduceat(scores, self.starts)

    def best_few(self, scores: Floats) -> Floats:
        """Return the mean score of every article's best three units."""
        padded = np.append(scores, np.float32(0.0))[self._units]
        few = min(FEW, padded.shape[1])
        mean: Floats = np.partition(padded, -few, axis=1)[:, -few:].mean(axis=1)
        return mean


class Snapshot:
    """All articles, ready to be compared with a question; one without articles cannot be asked."""

    def __init__(self, entries: Sequence[Entry], *, analyser: Analyser, encoder: Encoder) -> None:
        self.entries = list(entries)
        self.analyser = analyser
        self.slugs = [entry.article.slug for entry in entries]
        self.bare = not any(entry.article.questions for entry in entries)
        self._encoder = encoder
        if self.entries:
            self._read()

    def _read(self) -> None:
        entries = self.entries
        self._passage_groups = _Groups([len(entry.passages) for entry in entries])
        self._question_groups = _Groups([len(entry.question_terms) for entry in entries])
        self._read_words()
        self._read_letters()
        self._passage_vectors = np.vstack([entry.passage_vectors for entry in entries])
        self._question_vectors = np.vstack([entry.question_vectors for entry in entries])
        self._mean_questions = np.vstack([entry.question_vectors.mean(axis=0) for entry in entries])

    def features(self, text: str) -> Floats:
        """Return, for each article, what each of `FEATURES` says of the question; mostly 0 to 1."""
        corrected = self.analyser.corrected(text)
        by_letters = [*self._words(corrected), *self._letters(corrected)]
        return np.column_stack([*by_letters, *self._meaning(corrected, np.sum(by_letters, axis=0))])

    def best_passages(self, articles: Sequence[int], text: str) -> list[Passage]:
        """Return, of each of the articles, the passage that is nearest to the question."""
        by_words = self._passage_words.scores(self.analyser.terms(self.analyser.corrected(text)))
        vector = self._encoder.encode([text])[0]
        found = []
        for article in articles:
            held = self._passage_groups.units(article)
            nearness = by_words[held] + self._passage_vectors[held] @ vector
            found.append(self.entries[article].passages[int(np.argmax(nearness))])
        return found

    def _read_words(self) -> None:
        whole = [entry.whole_terms for entry in self.entries]
        ids = {term: place for place, term in enumerate(dict.fromkeys(chain.from_iterable(whole)))}
        self._whole_words = Bm25(whole, ids)
        self._head_words = Bm25([entry.head_terms for entry in self.entries], ids)
        self._passage_words = Bm25([unit for entry in self.entries for unit in entry.passage_terms], ids)
        self._question_words = Bm25([unit for entry in self.entries for unit in entry.question_terms], ids)

    def _read_letters(self) -> None:
        whole = sparse.vstack([entry.whole_ngrams for entry in self.entries], format="csr")
        questions = sparse.vstack([entry.question_ngrams for entry in self.entries], format="csr")
        self._rarity = ngrams.rarity(sparse.vstack([whole, questions], format="csr"))
        self._whole_letters = Cosine(ngrams.weighted(whole, self._rarity))
        self._question_letters = Cosine(ngrams.weighted(questions, self._rarity))

    def _words(self, text: str) -> list[Floats]:
        terms = self.analyser.terms(text)
        by_question = self._question_words.scores(terms)
        return [
            self._whole_words.scores(terms),
            self._head_words.scores(terms),
            self._passage_groups.best(self._passage_words.scores(terms)),
            self._question_groups.best(by_question),
            self._question_groups.best_few(by_question),
        ]

    def _letters(self, text: str) -> list[Floats]:
        row = ngrams.weighted(ngrams.count([text]), self._rarity)
        by_question = self._question_letters.scores(row)
        return [
            self._whole_letters.scores(row),
            self._question_groups.best(by_question),
            self._question_groups.best_few(by_question),
        ]

    def _meaning(self, text: str, by_letters: Floats) -> list[Floats]:
        vector = self._encoder.encode([text])[0]
        by_passage = self._passage_groups.best(self._passage_vectors @ vector)
        by_question = self._question_scores(vector, by_letters + by_passage + self._mean_questions @ vector)
        return [by_passage, self._question_groups.best(by_question), self._question_groups.best_few(by_question)]

    def _question_scores(self, vector: Floats, promise: Floats) -> Floats:
        """Return the cosine with the questions of the most promising articles, 0 with those of the others."""
        if len(promise) <= SHORTLIST:
            return self._question_vectors @ vector
        scores = np.zeros(len(self._question_vectors), dtype=np.float32)
        for article in np.argpartition(-promise, SHORTLIST)[:SHORTLIST].tolist():
            held = self._question_groups.units(article)
            scores[held] = self._question_vectors[held] @ vector
        return scores
