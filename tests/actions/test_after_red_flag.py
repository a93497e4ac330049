"""After a red flag: what was started waits, the patient is asked how it goes, once more, and then it goes on."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records.models import Task
from tests.actions.conftest import Chat

Begin = Callable[..., Chat]


def flagged(chat: Begin, level: str = "emergency") -> Chat:
    """A talk in which a form was open when a red flag was answered before the engine."""
    anna = chat()
    anna.say("jag är yr", "report_symptom", ("symptom", "dizziness"))
    assert anna.say("/EXTERNAL_red_flag", "red_flag", ("level", level), digression=True) == ""
    return anna


def test_the_open_form_waits(chat: Begin) -> None:
    anna = flagged(chat)
    assert anna.form is None
    assert "Har hjälpen kommit" in anna.say("sedan i går", "report_symptom")


def test_it_goes_on_when_help_has_been_reached_and_that_was_asked_once_more(chat: Begin) -> None:
    anna = flagged(chat)
    assert "en gång till" in anna.say("ambulansen är här", "inform")
    assert "Sedan när" in anna.say("ja", "affirm")


def test_help_that_is_with_the_patient_has_come(chat: Begin) -> None:
    anna = flagged(chat)
    assert "en gång till" in anna.say("ja, ambulanspersonalen är hos mig", "affirm")


def test_a_word_that_denies_it_is_no_all_clear(chat: Begin) -> None:
    anna = flagged(chat)
    assert "112" in anna.say("jag har inte fått hjälp", "inform")


def test_a_no_to_the_question_is_112_now(chat: Begin) -> None:
    anna = flagged(chat)
    anna.say("va", "inform")
    assert anna.say("nej", "deny").startswith("Ring 112 nu.")


def test_a_no_when_asked_once_more_starts_over(chat: Begin) -> None:
    anna = flagged(chat)
    anna.say("fortsätt", "affirm")
    anna.say("nej", "deny")
    assert "Sedan när" not in anna.say("hmm", "inform")


def test_a_question_is_answered_with_a_reminder(chat: Begin) -> None:
    answer = flagged(chat).say("vad väger jag", "ask_weight")
    assert "vikt" in answer
    assert "ring 112 nu" in answer


def test_after_self_harm_the_talk_stays_open_and_asks_in_other_words(chat: Begin) -> None:
    anna = flagged(chat, "self_harm")
    first = anna.say("jag vet inte", "inform")
    second = anna.say("det är så tungt", "inform")
    assert "112" in first
    assert "90101" in second
    assert first != second
    assert "Prata med en människa" in anna.labels


def test_after_self_harm_it_returns_to_where_it_was(chat: Begin) -> None:
    anna = flagged(chat, "self_harm")
    assert "hur du har det" in anna.say("jag har pratat med min syster", "inform")
    answer = anna.say("ja", "affirm")
    assert "90101" in answer
    assert "Sedan när" in answer


def test_the_clinic_is_told_once(chat: Begin, record: Session) -> None:
    anna = flagged(chat, "self_harm")
    anna.say("jag vill inte leva", "self_harm")
    assert record.scalars(select(Task).where(Task.code == "red-flag")).all() == []


def test_the_next_day_begins_anew_with_care(chat: Begin) -> None:
    anna = flagged(chat, "self_harm")
    anna.slots["red_flag"]["date"] = "2020-01-01"
    answer = anna.say("vad väger jag", "inform")
    assert "mycket tungt" in answer
    assert anna.slots["red_flag"] is None


@pytest.mark.parametrize(
    "said", ["hjälpen är på väg", "jag har ringt 112", "ambulansen kommer snart", "they are coming"]
)
def test_help_that_is_on_its_way_is_waited_for(chat: Begin, said: str) -> None:
    anna = flagged(chat)
    assert "på väg" in anna.say(said, "inform")
    assert "en gång till" in anna.say("nu är de här", "inform")
    assert "Sedan när" in anna.say("ja", "affirm")


@pytest.mark.parametrize("said", ["jag är på väg att svimma", "jag kommer snart att svimma", "jag har ringt min son"])
def test_help_is_not_taken_to_be_on_its_way_without_a_word_of_it(chat: Begin, said: str) -> None:
    assert "på väg" not in flagged(chat).say(said, "inform")


@pytest.mark.parametrize("said", ["nu är allt lugnt här", "jag mår bra igen", "I feel fine"])
def test_that_all_is_well_is_asked_once_more(chat: Begin, said: str) -> None:
    assert "en gång till" in flagged(chat).say(said, "inform")


def test_help_that_was_called_and_is_here_has_come(chat: Begin) -> None:
    assert "en gång till" in flagged(chat).say("jag har ringt och de är här nu", "inform")


def test_somebody_who_is_there_is_heard(chat: Begin) -> None:
    anna = flagged(chat, "self_harm")
    anna.say("jag vet inte", "inform")
    assert "inte är ensam" in anna.say("min syster är här nu", "manage_proxy")


def test_a_yes_answers_the_question_that_was_asked(chat: Begin) -> None:
    anna = flagged(chat, "self_harm")
    anna.say("jag vet inte", "inform")
    assert "Är det någon hos dig" in anna.say("det är så tungt", "inform")
    assert "inte är ensam" in anna.say("ja", "affirm")


def test_nobody_there_is_no_danger_yet_and_leads_to_whom_to_call(chat: Begin) -> None:
    anna = flagged(chat, "self_harm")
    anna.say("jag vet inte", "inform")
    anna.say("det är så tungt", "inform")
    answer = anna.say("nej", "deny")
    assert "någon du litar på" in answer
    assert "112" in answer
