"""What a red flag sets off: an answer at once, and a Task of the highest priority for the clinic."""

from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from assistant.records import conversations
from assistant.records.models import Conversation, Message, PatientSettings, Task
from assistant.records.models.base import new_id, utc_now
from assistant.records.reading import OPEN_TASKS
from assistant.safety.red_flags import RedFlag
from assistant.web.chat import tasks
from assistant.web.chat.texts import STILL_HERE, in_language

log = structlog.get_logger()

TASK_INTERVAL = timedelta(hours=1)
"""One open Task of a level per patient within this time; every message is answered all the same. Our choice."""


def raise_alarm(db: Session, *, conversation_id: str, flag: RedFlag, message: Message | None) -> None:
    """Answer the red flag and tell the clinic. `message` holds the words, None when they could not be stored."""
    patient_id = db.scalars(select(Conversation.patient_id).where(Conversation.id == conversation_id)).one()
    settings = db.get(PatientSettings, patient_id)
    is_told = _is_told(db, patient_id=patient_id, level=flag.level)
    again = is_told and flag.level == "self_harm" and not (flag.in_progress or flag.other_person)
    conversations.append(
        db,
        conversation_id=conversation_id,
        sender="assistant",
        kind="red_flag",
        text=in_language(STILL_HERE if again else flag.answer, settings.language if settings else "sv"),
        data={"level": flag.level, "phones": _phones(flag)},
        reply_to=message.id if message else None,
        part=0 if message else None,
    )
    if not is_told:
        _tell_clinic(db, patient_id=patient_id, flag=flag, message=message)
    log.warning(
        "red_flag",
        conversation_id=conversation_id,
        message_id=message.id if message else None,
        level=flag.level,
        rule_id=flag.rule_id,
        other_person=flag.other_person,
    )


def since_last_turn(db: Session, *, message: Message) -> str | None:
    """Return the level of the newest red flag answered here between the engine's last turn and this message."""
    earlier = (Message.conversation_id == message.conversation_id, Message.seq < message.seq)
    last_turn = select(func.max(Message.seq)).where(*earlier, Message.state == "answered").scalar_subquery()
    kept_from_engine = select(Message.id).where(*earlier, Message.sender == "patient", Message.state == "closed")
    answer = select(Message.data["level"].astext).where(
        *earlier,
        Message.kind == "red_flag",
        Message.seq > func.coalesce(last_turn, 0),
        or_(Message.reply_to.is_(None), Message.reply_to.in_(kept_from_engine)),
    )
    return db.scalar(answer.order_by(Message.seq.desc()).limit(1))


def _phones(flag: RedFlag) -> list[str]:
    """Numbers shown as buttons under the answer, the one to call first in front."""
    if flag.level == "emergency":
        return ["112", "1177"]
    return ["112", "90101"] if flag.in_progress else ["90101", "112", "1177"]


def _is_told(db: Session, *, patient_id: str, level: str) -> bool:
    recent = select(Task.content).where(
        Task.patient_id == patient_id,
        Task.code == "red-flag",
        Task.status.in_(OPEN_TASKS),
        Task.authored_on > utc_now() - TASK_INTERVAL,
    )
    return any(_level_of(content) == level for content in db.scalars(recent))


def _level_of(content: dict[str, Any]) -> str | None:
    inputs = content.get("input", [])
    return next((one.get("valueCode") for one in inputs if one["type"].get("text") == "level"), None)


def _tell_clinic(db: Session, *, patient_id: str, flag: RedFlag, message: Message | None) -> None:
    heading = "Självskaderisk" if flag.level == "self_harm" else "Akut varningstecken"
    about = " Gäller en annan person än patienten." if flag.other_person else ""
    tasks.open_task(
        db,
        patient_id=patient_id,
        code="red-flag",
        priority="stat",
        identifier=f"red-flag:{message.id if message else new_id()}",
        description=f"{heading} i chatten: ”{flag.phrase}”.{about} Patienten har fått rådet att ringa direkt.",
        inputs={"level": flag.level, "rule": flag.rule_id, "message": message.id if message else ""},
    )
