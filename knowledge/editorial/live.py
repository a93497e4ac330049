"""Keeps the index of this process equal to what is published, and publishes what is scheduled when its time comes."""

from collections.abc import Callable
from datetime import datetime
from threading import Event, Thread

import psycopg
import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from assistant import database
from assistant.records.database import session
from knowledge.editorial import lay_words, store, workflow
from knowledge.search import Index

log = structlog.get_logger()

CHANNEL = "vigor_article"
"""PostgreSQL announces here the slug of each article that something was done with."""
EVERY_S = 5.0
"""How often the clock is looked at, and the database even if it announces nothing."""
RECONNECT_S = 1.0


def synchronise(db: Session, index: Index) -> list[str]:
    """Make the index hold what is published, and return the slugs that changed; nothing when no article is stored."""
    if not store.is_filled(db):
        return []
    held = {article.slug: article.version for article in index.articles()}
    wanted = store.published_numbers(db)
    withdrawn = held.keys() - wanted.keys()
    changed = {slug for slug, number in wanted.items() if held.get(slug) != number}
    if withdrawn or changed:
        index.update([store.get(db, slug) for slug in sorted(changed)], withdrawn=withdrawn)
    return sorted(withdrawn | changed)


class Follower:
    """A thread of a web process that follows the articles as long as the process runs."""

    def __init__(self, *, index: Callable[[], Index | None], clock: Callable[[], datetime]) -> None:
        """`index` gives the index, or None as long as it has not been built."""
        self._index = index
        self._clock = clock
        self._stopping = Event()
        self._thread = Thread(target=self._follow, name="knowledge", daemon=True)

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def stop(self) -> None:
        """End, without waiting for the thread; it ends with the process."""
        self._stopping.set()

    def look(self) -> None:
        """Publish what is due and bring the index up to date."""
        with session() as db:
            due = workflow.publish_due(db, now=self._clock())
        index = self._index()
        changed = []
        if index is not None:
            with session() as db:
                changed = synchronise(db, index)
                index.learn(lay_words.approved(db))
        if due or changed:
            log.info("articles_changed", published_by_schedule=due, slugs=changed)

    def _follow(self) -> None:
        while not self._stopping.is_set():
            try:
                self._follow_connected()
            except (psycopg.OperationalError, OperationalError) as error:
                log.warning("articles_lost_database", error=type(error).__name__)
            except Exception:
                log.exception("articles_not_followed")
            self._stopping.wait(RECONNECT_S)

    def _follow_connected(self) -> None:
        with psycopg.connect(database.url(), autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            while not self._stopping.is_set():
                self.look()
                for _ in connection.notifies(timeout=EVERY_S, stop_after=1):
                    pass
