"""Whether an answer from the articles helped, as the patient says it under the answer."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from assistant.records.errors import NotFoundError
from assistant.records.models import Message
from assistant.web.chat.routes import OwnConversation
from assistant.web.inbox.intake import keep_question
from assistant.web.sessions import Database

router = APIRouter(prefix="/api/chat", tags=["chat"])


class Rating(BaseModel):
    """Yes or no to "Hjälpte svaret?"."""

    model_config = ConfigDict(extra="forbid")

    helped: bool


@router.post("/{conversation_id}/messages/{message_id}/rating", status_code=204)
def rate(message_id: str, rating: Rating, conversation: OwnConversation, db: Database) -> None:
    """Remember the first rating of an answer; a no is kept with the question, cleaned, for the editors."""
    message = db.get(Message, message_id, with_for_update=True)
    if message is None or message.conversation_id != conversation.id or "rated_article" not in message.data:
        raise NotFoundError
    if "helped" in message.data:
        return
    message.data = {**message.data, "helped": rating.helped}
    asked = db.get(Message, message.reply_to) if message.reply_to else None
    keep_question(
        db,
        patient_id=conversation.patient_id,
        key=message.id,
        kind="helped" if rating.helped else "low_rated",
        text=None if rating.helped or asked is None else asked.text,
        slug=str(message.data["rated_article"]),
    )
