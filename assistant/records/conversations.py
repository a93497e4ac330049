"""The talk between patient and assistant: messages numbered in order, each stored once however often it is sent."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from assistant.records.errors import NotFoundError
from assistant.records.models import Conversation, Message
from assistant.records.models.base import new_id


def conversation_of(db: Session, *, patient_id: str) -> Conversation:
    """Return the patient's one conversation, begun now if there is none; safe when several ask at once."""
    db.execute(
        insert(Conversation)
        .values(id=new_id(), patient_id=patient_id)
        .on_conflict_do_nothing(index_elements=[Conversation.patient_id])
    )
    return db.scalars(select(Conversation).where(Conversation.patient_id == patient_id)).one()


def append(
    db: Session,
    *,
    conversation_id: str,
    sender: str,
    text: str,
    kind: str = "text",
    choices: Sequence[dict[str, Any]] = (),
    data: dict[str, Any] | None = None,
    reply_to: str | None = None,
    part: int | None = None,
) -> Message:
    """Add a message at the end. With `reply_to` and `part`, the same part of an answer is stored once.

    Raises:
        NotFoundError: there is no such conversation.
    """
    conversation = _locked(db, conversation_id)
    if reply_to is not None:
        stored = db.scalar(select(Message).where(Message.reply_to == reply_to, Message.part == part))
        if stored is not None:
            return stored
    message = Message(
        id=new_id(),
        sender=sender,
        kind=kind,
        text=text,
        choices=list(choices),
        data=data or {},
        reply_to=reply_to,
        part=part,
    )
    return _numbered(db, conversation, message)


def accept_patient_message(
    db: Session, *, conversation_id: str, client_id: str, text: str, payload: str | None = None
) -> tuple[Message, bool]:
    """Store what the patient wrote or chose, to be answered; also return whether it is new.

    The same `client_id` gives the message already stored. `payload` is that of a choice that we issued, never typed.

    Raises:
        NotFoundError: there is no such conversation.
    """
    conversation = _locked(db, conversation_id)
    stored = db.scalar(
        select(Message).where(Message.conversation_id == conversation_id, Message.client_id == client_id)
    )
    if stored is not None:
        return stored, False
    message = Message(id=new_id(), sender="patient", text=text, payload=payload, client_id=client_id, state="pending")
    return _numbered(db, conversation, message), True


def messages_since(db: Session, *, conversation_id: str, seq: int) -> list[Message]:
    """Return the messages after number `seq`, in order."""
    later = select(Message).where(Message.conversation_id == conversation_id, Message.seq > seq)
    return list(db.scalars(later.order_by(Message.seq)))


def _locked(db: Session, conversation_id: str) -> Conversation:
    conversation = db.get(Conversation, conversation_id, with_for_update=True, populate_existing=True)
    if conversation is None:
        raise NotFoundError
    return conversation


def _numbered(db: Session, conversation: Conversation, message: Message) -> Message:
    conversation.last_seq += 1
    message.conversation_id, message.seq = conversation.id, conversation.last_seq
    db.add(message)
    db.flush()
    return message
