"""Questionnaires: asked one question at a time, paused and resumed, alarming at once, stored with their score."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.questionnaires import questionnaires
from assistant.records.fhir import codes
from assistant.records.models import Observation, QuestionnaireResponse, Task
from tests.actions.conftest import Chat

Begin = Callable[..., Chat]


def score(db: Session, code: str) -> list[float | None]:
    return list(db.scalars(select(Observation.value).where(Observation.code == code)))


def begin(chat: Begin, name: str = "phq-2", patient: str = "anna") -> Chat:
    talk = chat(patient)
    talk.say("/answer_questionnaire", "answer_questionnaire", ("questionnaires", name))
    return talk


def answer(talk: Chat, *labels: str) -> str:
    return [talk.choose(label) for label in labels][-1]


def test_two_questions_of_low_points_are_sent_after_a_yes(chat: Begin, record: Session) -> None:
    anna = begin(chat)
    assert "Fråga 2 av 2" in answer(anna, "Flera dagar")
    assert "Ska jag skicka svaren" in answer(anna, "Inte alls")
    assert score(record, codes.PHQ2) == []
    assert "ingen diagnos" in anna.say("ja", "affirm")
    assert score(record, codes.PHQ2) == [1]
    stored = record.scalars(select(QuestionnaireResponse)).one()
    assert [one["answer"][0]["valueInteger"] for one in stored.content["item"]] == [1, 0]
    assert stored.content["author"]["display"] == "Berättat av patienten"
    derived = record.scalars(select(Observation).where(Observation.code == codes.PHQ2)).one()
    assert derived.content["derivedFrom"] == [{"reference": f"QuestionnaireResponse/{stored.id}"}]
    assert derived.origin == "Berättat av patienten"


def test_two_questions_of_higher_points_lead_to_more_if_the_patient_wants_to(chat: Begin, record: Session) -> None:
    anna = begin(chat)
    assert "några frågor till" in answer(anna, "Flera dagar", "Flera dagar")
    assert "Fråga 3 av 9" in answer(anna, "Ja")
    assert "femton" in answer(anna, *["Inte alls"] * 7)
    assert "Ska jag skicka" in answer(anna, *["Nej"] * 15)
    anna.say("ja", "affirm")
    assert (score(record, codes.PHQ9), score(record, codes.GDS15)) == ([2], [5])
    assert score(record, codes.PHQ2) == []


def test_who_wants_no_more_questions_has_answered_two(chat: Begin, record: Session) -> None:
    anna = begin(chat)
    answer(anna, "Nästan varje dag", "Nästan varje dag")
    assert "Ska jag skicka" in answer(anna, "Nej tack")
    anna.say("ja", "affirm")
    assert score(record, codes.PHQ2) == [6]


def test_thoughts_of_death_are_the_self_harm_path_at_once_and_the_rest_waits(chat: Begin, record: Session) -> None:
    anna = begin(chat, "phq-9")
    assert "90101" in answer(anna, *["Inte alls"] * 8, "Flera dagar")
    alarms = list(record.scalars(select(Task).where(Task.code == "red-flag", Task.patient_id == "anna")))
    assert [one.priority for one in alarms] == ["stat"]
    assert anna.form is None
    assert "en gång till" in anna.say("det är lugnt nu", "affirm")
    assert "Ska jag skicka" in anna.say("ja", "affirm")
    anna.say("ja", "affirm")
    assert score(record, "44260-8") == [1]


def test_a_pause_keeps_the_answers_and_a_yes_goes_on(chat: Begin, record: Session) -> None:
    anna = begin(chat)
    answer(anna, "Flera dagar")
    assert "pausar" in anna.say("vi tar resten senare", "nlu_fallback")
    assert anna.form is None
    assert "Fråga 2 av 2" in anna.say("ja", "affirm")


def test_a_stop_pauses_and_answers_can_be_dropped(chat: Begin, record: Session) -> None:
    anna = begin(chat)
    answer(anna, "Flera dagar")
    assert "inget är skickat" in anna.say("sluta", "stop", digression=True)
    assert "borta" in anna.choose("Ta bort mina svar")
    assert record.scalars(select(QuestionnaireResponse)).all() == []


def test_a_yes_to_how_often_is_asked_about(chat: Begin) -> None:
    assert "Hur ofta ungefär?" in begin(chat).say("ja", "affirm")


@pytest.mark.parametrize(
    ("words", "points"), [("nej, aldrig", "0"), ("ibland", "1"), ("mer än hälften", "2"), ("nästan jämt", "3")]
)
def test_an_answer_may_be_in_own_words(chat: Begin, words: str, points: str) -> None:
    anna = begin(chat)
    anna.say(words, "nlu_fallback")
    assert anna.slots["form_answers"]["values"]["phq_1"] == points


def test_one_answer_can_be_changed(chat: Begin, record: Session) -> None:
    anna = begin(chat)
    answer(anna, "Inte alls", "Inte alls")
    anna.say("nej", "deny")
    assert "Fråga 1 av 2" in anna.choose("Lust och glädje")
    assert "Lust och glädje: Flera dagar" in answer(anna, "Flera dagar")


def test_the_points_are_counted_as_the_sources_say() -> None:
    gds = questionnaires()["gds-15"]
    low = {f"gds_{number}": "yes" if number in (1, 5, 7, 11, 13) else "no" for number in range(1, 16)}
    assert sum(gds.points(low)) == 0
    assert sum(gds.points({name: "no" if value == "yes" else "yes" for name, value in low.items()})) == 15
    assert sum(questionnaires()["phq-9"].points({f"phq_{number}": "3" for number in range(1, 10)})) == 27


def test_words_that_refuse_to_answer_are_no_answer(chat: Begin) -> None:
    anna = begin(chat)
    assert "pausar vi" in anna.say("nej, det vill jag helst inte", "deny")
    assert anna.form is None
