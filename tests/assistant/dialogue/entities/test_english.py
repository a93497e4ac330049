"""Days, times and values said in English, on Saturday 21 November 2026 at nine."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from assistant.dialogue.entities import extract

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=ZoneInfo("Europe/Stockholm"))


def said(text: str, *names: str) -> list[Any]:
    found = extract(text, now=NOW, looking="told")
    return [entity["value"] for name in names for entity in found if entity["entity"] == name]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Friday afternoon", ["2026-11-27", "afternoon"]),
        ("this evening", ["2026-11-21", "evening"]),
        ("after lunch on Tuesday", ["2026-11-24", "afternoon"]),
        ("this weekend", [{"from": "2026-11-21", "to": "2026-11-22"}]),
        ("Thursday between 10 and 12", ["2026-11-26", {"from": "10:00", "to": "12:00"}]),
        ("from 9 to 11 on Monday", ["2026-11-23", {"from": "09:00", "to": "11:00"}]),
        ("10 am to noon", [{"from": "10:00", "to": "12:00"}]),
        ("from 2 to 4 pm", [{"from": "14:00", "to": "16:00"}]),
        ("11 to 1 pm", [{"from": "11:00", "to": "13:00"}]),
        ("3 o'clock on Thursday", ["2026-11-26", "15:00"]),
        ("ten to four", ["15:50"]),
        ("8 in the morning", ["08:00"]),
        ("not Tuesday, Wednesday", ["2026-11-25"]),
        ("Tuesday, sorry, I mean Wednesday", ["2026-11-25"]),
        ("Tuesday doesn't work, Friday is better", ["2026-11-27"]),
        ("instead of Tuesday, Thursday", ["2026-11-26"]),
        ("can we move it from Tuesday to Friday", ["2026-11-27"]),
        ("Monday to Wednesday", [{"from": "2026-11-23", "to": "2026-11-25"}]),
        ("in a week", ["2026-11-28"]),
        ("two days ago", ["2026-11-19"]),
        ("since last week", [{"from": "2026-11-09", "to": "2026-11-15"}]),
        ("in an hour", ["2026-11-21", "10:00"]),
        ("the day after Christmas", ["2026-12-25"]),
        ("first Monday in January", ["2027-01-04"]),
    ],
)
def test_reads_days_and_times_in_english(text: str, expected: list[Any]) -> None:
    assert said(text, "date", "time", "part_of_day") == expected


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("heart rate 66", "pulse", 66),
        ("66 beats per minute", "pulse", 66),
        ("18 breaths per minute", "breaths", 18),
        ("my temperature is thirty eight point five", "temperature", 38.5),
        ("I slept six and a half hours", "sleep", 6.5),
    ],
)
def test_reads_values_in_english(text: str, kind: str, value: float) -> None:
    assert [(found["kind"], found["value"]) for found in said(text, "measurement")] == [(kind, value)]


def test_reads_severity_in_english() -> None:
    assert said("the pain is seven out of ten", "severity") == [7]
