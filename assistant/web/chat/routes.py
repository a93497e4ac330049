"""The chat's JSON API: the conversation, sending, what happens live, and asking for a human."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field
from starlette.background import BackgroundTask

from assistant.records import conversations
from assistant.records.errors import NotFoundError
from assistant.records.models import Conversation, Message, PatientSettings
from assistant.records.models.base import utc_now
from assistant.web import care_talk
from assistant.web.chat import handoff, messages, sending
from assistant.web.sessions import CurrentPatient, Database

router = APIRouter(prefix="/api/chat", tags=["chat"])

MAX_BODY_CHARS = 20_000
"""Longer than any message, so that a too long one gets its own sentence rather than a protocol error."""


def own_conversation(conversation_id: str, patient: CurrentPatient, db: Database) -> Conversation:
    """Return the conversation of the address.

    Raises:
        NotFoundError: it is not this patient's, or does not exist.
    """
    conversation = db.get(Conversation, conversation_id)
    if conversation is None or conversation.patient_id != patient.id:
        raise NotFoundError
    return conversation


OwnConversation = Annotated[Conversation, Depends(own_conversation)]


class Choice(BaseModel):
    """A quick reply that was pressed."""

    message_id: str = Field(max_length=64)
    id: str = Field(max_length=64)


class Outgoing(BaseModel):
    """A message from the patient: words or a choice. `client_id` makes sending it twice harmless."""

    client_id: str = Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9-]+$")
    text: str = Field(default="", max_length=MAX_BODY_CHARS)
    choice: Choice | None = None


class TextScale(BaseModel):
    """How large the patient wants the text, as a factor."""

    scale: float = Field(ge=1, le=2)


class Seen(BaseModel):
    """The number of the last message the patient has had on the screen."""

    seq: int = Field(ge=0, le=2**31 - 1)


@router.get("/conversation")
def read_conversation(patient: CurrentPatient, db: Database) -> dict[str, Any]:
    """Return the patient's conversation with its newest messages."""
    conversation = conversations.conversation_of(db, patient_id=patient.id)
    settings = db.get(PatientSettings, patient.id)
    return {
        "id": conversation.id,
        "call_name": settings.call_name if settings else patient.given,
        "language": settings.language if settings else "sv",
        "text_scale": settings.accessibility.get("text_scale", 1) if settings else 1,
        "accessibility": settings.accessibility if settings else {},
        "seen_seq": conversation.seen_seq,
        **_page(messages.before(db, conversation_id=conversation.id, seq=None)),
    }


@router.get("/{conversation_id}/messages")
def read_messages(
    conversation: OwnConversation, db: Database, before: Annotated[int, Query(ge=1, le=2**31 - 1)]
) -> dict[str, Any]:
    """Return the messages that came before number `before`."""
    return _page(messages.before(db, conversation_id=conversation.id, seq=before))


@router.post("/{conversation_id}/messages", status_code=201)
def send_message(conversation: OwnConversation, outgoing: Outgoing, request: Request, db: Database) -> JSONResponse:
    """Store a message of the patient and have it answered; 200 when this `client_id` was stored before."""
    choice = (outgoing.choice.message_id, outgoing.choice.id) if outgoing.choice else None
    message, is_new = sending.send(
        db, conversation_id=conversation.id, client_id=outgoing.client_id, text=outgoing.text, choice=choice
    )
    answering = BackgroundTask(request.app.state.turns.wake, conversation.id)
    return JSONResponse(messages.as_json(message), status_code=201 if is_new else 200, background=answering)


@router.get("/{conversation_id}/events")
async def stream_events(
    conversation: OwnConversation,
    request: Request,
    since: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    last_event_id: Annotated[int | None, Header(ge=0, le=2**31 - 1)] = None,
) -> StreamingResponse:
    """Stream the messages after `since` (or after the browser's Last-Event-ID), then each new one as it comes."""
    start = max(since, last_event_id or 0)
    events: AsyncIterator[str] = request.app.state.stream.events(conversation.id, start)
    return StreamingResponse(events, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


@router.post("/{conversation_id}/seen", status_code=204)
def mark_seen(conversation: OwnConversation, seen: Seen, db: Database) -> None:
    """Remember how far the patient has read."""
    care_talk.mark_seen(db, conversation=conversation, seq=seen.seq, now=utc_now())


@router.post("/{conversation_id}/text-scale", status_code=204)
def choose_text_scale(conversation: OwnConversation, chosen: TextScale, db: Database) -> None:
    """Remember how large the patient wants the text, on every screen."""
    settings = db.get(PatientSettings, conversation.patient_id)
    if settings is not None:
        settings.accessibility = {**settings.accessibility, "text_scale": chosen.scale}


@router.post("/{conversation_id}/human", status_code=201)
def ask_for_human(conversation: OwnConversation, patient: CurrentPatient, db: Database) -> dict[str, Any]:
    """Ask the clinic to call the patient back; asked again, the same request stands."""
    return messages.as_json(handoff.ask_for_callback(db, conversation=conversation, patient_id=patient.id))


def _page(page: list[Message]) -> dict[str, Any]:
    return {
        "messages": [messages.as_json(message) for message in page],
        "more": bool(page) and page[0].seq > 1,
    }
