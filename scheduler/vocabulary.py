"""The closed vocabulary of the clinical rules: what can be measured, reported and compared."""

from dataclasses import dataclass
from typing import Literal, get_args

LoincOrOwn = str

Level = Literal["advise", "offer", "propose", "alert"]
LEVELS_IN_ORDER_OF_TALK: tuple[Level, ...] = ("alert", "advise", "propose", "offer")

SignalName = Literal[
    "weight",
    "systolic",
    "diastolic",
    "pulse",
    "spo2",
    "temperature",
    "breaths",
    "glucose",
    "sleep",
    "mood",
    "phq2",
]

ReportName = Literal[
    "breathlessness",
    "confusion",
    "consciousness-impaired",
    "constipation",
    "dizziness",
    "fainting",
    "fall",
    "loneliness",
    "scale-changed",
    "sputum",
    "sputum-colour",
]

MeasureName = Literal[
    "count",
    "latest",
    "first",
    "mean",
    "median",
    "min",
    "max",
    "change",
    "change_percent",
    "slope",
    "slope_low",
    "slope_high",
    "fall",
    "fall_percent",
    "rise",
    "days_with",
    "days_since",
]

Fact = Literal["age"]
Flavour = Literal["nutrition-drink"]

SLOPE_MEASURES: frozenset[MeasureName] = frozenset({"slope", "slope_low", "slope_high", "fall", "fall_percent"})


@dataclass(frozen=True)
class Signal:
    """A kind of reading: where it is in the observation table and how it is said.

    `column` is value, systolic or diastolic; `ucum` is the only unit accepted (None: the column has one unit);
    `unit`, `decimals` and the labels are for people.
    """

    codes: tuple[LoincOrOwn, ...]
    column: str
    ucum: str | None
    unit: str
    decimals: int
    label_sv: str
    label_en: str


SIGNALS: dict[SignalName, Signal] = {
    "weight": Signal(("29463-7",), "value", "kg", "kg", 1, "Vikt", "Weight"),
    "systolic": Signal(("85354-9",), "systolic", None, "mm Hg", 0, "Blodtryck", "Blood pressure"),
    "diastolic": Signal(("85354-9",), "diastolic", None, "mm Hg", 0, "Blodtryck", "Blood pressure"),
    "pulse": Signal(("8867-4",), "value", "/min", "slag/min", 0, "Puls", "Pulse"),
    "spo2": Signal(("2708-6", "59408-5"), "value", "%", "%", 0, "Syremättnad", "Oxygen saturation"),
    "temperature": Signal(("8310-5",), "value", "Cel", "°C", 1, "Temperatur", "Temperature"),
    "breaths": Signal(("9279-1",), "value", "/min", "andetag/min", 0, "Andning", "Breathing"),
    "glucose": Signal(("14749-6", "15074-8"), "value", "mmol/L", "mmol/l", 1, "Blodsocker", "Glucose"),
    "sleep": Signal(("93832-4",), "value", "h", "timmar", 1, "Sömn", "Sleep"),
    "mood": Signal(("mood",), "value", None, "av 10", 0, "Mående", "Mood"),
    "phq2": Signal(("55758-7",), "value", None, "poäng", 0, "PHQ-2", "PHQ-2"),
}
"""The LOINC codes are those of the FHIR R4 vital-signs profiles; mood is our own code, 0 (worst) to 10 (best)."""

REPORTS: tuple[ReportName, ...] = get_args(ReportName)
"""What a patient can report; each is the code of an observation in our own daily code system."""

ABSENT_CODES = ("no", "absent", "none")
"""Answers that say that the reported thing is not there."""
