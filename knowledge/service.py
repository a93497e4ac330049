"""The one index of this process, built on first use from the articles in the database, or from those shipped."""

from functools import lru_cache
from threading import Lock

from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from assistant.records.database import session
from assistant.settings import Settings, get_settings
from knowledge import lemmas, scope
from knowledge.articles import Article
from knowledge.editorial import store
from knowledge.encoder import train
from knowledge.search import Index
from knowledge.store import FolderStore


def prepare(settings: Settings) -> None:
    """Train what search needs, if the texts have changed since the last time (a minute on two cores)."""
    lemmas.prepare(settings)
    train.ensure(settings)
    scope.ready(settings)


def is_prepared(settings: Settings) -> bool:
    """Tell whether `prepare` has been done for the present texts, so that the index only needs to be loaded."""
    return settings.encoder_model is not None or train.path_of(settings, FolderStore().published()).exists()


_building = Lock()


def index() -> Index:
    """Return the index of the published articles; it is updated as articles are published."""
    with _building:
        return _index()


def built() -> Index | None:
    """Return the index if it has been built."""
    return _index() if _index.cache_info().currsize else None


@lru_cache
def _index() -> Index:
    settings = get_settings()
    return Index.build(_published(), encoder=train.ready(settings), scope=scope.ready(settings))


def published_article(db: Session, slug: str) -> Article:
    """Return an article as readers see it at this moment.

    Raises:
        ArticleNotFoundError: there is none.
        ArticleWithdrawnError: there was one.
    """
    return store.get(db, slug) if store.is_filled(db) else FolderStore().get(slug)


def _published() -> list[Article]:
    """Return what readers see: the shipped articles where no database answers, or none has been stored in it."""
    try:
        with session() as db:
            if store.is_filled(db):
                return store.published(db)
    except (OperationalError, ProgrammingError):
        pass
    return FolderStore().published()
