"""Who is at the screen, and whose check-in waits to be opened there."""

from datetime import datetime, timedelta
from typing import TypeVarTuple

from sqlalchemy import Date, Select, and_, cast, exists, func, literal, or_, select, update
from sqlalchemy.orm import Session

from assistant.records.database import session
from assistant.records.models import CheckIn, Conversation, Message, PatientSettings
from assistant.records.models.base import utc_now

Columns = TypeVarTuple("Columns")

MID_TALK = timedelta(seconds=60)
"""How long after an answered message a talk still goes on, so that no check-in is opened in the middle of it."""
AFTER_RED_FLAG = timedelta(hours=1)
"""How long after a red flag nobody is wished a good morning."""
PRESENCE = timedelta(seconds=45)
"""How long a screen counts as open after its last sign of life: three heartbeats."""


def mark(conversation_id: str) -> None:
    """Remember that the patient's screen is open now."""
    with session() as db:
        db.execute(update(Conversation).where(Conversation.id == conversation_id).values(present_at=utc_now()))


def opening_key(check_in_id: str) -> str:
    """Return what the opening's messages reply to, so that they are stored once."""
    return f"check-in:{check_in_id}"


def waiting_check_in(db: Session, *, conversation_id: str, now: datetime) -> CheckIn | None:
    """Return the patient's check-in of today whose opening has not been said yet."""
    query = select(CheckIn).join(Conversation, Conversation.patient_id == CheckIn.patient_id)
    return db.scalars(_waiting(query, now).where(Conversation.id == conversation_id)).first()


def present_with_check_in(db: Session, *, now: datetime) -> list[str]:
    """Return the conversations whose patient is at the screen while a check-in waits."""
    query = select(Conversation.id).join(CheckIn, Conversation.patient_id == CheckIn.patient_id)
    return list(db.scalars(_waiting(query, now).where(Conversation.present_at > now - PRESENCE)))


def _waiting(query: Select[*Columns], now: datetime) -> Select[*Columns]:
    said = exists().where(Message.reply_to == func.concat(literal("check-in:"), CheckIn.id))
    talking = exists().where(
        Message.conversation_id == Conversation.id,
        or_(
            and_(Message.sender == "patient", Message.state == "answered", Message.created_at > now - MID_TALK),
            and_(Message.kind == "red_flag", Message.created_at > now - AFTER_RED_FLAG),
        ),
    )
    today = cast(func.timezone(PatientSettings.timezone, now), Date)
    return query.join(PatientSettings, PatientSettings.patient_id == CheckIn.patient_id).where(
        CheckIn.state.in_(["ready", "opened"]), CheckIn.local_date == today, CheckIn.due_at <= now, ~said, ~talking
    )
