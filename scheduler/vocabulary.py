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
    "fasting_glucose",
    "height",
    "phq9",
    "phq9_item9",
    "gds15",
    "systolic_lying",
    "diastolic_lying",
    "systolic_standing",
    "diastolic_standing",
    "systolic_on_standing",
    "diastolic_on_standing",
]

ReportName = Literal[
    "breathlessness",
    "chest-pain",
    "chills",
    "confusion",
    "consciousness-alert",
    "consciousness-impaired",
    "constipation",
    "diarrhoea",
    "dizziness",
    "fainting",
    "fall",
    "fall-cannot-rise",
    "fall-head-injury",
    "fever",
    "infection",
    "irregular-pulse",
    "laboured-breathing",
    "little-urine",
    "loneliness",
    "medication-forgotten",
    "muscle-weakness",
    "no-stool",
    "oxygen-treatment",
    "scale-changed",
    "severe-pain",
    "side-effect",
    "skin-blotches",
    "slept-badly",
    "slurred-speech",
    "sputum",
    "sputum-colour",
    "stool",
    "unwell",
    "vomiting",
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

Fact = Literal[
    "age",
    "missed_readings",
    "silent_devices",
    "doubtful_readings",
    "prescription_days_left",
    "unanswered_check_ins",
    "slip_risk",
    "slip_risk_before",
    "heat",
]
"""What is known of a patient now, besides readings and lists.

age: years. missed_readings: agreed times missed in a row, of the agreed reading that has been missed most.
silent_devices: devices that sent daily and have been silent for 48 hours. doubtful_readings: doubtful readings since
the last round. prescription_days_left: days of the active prescription that ends first. unanswered_check_ins: check-ins
in a row without an answer; one that has been repeated counts as two, also today's. slip_risk: 0 none, 1 caution,
2 severe, and the same for the day before; unknown without a fresh forecast. heat: 1 when heat is forecast, else 0.
"""
Derivation = Literal["fasting", "lying", "standing", "on_standing"]
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
    derived: Derivation | None = None
    """How it comes from readings that are stored under another signal's codes; see `scheduler.derived`."""


FASTING_GLUCOSE_CODES = ("14771-0", "76629-5")
GLUCOSE_CODES = ("14749-6", "15074-8", *FASTING_GLUCOSE_CODES)
BLOOD_PRESSURE_CODES = ("85354-9",)

SIGNALS: dict[SignalName, Signal] = {
    "weight": Signal(("29463-7",), "value", "kg", "kg", 1, "Vikt", "Weight"),
    "systolic": Signal(("85354-9",), "systolic", None, "mm Hg", 0, "Blodtryck", "Blood pressure"),
    "diastolic": Signal(("85354-9",), "diastolic", None, "mm Hg", 0, "Blodtryck", "Blood pressure"),
    "pulse": Signal(("8867-4",), "value", "/min", "slag/min", 0, "Puls", "Pulse"),
    "spo2": Signal(("2708-6", "59408-5"), "value", "%", "%", 0, "Syremättnad", "Oxygen saturation"),
    "temperature": Signal(("8310-5",), "value", "Cel", "°C", 1, "Temperatur", "Temperature"),
    "breaths": Signal(("9279-1",), "value", "/min", "andetag/min", 0, "Andning", "Breathing"),
    "glucose": Signal(GLUCOSE_CODES, "value", "mmol/L", "mmol/l", 1, "Blodsocker", "Glucose"),
    "sleep": Signal(("93832-4",), "value", "h", "timmar", 1, "Sömn", "Sleep"),
    "mood": Signal(("mood",), "value", None, "av 10", 0, "Mående", "Mood"),
    "phq2": Signal(("55758-7",), "value", None, "poäng", 0, "PHQ-2", "PHQ-2"),
    "fasting_glucose": Signal(
        GLUCOSE_CODES, "value", "mmol/L", "mmol/l", 1, "Fastande blodsocker", "Fasting glucose", "fasting"
    ),
    "height": Signal(("8302-2",), "value", "cm", "cm", 0, "Längd", "Height"),
    "phq9": Signal(("44261-6",), "value", None, "poäng", 0, "PHQ-9", "PHQ-9"),
    "phq9_item9": Signal(("44260-8",), "value", None, "poäng", 0, "PHQ-9, fråga 9", "PHQ-9, item 9"),
    "gds15": Signal(("48545-8",), "value", None, "poäng", 0, "GDS-15", "GDS-15"),
    "systolic_lying": Signal(
        BLOOD_PRESSURE_CODES, "systolic", None, "mm Hg", 0, "Övre trycket liggande", "Upper pressure lying", "lying"
    ),
    "diastolic_lying": Signal(
        BLOOD_PRESSURE_CODES, "diastolic", None, "mm Hg", 0, "Undre trycket liggande", "Lower pressure lying", "lying"
    ),
    "systolic_standing": Signal(
        BLOOD_PRESSURE_CODES, "systolic", None, "mm Hg", 0, "Övre trycket stående", "Upper standing", "standing"
    ),
    "diastolic_standing": Signal(
        BLOOD_PRESSURE_CODES, "diastolic", None, "mm Hg", 0, "Undre trycket stående", "Lower standing", "standing"
    ),
    "systolic_on_standing": Signal(
        BLOOD_PRESSURE_CODES,
        "systolic",
        None,
        "mm Hg",
        0,
        "Ändring när du reser dig",
        "Change on standing",
        "on_standing",
    ),
    "diastolic_on_standing": Signal(
        BLOOD_PRESSURE_CODES,
        "diastolic",
        None,
        "mm Hg",
        0,
        "Ändring när du reser dig",
        "Change on standing",
        "on_standing",
    ),
}
"""The LOINC codes are those of the FHIR R4 vital-signs profiles; mood is our own code, 0 (worst) to 10 (best).

Each LOINC code has a right check digit; none has been looked up at loinc.org.
"""

MEDICINE_REPORTS: tuple[ReportName, ...] = ("medication-forgotten", "side-effect")
"""Reports whose value names a medicine: its ATC code, or its name in the patient's words."""

REPORTS: tuple[ReportName, ...] = get_args(ReportName)
"""What a patient can report; each is the code of an observation in our own daily code system."""

REPORT_ALIASES: dict[str, ReportName] = {
    "shortness-of-breath": "breathlessness",
    "phlegm": "sputum",
    "wheezing": "laboured-breathing",
    "urinary-retention": "little-urine",
    "weakness": "muscle-weakness",
    "nausea": "unwell",
    "3151-8": "oxygen-treatment",
}
"""Other codes for the same thing, or for what a rule takes as the same.

3151-8 is LOINC's flow of inhaled oxygen, where 0 says that there is none.
"""

CONSCIOUSNESS_CODES = ("acvpu", "67775-7")
"""Level of consciousness, answered A (alert) or C, V, P or U. The LOINC code is not yet checked against loinc.org."""
SLEEP_QUALITY_CODE = "sleep-quality"
"""How the night was, answered good, fair or bad; bad is the report slept-badly."""

ABSENT_CODES = ("no", "absent", "none", "N", "LA32-8", "373067005", "2667000")
"""Answers that say that the reported thing is not there: ours, HL7's, LOINC's and SNOMED CT's."""
