"""Reminders of medicines that a patient has asked for."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.records.models.base import Base, new_id, utc_now


class Reminder(Base):
    """A daily reminder. `times` are clock times of the patient's zone, ["08:00"]; `key` makes asking twice harmless."""

    __tablename__ = "reminder"
    __table_args__ = (Index("ix_reminder_active", "patient_id", postgresql_where=text("stopped_at IS NULL")),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    patient_id: Mapped[str] = mapped_column(ForeignKey("patient.id"))
    medicine: Mapped[str]
    times: Mapped[list[Any]]
    key: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    stopped_at: Mapped[datetime | None]
