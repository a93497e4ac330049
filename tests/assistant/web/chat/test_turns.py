"""Every message is answered once, in order, whatever happens to the engine."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select, update

from assistant.records import repository
from assistant.records.database import session
from assistant.records.fhir import codes
from assistant.records.models import CheckIn, Conversation, Message, PatientSettings, Task
from assistant.records.models.base import new_id, utc_now
from assistant.settings import get_settings
from assistant.web.chat import presence, turns
from assistant.web.chat.engine import Engine
from assistant.web.chat.turns import BackOff, Turns
from tests.assistant.web.chat.dialogue import Dialogue
from tests.assistant.web.conftest import REGION, Person, eventually, free_port, make_staff, say


class Clock:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def answering(demo: None, dialogue: Dialogue, clock: Clock) -> Turns:
    with session() as db:
        db.execute(update(Message).where(Message.state == "pending").values(state="closed"))
    return Turns(Engine(dialogue.url, actions_url=dialogue.url), BackOff(clock))


@pytest.fixture
def unanswered(demo: None, clock: Clock) -> Turns:
    return Turns(Engine(f"http://127.0.0.1:{free_port()}"), BackOff(clock))


def check_in_of(person: Person, **columns: object) -> str:
    with session() as db:
        zone = get_settings().zone
        check_in = CheckIn(
            id=new_id(),
            patient_id=person.id,
            local_date=utc_now().astimezone(zone).date(),
            content={"opening": {"sv": "God morgon, Anna!", "en": "Good morning"}, "recommendation_ids": []},
            due_at=utc_now() - timedelta(minutes=1),
            **columns,
        )
        db.add(check_in)
        return check_in.id


def said(person: Person) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in person.messages() if one.sender == "assistant"]


def test_messages_are_answered_in_order(
    patient: TestClient, anna: Person, answering: Turns, dialogue: Dialogue
) -> None:
    for word in ("ett", "två", "tre"):
        say(patient, anna, word)
    answering.answer(anna.conversation)
    assert [turn["text"] for turn in dialogue.turns] == ["ett", "två", "tre"]
    assert {one.state for one in anna.messages() if one.sender == "patient"} == {"answered"}


def test_what_is_no_words_never_reaches_the_classifier(
    patient: TestClient, anna: Person, answering: Turns, dialogue: Dialogue
) -> None:
    say(patient, anna, "asdfghjkl qwertyui")
    answering.answer(anna.conversation)
    assert [(turn["text"], turn["payload"]) for turn in dialogue.turns] == [(None, "/nlu_fallback")]


def test_the_engine_is_told_of_a_red_flag_once_with_the_next_message(
    patient: TestClient, anna: Person, answering: Turns, dialogue: Dialogue
) -> None:
    for words in ("hej", "jag har ont i bröstet och kan inte andas", "fortsätt", "hej igen"):
        say(patient, anna, words)
        answering.answer(anna.conversation)
    assert [(turn["text"], turn["red_flag"]) for turn in dialogue.turns] == [
        ("hej", None),
        ("fortsätt", "emergency"),
        ("hej igen", None),
    ]


def test_thoughts_of_self_harm_that_come_back_are_met_in_other_words_and_told_once(
    patient: TestClient, anna: Person
) -> None:
    for words in ("jag vill inte leva längre", "jag vill verkligen inte leva"):
        say(patient, anna, words)
    first, second = (text for kind, text in said(anna) if kind == "red_flag")
    assert first != second
    assert "90101" in second
    with session() as db:
        told = select(func.count()).where(Task.patient_id == anna.id, Task.code == "red-flag")
        assert db.scalar(told) == 1


def test_who_writes_english_is_answered_in_english_with_a_way_back(
    patient: TestClient, anna: Person, answering: Turns, dialogue: Dialogue
) -> None:
    say(patient, anna, "what is my weight?")
    answering.answer(anna.conversation)
    assert dialogue.turns[0]["language"] == "en"
    notice = next(one for one in anna.messages() if one.kind == "notice")
    assert [choice["label"] for choice in notice.choices] == ["Tillbaka till svenska"]


def test_no_good_morning_is_wished_in_the_middle_of_a_talk_or_after_a_red_flag(
    patient: TestClient, anna: Person, answering: Turns
) -> None:
    say(patient, anna, "jag vill inte leva längre")
    check_in_id = check_in_of(anna)
    over = utc_now() + presence.AFTER_RED_FLAG
    with session() as db:
        waiting = presence.waiting_check_in(db, conversation_id=anna.conversation, now=utc_now())
        db.get_one(CheckIn, check_in_id).local_date = over.astimezone(get_settings().zone).date()
        later = presence.waiting_check_in(db, conversation_id=anna.conversation, now=over)
    assert waiting is None
    assert later is not None


def test_buttons_become_choices(patient: TestClient, anna: Person, answering: Turns, dialogue: Dialogue) -> None:
    dialogue.replies = [{"text": "Vill du?", "buttons": [{"title": "Ja", "payload": "/affirm"}], "data": {"kind": "x"}}]
    say(patient, anna, "hej")
    answering.answer(anna.conversation)
    reply = anna.messages()[-1]
    assert reply.choices == [{"id": "0", "label": "Ja", "payload": "/affirm"}]
    assert reply.data == {"kind": "x"}


def test_a_red_flag_from_the_engine_looks_like_one(
    patient: TestClient, anna: Person, answering: Turns, dialogue: Dialogue
) -> None:
    dialogue.replies = [{"text": "Ring 112.", "buttons": [], "data": {"kind": "red_flag", "phones": ["112"]}}]
    say(patient, anna, "hej")
    answering.answer(anna.conversation)
    assert said(anna) == [("red_flag", "Ring 112.")]


def test_many_at_once_answer_a_message_once(
    patient: TestClient, anna: Person, answering: Turns, dialogue: Dialogue
) -> None:
    say(patient, anna, "hej")
    dialogue.delay_s = 0.1
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(answering.answer, [anna.conversation] * 6))
    assert len(dialogue.turns) == 1
    assert said(anna) == [("text", "Hej!")]


def test_a_red_flag_never_reaches_the_engine(
    patient: TestClient, anna: Person, answering: Turns, dialogue: Dialogue
) -> None:
    say(patient, anna, "Jag har fruktansvärt ont i bröstet och kallsvettas")
    answering.answer(anna.conversation)
    assert dialogue.turns == []


def test_the_patients_medicines_and_the_alarms_left_open_go_with_a_typed_text(
    patient: TestClient, anna: Person, answering: Turns, dialogue: Dialogue
) -> None:
    order = {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {
            "coding": [{"system": codes.ATC, "code": "C07AB02", "display": "Metoprolol"}],
            "text": "Metoprolol 50 mg",
        },
        "subject": {"reference": f"Patient/{anna.id}"},
        "requester": {"reference": f"Practitioner/{make_staff('doctor', anna)}"},
    }
    with session() as db:
        repository.create(db, order, actor=REGION)
    say(patient, anna, "hej")
    answering.answer(anna.conversation)

    assert dialogue.turns[0]["known"] == {"own_medicines": [{"name": "Metoprolol", "atc": "C07AB02"}]}


def test_a_typed_command_goes_as_text_and_a_choice_as_payload(
    patient: TestClient, anna: Person, answering: Turns, dialogue: Dialogue
) -> None:
    say(patient, anna, "/restart")
    answering.answer(anna.conversation)
    assert (dialogue.turns[0]["text"], dialogue.turns[0]["payload"]) == ("/restart", None)


class TestDeadEngine:
    def test_keeps_the_message_and_gives_one_notice(
        self, patient: TestClient, anna: Person, unanswered: Turns, clock: Clock
    ) -> None:
        say(patient, anna, "hej")
        for _ in range(5):
            unanswered.answer(anna.conversation)
            clock.now += 60
        (notice,) = said(anna)
        assert notice[0] == "notice"
        assert notice[1].startswith("Jag har sparat ditt meddelande")
        assert anna.messages()[0].state == "pending"

    def test_is_left_in_peace_for_a_while(
        self, patient: TestClient, anna: Person, unanswered: Turns, clock: Clock
    ) -> None:
        say(patient, anna, "hej")
        for _ in range(3):
            unanswered.answer(anna.conversation)
        assert anna.messages()[0].attempts == 1
        clock.now += turns.FIRST_WAIT_S
        unanswered.answer(anna.conversation)
        assert anna.messages()[0].attempts == 2

    def test_answers_everything_in_order_when_it_is_back(
        self, patient: TestClient, anna: Person, unanswered: Turns, answering: Turns, dialogue: Dialogue
    ) -> None:
        for word in ("ett", "två"):
            say(patient, anna, word)
            unanswered.answer(anna.conversation)
        answering.sweep()
        assert eventually(lambda: len(dialogue.turns) == 2)
        assert [turn["text"] for turn in dialogue.turns] == ["ett", "två"]

    def test_does_not_hold_up_a_red_flag(self, patient: TestClient, anna: Person, unanswered: Turns) -> None:
        say(patient, anna, "hej")
        unanswered.answer(anna.conversation)
        say(patient, anna, "Jag har fruktansvärt ont i bröstet och kallsvettas")
        assert anna.messages()[-1].kind == "red_flag"


class TestEmptyAnswer:
    def test_is_said_calmly_and_reported_once(
        self, patient: TestClient, anna: Person, answering: Turns, dialogue: Dialogue
    ) -> None:
        dialogue.replies = []
        for word in ("hej", "hallå"):
            say(patient, anna, word)
        answering.answer(anna.conversation)
        assert [kind for kind, _ in said(anna)] == ["error", "error"]
        assert len(anna.tasks("engine-failure")) == 1
        assert {one.state for one in anna.messages() if one.sender == "patient"} == {"answered"}


class TestFailingEngine:
    def test_is_tried_a_few_times_and_then_given_up(
        self, patient: TestClient, anna: Person, answering: Turns, dialogue: Dialogue, clock: Clock
    ) -> None:
        dialogue.status = 500
        say(patient, anna, "hej")
        for _ in range(turns.MAX_FAILURES + 2):
            answering.answer(anna.conversation)
            clock.now += 60
        assert len(dialogue.turns) == turns.MAX_FAILURES
        assert [kind for kind, _ in said(anna)] == ["error"]

    def test_whose_actions_are_away_is_waited_for(
        self, patient: TestClient, anna: Person, dialogue: Dialogue, clock: Clock
    ) -> None:
        answering = Turns(Engine(dialogue.url, actions_url=f"http://127.0.0.1:{free_port()}"), BackOff(clock))
        dialogue.status = 503
        say(patient, anna, "hej")
        for _ in range(turns.MAX_FAILURES + 2):
            answering.answer(anna.conversation)
            clock.now += 60
        assert anna.messages()[0].state == "pending"

    def test_without_a_model_is_waited_for(
        self, patient: TestClient, anna: Person, answering: Turns, dialogue: Dialogue, clock: Clock
    ) -> None:
        dialogue.status, dialogue.model = 500, None
        say(patient, anna, "hej")
        for _ in range(turns.MAX_FAILURES + 2):
            answering.answer(anna.conversation)
            clock.now += 60
        assert anna.messages()[0].state == "pending"


class TestCheckIn:
    def test_is_opened_once_when_the_patient_is_there(self, anna: Person, answering: Turns, dialogue: Dialogue) -> None:
        check_in_of(anna)
        presence.mark(anna.conversation)
        for _ in range(2):
            answering.sweep()
            assert eventually(lambda: said(anna) == [("text", "God morgon!")])
        assert len(dialogue.triggers) == 1

    def test_waits_while_nobody_is_there(self, anna: Person) -> None:
        check_in_of(anna)
        with session() as db:
            assert anna.conversation not in turns.conversations_waiting(db)
            db.get_one(Conversation, anna.conversation).present_at = utc_now() - presence.PRESENCE * 2
            db.flush()
            assert anna.conversation not in turns.conversations_waiting(db)

    def test_comes_before_the_answer_to_a_good_morning(
        self, patient: TestClient, anna: Person, answering: Turns, dialogue: Dialogue
    ) -> None:
        check_in_of(anna)
        say(patient, anna, "God morgon")
        answering.answer(anna.conversation)
        assert said(anna) == [("text", "God morgon!"), ("text", "Hej!")]

    def test_of_another_day_is_left_alone(self, anna: Person) -> None:
        check_in = check_in_of(anna)
        with session() as db:
            db.get_one(CheckIn, check_in).local_date -= timedelta(days=1)
        presence.mark(anna.conversation)
        with session() as db:
            assert presence.waiting_check_in(db, conversation_id=anna.conversation, now=utc_now()) is None

    def test_that_is_not_due_yet_waits(self, anna: Person) -> None:
        check_in = check_in_of(anna)
        with session() as db:
            db.get_one(CheckIn, check_in).due_at = utc_now() + timedelta(hours=1)
            db.flush()
            assert presence.waiting_check_in(db, conversation_id=anna.conversation, now=utc_now()) is None

    def test_follows_the_patients_own_calendar(self, anna: Person) -> None:
        check_in_of(anna)
        with session() as db:
            db.get_one(PatientSettings, anna.id).timezone = "Pacific/Kiritimati"
            db.flush()
            noon = utc_now().replace(hour=12)
            assert presence.waiting_check_in(db, conversation_id=anna.conversation, now=noon) is None

    def test_that_the_engine_does_not_open_is_opened_with_its_own_words(
        self, anna: Person, answering: Turns, dialogue: Dialogue
    ) -> None:
        check_in_of(anna)
        dialogue.messages = []
        answering.answer(anna.conversation)
        assert said(anna) == [("text", "God morgon, Anna!")]
        assert len(anna.tasks("engine-failure")) == 1
