"""Finding, holding and booking times, after IHE ITI Scheduling ($find, $hold, $book).

A slot is locked while it changes hands, always before the appointment in it, and a unique index lets at most one live
appointment stand in it. Every step may be repeated: the same identifier, or the state already reached, gives the same
appointment.
"""

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assistant.records import repository
from assistant.records.access import Actor
from assistant.records.errors import (
    ConflictError,
    HoldExpiredError,
    InvalidResourceError,
    NotFoundError,
    SlotTakenError,
)
from assistant.records.fhir import codes
from assistant.records.fhir.content import Content
from assistant.records.models import Appointment, Patient, Practitioner, Schedule, Slot
from assistant.records.models.base import utc_now
from assistant.records.repository import Stored
from assistant.settings import get_settings

Action = Literal["create", "modify", "cancel"]
SYSTEM = Actor(id="scheduling", role="system")
MAX_FOUND = 500


def find(
    db: Session,
    *,
    start: datetime,
    end: datetime,
    role: str | None = None,
    mode: str | None = None,
    practitioner_id: str | None = None,
    count: int = 50,
    now: datetime | None = None,
) -> tuple[int, list[Content]]:
    """Return how many free times there are between start and end, and the first `count` as proposed Appointments.

    Only times still to come; held ones are never among them. `role` is doctor or nurse, `mode` visit, phone or video.
    """
    moment = now or utc_now()
    release_expired_holds(db, now=moment)
    free = (
        select(Slot, Practitioner)
        .join(Schedule, Schedule.id == Slot.schedule_id)
        .join(Practitioner, Practitioner.id == Schedule.practitioner_id)
        .where(Slot.status == "free", Slot.starts_at >= max(start, moment), Slot.starts_at < end)
    )
    if role:
        free = free.where(Schedule.role == role)
    if practitioner_id:
        free = free.where(Practitioner.id == practitioner_id)
    if mode:
        free = free.where(func.jsonb_exists(Slot.modes, mode))
    total = db.scalar(select(func.count()).select_from(free.subquery())) or 0
    rows = db.execute(free.order_by(Slot.starts_at, Slot.id).limit(min(count, MAX_FOUND)))
    return total, [_proposal(slot, practitioner, mode) for slot, practitioner in rows]


def hold(
    db: Session,
    *,
    slot_id: str,
    mode: str,
    identifier: str,
    actor: Actor,
    patient_id: str,
    comment: str | None = None,
    now: datetime | None = None,
) -> Stored:
    """Reserve a time for `settings.hold_minutes` and return the pending Appointment.

    The same identifier gives the same Appointment. A patient holds one time at most: an earlier hold is let go.

    Raises:
        SlotTakenError: the time is no longer free.
        HoldExpiredError: this identifier's hold has run out.
    """
    moment = now or utc_now()
    slot = _lock_slot(db, slot_id)
    _release_if_expired(db, slot_id, moment)
    known = _known(db, identifier, patient_id, slot_id)
    if known:
        return _stored(known)
    _check_free(slot, mode, moment)
    for earlier in _holds_of(db, patient_id):
        _cancel(db, _lock_appointment(db, earlier, patient_id), actor, moment)
    expires = moment + timedelta(minutes=get_settings().hold_minutes)
    return _take(
        db, slot, patient_id, actor, moment, mode=mode, identifier=identifier, comment=comment, expires=expires
    )


def book(
    db: Session,
    *,
    actor: Actor,
    patient_id: str,
    action: Action = "create",
    appointment_id: str | None = None,
    slot_id: str | None = None,
    mode: str | None = None,
    identifier: str | None = None,
    comment: str | None = None,
    now: datetime | None = None,
) -> Stored:
    """Confirm a held Appointment, book a slot directly, move an Appointment to another slot, or cancel it.

    Args:
        action: create (held `appointment_id`, or `slot_id` with `mode` and `identifier`); modify (`appointment_id`
            to the new `slot_id`); cancel (`appointment_id`).

    Raises:
        SlotTakenError: the time is no longer free.
        HoldExpiredError: the held time was let go.
        NotFoundError: no such appointment of this patient.
    """
    moment = now or utc_now()
    if action == "create" and appointment_id is None:
        return _book_slot(
            db, actor, patient_id, moment, slot_id=slot_id, mode=mode, identifier=identifier, comment=comment
        )
    appointment = _lock_appointment(db, appointment_id, patient_id, also=slot_id if action == "modify" else None)
    if action == "create":
        return _confirm(db, appointment, actor, moment)
    if action == "modify":
        return _move(db, appointment, actor, moment, slot_id=slot_id, mode=mode)
    return _cancel(db, appointment, actor, moment)


def release_expired_holds(db: Session, *, now: datetime | None = None) -> int:
    """Free the times whose holds have run out and return how many; rows that others are working on are left to them."""
    moment = now or utc_now()
    expired = select(Appointment.slot_id).where(Appointment.status == "pending", Appointment.hold_expires_at <= moment)
    slots = select(Slot.id).where(Slot.id.in_(expired)).order_by(Slot.id).with_for_update(skip_locked=True)
    return sum(_release_if_expired(db, slot_id, moment) for slot_id in db.scalars(slots).all())


def _release_if_expired(db: Session, slot_id: str, now: datetime) -> int:
    """Let go of the expired hold in a locked slot and return how many there were."""
    expired = select(Appointment).where(
        Appointment.slot_id == slot_id, Appointment.status == "pending", Appointment.hold_expires_at <= now
    )
    found = db.scalar(expired.with_for_update())
    if found is not None:
        _cancel(db, found, SYSTEM, now)
    return int(found is not None)


def _book_slot(
    db: Session,
    actor: Actor,
    patient_id: str,
    now: datetime,
    *,
    slot_id: str | None,
    mode: str | None,
    identifier: str | None,
    comment: str | None,
) -> Stored:
    if slot_id is None or mode is None or identifier is None:
        raise InvalidResourceError(problem="slot, mode and identifier are needed", expression="parameter")
    slot = _lock_slot(db, slot_id)
    _release_if_expired(db, slot_id, now)
    known = _known(db, identifier, patient_id, slot_id)
    if known:
        return _confirm(db, known, actor, now)
    _check_free(slot, mode, now)
    return _take(db, slot, patient_id, actor, now, mode=mode, identifier=identifier, comment=comment, expires=None)


def _confirm(db: Session, appointment: Appointment, actor: Actor, now: datetime) -> Stored:
    if appointment.status == "booked":
        return _stored(appointment)
    if appointment.status != "pending" or (appointment.hold_expires_at and appointment.hold_expires_at <= now):
        raise HoldExpiredError
    content = _without_hold(appointment.content) | {"status": "booked"}
    content["participant"] = [one | {"status": "accepted"} for one in content["participant"]]
    stored = repository.replace(db, content, actor=actor, now=now)
    if appointment.slot_id:
        _set_slot(db, appointment.slot_id, "busy", now)
    return stored


def _move(
    db: Session, appointment: Appointment, actor: Actor, now: datetime, *, slot_id: str | None, mode: str | None
) -> Stored:
    if appointment.status != "booked":
        raise ConflictError
    if slot_id is None:
        raise InvalidResourceError(problem="slot is needed", expression="parameter")
    if slot_id == appointment.slot_id and mode in (None, appointment.mode):
        return _stored(appointment)
    previous = appointment.slot_id
    slot = _lock_slot(db, slot_id)
    _release_if_expired(db, slot_id, now)
    chosen = mode or appointment.mode or next(iter(slot.modes))
    if slot_id != previous:
        _check_free(slot, chosen, now)
    practitioner = _practitioner_of(db, slot)
    content = appointment.content | _where_and_when(slot, chosen)
    content["participant"] = _participants(appointment.patient_id, practitioner, "accepted")
    stored = repository.replace(db, content, actor=actor, now=now)
    if previous and previous != slot_id:
        _set_slot(db, previous, "free", now)
    _set_slot(db, slot_id, "busy", now)
    return stored


def _cancel(db: Session, appointment: Appointment, actor: Actor, now: datetime) -> Stored:
    if appointment.status == "cancelled":
        return _stored(appointment)
    content = _without_hold(appointment.content) | {"status": "cancelled"}
    stored = repository.replace(db, content, actor=actor, now=now)
    if appointment.slot_id:
        _set_slot(db, appointment.slot_id, "free", now)
    return stored


def _take(
    db: Session,
    slot: Slot,
    patient_id: str,
    actor: Actor,
    now: datetime,
    *,
    mode: str,
    identifier: str,
    comment: str | None,
    expires: datetime | None,
) -> Stored:
    """Put a new appointment in a locked free slot: held until `expires`, or booked when that is None."""
    content: Content = {
        "resourceType": "Appointment",
        "identifier": [{"system": codes.IDEMPOTENCY, "value": identifier}],
        "status": "pending" if expires else "booked",
        "created": now.isoformat(),
        "participant": _participants(patient_id, _practitioner_of(db, slot), "tentative" if expires else "accepted"),
        **_where_and_when(slot, mode),
    }
    if comment:
        content["comment"] = comment
    if expires:
        content["extension"] = [{"url": codes.HOLD_EXPIRES, "valueInstant": expires.isoformat()}]
    stored = repository.insert(db, content, actor=actor, now=now)
    _set_slot(db, slot.id, "busy-tentative" if expires else "busy", now)
    return stored


def _lock_slot(db: Session, slot_id: str) -> Slot:
    slot = db.get(Slot, slot_id, with_for_update=True, populate_existing=True)
    if slot is None:
        raise NotFoundError
    return slot


def _lock_appointment(db: Session, appointment_id: str | None, patient_id: str, also: str | None = None) -> Appointment:
    """Lock the appointment after its slot and, in the order of their ids, the slot it is to move to (`also`)."""
    own = db.execute(
        select(Appointment.slot_id).where(Appointment.id == appointment_id, Appointment.patient_id == patient_id)
    ).one_or_none()
    if own is None:
        raise NotFoundError
    for slot_id in sorted(filter(None, {own.slot_id, also})):
        _lock_slot(db, slot_id)
    return db.get_one(Appointment, appointment_id, with_for_update=True, populate_existing=True)


def _check_free(slot: Slot, mode: str, now: datetime) -> None:
    if slot.status != "free" or slot.starts_at <= now:
        raise SlotTakenError
    if mode not in slot.modes:
        raise InvalidResourceError(problem=f"this time cannot be {mode}", expression="mode")


def _known(db: Session, identifier: str, patient_id: str, slot_id: str) -> Appointment | None:
    """Return the appointment that this identifier already made."""
    known = db.scalar(select(Appointment).where(Appointment.identifier == f"{codes.IDEMPOTENCY}|{identifier}"))
    if known is None:
        return None
    if known.patient_id != patient_id or known.slot_id != slot_id:
        raise ConflictError
    if known.status == "cancelled":
        raise HoldExpiredError
    return known


def _holds_of(db: Session, patient_id: str) -> list[str]:
    held = select(Appointment.id).where(Appointment.patient_id == patient_id, Appointment.status == "pending")
    return list(db.scalars(held))


def _set_slot(db: Session, slot_id: str, status: str, now: datetime) -> None:
    slot = _lock_slot(db, slot_id)
    repository.replace(db, slot.content | {"status": status}, actor=SYSTEM, now=now)


def _practitioner_of(db: Session, slot: Slot) -> Practitioner:
    return db.scalars(
        select(Practitioner)
        .join(Schedule, Schedule.practitioner_id == Practitioner.id)
        .where(Schedule.id == slot.schedule_id)
    ).one()


def _proposal(slot: Slot, practitioner: Practitioner, mode: str | None) -> Content:
    content: Content = {
        "resourceType": "Appointment",
        "status": "proposed",
        "participant": [_practitioner_participant(practitioner, "needs-action")],
        **_where_and_when(slot, mode),
    }
    content["serviceType"] = [_mode_concept(one) for one in slot.modes]
    return content


def _where_and_when(slot: Slot, mode: str | None) -> Content:
    times: Content = {
        "slot": [{"reference": f"Slot/{slot.id}"}],
        "start": slot.starts_at.isoformat(),
        "end": slot.ends_at.isoformat(),
    }
    return times | ({"appointmentType": _mode_concept(mode)} if mode else {})


def _mode_concept(mode: str) -> Content:
    return {"coding": [{"system": codes.MODE, "code": mode, "display": codes.MODES.get(mode, mode)}]}


def _participants(patient_id: str, practitioner: Practitioner, status: str) -> list[Content]:
    patient = {"actor": {"reference": f"{Patient.__name__}/{patient_id}"}, "status": status}
    return [patient, _practitioner_participant(practitioner, status)]


def _practitioner_participant(practitioner: Practitioner, status: str) -> Content:
    actor = {"reference": f"{Practitioner.__name__}/{practitioner.id}", "display": practitioner.name}
    concept = {"coding": [{"system": codes.ROLE, "code": practitioner.role, "display": practitioner.title}]}
    return {"type": [concept], "actor": actor, "status": status}


def _without_hold(content: Content) -> Content:
    kept = {key: value for key, value in content.items() if key != "extension"}
    others = [one for one in content.get("extension", []) if one["url"] != codes.HOLD_EXPIRES]
    return kept | ({"extension": others} if others else {})


def _stored(appointment: Appointment) -> Stored:
    return repository.as_stored("Appointment", appointment)
