"""The one index of this process, built on first use."""

from functools import lru_cache
from threading import Lock

from assistant.settings import Settings, get_settings
from knowledge import scope
from knowledge.encoder import train
from knowledge.search import Index
from knowledge.store import FolderStore


def prepare(settings: Settings) -> None:
    """Train what search needs, if the texts have changed since the last time (a minute on two cores)."""
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


@lru_cache
def _index() -> Index:
    settings = get_settings()
    return Index.build(FolderStore().published(), encoder=train.ready(settings), scope=scope.ready(settings))
