"""Pages of a search: how many, in which order, and an opaque mark of where the next one starts."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Select, func, tuple_

from assistant.records.errors import SearchError
from assistant.records.fhir import search
from assistant.records.models import Resource

MAX_COUNT = 500
"""Most resources on one page; a larger `_count` gets this many."""
NO_TIME = datetime(9999, 12, 31, tzinfo=UTC)
"""Where rows without the time that is sorted by stand: after all others."""


def clean(value: str) -> str:
    """Return a search value that the database can take.

    Raises:
        SearchError: it holds a NUL character.
    """
    if "\x00" in value:
        raise SearchError(problem="it holds a NUL character")
    return value


def count(text: str) -> int:
    """Return how many resources the page holds.

    Raises:
        SearchError: `_count` is no whole number.
    """
    if not (text.isascii() and text.isdigit()):
        raise SearchError(problem="_count is a whole number")
    return min(int(text[:9]), MAX_COUNT)


def ordered(
    query: Select[Any], resource_type: str, model: type[Resource], *, sort: str, after: str
) -> tuple[Select[Any], ColumnElement[datetime]]:
    """Order by one time and the id, starting after the cursor, and also return what the next cursor is made of.

    Raises:
        SearchError: we do not sort by that, or the cursor is not ours.
    """
    column, descending = search.sorting(resource_type, sort)
    key: ColumnElement[datetime] = func.coalesce(column, NO_TIME)
    if after:
        position = tuple_(*_position(after))
        query = query.where(tuple_(key, model.id) < position if descending else tuple_(key, model.id) > position)
    order = (key.desc(), model.id.desc()) if descending else (key, model.id)
    return query.order_by(*order), key


def cursor(at: datetime, resource_id: str) -> str:
    """Return the mark of the last resource on a page."""
    return urlsafe_b64encode(orjson.dumps([at.isoformat(), resource_id])).decode().rstrip("=")


def _position(text: str) -> tuple[datetime, str]:
    try:
        at, resource_id = orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return datetime.fromisoformat(at), str(resource_id)
    except (ValueError, TypeError) as error:
        raise SearchError(problem="that page is not known") from error
