"""What a question would be answered, and why: every share of the score, the passage, and how sure the search is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from knowledge.answer import Answer, answer
from knowledge.articles import Article
from knowledge.fusion import Fusion
from knowledge.postings import Floats
from knowledge.search import MAX_QUESTION_CHARS, Index
from knowledge.snapshot import FEATURES

KINDS = {"words": "words_", "letters": "letters_", "meaning": "meaning_"}
"""The three ways of looking, and how their features begin: BM25, sequences of letters, the encoder."""
SHOWN = 5


@dataclass(frozen=True)
class Weighed:
    """An article that was considered: what each way of looking gave it, together its score; `share` is 0 to 1."""

    slug: str
    title: str
    words: float
    letters: float
    meaning: float
    score: float
    share: float
    heading: str
    passage: str


@dataclass(frozen=True)
class Trial:
    """The answer, and what it was weighed from; it is given when `confidence` (0 to 1) reaches `threshold`."""

    answer: Answer
    confidence: float
    threshold: float
    weighed: list[Weighed]


def ask(question: str, *, index: Index, draft: Article | None, now: datetime, zone: ZoneInfo) -> Trial:
    """Ask the published articles, with the draft among them if one is given."""
    tried = index.with_article(draft) if draft is not None else index
    result = tried.search(question, SHOWN)
    shares = _shares(question, tried)
    weighed = [
        Weighed(
            slug=hit.slug,
            title=tried.article(hit.slug).title,
            **shares[hit.slug],
            score=sum(shares[hit.slug].values()),
            share=hit.score,
            heading=hit.heading,
            passage=hit.passage,
        )
        for hit in result.hits
    ]
    said = answer(question, index=tried, now=now, zone=zone)
    return Trial(said, result.confidence, Fusion.load().threshold, weighed)


def _shares(question: str, index: Index) -> dict[str, dict[str, float]]:
    """Return, for each article, what each way of looking adds to its score."""
    snapshot, fusion = index.snapshot, Fusion.load()
    if not snapshot.entries:
        return {}
    features = snapshot.features(question[:MAX_QUESTION_CHARS])
    weights = fusion.bare if snapshot.bare else fusion.articles
    by_kind = {kind: _sum(features, weights, start) for kind, start in KINDS.items()}
    return {slug: {kind: float(sums[row]) for kind, sums in by_kind.items()} for row, slug in enumerate(snapshot.slugs)}


def _sum(features: Floats, weights: Mapping[str, float], start: str) -> Floats:
    columns = [place for place, name in enumerate(FEATURES) if name.startswith(start)]
    total: Floats = features[:, columns] @ np.array([weights[FEATURES[place]] for place in columns], dtype=np.float32)
    return total
