"""Told values: understood, corrected, converted, read back, stored once, answered at once when dangerous."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions import measures
from assistant.records.fhir import codes
from assistant.records.fhir.units import MEASURES
from assistant.records.models import Observation, Task
from tests.actions.conftest import Chat

Begin = Callable[..., Chat]


def pressure(systolic: float, diastolic: float) -> tuple[str, dict]:
    return "measurement", {"kind": "blood_pressure", "systolic": systolic, "diastolic": diastolic, "unit": "mm[Hg]"}


def value(kind: str, number: float, unit: str) -> tuple[str, dict]:
    return "measurement", {"kind": kind, "value": number, "unit": unit}


def told(db: Session, code: str) -> list[Observation]:
    query = select(Observation).where(Observation.code == code, Observation.origin == "Berättat av patienten")
    return list(db.scalars(query))


def alerts(db: Session) -> list[Task]:
    return list(db.scalars(select(Task).where(Task.code.in_(["alert", "red-flag"]))))


def test_a_pressure_is_read_back_and_stored_after_the_yes(chat: Begin, record: Session) -> None:
    anna = chat()
    answer = anna.say("trycket är 135 genom 80", "report_measurement", pressure(135, 80))
    assert "Ska jag spara blodtryck 135/80 mmHg" in answer
    assert told(record, codes.BLOOD_PRESSURE) == []
    assert "sparat blodtryck 135/80" in anna.say("ja", "affirm")
    stored = told(record, codes.BLOOD_PRESSURE)
    assert [(one.systolic, one.diastolic, one.doubtful) for one in stored] == [(135, 80, False)]
    assert anna.form is None


def test_a_correction_in_the_middle_changes_that_part_only(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("trycket är 135 genom 80", "report_measurement", pressure(135, 80))
    assert "135/85" in anna.say("nej, 85", "deny")
    anna.say("ja", "affirm")
    assert [(one.systolic, one.diastolic) for one in told(record, codes.BLOOD_PRESSURE)] == [(135, 85)]


def test_a_no_asks_what_to_change_and_stores_nothing(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("pulsen är 70", "report_measurement", value("pulse", 70, "/min"))
    assert "Vad vill du ändra" in anna.say("nej", "deny")
    assert "Vilket värde" in anna.choose("Värdet")
    assert "puls 72" in anna.say("72", "nlu_fallback")
    anna.say("ja", "affirm")
    assert [one.value for one in told(record, codes.PULSE)] == [72]


def test_what_was_measured_is_asked_for_when_it_was_not_said(chat: Begin) -> None:
    anna = chat()
    assert "Vad har du mätt" in anna.say("jag har mätt mig", "report_measurement")
    assert "Vilket värde" in anna.choose("Puls")
    assert "puls 68" in anna.say("68", "nlu_fallback")


@pytest.mark.parametrize(
    ("said", "words", "stored"),
    [
        (value("weight", 154, "[lb_av]"), "vikt 69,9 kg", (codes.WEIGHT, 69.8532)),
        (value("temperature", 98.6, "[degF]"), "temperatur 37 °C", (codes.TEMPERATURE, 37.0)),
        (value("glucose", 126, "mg/dL"), "blodsocker 7 mmol/l", (codes.GLUCOSE, 6.9938)),
    ],
)
def test_other_units_are_read_back_in_swedish_ones(
    chat: Begin, record: Session, said: tuple[str, dict], words: str, stored: tuple[str, float]
) -> None:
    anna = chat()
    assert words in anna.say("så här blev det", "report_measurement", said)
    anna.say("ja", "affirm")
    code, value_stored = stored
    assert [one.value for one in told(record, code)] == [pytest.approx(value_stored)]


def test_several_values_are_handled_one_after_the_other(chat: Begin, record: Session) -> None:
    anna = chat()
    said = "135/80 och puls 70"
    assert "135/80" in anna.say(said, "report_measurement", pressure(135, 80), value("pulse", 70, "/min"))
    assert "Ska jag spara puls 70" in anna.say("ja", "affirm")
    anna.say("ja", "affirm")
    assert len(told(record, codes.BLOOD_PRESSURE)) == len(told(record, codes.PULSE)) == 1


def test_an_impossible_value_is_doubted_and_kept_marked(chat: Begin, record: Session) -> None:
    anna = chat()
    assert "stämmer nog inte" in anna.say("vikt 620", "report_measurement", value("weight", 620, "kg"))
    assert "osäkert" in anna.say("ja", "affirm")
    assert [one.doubtful for one in told(record, codes.WEIGHT)] == [True]
    assert alerts(record) == []


def test_a_jump_that_no_body_makes_is_kept_marked(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("jag väger 82", "report_measurement", value("weight", 82, "kg"))
    assert "Mät gärna en gång till" in anna.say("ja", "affirm")
    assert [one.doubtful for one in told(record, codes.WEIGHT)] == [True]


def test_a_very_high_pressure_gets_advice_at_once_and_an_alert_when_confirmed(chat: Begin, record: Session) -> None:
    anna = chat()
    answer = anna.say("195 över 100", "report_measurement", pressure(195, 100))
    assert "mycket högt" in answer
    assert "112" in answer
    assert alerts(record) == []
    assert "sagt till din mottagning" in anna.say("ja", "affirm").replace("sagt det till", "sagt till")
    assert [(one.code, one.priority) for one in alerts(record)] == [("alert", "urgent")]


def test_a_dangerously_low_glucose_is_answered_before_the_yes(chat: Begin, record: Session) -> None:
    cecilia = chat("cecilia")
    answer = cecilia.say("sockret är 2,3", "report_measurement", value("glucose", 2.3, "mmol/L"))
    assert "Ring 112 nu" in answer
    assert [(one.code, one.priority) for one in alerts(record)] == [("red-flag", "stat")]
    assert cecilia.form is None


@pytest.mark.parametrize(("patient", "alarmed"), [("anna", True), ("david", False)])
def test_the_oxygen_scale_that_a_clinician_has_set_goes_first(chat: Begin, patient: str, alarmed: bool) -> None:
    answer = chat(patient).say("sat 89", "report_measurement", value("oxygen", 89, "%"))
    assert ("är lågt" in answer) is alarmed


def test_the_same_turn_again_stores_once(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("pulsen är 70", "report_measurement", value("pulse", 70, "/min"))
    before = dict(anna.slots), anna.form
    anna.say("ja", "affirm", turn="turn-1")
    anna.slots, anna.form = dict(before[0]), before[1]
    assert "sparat" in anna.say("ja", "affirm", turn="turn-1")
    assert len(told(record, codes.PULSE)) == 1


def test_another_day_asks_for_the_time(chat: Begin, record: Session) -> None:
    anna = chat()
    earlier = (
        select(Observation.effective_at).where(Observation.patient_id == "anna").order_by(Observation.effective_at)
    )
    yesterday = record.scalar(earlier.limit(1))
    assert yesterday is not None
    day = yesterday.date().isoformat()
    assert "Vad var klockan" in anna.say(
        "i går var pulsen 70", "report_measurement", value("pulse", 70, "/min"), ("date", day)
    )
    assert "23.59" in anna.say("en minut i tolv på kvällen", "inform", ("time", "23:59"))


def test_a_number_corrects_in_the_unit_that_was_told(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("my weight is 150 pounds", "report_measurement", value("weight", 150, "[lb_av]"))
    anna.say("no, 154", "deny", ("measurement", {"kind": "weight", "value": 154, "unit": "kg"}, "154"))
    anna.say("ja", "affirm")
    assert [one.value for one in told(record, codes.WEIGHT)] == [pytest.approx(69.8532)]


def test_an_earlier_hour_of_today_is_asked_for(chat: Begin) -> None:
    anna = chat()
    today = datetime.now(ZoneInfo("Europe/Stockholm")).date().isoformat()
    assert "Vad var klockan" in anna.say(
        "sockret låg på 7,9 i morse", "report_measurement", value("glucose", 7.9, "mmol/L"), ("date", today)
    )
    assert "kl. 0.00" in anna.say("midnatt", "inform", ("time", "00:00"))


def test_a_pressure_of_one_number_is_asked_for_both(chat: Begin) -> None:
    anna = chat()
    assert "Vilket värde" in anna.say("mitt blodtryck är 95", "report_measurement")
    assert "två tal" in anna.say("95", "nlu_fallback")
    assert "95/60" in anna.say("95 60", "nlu_fallback")


def test_a_bare_number_is_of_the_kind_just_asked_about(chat: Begin) -> None:
    anna = chat()
    anna.say("hur är syret", "ask_oxygen")
    assert "syremättnad 94 %" in anna.say("94", "report_measurement")


def test_a_number_of_another_kind_is_not(chat: Begin) -> None:
    anna = chat()
    anna.say("vad väger jag", "ask_weight")
    assert "Vilket värde" in anna.say("blodtrycket är 95", "report_measurement")


def test_human_ranges_are_those_of_the_care_record() -> None:
    known = measures.measures()
    for kind in known.kinds.values():
        if kind.human:
            measure = MEASURES[kind.code]
            assert (measure.unit, measure.low, measure.high) == (kind.unit, *kind.human)
    for part, code in (("systolic", codes.SYSTOLIC), ("diastolic", codes.DIASTOLIC)):
        assert known.pressure[part] == (MEASURES[code].low, MEASURES[code].high)
