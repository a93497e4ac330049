"""The search on questions and answers about anything, which neither the encoder nor the lexicon has seen.

Each answer becomes an article of one passage, without questions or lay words. Beside it stands what everybody has:
cosine of TF-IDF over words and over letter sequences.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field

from knowledge.articles import Article, sentences
from knowledge.search import Index

LONGEST_TITLE = 300


class Pair(BaseModel):
    """A question and its answer."""

    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)


class Row(NamedTuple):
    """Shares, 0 to 1: the right answer first, among the first three, and the mean of one divided by its place."""

    name: str
    recall_1: float
    recall_3: float
    reciprocal_rank: float


def read(file: Path) -> list[Pair]:
    """Return the pairs of a file of JSON lines; other fields are left out."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [Pair.model_validate_json(line) for line in lines if line.strip()]


def articles(pairs: Sequence[Pair]) -> list[Article]:
    """Return an article for each answer; its title is the answer's first sentence."""
    return [
        Article(
            slug=f"answer-{place}",
            title=_title(pair.answer),
            group="answers",
            summary=_title(pair.answer),
            author="-",
            review_by=date.max,
            spoken=pair.answer[:1000],
            body=pair.answer,
        )
        for place, pair in enumerate(pairs)
    ]


def table(index: Index, pairs: Sequence[Pair]) -> list[Row]:
    """Return a row for TF-IDF and one for the search; `index` holds `articles(pairs)`."""
    return [_row("TF-IDF", _tf_idf(pairs), pairs), _row("fused", _fused(index, pairs), pairs)]


def lines(rows: Sequence[Row]) -> list[str]:
    """Return the table as text."""
    head = f"{'':10}{'recall@1':>10}{'recall@3':>10}{'MRR':>10}"
    return [head, *(f"{row.name:10}" + "".join(f"{share:10.3f}" for share in row[1:]) for row in rows)]


def _title(answer: str) -> str:
    return sentences(answer)[0][:LONGEST_TITLE]


def _fused(index: Index, pairs: Sequence[Pair]) -> NDArray[np.int64]:
    """Return for each question the places of the answers, best first."""
    found = [[hit.slug for hit in index.search(pair.question, k=len(pairs)).hits] for pair in pairs]
    return np.array([[int(slug.removeprefix("answer-")) for slug in slugs] for slugs in found])


def _tf_idf(pairs: Sequence[Pair]) -> NDArray[np.int64]:
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - heavy, and only for this comparison
    from sklearn.pipeline import make_union  # noqa: PLC0415

    both = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True),
    )
    answers = both.fit_transform([pair.answer for pair in pairs])
    scores = (both.transform([pair.question for pair in pairs]) @ answers.T).toarray()
    order: NDArray[np.int64] = np.argsort(-scores, axis=1, kind="stable")
    return order


def _row(name: str, order: NDArray[np.int64], pairs: Sequence[Pair]) -> Row:
    """Count an answer as right also where it stands in the collection more than once."""
    answers = np.array([pair.answer for pair in pairs])
    places = (answers[order] == answers[:, None]).argmax(axis=1)
    return Row(name, float((places < 1).mean()), float((places < 3).mean()), float((1 / (1 + places)).mean()))
