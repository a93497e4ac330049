"""Going over to English for a patient who writes it."""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records import conversations, patient_settings
from assistant.records.access import Actor
from assistant.records.models import Conversation, PatientSettings
from assistant.records.models.base import utc_now
from assistant.web.chat.texts import BACK_TO_SWEDISH, NOW_ENGLISH


def change_to_english(db: Session, *, conversation_id: str) -> None:
    """Speak English from now on, say so, and offer the way back; nothing happens when English is spoken already."""
    patient_id = db.scalars(select(Conversation.patient_id).where(Conversation.id == conversation_id)).one()
    settings = db.get(PatientSettings, patient_id)
    if settings is None or settings.language == "en":
        return
    actor = Actor(id="assistant", role="assistant", patient_id=patient_id)
    patient_settings.change(db, actor=actor, patient_id=patient_id, changes={"language": "en"}, now=utc_now())
    back = f"/change_language{json.dumps({'field': 'language', 'value': 'sv'})}"
    conversations.append(
        db,
        conversation_id=conversation_id,
        sender="assistant",
        kind="notice",
        text=NOW_ENGLISH,
        choices=[{"id": "0", "label": BACK_TO_SWEDISH, "payload": back}],
        data={"kind": "language", "language": "en"},
    )
