"""What must always hold between a slot and the appointment in it."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records.access import Actor
from assistant.records.errors import ConflictError, ForbiddenError
from assistant.records.fhir.content import Content, reference_id
from assistant.records.models import Appointment, Slot

LIVE = ("pending", "booked")


def touched_by(contents: Iterable[Content]) -> set[str]:
    """Return the ids of the slots that these slots and appointments are about."""
    found: set[str] = set()
    for content in contents:
        if content["resourceType"] == "Slot" and content.get("id"):
            found.add(content["id"])
        if content["resourceType"] == "Appointment":
            found |= {slot_id for slot in content.get("slot", []) if (slot_id := reference_id(slot, "Slot"))}
    return found


def check(db: Session, *, slot_ids: set[str], actor: Actor) -> None:
    """Make sure that a slot with a live appointment is not free, and that a patient takes slots for nobody else.

    Raises:
        ConflictError: an appointment stands in a free slot.
        ForbiddenError: a patient took a slot without an appointment of their own in it.
    """
    for slot in db.scalars(select(Slot).where(Slot.id.in_(slot_ids))):
        holder = db.scalar(
            select(Appointment.patient_id).where(Appointment.slot_id == slot.id, Appointment.status.in_(LIVE))
        )
        if holder is not None and slot.status == "free":
            raise ConflictError
        if actor.role in ("patient", "assistant") and slot.status != "free" and holder != actor.patient_id:
            raise ForbiddenError
