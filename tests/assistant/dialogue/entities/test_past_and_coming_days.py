"""Whether a day that could be either is past or to come, on Saturday 21 November 2026 at nine."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from assistant.dialogue.entities import extract
from assistant.dialogue.entities.calendar import Looking

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=ZoneInfo("Europe/Stockholm"))


def dates(text: str, looking: Looking) -> list[Any]:
    return [entity["value"] for entity in extract(text, now=NOW, looking=looking) if entity["entity"] == "date"]


@pytest.mark.parametrize("looking", ["ahead", "told", "back"])
@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("på torsdag fem i halv tre", "2026-11-26"),
        ("10.45 på onsdag", "2026-11-25"),
        ("nu på måndag", "2026-11-23"),
        ("klockan 12.30 den 14:e", "2026-12-14"),
        ("12 december klockan 14.15", "2026-12-12"),
        ("tors 26/11 fm", "2026-11-26"),
        ("fredag em går bra för mej", "2026-11-27"),
        ("kan ni den 14 april?", "2027-04-14"),
        ("den 2/2 klockan 11", "2027-02-02"),
    ],
)
def test_a_day_to_come_is_one_whatever_the_message_was_taken_for(text: str, day: str, looking: Looking) -> None:
    assert dates(text, looking) == [day]


@pytest.mark.parametrize("looking", ["told", "back"])
@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("hostat sen i torsdags", "2026-11-19"),
        ("ont i halsen sedan tisdag", "2026-11-17"),
        ("feber sen natten till torsdag", "2026-11-19"),
        ("yr sedan 10 november", "2026-11-10"),
        ("jag vägde mig på kvällen måndag den 16 november", "2026-11-16"),
        ("jag föll den 25", "2026-10-25"),
        ("I have been dizzy since Monday", "2026-11-16"),
        ("I fell last Friday", "2026-11-20"),
    ],
)
def test_a_day_that_has_been_is_one_where_something_is_told(text: str, day: str, looking: Looking) -> None:
    assert dates(text, looking) == [day]


@pytest.mark.parametrize(
    ("text", "told", "asked"),
    [
        ("vad vägde jag den 10 maj", "2026-05-10", "2026-05-10"),
        ("vikten var 80 den 26 november", "2026-11-26", "2025-11-26"),
    ],
)
def test_what_is_told_is_not_most_of_a_year_old_but_what_is_asked_may_be(text: str, told: str, asked: str) -> None:
    assert dates(text, "told") == [told]
    assert dates(text, "back") == [asked]


@pytest.mark.parametrize("text", ["i måndags", "yr sedan 10 november", "sedan tisdag", "förra veckan", "last Monday"])
def test_no_day_is_past_where_something_is_arranged(text: str) -> None:
    assert dates(text, "ahead") == []


def test_what_comes_after_another_day_is_no_beginning() -> None:
    assert dates("först på tisdag, sen torsdag", "ahead") == ["2026-11-24", "2026-11-26"]
