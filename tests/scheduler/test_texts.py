"""Numbers and sentences as people read them."""

from datetime import UTC, datetime

import pytest

from scheduler import texts
from scheduler.tastes import liked_flavour


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [
        (7 + 40 / 60, "Du sov gott i natt, 7 timmar och 40 minuter."),
        (7.6667, "Du sov gott i natt, 7 timmar och 40 minuter."),
        (8, "Du sov gott i natt, 8 timmar."),
        (6.999, "Du sov 7 timmar i natt."),
        (5 + 1 / 60, "Du sov 5 timmar och 1 minut i natt."),
        (1, "Du sov lite i natt, 1 timme."),
        (0.5, "Du sov lite i natt, 30 minuter."),
        (None, "Jag vet inte hur du sov i natt."),
    ],
)
def test_sleep_is_said_in_hours_and_minutes(hours: float | None, sentence: str) -> None:
    assert texts.sleep_sentence(hours)["sv"] == sentence


def test_numbers_have_a_comma_in_swedish_and_a_point_in_english() -> None:
    assert texts.number(60.4, decimals=1) == "60,4"
    assert texts.number(60.4, decimals=1, language="en") == "60.4"


def test_greets_by_the_clock() -> None:
    assert texts.greeting("Anna", datetime(2026, 11, 21, 7, 30, tzinfo=UTC))["sv"] == "God morgon, Anna!"
    assert texts.greeting("Anna", datetime(2026, 11, 21, 13, 0, tzinfo=UTC))["sv"] == "Hej, Anna!"


def test_taste_is_one_that_is_liked_and_never_one_refused() -> None:
    liked = liked_flavour(likes=["Jordgubbar", "choklad"], refused=["jordgubbe"])
    assert liked is not None
    assert liked.sv == "choklad"
    assert liked_flavour(likes=["sill"], refused=[]) is None
