"""The one index of this process, built on first use from the shipped articles, or from those it is told to read."""

from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

from assistant.settings import Settings, get_settings
from knowledge import lemmas, scope
from knowledge.encoder import train
from knowledge.search import Index
from knowledge.store import FolderStore, Store


def prepare(settings: Settings) -> None:
    """Train what search needs, if the texts have changed since the last time (a minute on two cores)."""
    lemmas.prepare(settings)
    train.ensure(settings)
    scope.ready(settings)


def is_prepared(settings: Settings) -> bool:
    """Tell whether `prepare` has been done for the present texts, so that the index only needs to be loaded."""
    return settings.encoder_model is not None or train.path_of(settings, FolderStore().published()).exists()


_building = Lock()


@dataclass
class _Reading:
    """Where this process reads the articles."""

    store: Store


_reading = _Reading(FolderStore())


def read_from(store: Store) -> None:
    """Read the articles from here instead; an index that has been built stays."""
    _reading.store = store


def articles() -> Store:
    """Return where the articles are read."""
    return _reading.store


def index() -> Index:
    """Return the index of the published articles; it is updated as articles are published."""
    with _building:
        return _index()


def built() -> Index | None:
    """Return the index if it has been built."""
    return _index() if _index.cache_info().currsize else None


def is_loading() -> bool:
    """Tell whether what `prepare` made is still being read into this process: until then an answer takes long."""
    return built() is None and is_prepared(get_settings())


@lru_cache
def _index() -> Index:
    settings = get_settings()
    return Index.build(articles().published(), encoder=train.ready(settings), scope=scope.ready(settings))
