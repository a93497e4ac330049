"""What all tables share."""

from datetime import UTC, date, datetime, time
from typing import Any, ClassVar
from uuid import uuid4

from sqlalchemy import Date, DateTime, Text, Time
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

type_map: dict[Any, Any] = {
    dict[str, Any]: JSONB,
    list[Any]: JSONB,
    datetime: DateTime(timezone=True),
    date: Date,
    time: Time,
    str: Text,
}


class Base(DeclarativeBase):
    """Base of all tables."""

    type_annotation_map: ClassVar[dict[Any, Any]] = type_map


def new_id() -> str:
    """Return a fresh random id."""
    return str(uuid4())


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)
