"""How each patient wants to be met, and who may see whom."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from assistant.records.models.base import Base, utc_now


class PatientSettings(Base):
    """A patient's own choices. `style` is normal or brief; `language` is sv or en.

    `tastes` holds lists of plain words: {"likes": ["jordgubbar"], "dislikes": [], "allergies": []}.
    `limits` holds limits that a clinician has set for this patient: {"spo2_scale": 2, "fluid_restriction": true}.
    `agreed_readings` maps LOINC code to times a week: {"29463-7": 7}.
    """

    __tablename__ = "patient_settings"
    __table_args__ = (Index("ix_patient_settings_checkin", "timezone", "checkin_time"),)

    patient_id: Mapped[str] = mapped_column(ForeignKey("patient.id"), primary_key=True)
    call_name: Mapped[str]
    checkin_time: Mapped[time] = mapped_column(default=time(7, 30))
    timezone: Mapped[str] = mapped_column(default="Europe/Stockholm")
    checkins_enabled: Mapped[bool] = mapped_column(default=True)
    paused_until: Mapped[date | None]
    language: Mapped[str] = mapped_column(default="sv")
    style: Mapped[str] = mapped_column(default="normal")
    tastes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    limits: Mapped[dict[str, Any]] = mapped_column(default=dict)
    agreed_readings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    accessibility: Mapped[dict[str, Any]] = mapped_column(default=dict)
    doctor_id: Mapped[str | None] = mapped_column(ForeignKey("practitioner.id"))
    machine_told_at: Mapped[datetime | None]


class CareRelation(Base):
    """A documented care relation (vårdrelation): staff see a patient only with one, or with emergency access."""

    __tablename__ = "care_relation"

    patient_id: Mapped[str] = mapped_column(ForeignKey("patient.id"), primary_key=True)
    practitioner_id: Mapped[str] = mapped_column(ForeignKey("practitioner.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(default=utc_now)
    until: Mapped[datetime | None]
