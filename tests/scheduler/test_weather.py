"""Slip risk from recorded answers of the documented shape, served over HTTP."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from scheduler.weather import CAUTION, NO_RISK, SEVERE, Weather, cell_of
from tests.scheduler.smhi import NOW, Smhi, answer

TODAY = NOW.date()
HOME = cell_of(latitude=57.7089, longitude=11.9746)


def said(weather: Weather, *, now: datetime = NOW) -> tuple[int | None, int | None, int | None]:
    row = weather.facts({"anna": HOME}, now=now, today=now.date()).row(0)
    return row[1], row[2], row[3]


@pytest.mark.parametrize(
    ("steps", "risk"),
    [
        ([{}] * 30, NO_RISK),
        ([{}] * 5 + [{"air_temperature": -0.5, "predominant_precipitation_type_at_surface": 3}] + [{}] * 20, SEVERE),
        ([{}] * 5 + [{"air_temperature": 0.5, "predominant_precipitation_type_at_surface": 12}] + [{}] * 20, SEVERE),
        ([{}] * 5 + [{"air_temperature": 0.0, "predominant_precipitation_type_at_surface": 1}] + [{}] * 20, SEVERE),
        ([{"predominant_precipitation_type_at_surface": 1}] * 30, NO_RISK),
        ([{"air_temperature": 2.0}] * 6 + [{"air_temperature": -1.0}] * 20, CAUTION),
        ([{"air_temperature": -4.0, "predominant_precipitation_type_at_surface": 5}] * 30, NO_RISK),
        ([{"air_temperature": 9999, "predominant_precipitation_type_at_surface": 9999}] * 30, None),
        ([{}] * 26 + [{"air_temperature": -0.5, "predominant_precipitation_type_at_surface": 3}], NO_RISK),
    ],
    ids=["mild", "freezing-rain", "freezing-drizzle", "rain-on-ice", "rain", "refreeze", "snow", "missing", "later"],
)
def test_says_how_slippery_the_coming_day_is(smhi: Smhi, steps: list[dict[str, Any]], risk: int | None) -> None:
    smhi.answer = answer(steps)
    assert said(Weather(base_url=smhi.url))[0] == risk


def test_asks_once_for_all_who_live_in_a_cell_and_again_after_an_hour(smhi: Smhi) -> None:
    weather = Weather(base_url=smhi.url)
    near = cell_of(latitude=57.7101, longitude=11.9750)
    assert near == HOME
    weather.facts({"anna": HOME, "bertil": near}, now=NOW, today=TODAY)
    said(weather, now=NOW + timedelta(minutes=59))
    assert smhi.asked == ["/api/category/snow1g/version/1/geotype/point/lon/11.975/lat/57.725/data.json"]
    said(weather, now=NOW + timedelta(minutes=60))
    assert len(smhi.asked) == 2


def test_remembers_the_day_before_so_that_only_a_change_is_said(smhi: Smhi) -> None:
    smhi.answer = answer([{"air_temperature": -0.5, "predominant_precipitation_type_at_surface": 3}] * 60)
    weather = Weather(base_url=smhi.url)
    assert said(weather)[:2] == (SEVERE, NO_RISK)
    smhi.answer = answer(
        [{"air_temperature": -0.5, "predominant_precipitation_type_at_surface": 3}] * 60,
        made_at=NOW + timedelta(hours=24),
    )
    assert said(weather, now=NOW + timedelta(hours=24))[:2] == (SEVERE, SEVERE)


def test_is_silent_when_the_forecast_is_older_than_twelve_hours(smhi: Smhi) -> None:
    smhi.answer = answer([{}] * 40, made_at=NOW - timedelta(hours=12, minutes=1))
    assert said(Weather(base_url=smhi.url)) == (None, None, None)


def test_keeps_a_fresh_forecast_when_smhi_does_not_answer_and_is_then_silent(smhi: Smhi) -> None:
    weather = Weather(base_url=smhi.url)
    assert said(weather)[0] == NO_RISK
    smhi.answer = None
    assert said(weather, now=NOW + timedelta(hours=2))[0] == NO_RISK
    assert said(weather, now=NOW + timedelta(hours=13))[0] is None


@pytest.mark.parametrize("broken", [None, {}, {"timeSeries": [{}]}, {"timeSeries": [{"time": "x", "data": {}}]}])
def test_is_silent_when_the_answer_is_not_a_forecast(smhi: Smhi, broken: dict[str, Any] | None) -> None:
    smhi.answer = broken
    assert said(Weather(base_url=smhi.url)) == (None, None, None)


@pytest.mark.parametrize(("warmest", "heat"), [(26.0, 1), (25.9, 0)])
def test_knows_heat_from_three_hot_days(smhi: Smhi, warmest: float, heat: int) -> None:
    smhi.answer = answer([{"air_temperature": warmest}] * 72)
    assert said(Weather(base_url=smhi.url))[2] == heat
