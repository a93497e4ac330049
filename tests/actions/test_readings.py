"""Questions about values: the newest, one day, a span, since a day; what they call for, and whether they are good."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from assistant.records import repository
from assistant.records.access import Actor
from assistant.records.fhir import codes
from tests.actions.conftest import Chat

Begin = Callable[..., Chat]
ZONE = ZoneInfo("Europe/Stockholm")


def today() -> date:
    return datetime.now(ZONE).date()


def days_ago(days: int) -> str:
    return (today() - timedelta(days=days)).isoformat()


def keep(db: Session, patient: str, code: str, value: float, unit: str) -> None:
    """Write a reading of this minute into the record, as a device sends it."""
    quantity = {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}
    reading = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": datetime.now(UTC).isoformat(),
        "valueQuantity": quantity,
    }
    repository.insert(db, reading, actor=Actor(id="region", role="system"))


def test_a_day_that_is_asked_for_is_answered_with_its_value(chat: Begin) -> None:
    answer = chat().say("vad var trycket i förrgår", "ask_blood_pressure", ("date", days_ago(2)))
    assert "Ditt blodtryck var" in answer
    assert "sedan" not in answer
    assert "i dag" not in answer


def test_a_span_is_answered_with_its_first_and_last_value(chat: Begin) -> None:
    span = {"from": days_ago(9), "to": days_ago(3)}
    answer = chat().say("hur var vikten förra veckan", "ask_weight", ("date", span))
    assert answer.count("kg") == 2
    assert " och " in answer


def test_since_a_day_is_from_then_until_now(chat: Begin) -> None:
    answer = chat().say("har jag gått ner sedan i fredags", "ask_weight", ("date", days_ago(4)))
    assert "i dag" in answer
    assert "sedan" in answer


def test_a_day_without_a_value_is_said_to_have_none_before_the_newest(chat: Begin) -> None:
    answer = chat().say("vad vägde jag den dagen", "ask_weight", ("date", days_ago(300)))
    assert answer.startswith("Jag har inget värde för vikt från den tiden.")
    assert "i dag" in answer


def test_glucose_is_found_under_both_of_its_codes(chat: Begin, record: Session) -> None:
    assert "blodsocker var" in chat("cecilia").say("hur är sockret", "ask_glucose")
    keep(record, "anna", codes.GLUCOSE_PLASMA, 6.4, "mmol/L")
    assert "6,4" in chat().say("hur är sockret", "ask_glucose")


def test_a_night_is_said_in_hours_and_minutes(chat: Begin) -> None:
    answer = chat().say("hur sov jag", "ask_sleep")
    assert answer.startswith("Du sov ")
    assert "timmar" in answer
    assert "i natt" in answer
    assert "Snittet" in answer


def test_a_value_of_today_at_a_limit_is_told_with_what_to_do(chat: Begin, record: Session) -> None:
    keep(record, "anna", codes.SPO2, 88, "%")
    answer = chat().say("hur är syret", "ask_oxygen")
    assert "88 %" in answer
    assert "1177" in answer


@pytest.mark.parametrize(("value", "words"), [(38.4, "är feber"), (37.2, "räknas ofta från 38")])
def test_who_asks_about_fever_is_told_what_counts(chat: Begin, record: Session, value: float, words: str) -> None:
    keep(record, "anna", codes.TEMPERATURE, value, "Cel")
    assert words in chat().say("har jag feber", "ask_temperature")


@pytest.mark.parametrize("said", ["är det bra eller dåligt?", "men är det farligt", "is that normal?"])
def test_whether_it_is_good_is_about_the_value_just_told(chat: Begin, said: str) -> None:
    anna = chat()
    anna.say("vad har jag för puls", "ask_pulse")
    answer = anna.say(said, "ask_health_question")
    assert "puls var" in answer
    assert "gränser" in answer
    assert anna.labels == ["Prata med en människa"]


def test_whether_it_is_good_is_also_about_a_value_that_was_told(chat: Begin) -> None:
    anna = chat()
    anna.say("pulsen är 64", "report_measurement", ("measurement", {"kind": "pulse", "value": 64, "unit": "/min"}))
    anna.say("ja", "affirm")
    assert "64 slag" in anna.say("är det bra?", "ask_overview")


def test_whether_it_is_good_is_answered_where_it_is_taken_for_the_question_before(chat: Begin) -> None:
    anna = chat()
    anna.say("vad har jag för puls", "ask_pulse")
    assert "gränser" in anna.say("är den bra?", "ask_pulse")


def test_an_errand_that_is_asked_about_is_no_question_about_a_value(chat: Begin) -> None:
    anna = chat()
    anna.say("vågen är trasig", "device_problem")
    anna.say("ja", "affirm")
    assert "Utrustning" in anna.say("har ni fixat vågen än", "ask_weight")
