"""Messages: numbered in order, stored once."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from assistant.records import conversations
from assistant.records.errors import NotFoundError


@pytest.fixture
def talk(record: Session) -> str:
    return conversations.conversation_of(record, patient_id="anna").id


def test_a_patient_has_one_conversation(record: Session, talk: str) -> None:
    assert conversations.conversation_of(record, patient_id="anna").id == talk


def test_messages_are_numbered_from_one(record: Session, talk: str) -> None:
    for word in ("God morgon", "Hej"):
        conversations.append(record, conversation_id=talk, sender="assistant", text=word)
    later = conversations.messages_since(record, conversation_id=talk, seq=1)
    assert [(one.seq, one.text) for one in later] == [(2, "Hej")]


def test_a_message_sent_twice_is_stored_once(record: Session, talk: str) -> None:
    first, new = conversations.accept_patient_message(record, conversation_id=talk, client_id="c1", text="hej")
    again, new_again = conversations.accept_patient_message(record, conversation_id=talk, client_id="c1", text="hej")
    assert (new, new_again, again.id, first.state) == (True, False, first.id, "pending")


def test_the_same_part_of_an_answer_is_stored_once(record: Session, talk: str) -> None:
    asked, _ = conversations.accept_patient_message(record, conversation_id=talk, client_id="c1", text="hej")
    answers = [
        conversations.append(
            record, conversation_id=talk, sender="assistant", text="Hej!", reply_to=asked.id, part=0
        ).id
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert len(conversations.messages_since(record, conversation_id=talk, seq=0)) == 2


def test_an_unknown_conversation_is_not_found(record: Session) -> None:
    with pytest.raises(NotFoundError):
        conversations.append(record, conversation_id="x", sender="assistant", text="hej")
    with pytest.raises(NotFoundError):
        conversations.accept_patient_message(record, conversation_id="x", client_id="c", text="hej")


def test_every_message_is_announced(record: Session, talk: str) -> None:
    trigger = record.scalar(
        text("SELECT tgname FROM pg_trigger WHERE tgrelid = 'message'::regclass AND tgname = 'announce'")
    )
    assert trigger == "announce"
