"""Daily reminders of medicines: set, moved, stopped, and sent into the talk when their time has come."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from assistant.records import audit, conversations
from assistant.records.access import Actor
from assistant.records.errors import NotFoundError
from assistant.records.models import Message, PatientSettings, Reminder
from assistant.records.models.base import new_id

LATEST = timedelta(minutes=30)
"""A reminder that could not be sent in time is sent up to so much later, then left out. Our choice."""
TEXT = {
    "sv": "Det är dags för {medicine} nu, klockan {time}. Säg till när du har tagit läkemedlet.",
    "en": "It is time for {medicine} now, {time}. Tell me when you have taken the medicine.",
}


def active(db: Session, *, patient_id: str) -> list[Reminder]:
    """Return the patient's reminders, the oldest first."""
    query = select(Reminder).where(Reminder.patient_id == patient_id, Reminder.stopped_at.is_(None))
    return list(db.scalars(query.order_by(Reminder.created_at, Reminder.id)))


def add(
    db: Session, *, actor: Actor, patient_id: str, medicine: str, times: Sequence[str], key: str, now: datetime
) -> Reminder:
    """Set a reminder; the same `key` of the same patient gives the one that is there."""
    own_key = f"{patient_id}:{key}"
    row = {
        "id": new_id(),
        "patient_id": patient_id,
        "medicine": medicine,
        "times": list(times),
        "key": own_key,
        "created_at": now,
    }
    made = db.scalar(insert(Reminder).values(row).on_conflict_do_nothing().returning(Reminder.id))
    stored = db.scalars(select(Reminder).where(Reminder.key == own_key)).one()
    if made:
        _record(db, actor, "create", stored, now)
    return stored


def move(
    db: Session, *, actor: Actor, patient_id: str, reminder_id: str, times: Sequence[str], now: datetime
) -> Reminder:
    """Change when a reminder comes.

    Raises:
        NotFoundError: no such reminder of this patient.
    """
    found = _own(db, patient_id, reminder_id)
    if found.times != list(times):
        found.times = list(times)
        _record(db, actor, "update", found, now)
    return found


def stop(db: Session, *, actor: Actor, patient_id: str, reminder_id: str, now: datetime) -> Reminder:
    """Stop a reminder; again changes nothing.

    Raises:
        NotFoundError: no such reminder of this patient.
    """
    found = _own(db, patient_id, reminder_id)
    if found.stopped_at is None:
        found.stopped_at = now
        _record(db, actor, "update", found, now)
    return found


def send_due(db: Session, *, now: datetime) -> int:
    """Put the reminders whose time has come into their talks, each once, and return how many were sent."""
    query = (
        select(Reminder, PatientSettings)
        .join(PatientSettings, PatientSettings.patient_id == Reminder.patient_id)
        .where(Reminder.stopped_at.is_(None))
        .order_by(Reminder.patient_id)
    )
    return sum(
        _send(db, reminder, settings, at)
        for reminder, settings in db.execute(query)
        for at in _due(reminder, settings, now)
    )


def _due(reminder: Reminder, settings: PatientSettings, now: datetime) -> list[datetime]:
    """Return the local times of this reminder within the last half hour, and not before it was set."""
    local = now.astimezone(ZoneInfo(settings.timezone))
    days = {local.date(), (local - LATEST).date()}
    moments = [
        datetime.combine(day, datetime.strptime(time, "%H:%M").time(), local.tzinfo)  # noqa: DTZ007 - a clock time
        for day in days
        for time in reminder.times
    ]
    return [at for at in moments if local - LATEST < at <= local and at >= reminder.created_at]


def _send(db: Session, reminder: Reminder, settings: PatientSettings, at: datetime) -> int:
    key = f"reminder:{reminder.id}:{at:%Y-%m-%dT%H:%M}"
    if db.scalar(select(Message.id).where(Message.reply_to == key)):
        return 0
    conversation = conversations.conversation_of(db, patient_id=reminder.patient_id)
    text = TEXT.get(settings.language, TEXT["sv"]).format(medicine=reminder.medicine, time=f"{at:%H.%M}")
    conversations.append(
        db, conversation_id=conversation.id, sender="assistant", kind="notice", text=text, reply_to=key, part=0
    )
    return 1


def _own(db: Session, patient_id: str, reminder_id: str) -> Reminder:
    found = db.get(Reminder, reminder_id, with_for_update=True)
    if found is None or found.patient_id != patient_id:
        raise NotFoundError
    return found


def _record(db: Session, actor: Actor, action: str, reminder: Reminder, now: datetime) -> None:
    entity = f"Reminder/{reminder.id}"
    audit.record(db, actor=actor, action=action, entity=entity, patient_id=reminder.patient_id, now=now)
