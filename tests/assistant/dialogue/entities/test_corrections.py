"""What people take back within a message: the last that is said counts. It is Saturday 21 November 2026, nine."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from assistant.dialogue.entities import extract

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=ZoneInfo("Europe/Stockholm"))


def values(text: str, entity: str) -> list[Any]:
    return [found["value"] for found in extract(text, now=NOW) if found["entity"] == entity]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Jag väger 81, nej förlåt, 82 kilo.", "weight", 82),
        ("vikten 73,5, nej 75,3", "weight", 75.3),
        ("det var inte 81 utan 82 kilo", "weight", 82),
        ("inte 81 kilo utan 82", "weight", 82),
        ("61 kilo menar jag, inte 16", "weight", 61),
        ("68 kilo, jag menar 69 kilo", "weight", 69),
        ("jag sa 81 kilo men jag menade 82", "weight", 82),
        ("pulsen är 69, eller nej, 96 stod det", "pulse", 96),
        ("my pulse is 69, sorry, 96", "pulse", 96),
        ("puls 88, inte 98", "pulse", 88),
        ("tempen är 37,8 nej 38,7", "temperature", 38.7),
        ("sockret 5,6... vänta, 6,5", "glucose", 6.5),
        ("sov sex timmar, nej sju", "sleep", 7),
    ],
)
def test_of_two_values_of_a_kind_the_corrected_one_is_left_out(text: str, kind: str, value: float) -> None:
    assert [(found["kind"], found["value"]) for found in values(text, "measurement")] == [(kind, value)]


@pytest.mark.parametrize(
    ("text", "systolic", "diastolic"),
    [
        ("130/80, nej 140/80", 140, 80),
        ("fel av mig: trycket var 126/74, inte 162/74", 126, 74),
        ("inte 128/70, 138/70 ska det vara", 138, 70),
        ("130 över 80, nej 85", 130, 85),
        ("130/80 nej 135", 135, 80),
        ("155 genom, nej vänta, 145 genom 82 ska det vara", 145, 82),
    ],
)
def test_a_corrected_pressure_is_left_out(text: str, systolic: int, diastolic: int) -> None:
    (found,) = values(text, "measurement")
    assert (found["systolic"], found["diastolic"]) == (systolic, diastolic)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("puls 72, nej vänta, vikten är 80 kilo", ["pulse", "weight"]),
        ("tryck 121 över 66 liggande, 109 över 61 stående", ["blood_pressure", "blood_pressure"]),
        ("130/80, det ska vara under 140/90", ["blood_pressure", "blood_pressure"]),
    ],
)
def test_values_that_nobody_takes_back_stay(text: str, kinds: list[str]) -> None:
    assert [found["kind"] for found in values(text, "measurement")] == kinds


@pytest.mark.parametrize(
    ("text", "dates", "times"),
    [
        ("tisdag, onsdag menar jag", ["2026-11-25"], []),
        ("på tisdag, förlåt, på onsdag", ["2026-11-25"], []),
        ("den 3, nej 4", ["2026-12-04"], []),
        ("den 3, nej den 4 december", ["2026-12-04"], []),
        ("klockan tio, jag menar elva", [], ["11:00"]),
        ("klockan 9 förlåt 10 på tisdag", ["2026-11-24"], ["10:00"]),
        ("på tisdag klockan 9, nej onsdag klockan 10", ["2026-11-25"], ["10:00"]),
        ("fredag klockan tio, nej förresten, klockan elva", ["2026-11-27"], ["11:00"]),
        ("måndag eller onsdag", ["2026-11-23", "2026-11-25"], []),
    ],
)
def test_of_days_and_times_the_corrected_one_is_left_out(text: str, dates: list[str], times: list[str]) -> None:
    assert (values(text, "date"), values(text, "time")) == (dates, times)


@pytest.mark.parametrize(
    ("text", "expected", "value"), [("nio, nej tio", "time", "10:00"), ("6, nej 7", "severity", 7)]
)
def test_of_two_bare_answers_the_corrected_one_is_left_out(text: str, expected: str, value: Any) -> None:
    assert [found["value"] for found in extract(text, now=NOW, expected=expected)] == [value]


def test_of_two_bare_values_the_corrected_one_is_left_out() -> None:
    (found,) = extract("81, nej 82", now=NOW, expected="weight")
    assert found["value"] == {"kind": "weight", "value": 82, "unit": "kg"}


def test_of_two_strengths_the_corrected_one_is_left_out() -> None:
    assert values("smärta 6 av 10, nej 7 av 10", "severity") == [7]
