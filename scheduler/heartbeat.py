"""When something that must not stop last ran."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from assistant.records.models import Heartbeat

ROUND = "round"


def beat(db: Session, name: str, *, now: datetime) -> None:
    """Note that it ran."""
    statement = insert(Heartbeat).values(name=name, at=now)
    db.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"at": now}))


def silence(db: Session, name: str, *, now: datetime) -> timedelta | None:
    """Return how long ago it ran; None when it never did."""
    at = db.scalar(select(Heartbeat.at).where(Heartbeat.name == name))
    return None if at is None else now - at
