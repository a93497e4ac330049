"""What a patient can send, and what is made of it."""

from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from assistant.records import conversations
from assistant.records.database import session
from assistant.settings import get_settings
from assistant.web.chat.sending import clean
from tests.assistant.web.conftest import Person, make_patient, say

CHEST_PAIN = "Jag har fruktansvärt ont i bröstet och kallsvettas"


def offer(person: Person, *payloads: str) -> str:
    """Let the assistant say something with choices, and return the message's id."""
    choices = [{"id": str(n), "label": f"Val {n}", "payload": payload} for n, payload in enumerate(payloads)]
    with session() as db:
        message = conversations.append(
            db, conversation_id=person.conversation, sender="assistant", text="Vad vill du?", choices=choices
        )
        return message.id


def press(client: TestClient, person: Person, message_id: str, choice: str, client_id: str | None = None) -> int:
    body = {"client_id": client_id or uuid4().hex, "choice": {"message_id": message_id, "id": choice}}
    return client.post(f"/api/chat/{person.conversation}/messages", json=body).status_code


def test_a_message_is_stored_and_waits_for_its_answer(patient: TestClient, anna: Person) -> None:
    answer = say(patient, anna, "God morgon")
    assert answer.status_code == 201
    assert answer.json()["seq"] == 1
    assert [(one.text, one.state) for one in anna.messages()] == [("God morgon", "pending")]


def test_a_message_sent_twice_is_stored_once(patient: TestClient, anna: Person) -> None:
    first = say(patient, anna, "hej", client_id="same-client-id")
    second = say(patient, anna, "hej", client_id="same-client-id")
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert len(anna.messages()) == 1


@pytest.mark.parametrize("text", ["", "   \n ", "\u200b", "\x00\x07"])
def test_nothing_written_gets_a_hint_and_is_not_stored(patient: TestClient, anna: Person, text: str) -> None:
    answer = say(patient, anna, text)
    assert answer.status_code == 422
    assert answer.json()["text"]["sv"].startswith("Skriv några ord")
    assert anna.messages() == []


def test_a_message_of_5000_characters_is_refused_in_a_clear_sentence(patient: TestClient, anna: Person) -> None:
    answer = say(patient, anna, "å" * 5000)
    assert answer.status_code == 413
    assert "5000 tecken, och 2000 får plats" in answer.json()["text"]["sv"]
    assert anna.messages() == []


def test_a_red_flag_in_a_refused_message_is_answered_all_the_same(patient: TestClient, anna: Person) -> None:
    assert say(patient, anna, CHEST_PAIN + ". " + "Hej. " * 1000).status_code == 413
    assert [one.kind for one in anna.messages()] == ["red_flag"]
    assert len(anna.tasks("red-flag")) == 1


@pytest.mark.parametrize(
    "text",
    ["👍🏽", "👩‍⚕️", "<script>alert(1)</script> & <b>hej</b>", "/restart", '/EXTERNAL_check_in{"check_in": "1"}'],
)
def test_emoji_html_and_commands_are_plain_words(patient: TestClient, anna: Person, text: str) -> None:
    assert say(patient, anna, text).status_code == 201
    (message,) = anna.messages()
    assert (message.text, message.payload) == (text, None)


def test_broken_unicode_does_no_harm() -> None:
    assert clean("hej\ud800\x00 du") == "hej? du"


@pytest.mark.parametrize(
    "body", [{}, {"client_id": "kort", "text": "hej"}, {"client_id": "a" * 12, "text": "x" * 30_000}, ["hej"]]
)
def test_an_unreadable_request_is_said_calmly(patient: TestClient, anna: Person, body: object) -> None:
    answer = patient.post(f"/api/chat/{anna.conversation}/messages", json=body)
    assert answer.status_code == 400
    assert "gick inte att läsa" in answer.json()["text"]["sv"]


def test_too_many_messages_in_a_minute_are_slowed_down(
    patient: TestClient, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get_settings(), "messages_per_minute", 3)
    assert [say(patient, anna, "hej").status_code for _ in range(4)] == [201, 201, 201, 429]
    assert "Vänta en liten stund" in say(patient, anna, "hej").json()["text"]["sv"]


def test_a_red_flag_is_never_slowed_down(patient: TestClient, anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_settings(), "messages_per_minute", 0)
    assert say(patient, anna, CHEST_PAIN).status_code == 201


def test_a_choice_becomes_its_label_with_the_payload_kept_on_the_server(patient: TestClient, anna: Person) -> None:
    offered = offer(anna, "/affirm", "/deny")
    shown = patient.get("/api/chat/conversation").json()["messages"][0]
    assert shown["choices"] == [{"id": "0", "label": "Val 0"}, {"id": "1", "label": "Val 1"}]
    assert press(patient, anna, offered, "1") == 201
    message = anna.messages()[-1]
    assert (message.text, message.payload, message.state) == ("Val 1", "/deny", "pending")


def test_a_choice_is_void_once_something_else_was_said(patient: TestClient, anna: Person) -> None:
    offered = offer(anna, "/affirm")
    say(patient, anna, "vänta lite")
    assert press(patient, anna, offered, "0") == 409
    assert len(anna.messages()) == 2


def test_a_choice_pressed_twice_counts_once(patient: TestClient, anna: Person) -> None:
    offered = offer(anna, "/affirm")
    assert press(patient, anna, offered, "0", "one-client-id") == 201
    assert press(patient, anna, offered, "0", "one-client-id") == 200


@pytest.mark.parametrize("choice", ["7", "/affirm"])
def test_a_choice_that_was_not_offered_is_refused(patient: TestClient, anna: Person, choice: str) -> None:
    assert press(patient, anna, offer(anna, "/affirm"), choice) == 409


def test_another_patients_choice_is_refused(patient: TestClient, anna: Person) -> None:
    assert press(patient, anna, offer(make_patient("Bertil"), "/affirm"), "0") == 409


class TestRedFlag:
    def test_is_answered_at_once_with_numbers_to_call(self, patient: TestClient, anna: Person) -> None:
        say(patient, anna, CHEST_PAIN)
        said, answer = anna.messages()
        assert (said.state, answer.kind, answer.reply_to) == ("closed", "red_flag", said.id)
        assert "112" in answer.text
        assert answer.data["phones"][0] == "112"

    def test_tells_the_clinic_with_the_highest_priority(self, patient: TestClient, anna: Person) -> None:
        say(patient, anna, CHEST_PAIN)
        (task,) = anna.tasks("red-flag")
        assert (task.priority, task.status) == ("stat", "requested")

    def test_floods_nobody_but_answers_every_message(self, patient: TestClient, anna: Person) -> None:
        say(patient, anna, CHEST_PAIN)
        say(patient, anna, CHEST_PAIN)
        assert len(anna.tasks("red-flag")) == 1
        assert [one.kind for one in anna.messages()].count("red_flag") == 2

    def test_about_wanting_to_die_names_the_helpline_too(self, patient: TestClient, anna: Person) -> None:
        say(patient, anna, CHEST_PAIN)
        say(patient, anna, "Jag vill ta livet av mig")
        assert "90101" in anna.messages()[-1].data["phones"]
        assert len(anna.tasks("red-flag")) == 2

    def test_sent_twice_is_one_alarm(self, patient: TestClient, anna: Person) -> None:
        for _ in range(2):
            say(patient, anna, CHEST_PAIN, client_id="same-client-id")
        assert len(anna.messages()) == 2


class TestHistory:
    def test_comes_in_pages_from_the_newest(self, patient: TestClient, anna: Person) -> None:
        with session() as db:
            for number in range(60):
                conversations.append(db, conversation_id=anna.conversation, sender="assistant", text=str(number))
        newest = patient.get("/api/chat/conversation").json()
        assert [one["seq"] for one in newest["messages"]] == list(range(11, 61))
        assert newest["more"]
        older = patient.get(f"/api/chat/{anna.conversation}/messages?before=11").json()
        assert [one["seq"] for one in older["messages"]] == list(range(1, 11))
        assert not older["more"]

    def test_remembers_how_far_was_read_and_never_goes_back(self, patient: TestClient, anna: Person) -> None:
        say(patient, anna, "hej")
        for seq in (1, 0, 99):
            patient.post(f"/api/chat/{anna.conversation}/seen", json={"seq": seq})
        assert patient.get("/api/chat/conversation").json()["seen_seq"] == 1

    def test_remembers_the_size_of_the_text(self, patient: TestClient, anna: Person) -> None:
        patient.post(f"/api/chat/{anna.conversation}/text-scale", json={"scale": 1.5})
        assert patient.get("/api/chat/conversation").json()["text_scale"] == 1.5


def test_asking_for_a_human_opens_one_task(patient: TestClient, anna: Person) -> None:
    for _ in range(2):
        answer = patient.post(f"/api/chat/{anna.conversation}/human")
        assert "ringa upp dig" in answer.json()["text"]
    assert len(anna.tasks("callback")) == 1
