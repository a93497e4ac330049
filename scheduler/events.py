"""What can happen to the made-up patients of a cohort, and which rules should notice it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scheduler.vocabulary import Fact, ReportName, SignalName

ASKED_TO_STAND = "asked to stand"
"""The group of those whom care has asked to take their pressure lying and standing."""


@dataclass(frozen=True)
class Event:
    """Something that happens to a patient, for some days from its first.

    Readings: `daily` is added once more each day, `at_once` from the first day, both to the usual value; `becomes` is
    the value around which the signal lies instead. Changed readings are taken once more `again_after_min` minutes
    later (0: once is enough). `untaken` are not taken at all. `once` are told or taken on the first day only, and so is
    the height of a patient with this `bmi`.

    Besides readings: `reports` each day, `facts` each day, and a `medicine` (ATC code, name) that begins on the first.

    rules: those that should notice. needs: a diagnosis or group; only those in it can have the event. before: days of
    readings that there must be before the first, for a rule to compare with.
    """

    name: str
    share: float
    days: int
    rules: tuple[str, ...]
    daily: Mapping[SignalName, float] = field(default_factory=dict)
    at_once: Mapping[SignalName, float] = field(default_factory=dict)
    becomes: Mapping[SignalName, float] = field(default_factory=dict)
    again_after_min: int = 0
    untaken: tuple[SignalName, ...] = ()
    once: Mapping[SignalName, float] = field(default_factory=dict)
    bmi: float | None = None
    reports: tuple[ReportName, ...] = ()
    facts: Mapping[Fact, int] = field(default_factory=dict)
    medicine: tuple[str, str] | None = None
    needs: str | None = None
    before: int = 0

    @property
    def days_needed(self) -> int:
        """How many days of readings a cohort must have for it to happen."""
        return self.before + self.days


@dataclass(frozen=True)
class Happened:
    """An event of one patient, who has this place among them; the days are numbered as in the frames."""

    event: Event
    place: int
    patient_id: str
    first_day: int
    last_day: int

    @property
    def days(self) -> range:
        """All its days."""
        return range(self.first_day, self.last_day + 1)


ALL_READINGS: tuple[SignalName, ...] = (
    "weight",
    "systolic",
    "diastolic",
    "pulse",
    "spo2",
    "temperature",
    "sleep",
    "mood",
    "glucose",
)
BLOOD_PRESSURE_MEDICINE = ("C09CA01", "Losartan 50 mg")

EVERYDAY = (
    Event("losing weight", 0.02, 10, ("weight-loss-5d",), daily={"weight": -0.25}),
    Event("pressure falls", 0.04, 14, ("pressure-falling-on-treatment",), daily={"systolic": -2.5}, needs="I10"),
    Event("fluid in the body", 0.15, 6, ("weight-gain-heart-failure",), daily={"weight": 0.6}, needs="I50"),
    Event("COPD worse", 0.15, 5, ("copd-exacerbation",), reports=("breathlessness", "sputum"), needs="J44"),
    Event("low in mood", 0.02, 8, ("low-mood",), at_once={"mood": -5.0}),
    Event(
        "dried out",
        0.01,
        3,
        ("dehydration-risk", "weight-loss-5d"),
        daily={"weight": -0.7, "pulse": 8.0, "systolic": -9.0},
    ),
    Event("infection", 0.015, 4, ("fever",), at_once={"temperature": 2.0, "pulse": 18.0}),
    Event("low oxygen", 0.005, 4, ("low-oxygen", "news2-medium"), becomes={"spo2": 88.0}, again_after_min=5),
    Event("bad nights", 0.02, 8, ("poor-sleep",), at_once={"sleep": -3.2}),
    Event("high pressure", 0.02, 12, ("high-pressure",), at_once={"systolic": 24.0, "diastolic": 12.0}),
    Event("fell", 0.01, 1, ("fall-reported",), reports=("fall",)),
    Event("confused", 0.005, 1, ("infection-confusion", "news2-medium"), reports=("confusion",)),
    Event(
        "sepsis",
        0.005,
        2,
        ("sepsis-signs", "news2-high", "fever", "low-pressure-acute", "fast-pulse"),
        becomes={"temperature": 39.2, "pulse": 136.0, "systolic": 84.0, "diastolic": 52.0, "spo2": 92.0},
        reports=("chills", "little-urine"),
    ),
    Event("breathless", 0.005, 2, ("low-oxygen", "news2-medium"), becomes={"spo2": 88.0}, reports=("breathlessness",)),
    Event(
        "pressure too low",
        0.005,
        2,
        ("low-pressure-acute", "news2-medium"),
        becomes={"systolic": 84.0, "diastolic": 52.0},
    ),
    Event("slow pulse", 0.005, 2, ("low-pulse", "news2-medium"), becomes={"pulse": 36.0}),
    Event("racing pulse", 0.005, 2, ("fast-pulse", "news2-medium"), becomes={"pulse": 138.0}),
    Event("irregular pulse", 0.005, 4, ("irregular-pulse",), reports=("irregular-pulse",)),
    Event("lonely", 0.01, 4, ("loneliness",), reports=("loneliness",)),
    Event("constipated", 0.01, 3, ("constipation",), reports=("constipation",)),
    Event("forgets doses", 0.01, 3, ("medicine-missed",), reports=("medication-forgotten",)),
    Event("side effect", 0.005, 1, ("side-effect-reported",), reports=("side-effect",)),
)
"""Those that need no more than the readings everybody takes; the bench has these alone."""

OCCASIONAL = (
    Event("loses weight for a month", 0.02, 30, ("weight-loss-1m",), daily={"weight": -0.1}, before=5),
    Event("loses weight for months", 0.15, 130, ("weight-loss-6m",), daily={"weight": -0.06}, before=60),
    Event("found to be thin", 0.02, 1, ("low-bmi",), bmi=18.5),
    Event("hot days", 0.1, 3, ("dehydration-risk",), facts={"heat": 1}, needs="I50"),
    Event("no stool", 0.01, 4, ("constipation",), reports=("no-stool",)),
    Event(
        "COPD worse, with coloured sputum",
        0.1,
        4,
        ("copd-exacerbation",),
        reports=("sputum", "sputum-colour"),
        needs="J44",
    ),
    Event(
        "pressure very high",
        0.01,
        2,
        ("very-high-pressure",),
        becomes={"systolic": 194.0, "diastolic": 112.0},
        again_after_min=10,
    ),
    Event(
        "pressure drops on standing",
        0.3,
        10,
        ("orthostatic-drop",),
        at_once={"systolic_on_standing": -26.0, "diastolic_on_standing": -8.0},
        needs=ASKED_TO_STAND,
    ),
    Event("fast pulse twice", 0.01, 2, ("fast-pulse",), becomes={"pulse": 119.0}, again_after_min=15),
    Event(
        "slow pulse and dizzy on a beta blocker",
        0.05,
        2,
        ("low-pulse",),
        becomes={"pulse": 46.0},
        reports=("dizziness",),
        needs="I50",
    ),
    Event(
        "pressure low and dizzy", 0.01, 2, ("low-pressure-acute",), becomes={"systolic": 95.0}, reports=("dizziness",)
    ),
    Event("oxygen sinks", 0.01, 10, ("oxygen-drift",), at_once={"spo2": -3.0}, before=14),
    Event("breathes fast", 0.01, 1, ("news2-medium",), once={"breaths": 26.0}),
    Event("glucose low", 0.08, 2, ("low-glucose",), becomes={"glucose": 2.9}, needs="E11"),
    Event("glucose high", 0.08, 3, ("high-glucose",), becomes={"glucose": 18.0}, again_after_min=240, needs="E11"),
    Event("glucose rises", 0.12, 21, ("glucose-trend",), daily={"glucose": 0.2}, needs="E11", before=14),
    Event("low by PHQ-2", 0.01, 1, ("low-mood",), once={"phq2": 3.0}),
    Event("depressed by PHQ-9", 0.01, 1, ("depression-screen",), once={"phq2": 4.0, "phq9": 14.0}),
    Event("depressed by GDS-15", 0.01, 1, ("depression-screen",), once={"phq2": 2.0, "phq9": 7.0, "gds15": 8.0}),
    Event("thoughts of self-harm", 0.01, 1, ("depression-screen",), once={"phq9": 8.0, "phq9_item9": 1.0}),
    Event(
        "weight, pressure and mood fall",
        0.04,
        14,
        ("three-signals-visit", "weight-loss-5d", "pressure-falling-on-treatment", "low-mood"),
        daily={"weight": -0.25, "systolic": -2.5},
        at_once={"mood": -5.0},
        needs="I10",
    ),
    Event("dizzy with a sleeping pill", 0.1, 3, ("fall-risk",), reports=("dizziness",), needs="G47"),
    Event(
        "dizzy on a new medicine",
        0.02,
        5,
        ("fall-risk",),
        reports=("dizziness",),
        medicine=BLOOD_PRESSURE_MEDICINE,
        needs="I10",
    ),
    Event(
        "a new medicine for the pressure",
        0.03,
        17,
        ("effect-of-change",),
        at_once={"systolic": -8.0},
        medicine=BLOOD_PRESSURE_MEDICINE,
        needs="I10",
        before=7,
    ),
    Event("forgets an anticoagulant", 0.1, 1, ("medicine-missed",), reports=("medication-forgotten",), needs="I48"),
    Event("prescription runs out", 0.01, 14, ("prescription-ending",), facts={"prescription_days_left": 14}),
    Event("ice", 0.015, 2, ("slip-risk",), facts={"slip_risk": 2}),
    Event(
        "does not answer",
        0.01,
        4,
        ("check-in-unanswered", "reading-missing"),
        untaken=ALL_READINGS,
        facts={"unanswered_check_ins": 2},
    ),
    Event("away", 0.02, 7, ("reading-missing",), untaken=ALL_READINGS),
    Event("scale out of order", 0.02, 7, ("device-silent", "reading-missing"), untaken=("weight",)),
)
"""Those of some patients only: other readings, questionnaires, medicines that begin, readings that do not come."""

EVENTS = (*EVERYDAY, *OCCASIONAL)
DEVICE_ERRS = Event("a device errs", 0.002, 1, ("device-doubtful",))
"""Share of the readings that a device gets wrong; it happens to anybody on any day, beside what else happens."""
