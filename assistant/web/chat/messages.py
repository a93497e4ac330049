"""What a screen sees of the talk: pages of messages, and each message without what stays on the server."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assistant.records.models import Message
from assistant.records.models.base import utc_now

PAGE = 50


def before(db: Session, *, conversation_id: str, seq: int | None) -> list[Message]:
    """Return the last messages that come before number `seq` (None: the newest), oldest first."""
    query = select(Message).where(Message.conversation_id == conversation_id)
    if seq is not None:
        query = query.where(Message.seq < seq)
    return list(db.scalars(query.order_by(Message.seq.desc()).limit(PAGE)))[::-1]


def sent_before(db: Session, *, conversation_id: str, client_id: str) -> Message | None:
    """Return the message that a screen has already sent under this id."""
    query = select(Message).where(Message.conversation_id == conversation_id, Message.client_id == client_id)
    return db.scalars(query).one_or_none()


def count_recent(db: Session, *, conversation_id: str, window: timedelta) -> int:
    """Count what the patient has sent within `window`."""
    query = select(func.count()).where(
        Message.conversation_id == conversation_id,
        Message.sender == "patient",
        Message.created_at > utc_now() - window,
    )
    return db.scalar(query) or 0


def as_json(message: Message) -> dict[str, Any]:
    """Return what a screen may see of the message; payloads of choices stay here."""
    return {
        "id": message.id,
        "seq": message.seq,
        "sender": message.sender,
        "kind": message.kind,
        "text": message.text,
        "choices": [{"id": choice["id"], "label": choice["label"]} for choice in message.choices],
        "data": message.data,
        "client_id": message.client_id,
        "reply_to": message.reply_to,
        "state": message.state,
        "created_at": message.created_at.isoformat(),
    }
