"""Slip risk from recorded answers of the documented shape, served over HTTP."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from scheduler.weather import CAUTION, NO_RISK, SEVERE, Weather, cell_of

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
TODAY = NOW.date()
HOME = cell_of(latitude=57.7089, longitude=11.9746)


def answer(steps: list[dict[str, Any]], *, made_at: datetime = NOW) -> dict[str, Any]:
    """An answer of SMHI: hours from now, each with ordinary weather unless a step says otherwise."""
    series = []
    for number, step in enumerate(steps):
        at = NOW + timedelta(hours=number)
        data = {
            "air_temperature": 4.0,
            "relative_humidity": 85,
            "wind_speed": 5.0,
            "cloud_area_fraction": 8,
            "precipitation_amount_mean": 0.0,
            "precipitation_frozen_part": -9,
            "probability_of_precipitation": 10,
            "predominant_precipitation_type_at_surface": 0,
            "symbol_code": 6,
        }
        before = at - timedelta(hours=1)
        series.append({"time": _z(at), "intervalParametersStartTime": _z(before), "data": data | step})
    return {"createdTime": _z(made_at), "referenceTime": _z(made_at), "timeSeries": series}


def _z(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class Smhi:
    """A server that answers as it is told and remembers what was asked for."""

    def __init__(self) -> None:
        self.answer: dict[str, Any] | None = answer([{}] * 30)
        self.asked: list[str] = []
        smhi = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                smhi.asked.append(self.path)
                self.send_response(404 if smhi.answer is None else 200)
                self.end_headers()
                self.wfile.write(json.dumps(smhi.answer).encode())

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def smhi() -> Iterator[Smhi]:
    server = Smhi()
    yield server
    server.server.shutdown()
    server.server.server_close()


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
