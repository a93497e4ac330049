"""What the round and the pages read of one patient. Doubtful readings are left out unless asked for."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from assistant.records.models import Condition, MedicationRequest, Observation, Task

USABLE = ("final", "amended", "corrected")
OPEN_TASKS = ("requested", "received", "accepted", "ready", "in-progress", "on-hold")


def series(
    db: Session, *, patient_id: str, code: str, since: datetime, until: datetime, with_doubtful: bool = False
) -> list[Observation]:
    """Return the readings of one kind from `since` up to and including `until`, oldest first."""
    query = select(Observation).where(
        Observation.patient_id == patient_id,
        Observation.code == code,
        Observation.effective_at >= since,
        Observation.effective_at <= until,
        *_usable(with_doubtful),
    )
    return list(db.scalars(query.order_by(Observation.effective_at)))


def latest(db: Session, *, patient_id: str, codes: Iterable[str]) -> dict[str, Observation]:
    """Return the newest usable reading of each kind that has one; look at its time before you call it "now"."""
    newest = (
        select(Observation)
        .where(Observation.patient_id == patient_id, Observation.code.in_(list(codes)), *_usable(False))
        .order_by(Observation.code, Observation.effective_at.desc())
        .ext(distinct_on(Observation.code))
    )
    return {reading.code: reading for reading in db.scalars(newest)}


def active_orders(db: Session, *, patient_id: str, atc_prefixes: Iterable[str] = ("",)) -> list[MedicationRequest]:
    """Return the patient's active medication orders, of these ATC groups when given, by ATC code."""
    prefixes = tuple(atc_prefixes)
    query = select(MedicationRequest).where(
        MedicationRequest.patient_id == patient_id, MedicationRequest.status == "active"
    )
    orders = db.scalars(query.order_by(MedicationRequest.atc, MedicationRequest.id))
    return [order for order in orders if (order.atc or "").startswith(prefixes)]


def active_conditions(db: Session, *, patient_id: str) -> list[Condition]:
    """Return the patient's active diagnoses."""
    query = select(Condition).where(Condition.patient_id == patient_id, Condition.clinical_status == "active")
    return list(db.scalars(query.order_by(Condition.code)))


def open_tasks(db: Session, *, patient_id: str) -> list[Task]:
    """Return what the clinic has left to do for the patient, oldest first."""
    query = select(Task).where(Task.patient_id == patient_id, Task.status.in_(OPEN_TASKS))
    return list(db.scalars(query.order_by(Task.authored_on, Task.id)))


def _usable(with_doubtful: bool) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Observation.status.in_(USABLE)]
    return conditions if with_doubtful else [*conditions, Observation.doubtful.is_(False)]
