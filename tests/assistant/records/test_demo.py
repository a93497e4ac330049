"""The demo patients: their readings tell their stories, whenever the demo starts."""

from collections import defaultdict
from datetime import UTC, date, datetime
from statistics import mean, median
from zoneinfo import ZoneInfo

import pytest
from scipy.stats import theilslopes
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assistant.records import demo
from assistant.records.demo_readings import readings
from assistant.records.fhir import checks, codes
from assistant.records.fhir.columns import derive
from assistant.records.models import MedicationRequest, Observation, PatientSettings, ResourceVersion, Slot
from assistant.settings import get_settings

ZONE = ZoneInfo("Europe/Stockholm")
STARTS = [
    datetime(2026, 11, 21, 9, 0, tzinfo=ZONE),
    datetime(2026, 11, 21, 0, 2, tzinfo=ZONE),
    datetime(2026, 11, 21, 23, 58, tzinfo=ZONE),
    datetime(2027, 3, 28, 8, 0, tzinfo=ZONE),
    datetime(2027, 10, 31, 8, 0, tzinfo=ZONE),
    datetime(2028, 2, 29, 6, 0, tzinfo=ZONE),
]
NOW = STARTS[0]

Days = dict[int, list[float]]


def values(patient_id: str, now: datetime, code: str, column: str = "value") -> Days:
    """The patient's usable readings of one kind by calendar day, 0 today."""
    found: Days = defaultdict(list)
    for content in readings(patient_id, now=now, zone=ZONE):
        row = derive(checks.prepare(content, now=now))
        if row["code"] == code and not row["doubtful"]:
            found[(row["effective_at"].astimezone(ZONE).date() - now.date()).days].append(row[column])
    return found


def within(days: Days, first: int, last: int) -> list[float]:
    return [value for day in sorted(days) if first <= day <= last for value in days[day]]


def slope(days: Days, first: int, last: int) -> tuple[float, float]:
    """Theil-Sen slope a day and the upper end of its 90 % interval."""
    points = [(day, value) for day in days if first <= day <= last for value in days[day]]
    result = theilslopes([value for _, value in points], [day for day, _ in points], alpha=0.9)
    return result.slope, result.high_slope


def weight_falls(patient_id: str, now: datetime) -> bool:
    """weight-loss-5d, before its blocks."""
    days = values(patient_id, now, codes.WEIGHT)
    taken = [day for day in days if -5 <= day <= 0]
    fall_a_day, upper = slope(days, -5, 0)
    fall = -fall_a_day * (max(taken) - min(taken))
    return len(within(days, -5, 0)) >= 4 and upper < 0 and (fall >= 0.7 or fall >= 0.01 * within(days, -5, 0)[-1])


def pressure_falls(patient_id: str, now: datetime) -> bool:
    """pressure-falling-on-treatment, before its blocks and without the treatment."""
    days = values(patient_id, now, codes.BLOOD_PRESSURE, "systolic")
    _, upper = slope(days, -13, 0)
    before, recent = mean(within(days, -13, -7)), mean(within(days, -6, 0))
    return len(within(days, -13, 0)) >= 10 and upper < 0 and before - recent >= 10 and recent < 130


def mood_is_low(patient_id: str, now: datetime) -> bool:
    """low-mood."""
    days = values(patient_id, now, codes.MOOD)
    return sum(any(value <= 3 for value in days[day]) for day in range(-3, 1)) >= 3


def weight_rises(patient_id: str, now: datetime) -> bool:
    """weight-gain-heart-failure, without the diagnosis."""
    days = values(patient_id, now, codes.WEIGHT)
    today = days[0][-1]
    return any(today - value > 2 for day in range(-7, -2) for value in days[day])


def treated(patient_id: str) -> bool:
    orders = next(person for person in demo.PEOPLE if person.id == patient_id).orders
    return any(order.atc.startswith(("C02", "C03", "C07", "C08", "C09")) for order in orders)


@pytest.mark.parametrize("now", STARTS, ids=str)
class TestStories:
    """Each patient's readings meet the rules of their story and no other, at whatever hour the demo starts."""

    def test_anna_has_the_three_signals(self, now: datetime) -> None:
        assert weight_falls("anna", now)
        assert pressure_falls("anna", now)
        assert treated("anna")
        assert mood_is_low("anna", now)
        assert not weight_rises("anna", now)

    def test_nothing_blocks_annas_proposal(self, now: datetime) -> None:
        weights = values("anna", now, codes.WEIGHT)
        change = abs(weights[0][-1] - median(within(weights, -14, -7))) / median(within(weights, -14, -7))
        assert change <= 0.02
        assert max(within(values("anna", now, codes.TEMPERATURE), -3, 0)) < 37.5
        assert min(within(values("anna", now, codes.BLOOD_PRESSURE, "systolic"), -13, 0)) > 110
        assert all(51 <= pulse <= 90 for pulse in within(values("anna", now, codes.PULSE), -13, 0))
        orders = next(person for person in demo.PEOPLE if person.id == "anna").orders
        assert all(order.started_days_ago > 365 for order in orders)

    def test_anna_slept_seven_hours_and_forty_minutes(self, now: datetime) -> None:
        assert round(values("anna", now, codes.SLEEP)[0][-1] * 60) == 460

    def test_annas_pressure_is_measured_often_enough(self, now: datetime) -> None:
        assert len(within(values("anna", now, codes.BLOOD_PRESSURE, "systolic"), -13, 0)) >= 14

    def test_bertil_gains_weight_with_heart_failure(self, now: datetime) -> None:
        assert weight_rises("bertil", now)
        weights = values("bertil", now, codes.WEIGHT)
        assert round(weights[0][-1] - weights[-4][-1], 1) == 2.6
        assert "I50.9" in dict(next(person for person in demo.PEOPLE if person.id == "bertil").conditions)
        assert not weight_falls("bertil", now)
        assert not (pressure_falls("bertil", now) and treated("bertil"))
        assert not mood_is_low("bertil", now)

    @pytest.mark.parametrize("patient_id", ["cecilia", "elsa"])
    def test_the_steady_meet_no_rule(self, now: datetime, patient_id: str) -> None:
        assert not weight_falls(patient_id, now)
        assert not pressure_falls(patient_id, now)
        assert not mood_is_low(patient_id, now)
        assert not weight_rises(patient_id, now)
        assert mean(within(values(patient_id, now, codes.BLOOD_PRESSURE, "systolic"), -6, 0)) < 135
        assert mean(within(values(patient_id, now, codes.BLOOD_PRESSURE, "diastolic"), -6, 0)) < 85

    def test_no_reading_is_doubtful_or_from_the_future(self, now: datetime) -> None:
        for person in demo.PEOPLE:
            rows = [derive(checks.prepare(one, now=now)) for one in readings(person.id, now=now, zone=ZONE)]
            assert not any(row["doubtful"] for row in rows)
            assert max(row["effective_at"] for row in rows) <= now
            assert len({row["identifier"] for row in rows}) == len(rows)


@pytest.mark.parametrize("person", demo.PEOPLE, ids=lambda person: person.id)
def test_personnummer_are_of_the_test_series(person: demo.Person) -> None:
    assert checks.is_personnummer(person.personnummer)
    assert person.personnummer.startswith(f"{person.born:%Y%m%d}98")
    assert int(person.personnummer[10]) % 2 == (person.gender == "male")


@pytest.mark.parametrize(
    ("patient_id", "age"), [("anna", 85), ("bertil", 72), ("cecilia", 68), ("david", 79), ("elsa", 90)]
)
def test_ages(patient_id: str, age: int) -> None:
    born = next(person for person in demo.PEOPLE if person.id == patient_id).born
    today = date(2026, 11, 21)
    assert today.year - born.year - ((today.month, today.day) < (born.month, born.day)) == age


def counts(db: Session) -> list[int | None]:
    return [
        db.scalar(select(func.count()).select_from(table))
        for table in (Observation, MedicationRequest, Slot, ResourceVersion, PatientSettings)
    ]


def test_seeding_again_the_same_day_changes_nothing(db: Session) -> None:
    demo.seed_into(db, now=NOW.astimezone(UTC))
    first = counts(db)
    demo.seed_into(db, now=NOW.astimezone(UTC))
    assert counts(db) == first


def test_on_a_later_day_the_story_moves_along(db: Session) -> None:
    demo.seed_into(db, now=NOW.astimezone(UTC))
    before = db.scalar(select(func.count()).select_from(Observation))
    later = datetime(2026, 11, 24, 9, tzinfo=ZONE)
    demo.seed_into(db, now=later.astimezone(UTC))
    newest = db.scalar(select(func.max(Observation.effective_at)).where(Observation.code == codes.WEIGHT))
    assert newest
    assert newest.astimezone(ZONE).date() == later.date()
    assert db.scalar(select(func.count()).select_from(Observation)) == before


@pytest.mark.parametrize(("hour", "due"), [(9, "07:30"), (6, "05:50"), (0, "00:00"), (22, "21:50")])
def test_the_check_in_is_due_when_the_demo_starts(db: Session, hour: int, due: str) -> None:
    demo.seed_into(db, now=datetime(2026, 11, 21, hour, 0, tzinfo=get_settings().zone).astimezone(UTC))
    assert f"{db.get_one(PatientSettings, 'anna').checkin_time:%H:%M}" == due


def test_times_are_on_weekdays_with_every_mode_for_both_roles(db: Session) -> None:
    demo.seed_into(db, now=NOW.astimezone(UTC))
    slots = list(db.scalars(select(Slot).where(Slot.id.startswith("slot-"))))
    assert all(slot.starts_at.astimezone(ZONE).weekday() < 5 for slot in slots)
    for schedule in ("schedule-doctor-karin", "schedule-doctor-erik", "schedule-nurse-sara"):
        modes = {mode for slot in slots if slot.schedule_id == schedule for mode in slot.modes}
        assert modes == {"visit", "phone", "video"}
