"""Who has read a patient's data, from the log, and who may; for the patient to know."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from assistant.records import sharing
from assistant.records.models import AuditEntry, CareRelation, Practitioner

SHOWN_DAYS = 30
READING = ("read", "search", "export", "decide", "sign", "emergency")
OTHERS = ("practitioner", "system", *sharing.READS)
"""Roles whose reading is told; the patient's own, and the assistant's on the patient's behalf, is not."""
KINDS = (
    "Patient",
    "Observation",
    "Condition",
    "MedicationRequest",
    "Appointment",
    "Task",
    "Communication",
    "Consent",
)


def recent(db: Session, *, patient_id: str, now: datetime) -> list[dict[str, Any]]:
    """Return who has read in the last thirty days, the latest first: id, role, name, title, last (ISO), what, times."""
    query = select(AuditEntry).where(
        AuditEntry.patient_id == patient_id,
        AuditEntry.recorded >= now - timedelta(days=SHOWN_DAYS),
        AuditEntry.actor_role.in_(OTHERS),
        AuditEntry.action.in_(READING),
    )
    readers: dict[str, dict[str, Any]] = {}
    for entry in db.scalars(query.order_by(AuditEntry.id.desc())):
        reader = readers.setdefault(entry.actor_id, _reader(db, entry))
        reader["times"] += 1
        kind = (entry.entity or "").split("/")[0]
        what = kind if kind in KINDS else "other"
        reader["what"] += [] if what in reader["what"] else [what]
    return list(readers.values())


def may_read(db: Session, *, patient_id: str, now: datetime) -> list[dict[str, str]]:
    """Return the staff with a care relation that holds now."""
    query = (
        select(Practitioner)
        .join(CareRelation, CareRelation.practitioner_id == Practitioner.id)
        .where(CareRelation.patient_id == patient_id, CareRelation.since <= now)
        .where(or_(CareRelation.until.is_(None), CareRelation.until > now))
        .order_by(Practitioner.name)
    )
    return [{"id": one.id, "name": one.name, "title": one.title} for one in db.scalars(query)]


def _reader(db: Session, entry: AuditEntry) -> dict[str, Any]:
    staff = db.get(Practitioner, entry.actor_id) if entry.actor_role == "practitioner" else None
    return {
        "id": entry.actor_id,
        "role": entry.actor_role,
        "name": staff.name if staff else None,
        "title": staff.title if staff else None,
        "last": entry.recorded.isoformat(),
        "what": [],
        "times": 0,
    }
