"""Fixtures of the editorial desk."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from knowledge.articles import Article, State
from knowledge.checks import OBLIGATORY_HEADINGS
from tests.knowledge.conftest import Writer
from tests.knowledge.editorial.desk import Desk, make_desk


@pytest.fixture
def article(write: Writer) -> Article:
    body = "\n\n".join(f"## {heading}\n\nSätt dig ned. Vila en stund." for heading in OBLIGATORY_HEADINGS)
    return write(
        f"test-{uuid4().hex}",
        title="Svimning",
        text="",
        body=body,
        state=State.DRAFT,
        lay_words=["tuppade av"],
        questions=["varför svimmar jag"],
    )


@pytest.fixture
def desk(db: Session, article: Article) -> Desk:
    return make_desk(db, article)


@pytest.fixture
def forget_articles(sql_engine: Engine) -> Iterator[None]:
    """Let a test commit articles: they are gone after it, guards or not, as others count on the shipped ones."""
    yield
    with sql_engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table in ("article_event", "article_signature", "article_revision", "article"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - the names stand in the line above
