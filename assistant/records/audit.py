"""The log of who saw and did what: append-only, and chained by hash within each patient so that it scales.

Entries are written last in the transaction they belong to, patients in sorted order, so that two transactions never
wait for each other in a ring. An entry without a patient belongs to the chain of none.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session, SessionTransaction

from assistant.records.access import Actor
from assistant.records.models import AuditEntry
from assistant.records.models.base import utc_now

PENDING = "audit_pending"
Pending = tuple[AuditEntry, SessionTransaction | None]
"""An entry to be written at commit, and the savepoint within which it was recorded."""
LOCK_CLASS = 7301
"""First key of the advisory locks that let one transaction at a time extend a patient's chain."""


def record(
    db: Session,
    *,
    actor: Actor,
    action: str,
    patient_id: str | None = None,
    entity: str | None = None,
    reason: str | None = None,
    details: dict[str, Any] | None = None,
    now: datetime | None = None,
) -> None:
    """Add an entry to the log when the transaction commits. `entity` is "Type/id" or what was searched."""
    entry = AuditEntry(
        recorded=now or utc_now(),
        actor_id=actor.id,
        actor_role=actor.role,
        patient_id=patient_id,
        action=action,
        entity=entity,
        reason=reason,
        details=details or {},
        request_id=actor.request_id,
    )
    db.info.setdefault(PENDING, []).append((entry, db.get_nested_transaction()))


def write_pending(db: Session) -> None:
    """Write the entries recorded so far; runs by itself at commit."""
    pending: list[Pending] = db.info.pop(PENDING, [])
    for entry in sorted((entry for entry, _ in pending), key=lambda one: one.patient_id or ""):
        previous = _lock_and_read_last_hash(db, entry.patient_id)
        entry.hash = _hash(previous, entry)
        db.add(entry)
        db.flush()


def first_broken(db: Session, *, patient_id: str | None) -> int | None:
    """Return the id of the first entry whose hash does not follow from the one before, or None when the chain holds."""
    previous = ""
    chain = select(AuditEntry).where(AuditEntry.patient_id.is_not_distinct_from(patient_id)).order_by(AuditEntry.id)
    for entry in _streamed(db, chain):
        if entry.hash != _hash(previous, entry):
            return entry.id
        previous = entry.hash
    return None


def _streamed(db: Session, query: Any) -> Iterable[AuditEntry]:
    entries: Iterable[AuditEntry] = db.scalars(query.execution_options(yield_per=1000, populate_existing=True))
    return entries


def _lock_and_read_last_hash(db: Session, patient_id: str | None) -> str:
    db.execute(select(func.pg_advisory_xact_lock(LOCK_CLASS, func.hashtext(patient_id or ""))))
    last = (
        select(AuditEntry.hash)
        .where(AuditEntry.patient_id.is_not_distinct_from(patient_id))
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    return db.scalar(last) or ""


def _hash(previous: str, entry: AuditEntry) -> str:
    facts = [
        previous,
        entry.recorded.timestamp(),
        entry.actor_id,
        entry.actor_role,
        entry.patient_id,
        entry.action,
        entry.entity,
        entry.reason,
        entry.details,
        entry.request_id,
    ]
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@event.listens_for(Session, "before_commit")
def _write_at_commit(db: Session) -> None:
    if PENDING in db.info and not db.in_nested_transaction():
        write_pending(db)


@event.listens_for(Session, "after_soft_rollback")
def _forget_what_was_undone(db: Session, undone: SessionTransaction) -> None:
    """Drop the entries about what happened within the savepoint, or the whole transaction, that was rolled back."""
    pending: list[Pending] = db.info.pop(PENDING, [])
    kept = [(entry, savepoint) for entry, savepoint in pending if undone.nested and not _within(savepoint, undone)]
    if kept:
        db.info[PENDING] = kept


def _within(savepoint: SessionTransaction | None, outer: SessionTransaction) -> bool:
    return savepoint is not None and (savepoint is outer or _within(savepoint.parent, outer))
