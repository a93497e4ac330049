"""The way to a human being, open in every state of the talk."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records import conversations
from assistant.records.models import Conversation, Message, PatientSettings, Task
from assistant.records.models.base import new_id
from assistant.records.reading import OPEN_TASKS
from assistant.web.chat import tasks
from assistant.web.chat.texts import CALLBACK_ASKED, in_language


def ask_for_callback(db: Session, *, conversation: Conversation, patient_id: str) -> Message:
    """Open a Task to call the patient, unless one waits already, and say so in the talk."""
    db.refresh(conversation, with_for_update=True)
    waiting = select(Task.id).where(Task.patient_id == patient_id, Task.code == "callback", Task.status.in_(OPEN_TASKS))
    if db.scalar(waiting.limit(1)) is None:
        tasks.open_task(
            db,
            patient_id=patient_id,
            code="callback",
            priority="urgent",
            identifier=f"callback:{new_id()}",
            description="Patienten vill prata med en människa. Ring upp.",
        )
    settings = db.get(PatientSettings, patient_id)
    return conversations.append(
        db,
        conversation_id=conversation.id,
        sender="assistant",
        kind="notice",
        text=in_language(CALLBACK_ASKED, settings.language if settings else "sv"),
    )
