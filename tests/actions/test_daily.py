"""Symptoms, sleep, mood, falls and devices: asked shortly, stored after the yes, urgent ones answered at once."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records import repository
from assistant.records.access import Actor
from assistant.records.fhir import codes
from assistant.records.models import MedicationRequest, Observation, Task
from tests.actions.conftest import Chat

Begin = Callable[..., Chat]


def told(db: Session) -> list[Observation]:
    return list(db.scalars(select(Observation).where(Observation.origin == "Berättat av patienten")))


def tasks(db: Session) -> list[tuple[str, str]]:
    return [(one.code, one.priority) for one in db.scalars(select(Task).order_by(Task.code))]


def test_a_symptom_is_stored_with_strength_and_the_patients_words(chat: Begin, record: Session) -> None:
    anna = chat()
    assert "Sedan när" in anna.say("jag känner mig yr", "report_symptom", ("symptom", "dizziness"))
    assert "0 till 10" in anna.say("i tre dagar", "inform", ("duration", {"value": 3, "unit": "d"}))
    assert "sedan: 3 dagar, styrka 4 av 10" in anna.say("en fyra", "nlu_fallback")
    anna.say("ja", "affirm")
    [stored] = told(record)
    assert (stored.code, stored.value) == ("dizziness", 4)
    assert "jag känner mig yr" in stored.content["note"][0]["text"]
    assert tasks(record) == []


def test_breathlessness_has_the_code_that_the_rules_know(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("jag är andfådd", "report_symptom", ("symptom", "shortness-of-breath"))
    anna.choose("I dag")
    anna.say("5", "nlu_fallback")
    anna.say("ja", "affirm")
    assert [one.code for one in told(record)] == ["breathlessness"]


def test_long_is_several_weeks(chat: Begin) -> None:
    anna = chat()
    anna.say("det kliar på armarna", "report_symptom", ("symptom", "itch"))
    anna.say("rätt länge nu", "goodbye")
    assert "sedan: Flera veckor" in anna.say("4", "nlu_fallback")


def test_a_strong_symptom_is_told_to_the_clinic(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("ont i knät", "report_symptom", ("symptom", "knee-pain"))
    anna.choose("I går")
    anna.say("nio", "nlu_fallback")
    assert "1177" in anna.say("ja", "affirm")
    assert tasks(record) == [("alert", "urgent")]


def test_one_answer_is_corrected_without_asking_all_again(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("jag är yr", "report_symptom", ("symptom", "dizziness"))
    anna.choose("I dag")
    anna.say("4", "nlu_fallback")
    assert "vänstra knät" in anna.say("nej, ont i vänstra knät", "deny", ("symptom", "knee-pain"))
    anna.say("nej", "deny")
    anna.choose("Hur starkt")
    assert "sedan: I dag, styrka 6 av 10" in anna.say("6", "nlu_fallback")


@pytest.mark.parametrize(
    ("said", "entity", "code"),
    [
        ("jag sov sex timmar", ("measurement", {"kind": "sleep", "value": 6, "unit": "h"}), "93832-4"),
        ("jag sov dåligt i natt", None, "sleep-quality"),
    ],
)
def test_sleep_is_stored_as_hours_or_as_quality(
    chat: Begin, record: Session, said: str, entity: tuple[str, dict] | None, code: str
) -> None:
    anna = chat()
    assert "Ska jag skriva upp din sömn" in anna.say(said, "report_sleep", *([entity] if entity else []))
    anna.say("ja", "affirm")
    assert [one.code for one in told(record)] == [code]


@pytest.mark.parametrize("said", ["sov uselt i natt", "inte en blund", "jag hade en hemsk natt"])
def test_a_bad_night_need_not_be_said_twice(chat: Begin, said: str) -> None:
    assert "Dåligt" in chat().say(said, "report_sleep")


def test_mood_is_stored_as_the_number_that_was_given(chat: Begin, record: Session) -> None:
    anna = chat()
    assert "roligt" in anna.say("jag mår bra", "mood_good")
    anna.say("en åtta", "nlu_fallback")
    anna.say("ja", "affirm")
    assert [(one.code, one.value) for one in told(record)] == [("mood", 8)]


def test_the_number_is_corrected_at_the_read_back(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("det är grått", "mood_low")
    anna.say("5", "nlu_fallback")
    assert "2 av 10" in anna.say("nej 2", "deny")
    anna.say("ja", "affirm")
    assert [one.value for one in told(record)] == [2]


def test_a_number_of_days_is_no_strength(chat: Begin) -> None:
    anna = chat()
    anna.say("jag är yr", "report_symptom", ("symptom", "dizziness"))
    anna.choose("I dag")
    five_days = ("duration", {"value": 5, "unit": "d"}, "fem dagar")
    assert "0 till 10" in anna.say("nej, fem dagar", "inform", five_days)


def test_low_mood_is_met_warmly_and_offered_a_human(chat: Begin, record: Session) -> None:
    anna = chat()
    assert "tungt" in anna.say("jag är så ledsen", "mood_low")
    anna.say("2", "nlu_fallback")
    assert "90101" in anna.say("ja", "affirm")
    assert anna.labels == ["Prata med en människa", "Boka en tid", "Svara på två frågor"]


def test_nobody_must_give_a_number_for_a_low_mood(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("jag är så ledsen", "mood_low")
    assert "behöver inte säga" in anna.say("nej", "deny")
    assert told(record) == []
    assert anna.form is None


def test_who_cannot_rise_after_a_fall_needs_112(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("jag har ramlat", "report_fall")
    assert "ring 112 nu" in anna.choose("Nej")
    assert tasks(record) == [("red-flag", "stat")]


@pytest.mark.parametrize(
    ("said", "intent"),
    [("nej, jag är uppe igen", "deny"), ("jag sitter uppe på stolen", "inform"), ("ja då", "affirm")],
)
def test_who_is_up_again_has_no_emergency(chat: Begin, record: Session, said: str, intent: str) -> None:
    anna = chat()
    anna.say("jag har ramlat", "report_fall")
    assert "huvudet" in anna.say(said, intent)
    assert tasks(record) == []


@pytest.mark.parametrize("said", ["nej", "nej jag kommer inte upp", "jag ligger kvar"])
def test_who_says_so_in_own_words_cannot_rise(chat: Begin, record: Session, said: str) -> None:
    anna = chat()
    anna.say("jag har ramlat", "report_fall")
    assert "ring 112 nu" in anna.say(said, "deny")


def test_a_head_injury_on_blood_thinners_needs_112(chat: Begin, record: Session) -> None:
    warfarin = {"coding": [{"system": codes.ATC, "code": "B01AA03"}], "text": "Warfarin 2,5 mg"}
    order = record.get_one(MedicationRequest, "anna-amlodipin").content
    fresh = {key: value for key, value in order.items() if key != "id"} | {"medicationCodeableConcept": warfarin}
    repository.insert(record, fresh, actor=Actor(id="region", role="system"))
    anna = chat()
    anna.say("jag föll och slog i huvudet", "report_fall", ("body_part", "head"))
    assert "blodförtunnande" in anna.choose("Ja")
    assert tasks(record) == [("red-flag", "stat")]


def test_a_head_injury_without_blood_thinners_is_asked_about(chat: Begin) -> None:
    anna = chat()
    anna.say("jag föll och slog i huvudet", "report_fall", ("body_part", "head"))
    assert "Gjorde du dig illa" in anna.choose("Ja")


def test_a_fall_is_told_to_the_clinic_after_the_yes(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("jag halkade i köket", "report_fall")
    anna.choose("Ja")
    anna.choose("Nej")
    assert "berätta det för mottagningen" in anna.choose("Ja")
    assert tasks(record) == []
    anna.choose("Ja")
    assert tasks(record) == [("alert", "urgent")]
    assert [one.code for one in told(record)] == ["fall"]


def test_a_broken_device_gets_simple_help_first(chat: Begin, record: Session) -> None:
    anna = chat()
    assert "Ställ vågen på hårt golv" in anna.say("vågen visar bara streck", "device_problem")
    anna.say("ja", "affirm")
    [task] = record.scalars(select(Task))
    assert (task.code, task.content["description"]) == (
        "device",
        "Utrustning som inte fungerar: Vågen. Patientens ord: ”vågen visar bara streck”",
    )


@pytest.mark.parametrize(
    ("correction", "intent"),
    [("nej, jag menar vågen", "deny"), ("vågen är det", "device_problem"), ("vågen", "inform")],
)
def test_another_device_that_is_named_takes_the_place_of_the_first(
    chat: Begin, record: Session, correction: str, intent: str
) -> None:
    anna = chat()
    anna.say("plattan hänger sig", "device_problem")
    assert "vågen" in anna.say(correction, intent).casefold()
    anna.say("ja", "affirm")
    [task] = record.scalars(select(Task))
    assert task.content["description"].startswith("Utrustning som inte fungerar: Vågen.")
    assert "plattan" not in task.content["description"]


def test_the_clinic_is_asked_for_nothing_when_the_help_has_helped(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("termometern visar inget", "device_problem")
    assert "skickar jag inget" in anna.say("nej nu fungerar den", "deny")
    assert anna.form is None
    assert tasks(record) == []


def test_a_fall_that_was_told_can_be_followed(chat: Begin) -> None:
    anna = chat()
    anna.say("jag halkade", "report_fall")
    for label in ("Ja", "Nej", "Nej", "Ja"):
        anna.choose(label)
    answer = anna.say("hur gick det med mitt fall", "ask_recommendation_status")
    assert "Det du berättade för mottagningen" in answer
    assert "har inte svarat än" in answer


def test_the_same_device_is_told_once_until_the_clinic_has_closed_it(chat: Begin, record: Session) -> None:
    anna = chat()
    for said in ("vågen visar bara streck", "vågen är fortfarande trasig"):
        anna.say(said, "device_problem")
        answer = anna.say("ja", "affirm")
    assert "vet redan om det" in answer
    assert tasks(record) == [("device", "routine")]
    anna.say("blodtrycksmätaren är trasig", "device_problem")
    anna.say("ja", "affirm")
    assert tasks(record) == [("device", "routine")] * 2


def test_the_help_is_not_told_twice(chat: Begin) -> None:
    anna = chat()
    anna.say("vågen är död", "device_problem")
    again = anna.say("det hjälpte inte", "deny")
    assert "Ska jag be mottagningen om hjälp med vågen" in again
    assert "hårt golv" not in again
