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
MMHG_PER_KPA = 7.500616827
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


def _kelvin(value: float) -> float:
    return value - 273.15


def _same(value: float) -> float:
    return value


def _per_minute(*annotated: str) -> Mapping[str, Convert]:
    """Other ways to write a rate per minute in UCUM, which ignores what stands in braces."""
    return dict.fromkeys(("1/min", *(f"{{{what}}}/min" for what in annotated)), _same)


_weight = Measure(
    "kg",
    "kg",
    25,
    300,
    {
        "[lb_av]": lambda lb: lb * POUND_KG,
        "[stone_av]": lambda stone: stone * 14 * POUND_KG,
        "g": lambda g: g / 1000,
        "hg": lambda hg: hg / 10,
    },
)
_height = Measure(
    "cm",
    "cm",
    50,
    250,
    {
        "m": lambda m: m * 100,
        "mm": lambda mm: mm / 10,
        "[in_i]": lambda inch: inch * INCH_CM,
        "[ft_i]": lambda foot: foot * 12 * INCH_CM,
    },
)
_kilopascal: Mapping[str, Convert] = {"kPa": lambda kilopascal: kilopascal * MMHG_PER_KPA}
_milligrams = dict.fromkeys(("mg/dL", "mg/dl"), lambda mg: mg / GLUCOSE_MG_PER_MMOL)
_grams = dict.fromkeys(("g/L", "g/l"), lambda g: g * 100 / GLUCOSE_MG_PER_MMOL)
_glucose = Measure("mmol/L", "mmol/L", 0.6, 40, {"mmol/l": _same, **_milligrams, **_grams})
_scores = dict.fromkeys(("1", "{points}", "{total}"), _same)


def _score(highest: int, shown: str) -> Measure:
    return Measure("{score}", shown, 0, highest, _scores)


MEASURES: dict[str, Measure] = {
    codes.WEIGHT: _weight,
    codes.HEIGHT: _height,
    codes.SYSTOLIC: Measure("mm[Hg]", "mmHg", 50, 270, _kilopascal),
    codes.DIASTOLIC: Measure("mm[Hg]", "mmHg", 30, 160, _kilopascal),
    codes.PULSE: Measure("/min", "slag/min", 25, 220, _per_minute("beats", "Beats", "beat")),
    codes.BREATHS: Measure("/min", "andetag/min", 5, 60, _per_minute("breaths", "Breaths", "breath")),
    codes.TEMPERATURE: Measure("Cel", "°C", 32.0, 43.0, {"[degF]": _fahrenheit, "K": _kelvin}),
    codes.SPO2: Measure("%", "%", 50, 100, {"1": lambda share: share * 100, "{fraction}": lambda share: share * 100}),
    codes.GLUCOSE: _glucose,
    codes.GLUCOSE_PLASMA: _glucose,
    codes.GLUCOSE_FASTING: _glucose,
    codes.GLUCOSE_FASTING_BLOOD: _glucose,
    codes.SLEEP: Measure("h", "timmar", 0, 24, {"min": lambda minutes: minutes / 60, "s": lambda s: s / 3600}),
    codes.MOOD: _score(10, "av 10"),
    codes.PHQ2: _score(6, "poäng"),
    codes.PHQ9: _score(27, "poäng"),
    codes.PHQ9_ITEM9: _score(3, "poäng"),
    codes.GDS15: _score(15, "poäng"),
}
