"""Search among the articles: words and meaning together, and the sense to say that there is no answer."""

from collections.abc import Collection, Iterable, Sequence
from threading import Lock
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from knowledge.analysis import Analyser
from knowledge.articles import Article
from knowledge.encoder.encoder import Encoder, Vectors
from knowledge.errors import ArticleNotFoundError
from knowledge.fusion import Fusion, certainty, signals
from knowledge.scope import Scope
from knowledge.snapshot import Snapshot, read, written_in

MAX_QUESTION_CHARS = 600


class Hit(NamedTuple):
    """An article that may answer, with its best passage; `score` is its share of the certainty, 0 to 1."""

    slug: str
    score: float
    passage: str
    heading: str


class Result(NamedTuple):
    """What was found, best first. `answered` is false when none of it is likely to answer."""

    answered: bool
    confidence: float
    hits: list[Hit]


class Index:
    """Articles ready to be searched. Many threads may search while one publishes."""

    def __init__(self, snapshot: Snapshot, *, encoder: Encoder, scope: Scope, fusion: Fusion) -> None:
        self._snapshot = snapshot
        self._encoder = encoder
        self._scope = scope
        self._fusion = fusion
        self._publishing = Lock()

    @classmethod
    def build(
        cls, articles: Iterable[Article], *, encoder: Encoder, scope: Scope, fusion: Fusion | None = None
    ) -> "Index":
        """Read the articles, at least one; about a second for a hundred.

        From here on this process multiplies in one thread: a question is a few small products, which threads of their
        own make slower, several times so on a busy machine.
        """
        threadpool_limits(1, user_api="blas")
        listed = list(articles)
        analyser = Analyser.of_texts(
            written=[text for article in listed for text in written_in(article)],
            asked=[question for article in listed for question in article.questions],
        )
        entries = [read(article, analyser=analyser, encoder=encoder) for article in listed]
        snapshot = Snapshot(entries, analyser=analyser, encoder=encoder)
        return cls(snapshot, encoder=encoder, scope=scope, fusion=fusion or Fusion.load())

    def search(self, text: str, k: int = 5) -> Result:
        """Return the `k` articles most likely to answer the question."""
        snapshot, asked = self._snapshot, text[:MAX_QUESTION_CHARS]
        if not snapshot.entries:
            return Result(False, 0.0, [])
        features = snapshot.features(asked)
        scores = self._fusion.scores(features, bare=snapshot.bare)
        shares = certainty(scores)
        best = np.argsort(-scores, kind="stable")[:k].tolist()
        confidence = self._fusion.confidence(
            signals(features, scores, known=known_share(snapshot.analyser, asked), in_scope=self._scope.logit(asked))
        )
        passages = snapshot.best_passages(best, asked)
        hits = [
            Hit(snapshot.slugs[article], float(shares[article]), passage.text, passage.heading)
            for article, passage in zip(best, passages, strict=True)
        ]
        return Result(confidence >= self._fusion.threshold, confidence, hits)

    def within(self, slug: str, text: str) -> Hit:
        """Return the passage of one article that is nearest to the question.

        Raises:
            ArticleNotFoundError: it is not in the index.
        """
        snapshot = self._snapshot
        if slug not in snapshot.slugs:
            raise ArticleNotFoundError(slug)
        [passage] = snapshot.best_passages([snapshot.slugs.index(slug)], text[:MAX_QUESTION_CHARS])
        return Hit(slug, 1.0, passage.text, passage.heading)

    def overlap(self, question: str, text: str) -> float:
        """Return how much of the question's terms the text holds, 0 to 1."""
        analyser = self._snapshot.analyser
        asked, held = analyser.terms(analyser.corrected(question)), analyser.terms(text)
        return sum(weight for term, weight in asked.items() if term in held) / max(sum(asked.values()), 1e-9)

    def content_words(self, text: str) -> list[str]:
        """Return the words of the text that say what it is about."""
        return self._snapshot.analyser.content_words(text)

    def has(self, slug: str) -> bool:
        """Say whether the article is in the index."""
        return slug in self._snapshot.slugs

    def article(self, slug: str) -> Article:
        """Return the article as it was indexed.

        Raises:
            ArticleNotFoundError: it is not in the index.
        """
        for entry in self._snapshot.entries:
            if entry.article.slug == slug:
                return entry.article
        raise ArticleNotFoundError(slug)

    def articles(self) -> list[Article]:
        """Return every article of the index."""
        return [entry.article for entry in self._snapshot.entries]

    @property
    def snapshot(self) -> Snapshot:
        """What searches read at this moment."""
        return self._snapshot

    def publish(self, article: Article) -> None:
        """Add an article, or put it in place of the one with the same slug. Searches meet the old or the new whole."""
        self.update([article])

    def withdraw(self, slug: str) -> None:
        """Take an article away."""
        self.update([], withdrawn=[slug])

    def update(self, articles: Sequence[Article], *, withdrawn: Collection[str] = ()) -> None:
        """Publish and withdraw several articles at once."""
        with self._publishing:
            analyser = self._snapshot.analyser.extended(
                written=[text for article in articles for text in written_in(article)],
                asked=[question for article in articles for question in article.questions],
            )
            entries = [read(article, analyser=analyser, encoder=self._encoder) for article in articles]
            gone = {*withdrawn, *(article.slug for article in articles)}
            kept = [entry for entry in self._snapshot.entries if entry.article.slug not in gone]
            self._snapshot = Snapshot([*kept, *entries], analyser=analyser, encoder=self._encoder)

    def learn(self, lay_words: frozenset[tuple[str, str]]) -> None:
        """Have exactly these (what people say, headword) beside the lexicon's own, from the next question on."""
        with self._publishing:
            if self._snapshot.analyser.learnt != lay_words:
                analyser = self._snapshot.analyser.having_learnt(lay_words)
                self._snapshot = Snapshot(self._snapshot.entries, analyser=analyser, encoder=self._encoder)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return what the texts mean, one row of length one for each."""
        return self._encoder.encode(texts)

    def with_article(self, article: Article) -> "Index":
        """Return an index that holds this article too, or in place of the one with the same slug; this one stays."""
        other = Index(self._snapshot, encoder=self._encoder, scope=self._scope, fusion=self._fusion)
        other.publish(article)
        return other


def known_share(analyser: Analyser, text: str) -> float:
    """Return the share of the content words that the articles use, 1 when there are none."""
    content = analyser.content_words(text)
    known = sum(analyser.vocabulary.knows(analyser.vocabulary.correct(word)) for word in content)
    return known / len(content) if content else 1.0
