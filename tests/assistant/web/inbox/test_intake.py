"""What the talk tells is kept once, without anything about who said it."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from assistant.records import consents, conversations
from assistant.records.agreements import OPERATOR
from assistant.records.database import session
from assistant.records.models import HeardQuestion, Message, Utterance
from assistant.records.models.base import utc_now
from tests.assistant.web.conftest import Person, say
from tests.assistant.web.inbox.conftest import Tell

MISUNDERSTOOD = {"reason": "fallback", "understood_as": "nlu_fallback", "confidence": 0.2}


def questions() -> list[HeardQuestion]:
    with session() as db:
        return list(db.scalars(select(HeardQuestion)))


def utterances() -> list[Utterance]:
    with session() as db:
        return list(db.scalars(select(Utterance)))


def answered(anna: Person, question: Message, **data: object) -> str:
    with session() as db:
        stored = conversations.append(
            db,
            conversation_id=anna.conversation,
            sender="assistant",
            text="Yrsel är vanligt.",
            data=data,
            reply_to=question.id,
            part=0,
        )
        return stored.id


@pytest.mark.parametrize("what", ["unanswered", "misunderstood"])
def test_only_the_assistant_tells(patient: TestClient, what: str) -> None:
    body = {"key": "turn", "text": "hej"}
    assert patient.post(f"/api/assistant/learning/{what}", json=body).status_code == 401


def test_a_question_is_kept_clean_and_once(tell: Tell) -> None:
    assert tell("unanswered", key="turn-1", text="Anna Test undrar om yrsel är farligt vid 85 år") == 204
    assert tell("unanswered", key="turn-1", text="Anna Test undrar om yrsel är farligt vid 85 år") == 204
    [kept] = questions()
    assert kept.text == "[namn] undrar om yrsel är farligt vid [tal] år"
    assert kept.kind == "unanswered"
    assert "turn-1" not in kept.key


def test_nothing_is_kept_of_who_has_said_no_to_follow_up(tell: Tell, anna: Person) -> None:
    with session() as db:
        said = {"actor": OPERATOR, "patient_id": anna.id, "category": "research", "now": utc_now()}
        consents.change(db, given=False, **said)
    tell("unanswered", key="turn-1", text="är yrsel farligt")
    tell("misunderstood", key="turn-2", text="hm", **MISUNDERSTOOD)
    assert (questions(), utterances()) == ([], [])


def test_a_doubtful_text_is_withheld(tell: Tell) -> None:
    tell("unanswered", key="turn-1", text="Anna Test Storgatan 3 Borås 0701234567")
    assert [one.text for one in questions()] == [None]


def test_a_rephrased_utterance_learns_what_was_meant(tell: Tell) -> None:
    tell("misunderstood", key="turn-1", text="vad har jag för tryck", **MISUNDERSTOOD)
    tell(
        "misunderstood",
        key="turn-1",
        text="vad har jag för tryck",
        **{**MISUNDERSTOOD, "reason": "rephrased", "suggested": "ask_blood_pressure"},
    )
    [kept] = utterances()
    assert (kept.text, kept.reason, kept.suggested) == ("vad har jag för tryck", "rephrased", "ask_blood_pressure")


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": "boredom"},
        {"confidence": 2},
        {"understood_as": "drop table; --"},
        {"key": ""},
        {"text": ""},
        {"text": "x" * 2001},
        {"patient": "anna"},
    ],
)
def test_what_is_malformed_is_refused(tell: Tell, wrong: dict[str, object]) -> None:
    assert tell("misunderstood", **{"key": "turn", "text": "hej du", **MISUNDERSTOOD, **wrong}) == 400
    assert utterances() == []


def test_an_answer_that_did_not_help_brings_its_question(patient: TestClient, anna: Person) -> None:
    say(patient, anna, "är yrsel farligt")
    question = anna.messages()[0]
    rated = answered(anna, question, kind="link", rated_article="dizziness")
    address = f"/api/chat/{anna.conversation}/messages/{rated}/rating"
    assert patient.post(address, json={"helped": False}).status_code == 204
    assert patient.post(address, json={"helped": True}).status_code == 204
    [kept] = questions()
    assert (kept.kind, kept.text, kept.slug) == ("low_rated", "är yrsel farligt", "dizziness")
    assert anna.messages()[-1].data["helped"] is False


def test_an_answer_that_helped_keeps_no_text(patient: TestClient, anna: Person) -> None:
    say(patient, anna, "är yrsel farligt")
    rated = answered(anna, anna.messages()[0], kind="link", rated_article="dizziness")
    patient.post(f"/api/chat/{anna.conversation}/messages/{rated}/rating", json={"helped": True})
    [kept] = questions()
    assert (kept.kind, kept.text) == ("helped", None)


def test_nothing_else_can_be_rated(patient: TestClient, anna: Person) -> None:
    say(patient, anna, "är yrsel farligt")
    own = anna.messages()[0].id
    other = answered(anna, anna.messages()[0])
    for message in (own, other, "none"):
        address = f"/api/chat/{anna.conversation}/messages/{message}/rating"
        assert patient.post(address, json={"helped": False}).status_code == 404
    assert patient.post(f"/api/chat/none/messages/{other}/rating", json={"helped": False}).status_code == 404
    assert questions() == []
