"""A few articles, an encoder without training, and an index of them."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import pytest

from knowledge.articles import Article
from knowledge.encoder.encoder import Vectors
from knowledge.scope import Scope
from knowledge.search import Index

Writer = Callable[..., Article]


class LetterEncoder:
    """Vectors of letter triples: enough for texts that share words."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for start in range(max(len(text) - 2, 0)):
                triple = text[start : start + 3].lower().encode()
                row[hashlib.sha256(triple).digest()[0] % 64] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


@pytest.fixture(scope="session")
def encoder() -> LetterEncoder:
    return LetterEncoder()


@pytest.fixture(scope="session")
def scope() -> Scope:
    inside = ["jag är yr", "det snurrar i huvudet", "ont i halsen", "hur sänker jag blodtrycket", "jag sover dåligt"]
    outside = ["hur kokar man ägg", "vem vann matchen", "min bil startar inte", "vad kostar frimärken", "boka hotell"]
    return Scope.fit(inside, outside)


@pytest.fixture(scope="session")
def write() -> Writer:
    def _write(slug: str, *, title: str, text: str, **more: object) -> Article:
        given = {
            "slug": slug,
            "state": "published",
            "title": title,
            "group": "test",
            "summary": f"Om {title.lower()}.",
            "author": "Redaktionen",
            "review_by": date(2027, 5, 21),
            "spoken": f"Kort om {title.lower()}.",
            "sources": [
                {"title": "1177", "publisher": "1177", "url": "https://www.1177.se/", "accessed": "2026-11-21"}
            ],
            "body": f"## Kort om\n\n{text}\n\n## Bra att veta om läkemedel\n\nPrata med din läkare innan du ändrar.",
            **more,
        }
        return Article.model_validate(given)

    return _write


@pytest.fixture
def articles(write: Writer) -> list[Article]:
    return [
        write(
            "dizziness",
            title="Yrsel",
            text="Yrsel kan kännas som att det snurrar. Sätt dig ned.",
            lay_words=["det går runt", "ostadig"],
            questions=["allt gungar när jag reser mig", "varför är jag så yr"],
        ),
        write(
            "sleep-problems",
            title="Sömnproblem",
            text="Gå upp samma tid varje dag. Undvik kaffe på kvällen.",
            lay_words=["ligger vaken"],
            questions=["jag kan inte somna på kvällarna"],
        ),
        write(
            "diuretics",
            title="Vattendrivande läkemedel",
            text="Vattendrivande tabletter gör att du kissar ut vatten och salt.",
            atc=["C03"],
            questions=["när ska jag ta kisstabletten"],
        ),
    ]


@pytest.fixture
def index(articles: list[Article], encoder: LetterEncoder, scope: Scope) -> Index:
    return Index.build(articles, encoder=encoder, scope=scope)
