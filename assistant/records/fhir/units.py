"""Units of readings (UCUM), how to convert them, and the ranges in which a human body can be.

Ranges are those of the policy, section "Values": outside them a reading is kept, marked doubtful and never used.
Three are ours: height 50-250 cm; mood is a scale of 0-10; a night's sleep is at most 24 hours.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from assistant.records.fhir import codes

Convert = Callable[[float], float]

POUND_KG = 0.45359237
INCH_CM = 2.54
GLUCOSE_MG_PER_MMOL = 18.016
"""Milligrams per decilitre of glucose in one mmol/L: molar mass 180.16 g/mol."""


@dataclass(frozen=True)
class Measure:
    """What one kind of reading is counted in: UCUM unit, how people write it, human range, accepted other units."""

    unit: str
    shown: str
    low: float
    high: float
    convert: Mapping[str, Convert] = field(default_factory=dict)


def _fahrenheit(value: float) -> float:
    return (value - 32) * 5 / 9


_weight = Measure("kg", "kg", 25, 300, {"[lb_av]": lambda lb: lb * POUND_KG, "g": lambda g: g / 1000})
_glucose = Measure("mmol/L", "mmol/L", 0.6, 40, {"mg/dL": lambda mg: mg / GLUCOSE_MG_PER_MMOL})

MEASURES: dict[str, Measure] = {
    codes.WEIGHT: _weight,
    codes.HEIGHT: Measure("cm", "cm", 50, 250, {"m": lambda m: m * 100, "[in_i]": lambda inch: inch * INCH_CM}),
    codes.SYSTOLIC: Measure("mm[Hg]", "mmHg", 50, 270),
    codes.DIASTOLIC: Measure("mm[Hg]", "mmHg", 30, 160),
    codes.PULSE: Measure("/min", "slag/min", 25, 220),
    codes.BREATHS: Measure("/min", "andetag/min", 5, 60),
    codes.TEMPERATURE: Measure("Cel", "°C", 32.0, 43.0, {"[degF]": _fahrenheit}),
    codes.SPO2: Measure("%", "%", 50, 100),
    codes.GLUCOSE: _glucose,
    codes.GLUCOSE_PLASMA: _glucose,
    codes.SLEEP: Measure("h", "timmar", 0, 24, {"min": lambda minutes: minutes / 60}),
    codes.MOOD: Measure("{score}", "av 10", 0, 10, {"1": float}),
}
