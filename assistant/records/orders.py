"""Medication orders and the signature under each: no order is active without one.

A signature is made in two ways only: by a clinician here (`assistant.records.signing`), or by the practitioner who
ordered in the region's record system, when that system imports the order.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records.errors import SignatureNeededError
from assistant.records.fhir.content import Content, reference_id
from assistant.records.models import Conversation, MedicationRequest, Practitioner, Resource, Signature
from assistant.records.models.base import new_id

SIGNED_FIELDS = ("subject", "intent", "medicationCodeableConcept", "medicationReference", "dosageInstruction")


def fingerprint(order: Content) -> str:
    """Return the SHA-256 of what a signature covers: for whom, which medicine and how much."""
    signed = {field: order[field] for field in SIGNED_FIELDS if field in order}
    return hashlib.sha256(json.dumps(signed, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def sign(
    db: Session,
    *,
    kind: str,
    order: Content,
    practitioner_id: str,
    now: datetime,
    task_id: str | None = None,
    reason: str | None = None,
) -> str:
    """Write a practitioner's signature under the order and return its id; `kind` is clinic or imported."""
    signature = Signature(
        id=new_id(),
        kind=kind,
        practitioner_id=practitioner_id,
        task_id=task_id,
        content_sha256=fingerprint(order),
        reason=reason,
        signed_at=now,
    )
    db.add(signature)
    db.flush()
    return signature.id


def changed_at(row: Resource, order: Content, columns: dict[str, Any], *, now: datetime) -> datetime | None:
    """Return when an order that is replaced was last started, changed or stopped.

    A new dose or status counts from the day the order was written anew, else from now; other edits change nothing.
    """
    if not isinstance(row, MedicationRequest):
        raise TypeError(row)
    if row.status == order["status"] and fingerprint(row.content) == fingerprint(order):
        return row.changed_at
    given: datetime | None = columns["changed_at"]
    return given if given and (row.authored_on is None or given > row.authored_on) else now


def medicines_in(db: Session, *, conversation_id: str) -> list[dict[str, str]]:
    """Return the medicines with an active order of the patient in the conversation, {"name", "atc"}."""
    query = (
        select(MedicationRequest)
        .join(Conversation, Conversation.patient_id == MedicationRequest.patient_id)
        .where(Conversation.id == conversation_id, MedicationRequest.status == "active")
    )
    named = ((_medicine_name(one.content), one.atc) for one in db.scalars(query))
    return [{"name": name, "atc": atc or ""} for name, atc in named if name]


def _medicine_name(order: Content) -> str | None:
    """Return what the order calls the medicine; an order may name it by reference only."""
    medicine = order.get("medicationCodeableConcept", {})
    names = [*(coding.get("display") for coding in medicine.get("coding", ())), medicine.get("text")]
    return next(filter(None, names), None)


def imported_signature(db: Session, *, order: Content, old: Content | None, now: datetime) -> str | None:
    """Return a new signature for an imported active order, or None when the present one still covers it.

    Raises:
        SignatureNeededError: the order names no practitioner that we know.
    """
    if order["status"] != "active":
        return None
    if old is not None and old["status"] == "active" and fingerprint(old) == fingerprint(order):
        return None
    practitioner_id = reference_id(order.get("requester"), "Practitioner")
    if practitioner_id is None or db.get(Practitioner, practitioner_id) is None:
        raise SignatureNeededError
    return sign(db, kind="imported", order=order, practitioner_id=practitioner_id, now=now)
