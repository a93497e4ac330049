"""What happens when the patient sends something: cleaned, stored once, and checked for red flags before all else."""

import unicodedata
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records import conversations
from assistant.records.database import session
from assistant.records.models import Conversation, Message
from assistant.safety import red_flags
from assistant.settings import get_settings
from assistant.web.chat import alarms, language, messages
from assistant.web.chat.english import is_english
from assistant.web.errors import EmptyMessageError, MessageTooLongError, StaleChoiceError, TooManyMessagesError

RATE_WINDOW = timedelta(minutes=1)
KEPT_CONTROLS = "\n\t\u200d"
"""Line breaks, tabs, and the joiner that holds compound emoji together."""


def send(
    db: Session, *, conversation_id: str, client_id: str, text: str, choice: tuple[str, str] | None
) -> tuple[Message, bool]:
    """Store what the patient typed, or the choice (message id, choice id) that was pressed.

    Returns the message and whether it is new. A red flag in it is answered in the same transaction.

    Raises:
        EmptyMessageError, MessageTooLongError, TooManyMessagesError, StaleChoiceError: nothing was stored.
    """
    words = clean(text)
    _check_length(words, conversation_id)
    _lock(db, conversation_id)
    known = messages.sent_before(db, conversation_id=conversation_id, client_id=client_id)
    if known is not None:
        return known, False
    if choice is not None:
        return _send_choice(db, conversation_id=conversation_id, client_id=client_id, choice=choice), True
    return _send_text(db, conversation_id=conversation_id, client_id=client_id, text=words), True


def clean(text: str) -> str:
    """Return the text without control characters and outer spaces; everything else is kept as plain words."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(
        sign for sign in whole if sign in KEPT_CONTROLS or unicodedata.category(sign) not in {"Cc", "Cf"}
    ).strip()


def _check_length(text: str, conversation_id: str) -> None:
    """Refuse what is too long. A red flag in it is answered all the same, in a transaction that the refusal leaves."""
    limit = get_settings().max_message_chars
    if len(text) <= limit:
        return
    flag = red_flags.check(text)
    if flag:
        with session() as db:
            alarms.raise_alarm(db, conversation_id=conversation_id, flag=flag, message=None)
    raise MessageTooLongError(length=str(len(text)), limit=str(limit))


def _lock(db: Session, conversation_id: str) -> None:
    db.execute(select(Conversation.id).where(Conversation.id == conversation_id).with_for_update())


def _send_text(db: Session, *, conversation_id: str, client_id: str, text: str) -> Message:
    if not text.strip("\u200d \n\t"):
        raise EmptyMessageError
    flag = red_flags.check(text)
    if flag is None:
        _check_rate(db, conversation_id)
    message, _ = conversations.accept_patient_message(
        db, conversation_id=conversation_id, client_id=client_id, text=text
    )
    if is_english(text):
        language.change_to_english(db, conversation_id=conversation_id)
    if flag:
        message.state = "closed"
        alarms.raise_alarm(db, conversation_id=conversation_id, flag=flag, message=message)
    return message


def _send_choice(db: Session, *, conversation_id: str, client_id: str, choice: tuple[str, str]) -> Message:
    _check_rate(db, conversation_id)
    message_id, choice_id = choice
    offered = db.get(Message, message_id)
    if offered is None or offered.conversation_id != conversation_id or _has_moved_on(db, offered):
        raise StaleChoiceError
    picked = next((one for one in offered.choices if one["id"] == choice_id), None)
    if picked is None:
        raise StaleChoiceError
    message, _ = conversations.accept_patient_message(
        db, conversation_id=conversation_id, client_id=client_id, text=picked["label"], payload=picked["payload"]
    )
    return message


def _has_moved_on(db: Session, offered: Message) -> bool:
    """Tell whether the patient has said something since, so that an old yes never answers a new question."""
    later = select(Message.id).where(
        Message.conversation_id == offered.conversation_id, Message.sender == "patient", Message.seq > offered.seq
    )
    return db.scalar(later.limit(1)) is not None


def _check_rate(db: Session, conversation_id: str) -> None:
    sent = messages.count_recent(db, conversation_id=conversation_id, window=RATE_WINDOW)
    if sent >= get_settings().messages_per_minute:
        raise TooManyMessagesError
