"""What the morning round writes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assistant.records.models.base import Base, new_id, utc_now


class CheckIn(Base):
    """One check-in per patient and local date. state: ready, opened (greeted), told (all said), missed, or late.

    A late one was written at night after its time, when the service had been down; it does not open by itself.
    `content` is what to say: {"opening": {"sv", "en"}, "sleep": {"sv", "en"} or null, "recommendation_ids": [...]},
    in the order of the talk.
    """

    __tablename__ = "check_in"
    __table_args__ = (UniqueConstraint("patient_id", "local_date"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    patient_id: Mapped[str] = mapped_column(ForeignKey("patient.id"))
    local_date: Mapped[date]
    state: Mapped[str] = mapped_column(default="ready")
    content: Mapped[dict[str, Any]]
    due_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    opened_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    repeated_at: Mapped[datetime | None]


class Recommendation(Base):
    """A fired rule. One per patient, rule and local date; `lock_version` guards every transition.

    level: advise, offer, propose or alert. state: open -> accepted | declined | expired (offer);
    proposed -> approved | changed | rejected (propose); shown (advise); raised (alert).
    `text` is what the patient hears: {"sv", "en"}; `inputs` are the readings used:
    [{"label", "value", "unit", "at"}]; `why` is {"sv", "en"}; `evidence` is {"source", "strength", "url"}.
    """

    __tablename__ = "recommendation"
    __table_args__ = (
        UniqueConstraint("patient_id", "rule_id", "local_date"),
        Index("ix_recommendation_patient_state", "patient_id", "state"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    patient_id: Mapped[str] = mapped_column(ForeignKey("patient.id"))
    rule_id: Mapped[str]
    rule_version: Mapped[int]
    local_date: Mapped[date]
    level: Mapped[str]
    state: Mapped[str]
    title: Mapped[dict[str, Any]]
    text: Mapped[dict[str, Any]]
    why: Mapped[dict[str, Any]]
    inputs: Mapped[list[Any]]
    evidence: Mapped[dict[str, Any]]
    task_id: Mapped[str | None]
    lock_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    decided_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": lock_version}  # noqa: RUF012 - SQLAlchemy reads it from the class


class Heartbeat(Base):
    """When something that must not stop last ran: `round`."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class RoundFailure(Base):
    """A patient for whom the round failed, kept until it succeeds. `problem` is the error's type, no patient data."""

    __tablename__ = "round_failure"

    patient_id: Mapped[str] = mapped_column(ForeignKey("patient.id"), primary_key=True)
    failed_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=1)
    problem: Mapped[str]
