"""Slippery ground and heat from SMHI's point forecast (snow1g, version 1): one fetch per grid cell and hour.

Slip risk is ours, without validation: freezing rain or drizzle, or rain on ground at or below zero, is severe; ground
that freezes again after a thaw is caution. Ground is taken as colder than the air on clear, calm nights.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any

import httpx
import polars as pl
import structlog

PATH = "/api/category/snow1g/version/1/geotype/point/lon/{lon}/lat/{lat}/data.json"
TIMEOUT_S = 5.0
FETCH_AGAIN_AFTER = timedelta(hours=1)
AWAY = timedelta(minutes=10)
"""After an answer that failed to come nobody is asked for so long, so that a round never waits cell by cell."""
STALE_AFTER = timedelta(hours=12)
CELL_DEGREES = 0.05
"""Side of a grid cell: about 5.5 km north to south and 3 km east to west in Sweden. Our own number."""
AHEAD = timedelta(hours=24)

NO_RISK, CAUTION, SEVERE = 0, 1, 2
MISSING = 9999
RAIN = frozenset({1, 7, 11})
FREEZING = frozenset({3, 12})
MIXED_OR_ICE = 4
COLD_GROUND_C = 0.0
CLEAR_OKTAS = 2
CALM_M_S = 3.0
RADIATION_C = 3.5
"""On a clear and calm night the ground is up to 3.5 degrees colder than the air (a public rule of thumb)."""
NIGHT_FROM_H_UTC, NIGHT_UNTIL_H_UTC = 17, 8
HOT_C = 26.0
HOT_DAYS = 3
"""Heat is at least 26 degrees on three days in a row, as we have understood SMHI's message on high temperatures."""

log = structlog.get_logger()

Cell = tuple[float, float]
"""Longitude and latitude of a cell's middle, degrees."""


@dataclass(frozen=True)
class Hour:
    """One step of the forecast; None is missing. Temperatures in degrees Celsius, wind in m/s, cloud in oktas."""

    at: datetime
    air: float | None
    wind: float | None
    cloud: float | None
    precipitation: int | None


@dataclass(frozen=True)
class Forecast:
    """What SMHI answered for a cell. `made_at` is when the forecast was made, else when it was fetched."""

    made_at: datetime
    hours: tuple[Hour, ...]


@dataclass
class _Known:
    """What is kept of one cell: the latest forecast, when it was asked for, and the risk said for each day."""

    forecast: Forecast | None = None
    asked_at: datetime | None = None
    risks: dict[date, int] = field(default_factory=dict)


class Weather:
    """Forecasts of the cells that patients live in, kept in memory; safe to use from several threads.

    Args:
        base_url: where SMHI answers.
        client: used for the requests; one of its own when None.
    """

    def __init__(self, *, base_url: str, client: httpx.Client | None = None) -> None:
        self.base_url = base_url.rstrip("/")
        self.client = client or httpx.Client(timeout=TIMEOUT_S)
        self._cells: dict[Cell, _Known] = {}
        self._away_until: datetime | None = None
        self._lock = Lock()

    def facts(self, places: Mapping[str, Cell], *, now: datetime, today: date) -> pl.DataFrame:
        """Return patient_id, slip_risk, slip_risk_before and heat; unknown where no fresh forecast is to be had.

        Args:
            places: the cell of each patient whose place is known.
        """
        by_cell = {cell: self._of_cell(cell, now, today) for cell in set(places.values())}
        rows = [(patient_id, *by_cell[cell]) for patient_id, cell in places.items()]
        return pl.DataFrame(rows, schema=SCHEMA, orient="row")

    def _of_cell(self, cell: Cell, now: datetime, today: date) -> tuple[int | None, int | None, int | None]:
        with self._lock:
            known = self._cells.setdefault(cell, _Known())
            if known.asked_at is None or now - known.asked_at >= FETCH_AGAIN_AFTER:
                known.asked_at = now
                known.forecast = self._fetch(cell, now) or known.forecast
            if known.forecast is None or now - known.forecast.made_at > STALE_AFTER:
                return None, None, None
            risk = slip_risk(known.forecast.hours, now=now)
            if risk is None:
                return None, None, None
            known.risks[today] = max(risk, known.risks.get(today, NO_RISK))
            return risk, known.risks.get(today - timedelta(days=1), NO_RISK), int(is_hot(known.forecast.hours, now=now))

    def _fetch(self, cell: Cell, now: datetime) -> Forecast | None:
        if self._away_until is not None and now < self._away_until <= now + AWAY:
            return None
        path = PATH.format(lon=cell[0], lat=cell[1])
        try:
            answer = self.client.get(f"{self.base_url}{path}")
            answer.raise_for_status()
            return read(answer.json(), fetched_at=now)
        except httpx.TransportError as error:
            self._away_until = now + AWAY
            log.warning("weather_away", problem=type(error).__name__)
            return None
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            log.warning("weather_unknown", problem=type(error).__name__)
            return None


SCHEMA: Mapping[str, Any] = {
    "patient_id": pl.String,
    "slip_risk": pl.Int64,
    "slip_risk_before": pl.Int64,
    "heat": pl.Int64,
}


def cell_of(*, latitude: float, longitude: float) -> Cell:
    """Return the grid cell of a place."""
    return _middle(longitude), _middle(latitude)


def read(answer: Mapping[str, Any], *, fetched_at: datetime) -> Forecast:
    """Read SMHI's answer.

    Raises:
        KeyError, TypeError, ValueError: it has not the documented shape.
    """
    made_at = answer.get("referenceTime") or answer.get("createdTime")
    return Forecast(
        made_at=datetime.fromisoformat(made_at) if made_at else fetched_at,
        hours=tuple(_hour(step) for step in answer["timeSeries"]),
    )


def slip_risk(hours: Iterable[Hour], *, now: datetime) -> int | None:
    """Return the worst risk of the coming 24 hours, 0 none, 1 caution, 2 severe; None when the forecast lacks it."""
    coming = [hour for hour in hours if now <= hour.at <= now + AHEAD]
    if not any(hour.air is not None and hour.precipitation is not None for hour in coming):
        return None
    ground = [_ground(hour) for hour in coming]
    if any(_is_severe(hour, cold) for hour, cold in zip(coming, ground, strict=True)):
        return SEVERE
    thawed = False
    for hour, cold in zip(coming, ground, strict=True):
        thawed = thawed or (hour.air is not None and hour.air > COLD_GROUND_C)
        if thawed and cold is not None and cold <= COLD_GROUND_C and (hour.air or 0) <= COLD_GROUND_C:
            return CAUTION
    return NO_RISK


def is_hot(hours: Iterable[Hour], *, now: datetime) -> bool:
    """Return whether the coming three days each reach 26 degrees."""
    warmest: dict[date, float] = {}
    for hour in hours:
        if hour.air is not None and hour.at >= now:
            day = hour.at.date()
            warmest[day] = max(hour.air, warmest.get(day, hour.air))
    days = sorted(warmest)[:HOT_DAYS]
    return len(days) == HOT_DAYS and all(warmest[day] >= HOT_C for day in days)


def _is_severe(hour: Hour, ground: float | None) -> bool:
    if hour.precipitation in FREEZING or hour.precipitation == MIXED_OR_ICE:
        return hour.precipitation in FREEZING or (ground is not None and ground <= COLD_GROUND_C)
    return hour.precipitation in RAIN and ground is not None and ground <= COLD_GROUND_C


def _ground(hour: Hour) -> float | None:
    """The temperature of the ground: the air's, less on a clear and calm night."""
    if hour.air is None:
        return None
    night = hour.at.hour >= NIGHT_FROM_H_UTC or hour.at.hour < NIGHT_UNTIL_H_UTC
    clear = hour.cloud is not None and hour.cloud <= CLEAR_OKTAS
    calm = hour.wind is not None and hour.wind <= CALM_M_S
    return hour.air - RADIATION_C if night and clear and calm else hour.air


def _hour(step: Mapping[str, Any]) -> Hour:
    data = step["data"]

    def value(name: str, convert: Callable[[Any], float] = float) -> float | None:
        found = data.get(name)
        return None if found is None or found == MISSING else convert(found)

    precipitation = value("predominant_precipitation_type_at_surface")
    return Hour(
        at=datetime.fromisoformat(step["time"]),
        air=value("air_temperature"),
        wind=value("wind_speed"),
        cloud=value("cloud_area_fraction"),
        precipitation=None if precipitation is None else int(precipitation),
    )


def _middle(degrees: float) -> float:
    return round((degrees // CELL_DEGREES + 0.5) * CELL_DEGREES, 6)
