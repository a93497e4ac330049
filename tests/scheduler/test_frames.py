"""What the round reads of each patient, beside plain readings."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from assistant.records import repository
from assistant.records.database import session
from assistant.records.fhir import codes
from assistant.records.models import CheckIn
from scheduler import frames, rulebook
from scheduler.frames import Frames
from tests.scheduler.people import REGION, add_doctor, add_order, add_patient, add_pressure, add_reading, local

TODAY = date(2026, 11, 21)
NOW = local(TODAY, 8)
POSITION = "http://hl7.org/fhir/StructureDefinition/observation-bodyPosition"


def read(patient_id: str) -> Frames:
    earliest = dict(rulebook.current().compiler.columns.earliest)
    return frames.read(patient_ids=[patient_id], now=NOW, zones=[], default_zone="Europe/Stockholm", earliest=earliest)


def fact(patient_id: str, name: str) -> Any:
    return read(patient_id).facts[name].item()


def readings(patient_id: str, signal: str) -> list[float]:
    return read(patient_id).readings.filter(pl.col("signal") == signal)["value"].to_list()


def reports(patient_id: str) -> list[tuple[str, bool, str | None]]:
    return list(read(patient_id).reports.sort("report").select("report", "since_round", "atc").iter_rows())


def add(db: Session, patient_id: str, code: str, at: datetime, **content: Any) -> None:
    """Store an observation of our own code system, or of LOINC when the code begins with a digit."""
    system = codes.LOINC if code[0].isdigit() else codes.DAILY
    observation = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": system, "code": code}]},
        "subject": {"reference": f"Patient/{patient_id}"},
        "effectiveDateTime": at.isoformat(),
    }
    repository.insert(db, observation | content, actor=REGION, now=at)


def coded(value: str) -> dict[str, Any]:
    return {"valueCodeableConcept": {"coding": [{"code": value}]}}


def glucose(value: float) -> dict[str, Any]:
    return {"valueQuantity": {"value": value, "system": codes.UCUM, "code": "mmol/L", "unit": "mmol/L"}}


@pytest.fixture
def patient(care: str) -> str:
    with session() as db:
        return add_patient(db)


class TestReadings:
    def test_first_glucose_of_a_morning_is_fasting(self, patient: str) -> None:
        with session() as db:
            for hour, value in ((6, 7.1), (7, 8.0)):
                add(db, patient, codes.GLUCOSE, local(TODAY, hour), **glucose(value))
            add(db, patient, codes.GLUCOSE, local(TODAY - timedelta(days=1), 12), **glucose(11.0))
        assert readings(patient, "fasting_glucose") == [7.1]
        assert readings(patient, "glucose") == [11.0, 7.1, 8.0]

    def test_standing_pressure_is_held_against_the_lying_one_and_not_averaged(self, patient: str) -> None:
        with session() as db:
            for minute, systolic, position in ((0, 150, "40199007"), (2, 122, "10904000")):
                parts = [
                    {
                        "code": {"coding": [{"system": codes.LOINC, "code": code}]},
                        "valueQuantity": {"value": value, "system": codes.UCUM, "code": "mm[Hg]", "unit": "mm[Hg]"},
                    }
                    for code, value in ((codes.SYSTOLIC, systolic), (codes.DIASTOLIC, 80))
                ]
                coding = {"system": "http://snomed.info/sct", "code": position}
                where = {"url": POSITION, "valueCodeableConcept": {"coding": [coding]}}
                at = local(TODAY, 6, minute)
                add(db, patient, codes.BLOOD_PRESSURE, at, component=parts, extension=[where])
        assert readings(patient, "systolic_on_standing") == [-28]
        assert readings(patient, "systolic") == [150]

    def test_belong_to_the_day_on_the_clock_where_the_patient_is(self, care: str) -> None:
        with session() as db:
            zones = ("Europe/Stockholm", "America/New_York", "Pacific/Auckland")
            here, west, east = [add_patient(db, timezone=zone) for zone in zones]
            for patient_id in (here, west, east):
                add_reading(db, patient_id, codes.WEIGHT, 70, datetime(2026, 11, 21, 3, tzinfo=UTC))
        found = frames.read(
            patient_ids=[here, west, east],
            now=datetime(2026, 11, 21, 12, tzinfo=UTC),
            zones=list(zones),
            default_zone="Europe/Stockholm",
            earliest={"weight": -5},
        )
        assert dict(found.readings.select("patient_id", "day").iter_rows()) == {here: 0, west: -1, east: -1}

    @pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
    def test_fall_on_the_right_day_when_the_clocks_change(self, patient: str, day: date) -> None:
        with session() as db:
            for back in (0, 1, 2):
                add_reading(db, patient, codes.WEIGHT, 70 - back, local(day - timedelta(days=back), 0, 30))
        found = frames.read(
            patient_ids=[patient],
            now=local(day, 8),
            zones=["Europe/Stockholm"],
            default_zone="Europe/Stockholm",
            earliest={"weight": -5},
        )
        assert list(found.readings.select("day", "value").iter_rows()) == [(-2, 68), (-1, 69), (0, 70)]

    def test_of_two_devices_come_in_order_of_time(self, patient: str) -> None:
        with session() as db:
            for hour, value, device in ((5, 70.5, "Våg"), (6, 70.1, "Annan våg"), (7, 70.3, "Våg")):
                quantity = {"value": value, "system": codes.UCUM, "code": "kg", "unit": "kg"}
                add(db, patient, codes.WEIGHT, local(TODAY, hour), valueQuantity=quantity, device={"display": device})
        assert readings(patient, "weight") == [70.5, 70.1, 70.3]

    def test_that_were_sent_twice_count_once(self, patient: str) -> None:
        with session() as db:
            for value in (70.0, 70.2, 70.0):
                add_reading(db, patient, codes.WEIGHT, value, local(TODAY, 6))
        assert sorted(readings(patient, "weight")) == [70.0, 70.2]

    def test_of_many_weeks_ago_are_read_where_a_rule_looks_so_far_back(self, patient: str) -> None:
        with session() as db:
            for code in (codes.WEIGHT, codes.PULSE):
                add_reading(db, patient, code, 80, local(TODAY - timedelta(days=180), 6))
        assert (readings(patient, "weight"), readings(patient, "pulse")) == ([80], [])

    def test_with_a_very_long_name_of_the_device_are_stored_and_read(self, patient: str) -> None:
        name = "".join(chr(33 + n * n % 90) for n in range(9000))
        with session() as db:
            quantity = {"value": 70, "system": codes.UCUM, "code": "kg", "unit": "kg"}
            add(db, patient, codes.WEIGHT, local(TODAY, 6), valueQuantity=quantity, device={"display": name})
        assert readings(patient, "weight") == [70]

    def test_are_read_from_the_index_alone(self, care: str) -> None:
        with session() as db:
            for other_way in ("enable_seqscan", "enable_indexscan", "enable_bitmapscan"):
                db.execute(text(f"SET LOCAL {other_way} = off"))
            db.execute(text("DROP INDEX ix_observation_patient_id, ix_observation_effective_at"))
            plan = db.scalars(
                text(
                    "EXPLAIN SELECT id, code, unit, origin, doubtful, effective_at, value, systolic, diastolic"
                    " FROM observation WHERE patient_id = 'one' AND code = '29463-7' AND effective_at > now()"
                    " AND status = 'final'"
                )
            ).all()
            db.rollback()
        assert "Index Only Scan using ix_observation_patient_code_time" in plan[0]


class TestReports:
    def test_are_new_when_they_came_after_the_last_round(self, patient: str) -> None:
        with session() as db:
            content: dict[str, Any] = {}
            yesterday = TODAY - timedelta(days=1)
            made = local(yesterday, 7)
            due = {"content": content, "due_at": made, "created_at": made}
            db.add(CheckIn(patient_id=patient, local_date=yesterday, **due))
            add(db, patient, "fall", local(yesterday, 6), **coded("unhurt"))
            add(db, patient, "confusion", local(yesterday, 20), valueInteger=5)
        assert reports(patient) == [("confusion", True, ""), ("fall", False, "")]

    @pytest.mark.parametrize(
        ("code", "value", "report"),
        [
            ("acvpu", coded("A"), ["consciousness-alert"]),
            ("acvpu", coded("C"), ["consciousness-impaired"]),
            ("67775-7", coded("V"), ["consciousness-impaired"]),
            ("consciousness-impaired", coded("no"), ["consciousness-alert"]),
            ("sleep-quality", coded("bad"), ["slept-badly"]),
            ("sleep-quality", coded("good"), []),
            ("phlegm", {"valueInteger": 4}, ["sputum"]),
            ("dizziness", {"valueInteger": 0}, []),
            ("fainting", {"valueBoolean": False}, []),
        ],
    )
    def test_are_read_from_codes_and_answers(
        self, patient: str, code: str, value: dict[str, Any], report: list[str]
    ) -> None:
        with session() as db:
            add(db, patient, code, local(TODAY, 6), **value)
        assert [one[0] for one in reports(patient)] == report

    @pytest.mark.parametrize(
        ("said", "atc"),
        [("Waran", "B01AA03"), ("waran 2,5 mg", "B01AA03"), ("B01AA03", "B01AA03"), ("Alvedon", None), ("alla", "")],
    )
    def test_are_about_a_medicine_of_the_list(self, patient: str, said: str, atc: str | None) -> None:
        with session() as db:
            doctor = add_doctor(db)
            add_order(db, patient, doctor_id=doctor, atc="B01AA03", name="Waran 2,5 mg", at=local(TODAY, 5))
            add(db, patient, "medication-forgotten", local(TODAY, 6), valueString=said)
        assert reports(patient) == [("medication-forgotten", True, atc)]


class TestFacts:
    @pytest.mark.parametrize(
        ("agreed", "days_ago", "missed"),
        [(7, 1, 1), (7, 2, 2), (7, 3, 3), (14, 1, 1), (3, 4, 1), (3, 5, 2), (1, 13, 1), (1, 14, 2), (0, 20, 0)],
    )
    def test_agreed_readings_that_were_missed(self, care: str, agreed: int, days_ago: int, missed: int) -> None:
        with session() as db:
            patient = add_patient(db, agreed_readings={codes.WEIGHT: agreed})
            add_reading(db, patient, codes.WEIGHT, 70, local(TODAY - timedelta(days=days_ago), 20))
        assert fact(patient, "missed_readings") == missed

    def test_an_agreed_reading_that_never_came_is_missed(self, care: str) -> None:
        with session() as db:
            patient = add_patient(db, agreed_readings={codes.BLOOD_PRESSURE: 7})
        assert fact(patient, "missed_readings") >= 3
        assert fact(patient, "reading_sv") == "Blodtryck"

    @pytest.mark.parametrize(("last_day", "silent"), [(-3, 1), (-1, 0)])
    def test_a_device_that_sent_daily_and_fell_silent(self, patient: str, last_day: int, silent: int) -> None:
        with session() as db:
            for day in range(last_day - 5, last_day + 1):
                value = {"value": 70, "system": codes.UCUM, "code": "kg", "unit": "kg"}
                at = local(TODAY + timedelta(days=day), 6)
                add(db, patient, codes.WEIGHT, at, valueQuantity=value, device={"display": "Våg"})
        assert fact(patient, "silent_devices") == silent
        assert fact(patient, "device") == ("Våg" if silent else None)

    def test_a_doubtful_reading_is_not_used_but_told(self, patient: str) -> None:
        with session() as db:
            add_pressure(db, patient, 120, 125, local(TODAY, 6))
        assert (fact(patient, "doubtful_readings"), fact(patient, "doubtful_reading_sv")) == (1, "Blodtryck")
        assert readings(patient, "systolic") == []

    @pytest.mark.parametrize(
        ("dispense", "days_left"),
        [
            ({"validityPeriod": {"end": "2026-12-01"}}, 10),
            ({"expectedSupplyDuration": {"value": 30, "code": "d"}, "numberOfRepeatsAllowed": 1}, 20),
            ({"numberOfRepeatsAllowed": 2}, None),
        ],
    )
    def test_days_left_of_a_prescription(self, patient: str, dispense: dict[str, Any], days_left: int | None) -> None:
        with session() as db:
            at = local(TODAY - timedelta(days=40), 9)
            content = {
                "resourceType": "MedicationRequest",
                "status": "active",
                "intent": "order",
                "medicationCodeableConcept": {"coding": [{"system": codes.ATC, "code": "C09AA05"}], "text": "Ramipril"},
                "subject": {"reference": f"Patient/{patient}"},
                "requester": {"reference": f"Practitioner/{add_doctor(db)}"},
                "authoredOn": at.isoformat(),
                "dispenseRequest": dispense,
            }
            repository.insert(db, content, actor=REGION, now=at)
        assert fact(patient, "prescription_days_left") == days_left

    @pytest.mark.parametrize(
        ("states", "unanswered"),
        [(["opened"], 0), (["ready"], 1), (["missed"], 2), (["opened", "ready", "ready"], 2), (["ready", "opened"], 0)],
    )
    def test_check_ins_without_an_answer(self, patient: str, states: list[str], unanswered: int) -> None:
        with session() as db:
            for back, state in enumerate(reversed(states), start=1):
                at = datetime.combine(TODAY - timedelta(days=back), datetime.min.time(), UTC)
                opened = at if state == "opened" else None
                row = {"state": state, "content": {}, "due_at": at, "opened_at": opened}
                db.add(CheckIn(patient_id=patient, local_date=at.date(), **row))
        assert fact(patient, "unanswered_check_ins") == unanswered

    def test_weather_is_unknown_unless_it_is_given(self, patient: str) -> None:
        assert fact(patient, "slip_risk") is None
