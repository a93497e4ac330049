"""The index follows what is published, in every process."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from assistant.records.database import session
from knowledge.articles import Article
from knowledge.editorial import live, workflow
from knowledge.editorial.live import Follower
from knowledge.search import Index
from tests.knowledge.editorial.desk import NOW, Desk, make_desk

LATER = NOW + timedelta(hours=2)


def slugs(index: Index) -> set[str]:
    return {article.slug for article in index.articles()}


def test_shipped_articles_stay_when_none_is_stored(db: Session, index: Index) -> None:
    before = slugs(index)
    assert live.synchronise(db, index) == []
    assert slugs(index) == before


def test_a_published_article_is_found_by_meaning_and_a_withdrawn_one_is_not(desk: Desk, index: Index) -> None:
    desk.published()
    live.synchronise(desk.db, index)
    assert index.search("varför svimmar jag").hits[0].slug == desk.article.slug
    workflow.withdraw(desk.db, editor=desk.eva, reason="Fel.", **desk.at)
    assert desk.article.slug in live.synchronise(desk.db, index)
    assert desk.article.slug not in slugs(index)


def test_a_new_revision_takes_the_place_of_the_old(desk: Desk, index: Index) -> None:
    desk.published()
    live.synchronise(desk.db, index)
    desk.rewrite("Drick ett glas vatten.")
    assert live.synchronise(desk.db, index) == []
    workflow.send_to_review(desk.db, editor=desk.eva, **desk.at)
    workflow.approve(desk.db, editor=desk.maria, **desk.at)
    workflow.publish(desk.db, editor=desk.eva, **desk.at)
    assert live.synchronise(desk.db, index) == [desk.article.slug]
    assert "Drick ett glas vatten." in index.article(desk.article.slug).body


def test_nothing_is_answered_when_everything_is_withdrawn(desk: Desk, encoder: object, scope: object) -> None:
    desk.published()
    workflow.withdraw(desk.db, editor=desk.eva, reason="Fel.", **desk.at)
    alone = Index.build([desk.article], encoder=encoder, scope=scope)
    live.synchronise(desk.db, alone)
    assert desk.article.slug not in slugs(alone)
    assert not alone.search("varför svimmar jag").answered


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.mark.usefixtures("forget_articles")
class TestFollower:
    @pytest.fixture
    def clock(self) -> Clock:
        return Clock()

    @pytest.fixture
    def followed(self, sql_engine: Engine, index: Index, clock: Clock) -> Iterator[Index]:
        """An index in a process that follows, as every web process does."""
        follower = Follower(index=lambda: index, clock=clock)
        follower.start()
        yield index
        follower.stop()

    def test_publishing_elsewhere_reaches_the_index_without_restart(self, followed: Index, article: Article) -> None:
        with session() as db:
            make_desk(db, article).published()
        assert eventually(lambda: article.slug in slugs(followed))
        with session() as db:
            desk = make_desk(db, article)
            workflow.withdraw(db, editor=desk.eva, reason="Fel.", **desk.at)
        assert eventually(lambda: article.slug not in slugs(followed))

    def test_a_scheduled_article_is_published_by_the_clock(
        self, followed: Index, clock: Clock, article: Article
    ) -> None:
        with session() as db:
            desk = make_desk(db, article)
            desk.approved()
            workflow.publish(db, editor=desk.eva, at=LATER, **desk.at)
        clock.now = LATER
        assert eventually(lambda: article.slug in slugs(followed), timeout_s=live.EVERY_S + 10)


def eventually(holds: Callable[[], bool], timeout_s: float = 10.0) -> bool:
    deadline = time.monotonic() + timeout_s
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
