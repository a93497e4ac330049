"""How well the right article is found, and how well the search knows when there is none."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from pydantic import BaseModel

from knowledge.postings import Floats
from knowledge.search import Index
from knowledge.snapshot import FEATURES

FOLDER = Path(__file__).parent / "questions"
ALONE = {
    "BM25 alone": ("words_whole",),
    "letters alone": ("letters_whole",),
    "encoder alone": ("meaning_passage", "meaning_question", "meaning_few"),
}
WRONGLY_DECLINED = 0.05


class Question(BaseModel):
    """A question and the article that answers it, if any does."""

    text: str
    slug: str | None


class Row(NamedTuple):
    """Shares, 0 to 1. `declined` of the unanswerable questions, `wrongly_declined` of the answerable ones."""

    name: str
    recall_1: float
    recall_3: float
    declined: float
    wrongly_declined: float


def read(name: str) -> list[Question]:
    """Return the `development` or the `test` set."""
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [Question.model_validate_json(line) for line in lines if line.strip()]


def table(index: Index, questions: Sequence[Question], *, tuned_on: Sequence[Question]) -> list[Row]:
    """Return a row for each way of looking alone, and one for all of them together.

    A way of looking alone declines below the score that declines five in a hundred answerable questions of `tuned_on`.
    """
    rows = [_alone(index, name, columns, questions, tuned_on) for name, columns in ALONE.items()]
    return [*rows, _fused(index, questions)]


def lines(rows: Sequence[Row]) -> list[str]:
    """Return the table as text."""
    head = f"{'':16}{'recall@1':>10}{'recall@3':>10}{'declined':>10}{'wrongly':>10}"
    return [head, *(f"{row.name:16}" + "".join(f"{share:10.3f}" for share in row[1:]) for row in rows)]


class Speed(NamedTuple):
    """Questions per second, and milliseconds that half and 95 of 100 questions stay within; one after another."""

    per_second: float
    median_ms: float
    p95_ms: float


def speed(index: Index, texts: Sequence[str]) -> Speed:
    """Ask every question once, one after another."""
    taken = []
    for text in texts:
        start = time.perf_counter()
        index.search(text)
        taken.append(time.perf_counter() - start)
    return Speed(len(taken) / sum(taken), *(float(1000 * np.percentile(taken, share)) for share in (50, 95)))


def _alone(
    index: Index, name: str, columns: Sequence[str], questions: Sequence[Question], tuned_on: Sequence[Question]
) -> Row:
    places = [FEATURES.index(column) for column in columns]

    def scores(asked: Sequence[Question]) -> Floats:
        return np.array([index.snapshot.features(one.text)[:, places].sum(axis=1) for one in asked])

    reached = [best for one, best in zip(tuned_on, scores(tuned_on).max(axis=1), strict=True) if one.slug]
    threshold = float(np.quantile(reached, WRONGLY_DECLINED))
    found = scores(questions)
    order = np.argsort(-found, axis=1)
    ranked = [[index.snapshot.slugs[place] for place in row[:3]] for row in order]
    return _row(name, questions, ranked, (found.max(axis=1) >= threshold).tolist())


def _fused(index: Index, questions: Sequence[Question]) -> Row:
    results = [index.search(one.text, k=3) for one in questions]
    ranked = [[hit.slug for hit in result.hits] for result in results]
    return _row("fused", questions, ranked, [result.answered for result in results])


def _row(name: str, questions: Sequence[Question], ranked: Sequence[Sequence[str]], answered: Sequence[bool]) -> Row:
    asked = list(zip(questions, ranked, answered, strict=True))
    answerable = [(one.slug, slugs, given) for one, slugs, given in asked if one.slug]
    refused = [not given for one, _, given in asked if not one.slug]
    return Row(
        name,
        float(np.mean([slugs[0] == slug for slug, slugs, _ in answerable])),
        float(np.mean([slug in slugs for slug, slugs, _ in answerable])),
        float(np.mean(refused)) if refused else 1.0,
        float(np.mean([not given for _, _, given in answerable])),
    )
