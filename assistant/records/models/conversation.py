"""What patient and assistant have said to each other."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.records.models.base import Base, new_id, utc_now


class Conversation(Base):
    """The patient's one ongoing talk; its random id is the engine's sender id. `last_seq` numbers its messages."""

    __tablename__ = "conversation"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    patient_id: Mapped[str] = mapped_column(ForeignKey("patient.id"), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    last_seq: Mapped[int] = mapped_column(default=0)
    seen_seq: Mapped[int] = mapped_column(default=0)
    present_at: Mapped[datetime | None]


class Message(Base):
    """One message. `seq` counts from 1 within the conversation, so a reconnecting screen asks for what it missed.

    sender: patient, assistant or clinician. kind: text, red_flag, decision, notice or error.
    `client_id` is chosen by the screen, so a message sent twice is stored once.
    `state` of a patient's message: pending (to be answered), answered, or closed (needs no answer of the engine).
    `choices` are quick replies: [{"id": "...", "label": "...", "payload": "/intent{...}"}]; the payload never leaves
    the server. `reply_to` is the message this one answers; with `part` it makes answering twice impossible.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_id"),
        UniqueConstraint("reply_to", "part"),
        Index("ix_message_pending", "created_at", postgresql_where=text("state = 'pending'")),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    seq: Mapped[int]
    sender: Mapped[str]
    kind: Mapped[str] = mapped_column(default="text")
    text: Mapped[str]
    payload: Mapped[str | None]
    choices: Mapped[list[Any]] = mapped_column(default=list)
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    client_id: Mapped[str | None]
    reply_to: Mapped[str | None]
    part: Mapped[int | None]
    state: Mapped[str] = mapped_column(default="closed")
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
