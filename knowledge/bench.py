"""The figures of the search: quality on both question sets, and speed with many articles."""

import random
import re
import time
from collections.abc import Iterator, Sequence
from itertools import islice, product
from pathlib import Path

from assistant.settings import Settings
from knowledge import evaluation, scope
from knowledge.articles import Article
from knowledge.encoder import train
from knowledge.encoder.encoder import load
from knowledge.search import Index
from knowledge.store import FolderStore

MANY = 2000
EXCHANGED = 0.2
WORD = re.compile(r"\b[a-zåäö]{4,}\b")
SEED = 11


def report(settings: Settings, *, many: int = MANY) -> Iterator[str]:
    """Yield the lines of the report, each as soon as it is known."""
    yield from quality(settings)
    articles = FolderStore().published()
    began = time.process_time()
    encoder, judge = train.ready(settings), scope.ready(settings)
    index = Index.build(articles, encoder=encoder, scope=judge)
    yield f"loaded in {time.process_time() - began:.1f} s of processor time"
    texts = [question.text for question in evaluation.read("development")]
    yield _speed_line(index, texts)
    yield _speed_line(Index.build(multiplied(articles, many), encoder=encoder, scope=judge), texts)


def quality(settings: Settings, model: Path | None = None) -> Iterator[str]:
    """Yield the table of both question sets, with our encoder and, if given, with another model in its place.

    The weights of the fusion were tuned for ours; the row of the other encoder alone compares the two as they are.
    """
    articles = FolderStore().published()
    development = evaluation.read("development")
    folders = [train.ensure(settings), *([model] if model else [])]
    for folder in folders:
        index = Index.build(articles, encoder=load(folder), scope=scope.ready(settings))
        for name in ("development", "test"):
            yield f"{name} ({len(articles)} articles, {'ours' if folder != model else folder.name})"
            yield from evaluation.lines(evaluation.table(index, evaluation.read(name), tuned_on=development))


def multiplied(articles: Sequence[Article], many: int) -> list[Article]:
    """Return as many articles as asked for: copies under new names, with words exchanged; for measuring speed alone."""
    chance = random.Random(SEED)  # noqa: S311 - sampling, not secrecy
    pool = [word for article in articles for word in article.body.split()]
    copies = (_copy(one, copy, pool, chance) for copy, one in product(range(many), articles))
    return list(islice(copies, many))


def _copy(article: Article, number: int, pool: Sequence[str], chance: random.Random) -> Article:
    def varied(text: str) -> str:
        return WORD.sub(lambda word: chance.choice(pool) if chance.random() < EXCHANGED else word[0], text)

    return article.model_copy(
        update={
            "slug": f"{article.slug}-{number}",
            "body": varied(article.body),
            "questions": [varied(question) for question in article.questions],
        }
    )


def _speed_line(index: Index, texts: Sequence[str]) -> str:
    index.search(texts[0])
    found = evaluation.speed(index, texts)
    return (
        f"{len(index.articles())} articles: {found.per_second:.0f} questions/s, "
        f"median {found.median_ms:.1f} ms, p95 {found.p95_ms:.1f} ms"
    )
