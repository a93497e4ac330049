"""Measured values as people tell them: in which units, how plausible, and when something must be said at once."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict

FILE = Path(__file__).with_name("measures.yml")
TO_SWEDISH_UNITS: dict[str, Callable[[float], float]] = {
    "[lb_av]": lambda pounds: pounds * 0.45359237,
    "[degF]": lambda fahrenheit: (fahrenheit - 32) * 5 / 9,
    "mg/dL": lambda milligrams: milligrams / 18.016,
}
"""UCUM units that people may say, to kg, °C and mmol/L (glucose: molar mass 180.16 g/mol)."""

Measurement = dict[str, Any]
"""{"kind", "value", "unit"}, or for blood pressure {"kind", "systolic", "diastolic", "unit"}."""


class Kind(BaseModel):
    """One kind of value: its LOINC code, UCUM unit, and the human range (blood pressure has one for each part)."""

    model_config = ConfigDict(extra="forbid")

    code: str
    unit: str
    topic: str
    decimals: int
    human: tuple[float, float] | None = None


class Alarm(BaseModel):
    """A value at which something is said at once."""

    model_config = ConfigDict(extra="forbid")

    id: str
    kind: str
    level: Literal["emergency", "alert", "advice"]
    source: str
    part: str = "value"
    below: float | None = None
    at_most: float | None = None
    at_least: float | None = None
    scale: int | None = None

    def fits(self, value: float) -> bool:
        """Tell whether a value lies where this alarm does."""
        return (
            (self.below is not None and value < self.below)
            or (self.at_most is not None and value <= self.at_most)
            or (self.at_least is not None and value >= self.at_least)
        )


class Measures(BaseModel):
    """All of measures.yml."""

    model_config = ConfigDict(extra="forbid")

    approved_by: str | None
    review_by: Any
    kinds: dict[str, Kind]
    pressure: dict[str, tuple[float, float]]
    alarms: list[Alarm]


@lru_cache
def measures() -> Measures:
    """Return measures.yml."""
    return Measures.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def in_swedish_units(measured: Measurement) -> Measurement:
    """Return the measurement in the unit of its kind, and the original under "original" if that was another."""
    convert = TO_SWEDISH_UNITS.get(measured["unit"])
    if convert is None:
        return measured
    kind = measures().kinds[measured["kind"]]
    original = {"value": measured["value"], "unit": measured["unit"]}
    return {
        "kind": measured["kind"],
        "value": round(convert(measured["value"]), 4),
        "unit": kind.unit,
        "original": original,
    }


def is_human(measured: Measurement) -> bool:
    """Tell whether a human body can have this value."""
    if measured["kind"] == "blood_pressure":
        parts = measures().pressure
        inside = all(low <= measured[part] <= high for part, (low, high) in parts.items())
        return bool(inside and measured["diastolic"] < measured["systolic"])
    human = measures().kinds[measured["kind"]].human
    return human is None or human[0] <= measured["value"] <= human[1]


def alarm(measured: Measurement, *, spo2_scale: int) -> Alarm | None:
    """Return the alarm for a value, None when there is none or no body has such a value.

    `spo2_scale` is 2 for patients for whom a clinician has set the lower oxygen target, else 1.
    """
    if not is_human(measured):
        return None
    fitting = (
        one
        for one in measures().alarms
        if one.kind == measured["kind"] and one.scale in (None, spo2_scale) and one.fits(measured.get(one.part, 0.0))
    )
    return next(fitting, None)
