"""Made-up patients with daily readings, and events of which it is known when they began.

Everything is drawn from one seed, so the same call gives the same cohort. The numbers are our own guesses of what home
readings of old people look like; nothing here comes from a real person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import polars as pl

from assistant.records.fhir import codes
from assistant.records.fhir.units import MEASURES
from scheduler import frames
from scheduler.frames import Frames
from scheduler.vocabulary import SIGNALS, ReportName, SignalName

Numbers = npt.NDArray[np.float64]

ZONE = "Europe/Stockholm"
CHECK_IN = time(7, 30)
FIRST_READING_H = 6.0
DOUBTFUL_SHARE = 0.002
"""Share of readings that a device gets wrong: a value no human has, pounds for kilograms, or the same one twice."""
POUNDS_A_KG = 2.20462


@dataclass(frozen=True)
class Usual:
    """A signal in people who are well: mean and spread between people, and from day to day in one."""

    mean: float
    between: float
    within: float


USUAL: Mapping[SignalName, Usual] = {
    "weight": Usual(73.0, 13.0, 0.35),
    "systolic": Usual(128.0, 7.0, 6.0),
    "diastolic": Usual(74.0, 4.0, 4.0),
    "pulse": Usual(71.0, 7.0, 3.5),
    "spo2": Usual(96.5, 0.7, 0.6),
    "temperature": Usual(36.6, 0.15, 0.15),
    "sleep": Usual(7.0, 0.6, 0.7),
    "mood": Usual(7.0, 0.8, 0.8),
}
RANGES: Mapping[SignalName, str] = {
    "weight": codes.WEIGHT,
    "systolic": codes.SYSTOLIC,
    "diastolic": codes.DIASTOLIC,
    "pulse": codes.PULSE,
    "spo2": codes.SPO2,
    "temperature": codes.TEMPERATURE,
    "sleep": codes.SLEEP,
    "mood": codes.MOOD,
}
CONDITIONS: Mapping[str, float] = {"I10": 0.5, "I50": 0.12, "J44": 0.1, "E11": 0.18}
"""Share of the patients with each diagnosis."""
TREATMENTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "I10": (("C08CA01", "Amlodipin 5 mg"), ("C09AA05", "Ramipril 5 mg")),
    "I50": (("C03CA01", "Furosemid 40 mg"), ("C07AB02", "Metoprolol 50 mg")),
    "J44": (("R03BB04", "Tiotropium 18 mikrogram"),),
    "E11": (("A10BA02", "Metformin 500 mg"),),
}


@dataclass(frozen=True)
class Event:
    """Something that happens to a patient.

    `daily` is added once more each day of the event, `at_once` from its first day; both to the usual value. `rules`
    are those that should notice. `needs` is a diagnosis that only those who have it can have the event with.
    """

    name: str
    share: float
    days: int
    rules: tuple[str, ...]
    daily: Mapping[SignalName, float]
    at_once: Mapping[SignalName, float]
    reports: tuple[ReportName, ...] = ()
    needs: str | None = None


EVENTS = (
    Event("losing weight", 0.02, 10, ("weight-loss-5d",), {"weight": -0.25}, {}),
    Event("pressure falls", 0.04, 14, ("pressure-falling-on-treatment",), {"systolic": -2.5}, {}, needs="I10"),
    Event("fluid in the body", 0.15, 6, ("weight-gain-heart-failure",), {"weight": 0.6}, {}, needs="I50"),
    Event("COPD worse", 0.15, 5, ("copd-exacerbation",), {}, {}, ("breathlessness", "sputum"), needs="J44"),
    Event("low in mood", 0.02, 8, ("low-mood",), {}, {"mood": -5.0}),
    Event(
        "dried out",
        0.01,
        3,
        ("dehydration-risk", "weight-loss-5d"),
        {"weight": -0.7, "pulse": 8.0, "systolic": -9.0},
        {},
    ),
    Event("infection", 0.015, 4, ("fever", "news2-medium"), {}, {"temperature": 2.0, "pulse": 18.0}),
    Event("low oxygen", 0.005, 4, ("low-oxygen", "oxygen-drift"), {}, {"spo2": -7.0}),
    Event("bad nights", 0.02, 8, ("poor-sleep",), {}, {"sleep": -3.2}),
    Event("high pressure", 0.02, 12, ("high-pressure",), {}, {"systolic": 24.0, "diastolic": 12.0}),
    Event("fell", 0.01, 1, ("fall-reported",), {}, {}, ("fall",)),
    Event("confused", 0.005, 1, ("infection-confusion", "news2-medium"), {}, {}, ("confusion",)),
    Event(
        "sepsis",
        0.005,
        2,
        ("sepsis-signs", "news2-high", "fever", "low-pressure-acute", "fast-pulse"),
        {},
        {"temperature": 2.6, "pulse": 65.0, "systolic": -42.0, "diastolic": -20.0, "spo2": -4.0},
        ("chills", "little-urine"),
    ),
    Event("breathless", 0.005, 2, ("low-oxygen", "news2-medium"), {}, {"spo2": -8.0}, ("breathlessness",)),
    Event(
        "pressure too low", 0.005, 2, ("low-pressure-acute", "news2-medium"), {}, {"systolic": -45, "diastolic": -20}
    ),
    Event("slow pulse", 0.005, 2, ("low-pulse", "news2-medium"), {}, {"pulse": -34.0}),
    Event("racing pulse", 0.005, 2, ("fast-pulse", "news2-medium"), {}, {"pulse": 68.0}),
    Event("irregular pulse", 0.005, 4, ("irregular-pulse",), {}, {}, ("irregular-pulse",)),
    Event("lonely", 0.01, 4, ("loneliness",), {}, {}, ("loneliness",)),
    Event("constipated", 0.01, 3, ("constipation",), {}, {}, ("constipation",)),
    Event("forgets doses", 0.01, 3, ("medicine-missed",), {}, {}, ("medication-forgotten",)),
    Event("side effect", 0.005, 1, ("side-effect-reported",), {}, {}, ("side-effect",)),
)


@dataclass(frozen=True)
class Cohort:
    """Patients as they are known on their last day, and what happened to them.

    events: patient_id, event, first_day, last_day; day 0 is the last day of the cohort.
    """

    known: Frames
    events: pl.DataFrame


def draw(*, patients: int, days: int, last_day: date, seed: int, complete: bool = False) -> Cohort:
    """Draw a cohort.

    Args:
        days: how many days of readings, `last_day` being the last.
        complete: every reading taken and none of them wrong, as the bench wants it.
    """
    random = np.random.default_rng(seed)
    ids = [str(UUID(bytes=random.bytes(16), version=4)) for _ in range(patients)]
    has = {code: random.random(patients) < share for code, share in CONDITIONS.items()}
    values = {name: _usual(random, usual, patients, days) for name, usual in USUAL.items()}
    events, reported = _happen(random, ids, has, values, days)
    taken = np.ones((patients, days), bool) if complete else _taken(random, patients, days)
    table = pl.concat(_readings(name, value, ids, taken, last_day) for name, value in values.items())
    if not complete:
        table = accepted(_spoil(random, table))
    return Cohort(
        known=Frames(
            patients=_patients(random, ids, last_day),
            readings=frames.thinned(table),
            reports=_reports(reported, last_day),
            medicines=_medicines(ids, has),
            conditions=_conditions(ids, has),
            consents=frames.empty(frames.CONSENTS),
            history=frames.empty(frames.HISTORY),
        ),
        events=pl.DataFrame(events, schema=EVENT_COLUMNS, orient="row"),
    )


EVENT_COLUMNS: Mapping[str, Any] = {
    "patient_id": pl.String,
    "event": pl.String,
    "first_day": pl.Int32,
    "last_day": pl.Int32,
}


def accepted(readings: pl.DataFrame) -> pl.DataFrame:
    """Drop what the record marks as doubtful: values outside human range, and a weight no body reaches in a day."""
    in_range = pl.lit(False)
    for name, code in RANGES.items():
        measure = MEASURES[code]
        inside = pl.col("value").is_between(measure.low, measure.high)
        in_range = in_range | ((pl.col("signal") == name) & inside)
    sound = readings.filter(in_range).sort("patient_id", "signal", "at")
    before = pl.col("value").shift(1).over("patient_id", "signal")
    jump = (pl.col("signal") == "weight") & ((pl.col("value") - before).abs() > 0.05 * before)
    return sound.filter(~jump.fill_null(False))


def moment(day: date, hours: float = FIRST_READING_H) -> datetime:
    """Return a moment of that day on the cohort's clock."""
    return datetime.combine(day, time(0), ZoneInfo(ZONE)) + timedelta(hours=hours)


def _usual(random: np.random.Generator, usual: Usual, patients: int, days: int) -> Numbers:
    own = random.normal(usual.mean, usual.between, (patients, 1))
    return own + random.normal(0, usual.within, (patients, days))


def _happen(
    random: np.random.Generator,
    ids: list[str],
    has: Mapping[str, npt.NDArray[np.bool_]],
    values: Mapping[SignalName, Numbers],
    days: int,
) -> tuple[list[tuple[str, str, int, int]], list[tuple[str, str, int]]]:
    """Let events happen, at most one to a patient, and return them and what the patients report."""
    events: list[tuple[str, str, int, int]] = []
    reported: list[tuple[str, str, int]] = []
    free = np.ones(len(ids), bool)
    for event in EVENTS:
        struck = free & (random.random(len(ids)) < event.share)
        if event.needs:
            struck &= has[event.needs]
        free &= ~struck
        for one in struck.nonzero()[0]:
            first = int(random.integers(0, max(1, days - event.days + 1)))
            last = min(days, first + event.days) - 1
            _change(values, int(one), event, first, last)
            events.append((ids[one], event.name, first - days + 1, last - days + 1))
            reported += [(ids[one], name, day - days + 1) for name in event.reports for day in range(first, last + 1)]
    return events, reported


def _change(values: Mapping[SignalName, Numbers], one: int, event: Event, first: int, last: int) -> None:
    steps = np.arange(1, last - first + 2)
    for name, change in event.daily.items():
        values[name][one, first : last + 1] += change * steps
        if name == "weight":
            values[name][one, last + 1 :] += change * steps[-1]
    for name, change in event.at_once.items():
        values[name][one, first : last + 1] += change


def _taken(random: np.random.Generator, patients: int, days: int) -> npt.NDArray[np.bool_]:
    """Who reads when: most days by most, rarely by some, and now and then a week away."""
    taken = random.random((patients, days)) < random.beta(9, 1.5, (patients, 1))
    away = (random.random(patients) < 0.03).nonzero()[0]
    for one in away:
        first = int(random.integers(0, days))
        taken[one, first : first + 7] = False
    return taken


def _readings(
    name: SignalName, values: Numbers, ids: list[str], taken: npt.NDArray[np.bool_], last_day: date
) -> pl.DataFrame:
    """One reading of a signal each day that it was taken, within an hour of the morning."""
    who, when = taken.nonzero()
    days = values.shape[1]
    rows = pl.DataFrame(
        {
            "patient_id": pl.Series(ids).gather(who),
            "day": (when - days + 1).astype(np.int32),
            "minute": (when * 7 + who) % 60,
            "value": values[who, when].round(SIGNALS[name].decimals),
        }
    )
    mornings = {day: moment(last_day + timedelta(days=day)) for day in range(1 - days, 1)}
    clock = pl.DataFrame(list(mornings.items()), schema={"day": pl.Int32, "morning": frames.MINUTE}, orient="row")
    measured = "pres" if name in ("systolic", "diastolic") else name[:4]
    return rows.join(clock, on="day", maintain_order="left").select(
        "patient_id",
        observation_id=pl.format("{}-{}{}", pl.col("patient_id").str.head(28), pl.lit(measured), -pl.col("day")),
        signal=pl.lit(name),
        value="value",
        at=pl.col("morning") + pl.duration(minutes="minute"),
        day="day",
    )


def _spoil(random: np.random.Generator, readings: pl.DataFrame) -> pl.DataFrame:
    """Let devices err: pounds for kilograms or ten times too much, and the same reading sent twice."""
    wrong = pl.Series(random.random(len(readings)) < DOUBTFUL_SHARE)
    twice = readings.filter(pl.Series(random.random(len(readings)) < DOUBTFUL_SHARE))
    factor = pl.when(pl.col("signal") == "weight").then(POUNDS_A_KG).otherwise(10.0)
    spoilt = readings.with_columns(value=pl.when(wrong).then(pl.col("value") * factor).otherwise("value"))
    return pl.concat([spoilt, twice])


def _patients(random: np.random.Generator, ids: list[str], last_day: date) -> pl.DataFrame:
    ages = random.normal(79, 8, len(ids)).clip(45, 103).astype(np.int64)
    constant = {
        "call_name": "Anna",
        "language": "sv",
        "style": "normal",
        "timezone": ZONE,
        "local_date": last_day,
        "due_at": datetime.combine(last_day, CHECK_IN, ZoneInfo(ZONE)),
        "doctor_id": None,
        "limits": "{}",
        "allergies": "",
        "flavour_sv": None,
        "flavour_en": None,
    }
    rows = pl.DataFrame({"patient_id": ids, "age": ages})
    return rows.select(
        (pl.col(name) if name in rows.columns else pl.lit(constant[name])).cast(kind).alias(name)
        for name, kind in frames.PATIENTS.items()
    )


def _medicines(ids: list[str], has: Mapping[str, npt.NDArray[np.bool_]]) -> pl.DataFrame:
    rows = [
        {
            "patient_id": ids[one],
            "medication_request_id": f"{ids[one]}-{atc}",
            "atc": atc,
            "name": name,
            "active": True,
            "changed_day": -400,
        }
        for code, treatment in TREATMENTS.items()
        for one in has[code].nonzero()[0]
        for atc, name in treatment
    ]
    return pl.DataFrame(rows, schema=frames.MEDICINES)


def _conditions(ids: list[str], has: Mapping[str, npt.NDArray[np.bool_]]) -> pl.DataFrame:
    rows = [{"patient_id": ids[one], "code": code} for code, theirs in has.items() for one in theirs.nonzero()[0]]
    return pl.DataFrame(rows, schema=frames.CONDITIONS)


def _reports(reported: list[tuple[str, str, int]], last_day: date) -> pl.DataFrame:
    rows = [
        {
            "patient_id": patient_id,
            "report": name,
            "at": moment(last_day + timedelta(days=day)),
            "day": day,
            "since_round": day == 0,
            "atc": "",
        }
        for patient_id, name, day in reported
    ]
    return pl.DataFrame(rows, schema=frames.REPORTED)
