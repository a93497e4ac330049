"""The log of who saw and did what: append-only, and chained by hash within each patient so that it scales.

Entries are written last in the transaction they belong to, patients in sorted order, so that two transactions never
wait for each other in a ring. An entry without a patient belongs to the chain of none.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import event, select, text
from sqlalchemy.orm import Session, SessionTransaction

from assistant.records import bulk
from assistant.records.access import Actor
from assistant.records.models import AuditEntry
from assistant.records.models.base import utc_now

PENDING = "audit_pending"
Facts = dict[str, Any]
"""An entry but for its hash, by column."""
Pending = tuple[Facts, SessionTransaction | None]
"""An entry to be written at commit, and the savepoint within which it was recorded."""
LOCK_CLASS = 7301
"""First key of the advisory locks that let one transaction at a time extend a patient's chain."""
LOCKS = 256
"""So many locks are shared by all chains: PostgreSQL has room for some thousands, and a round writes as many chains."""


LOCK_CHAINS = """
SELECT pg_advisory_xact_lock(:class, chain)
FROM (
    SELECT DISTINCT hashtext(one) & (:locks - 1) AS chain FROM unnest(CAST(:chains AS text[])) AS one ORDER BY chain
) AS chains
"""
LAST_HASHES = """
SELECT patient, last.hash
FROM unnest(CAST(:patients AS text[])) AS patient
CROSS JOIN LATERAL (
    SELECT hash FROM audit_entry WHERE patient_id = patient ORDER BY patient_id DESC, id DESC LIMIT 1
) AS last
"""
LAST_HASH_OF_NONE = "SELECT hash FROM audit_entry WHERE patient_id IS NULL ORDER BY patient_id DESC, id DESC LIMIT 1"
HASHED = ("actor_id", "actor_role", "patient_id", "action", "entity", "reason", "details", "request_id")


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
    entry = {
        "recorded": now or utc_now(),
        "actor_id": actor.id,
        "actor_role": actor.role,
        "patient_id": patient_id,
        "action": action,
        "entity": entity,
        "reason": reason,
        "details": details or {},
        "request_id": actor.request_id,
    }
    db.info.setdefault(PENDING, []).append((entry, db.get_nested_transaction()))


def write_pending(db: Session) -> None:
    """Write the entries recorded so far; runs by itself at commit."""
    pending: list[Pending] = db.info.pop(PENDING, [])
    if not pending:
        return
    entries = sorted((entry for entry, _ in pending), key=lambda one: one["patient_id"] or "")
    last = _lock_and_read_last_hashes(db, {entry["patient_id"] for entry in entries})
    for entry in entries:
        patient_id = entry["patient_id"]
        entry["hash"] = last[patient_id] = _hash(last.get(patient_id, ""), entry)
    bulk.copy(db, AuditEntry, entries)


def first_broken(db: Session, *, patient_id: str | None) -> int | None:
    """Return the id of the first entry whose hash does not follow from the one before, or None when the chain holds."""
    previous = ""
    chain = select(AuditEntry).where(AuditEntry.patient_id.is_not_distinct_from(patient_id)).order_by(AuditEntry.id)
    for entry in _streamed(db, chain):
        facts = {name: getattr(entry, name) for name in ("recorded", *HASHED)}
        if entry.hash != _hash(previous, facts):
            return entry.id
        previous = entry.hash
    return None


def _streamed(db: Session, query: Any) -> Iterable[AuditEntry]:
    entries: Iterable[AuditEntry] = db.scalars(query.execution_options(yield_per=1000, populate_existing=True))
    return entries


def _lock_and_read_last_hashes(db: Session, patient_ids: set[str | None]) -> dict[str | None, str]:
    """Lock these chains, always in the same order, and return the hash each ends with."""
    db.execute(
        text(LOCK_CHAINS), {"class": LOCK_CLASS, "locks": LOCKS, "chains": sorted({one or "" for one in patient_ids})}
    )
    rows = db.execute(text(LAST_HASHES), {"patients": [one for one in patient_ids if one is not None]})
    last: dict[str | None, str] = dict(rows.all())
    if None in patient_ids:
        last[None] = db.scalar(text(LAST_HASH_OF_NONE)) or ""
    return last


def _hash(previous: str, entry: Facts) -> str:
    facts = [previous, entry["recorded"].timestamp(), *(entry[name] for name in HASHED)]
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
