"""A clinical rule as its file says it: typed, with a closed vocabulary; anything else is refused."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from scheduler.vocabulary import Fact, Flavour, Level, MeasureName, ReportName, SignalName


class Strict(BaseModel):
    """A part of a rule file: unknown keys are errors, so that a typo cannot silently weaken a rule."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _ordered(window: tuple[int, int]) -> tuple[int, int]:
    if window[0] > window[1]:
        raise ValueError("a window runs from the earlier to the later")
    return window


def _not_future(window: tuple[int, int]) -> tuple[int, int]:
    if window[1] > 0:
        raise ValueError("a window of days ends today (0) or before")
    return window


Span = Annotated[tuple[int, int], AfterValidator(_ordered)]
Days = Annotated[Span, AfterValidator(_not_future), Field(description="Local calendar days; 0 is today.")]
AtcPrefix = Annotated[str, Field(pattern=r"^[A-Z]([0-9]{2}([A-Z]([A-Z]([0-9]{2})?)?)?)?$")]
Icd10Prefix = Annotated[str, Field(pattern=r"^[A-Z][0-9]{2}[0-9A-Z]*$")]
RuleId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class Words(Strict):
    """The same sentence in Swedish and English. `{name}` is a named value of the rule."""

    sv: str
    en: str


class Shown(Strict):
    """How a value is written for people."""

    unit: str | None = None
    decimals: int | None = None


class Measured(Shown):
    """A number taken from one patient's readings of one signal in a window of days."""

    measure: MeasureName
    of: SignalName
    days: Days
    apart: Span | None = Field(None, description="For rise: days between the two readings.")
    at_most: float | None = Field(None, description="For days_with: the limit that a reading keeps.")
    at_least: float | None = Field(None, description="For days_with: the limit that a reading keeps.")

    @model_validator(mode="after")
    def _fits_its_measure(self) -> "Measured":
        if (self.measure == "rise") != (self.apart is not None):
            raise ValueError("`apart` belongs to `rise`, and `rise` needs it")
        if (self.measure == "days_with") != (self.at_most is not None or self.at_least is not None):
            raise ValueError("`days_with` needs a limit, and only it has one")
        return self


class Difference(Shown):
    """The first named value minus the second."""

    minus: tuple[str, str]


class Percent(Shown):
    """The first named value as per cent of the second."""

    percent_of: tuple[str, str]


class PatientFact(Shown):
    """Something known of the patient now; see `scheduler.vocabulary.Fact`."""

    patient: Fact


class News2(Shown):
    """NEWS2 from the latest readings in the window.

    known: points, at least this many. highest: most points of one parameter. missing: which parameters are not known,
    as a set of bits; 0 when all are.
    """

    news2: Literal["known", "highest", "missing"]
    days: Days


class Bmi(Shown):
    """Body mass index, kg/m2, of a named weight in kg and a named height in cm."""

    bmi: tuple[str, str]


class PatientLimit(Shown):
    """A number that a clinician has set for the patient, else the general one."""

    limit_of: str
    otherwise: float


class ReportCount(Shown):
    """How often something was reported, or how many days ago it was last.

    With `medicine`, only reports about a medicine of these ATC groups, or about one that could not be made out.
    """

    reports: Literal["count", "days_since"]
    of: tuple[ReportName, ...] = Field(min_length=1)
    days: Days
    medicine: tuple[AtcPrefix, ...] = ()


Value = Measured | Difference | Percent | PatientFact | News2 | Bmi | PatientLimit | ReportCount


class Compare(Strict):
    """A named value against a number or another named value."""

    value: str
    above: float | str | None = None
    at_least: float | str | None = None
    below: float | str | None = None
    at_most: float | str | None = None

    @model_validator(mode="after")
    def _one_limit_at_least(self) -> "Compare":
        if not self.limits:
            raise ValueError("a comparison needs above, at_least, below or at_most")
        return self

    @property
    def limits(self) -> dict[str, float | str]:
        """The comparisons that must all hold, by name."""
        names = ("above", "at_least", "below", "at_most")
        return {name: limit for name in names if (limit := getattr(self, name)) is not None}


class All(Strict):
    """Every one of these holds."""

    all: tuple["Condition", ...] = Field(min_length=1)


class AnyOf(Strict):
    """At least one of these holds."""

    any: tuple["Condition", ...] = Field(min_length=1)


class Not(Strict):
    """This is known not to hold."""

    not_: "Condition" = Field(alias="not")


class Medicine(Strict):
    """An active medicine of one of these ATC groups."""

    medicine: tuple[AtcPrefix, ...] = Field(min_length=1)


class MedicineChanged(Strict):
    """A medicine of these ATC groups (none named: any) was started, changed or stopped in the last `within` days."""

    medicine_changed: tuple[AtcPrefix, ...]
    within: int = Field(gt=0)
    at_least_ago: int = Field(0, description="Not later than so many days ago.")


class Diagnosis(Strict):
    """An active diagnosis of one of these ICD-10-SE groups."""

    diagnosis: tuple[Icd10Prefix, ...] = Field(min_length=1)


class Reported(Strict):
    """One of these was reported on at least `at_least_days` days of the window."""

    reported: tuple[ReportName, ...] = Field(min_length=1)
    days: Days
    at_least_days: int = 1
    consecutive: bool = False


class ReportedLately(Strict):
    """One of these was reported since the last round.

    With `own_medicine`, not when it is about a medicine that is not on the patient's list.
    """

    reported_since_round: tuple[ReportName, ...] = Field(min_length=1)
    own_medicine: bool = False


class Kept(Strict):
    """A limit that one reading of a signal keeps."""

    of: SignalName
    above: float | None = None
    at_least: float | None = None
    below: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _one_limit_at_least(self) -> "Kept":
        if not self.limits:
            raise ValueError("a reading is held against above, at_least, below or at_most")
        return self

    @property
    def limits(self) -> dict[str, float]:
        """The limits that must all be kept, by name."""
        names = ("above", "at_least", "below", "at_most")
        return {name: limit for name in names if (limit := getattr(self, name)) is not None}


class Twice(Strict):
    """Two readings at different moments, at most `within_minutes` apart, each keep one of these limits."""

    twice: tuple[Kept, ...] = Field(min_length=1)
    within_minutes: int = Field(gt=0)
    days: Days


class OnDays(Strict):
    """On at least so many days of the window a reading kept one of the limits or one of these was reported."""

    on_days: tuple[Kept, ...]
    reported: tuple[ReportName, ...] = ()
    days: Days
    at_least_days: int = Field(gt=0)


class SomeOf(Strict):
    """At least so many of these are known to hold."""

    some_of: tuple["Condition", ...] = Field(min_length=1)
    at_least: int = Field(gt=0)


class Limit(Strict):
    """A limit that a clinician has set for the patient, such as fluid_restriction; or one that `equals` a number."""

    limit: str
    equals: int | None = None


class Consent(Strict):
    """An active consent of this category."""

    consent: str


class Likes(Strict):
    """The patient likes a taste that this comes in and is not allergic to it."""

    likes: Flavour


class Allergy(Strict):
    """The patient is allergic to one of these, in plain words."""

    allergy: tuple[str, ...] = Field(min_length=1)


class Met(Strict):
    """Another rule's conditions, before its blocks, held on at least one day of the window, as seen on that day."""

    met: RuleId
    days: Days = (0, 0)


Condition = (
    All
    | AnyOf
    | Not
    | Compare
    | Medicine
    | MedicineChanged
    | Diagnosis
    | Reported
    | ReportedLately
    | Twice
    | OnDays
    | SomeOf
    | Limit
    | Consent
    | Likes
    | Allergy
    | Met
)


class Guard(Strict):
    """What blocks a rule whose conditions hold. `then`: nothing is said, or the rule's `instead` is."""

    guard: RuleId
    when: Condition
    then: Literal["nothing", "instead"] = "nothing"


Advice = Literal[
    "call-112",
    "call-care-today",
    "eat-more",
    "drink-more",
    "drink-little",
    "go-out-carefully",
    "keep-medicines",
    "see-to-it-yourself",
]
"""What a wording tells the patient to do, so that contradictions between rules can be found."""


class Wording(Strict):
    """What the patient hears. The first wording of a rule whose `if` holds is used; the last has none."""

    if_: Condition | None = Field(None, alias="if")
    level: Level | None = Field(None, description="Another level than the rule's, when this wording is used.")
    title: Words | None = None
    text: Words
    brief: Words = Field(description="For those who want few words.")
    advice: tuple[Advice, ...] = ()


class Proposal(Strict):
    """A change of medicine that only a clinician's signature can make. Never names a dose."""

    change: Literal["lower"]
    medicines: tuple[AtcPrefix, ...]
    text: Words


class FollowUp(Strict):
    """What comes after: a booking, a questionnaire or a call, and when the effect is looked at."""

    action: Literal["none", "book", "questionnaire", "call", "renew", "measure"]
    role: Literal["doctor", "nurse"] | None = None
    questionnaire: Literal["phq-9", "gds-15"] | None = None
    from_65: Literal["gds-15"] | None = Field(None, description="Asked as well from 65 years of age.")
    after_days: int | None = None


class Evidence(Strict):
    """Where the rule's numbers come from. `strength` says how much they bear."""

    source: str
    strength: Literal["guideline", "study", "practice", "ours"]
    url: str | None = None


Expected = Literal["fires", "silent", "blocked", "instead"]
CaseKind = Literal["fires", "just-not", "guarded", "missing-data"]


class CaseMedicine(Strict):
    """A medicine in a worked case: active, or `stopped`; `started` and `stopped` are days relative to today."""

    atc: str
    started: int = -400
    stopped: int | None = None


class CaseHistory(Strict):
    """An earlier recommendation in a worked case."""

    rule: RuleId
    days_ago: int
    state: str = "shown"


class Case(Strict):
    """A worked case: one patient's history and what the rule must say about it."""

    name: str
    kind: CaseKind
    age: int | None = None
    readings: dict[SignalName, dict[int, float | list[float]]] = Field(default_factory=dict)
    minutes_apart: int = Field(1, description="Minutes between several readings of one signal and day.")
    stood_after_minutes: int = Field(1, description="Minutes from the lying to the standing pressure.")
    reports: dict[ReportName, list[int]] = Field(default_factory=dict)
    about_medicine: str | None = Field("", description="ATC that reports name; empty: none; null: not on the list.")
    last_round: int = Field(-1, description="Reports on that day and later came after the last round.")
    facts: dict[Fact, float] = Field(default_factory=dict)
    about: str | None = Field(None, description="Which device, reading or medicine the facts are about.")
    medicines: tuple[CaseMedicine, ...] = ()
    diagnoses: tuple[str, ...] = ()
    consents: tuple[str, ...] = ()
    likes: tuple[str, ...] = ()
    allergies: tuple[str, ...] = ()
    limits: dict[str, bool | int | str] = Field(default_factory=dict)
    style: Literal["normal", "brief"] = "normal"
    history: tuple[CaseHistory, ...] = ()
    expect: Expected
    guards: tuple[RuleId, ...] = ()
    says: str | None = Field(None, description="Words that the Swedish text must contain.")
    says_not: str | None = Field(None, description="Words that the Swedish text must not contain.")

    def together(self, other: "Case") -> "Case | None":
        """Return both cases in one patient; None when they measure the same signal or know the same otherwise."""
        if self.readings.keys() & other.readings.keys() or self.facts.keys() & other.facts.keys():
            return None
        if self.age is not None and other.age is not None and self.age != other.age:
            return None
        return self.model_copy(
            update={
                "age": self.age if self.age is not None else other.age,
                "readings": self.readings | other.readings,
                "reports": self.reports | other.reports,
                "facts": self.facts | other.facts,
                "medicines": self.medicines + other.medicines,
                "diagnoses": self.diagnoses + other.diagnoses,
                "consents": self.consents + other.consents,
                "allergies": self.allergies + other.allergies,
                "limits": self.limits | other.limits,
                "minutes_apart": max(self.minutes_apart, other.minutes_apart),
            }
        )


class Rule(Strict):
    """One clinical rule: what fires it, what blocks it, what it says and on what grounds."""

    id: RuleId
    version: int = Field(ge=1)
    title: Words
    level: Level
    audience: Literal["patient", "clinic", "both"] = "both"
    values: dict[str, Value]
    when: Condition
    unless: tuple[Guard, ...] = ()
    instead: Wording | None = None
    covers: tuple[RuleId, ...] = Field(
        (),
        description="When this one fires, the advice and offers of these are left out, and their alerts go to the "
        "clinic without a sentence of their own to the patient.",
    )
    cool_down: int = Field(ge=0, description="Days before it may be said again; 0: every day.")
    again_on_new: bool = Field(False, description="A reading later than what was said ends the cool-down.")
    even_paused: bool = Field(False, description="Its alerts go to the clinic also while the patient pauses greetings.")
    wordings: tuple[Wording, ...] = Field(min_length=1)
    why: Words
    follow_up: FollowUp
    proposal: Proposal | None = None
    evidence: Evidence
    author: str
    reviewer: str | None = Field(description="The clinician who has signed this version; null until someone has.")
    review_by: date
    cases: tuple[Case, ...] = Field(min_length=4)

    @model_validator(mode="after")
    def _is_whole(self) -> "Rule":
        missing = {"fires", "just-not", "guarded", "missing-data"} - {case.kind for case in self.cases}
        if not self.unless:
            missing -= {"guarded"}
        problems = [
            (bool(missing), f"no worked case of kind {', '.join(sorted(missing))}"),
            (self.wordings[-1].if_ is not None, "the last wording must have no `if`"),
            (
                (self.level == "propose") != (self.proposal is not None),
                "`propose` needs a proposal, and only it has one",
            ),
            (
                self.instead is None and any(g.then == "instead" for g in self.unless),
                "a guard leads to a missing `instead`",
            ),
        ]
        for found, problem in problems:
            if found:
                raise ValueError(problem)
        return self


for model in (All, AnyOf, Not, SomeOf, Guard, Wording, Rule):
    model.model_rebuild()
