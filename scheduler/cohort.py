"""Made-up patients with daily readings, and events of which it is known when they began.

Everything is drawn from one seed, so the same call gives the same cohort. The numbers are our own guesses of what home
readings of old people look like; nothing here comes from a real person.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import orjson
import polars as pl

from scheduler import cohort_readings, frames
from scheduler.cohort_readings import SOME_TAKE, USUAL, ZONE, Marks, Numbers, around_usual, moment
from scheduler.events import ASKED_TO_STAND, DEVICE_ERRS, EVENTS, EVERYDAY, Event, Happened
from scheduler.frames import Frames
from scheduler.vocabulary import ReportName, SignalName

CHECK_IN = time(7, 30)
ORDINARY_LIMIT: Mapping[SignalName, float] = {"systolic": 135.0, "diastolic": 85.0}
ROOM_BELOW_LIMIT: Mapping[SignalName, float] = {"systolic": 8.0, "diastolic": 6.0}
"""Whose pressure usually lies nearer the ordinary limit than this, or above it, has one of their own, set by care."""
LONG_AGO = -400
CONDITIONS: Mapping[str, float] = {"I10": 0.5, "I50": 0.12, "J44": 0.1, "E11": 0.18}
"""Share of the patients with each diagnosis."""
MORE_CONDITIONS: Mapping[str, float] = {"I48": 0.12, "G47": 0.1}
"""The same, of diagnoses that matter for their medicines alone."""
ASKED_SHARE = 0.15
"""Share of those with high pressure whom care has asked to take it lying and standing."""
TREATMENTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "I10": (("C08CA01", "Amlodipin 5 mg"), ("C09AA05", "Ramipril 5 mg")),
    "I50": (("C03CA01", "Furosemid 40 mg"), ("C07AB02", "Metoprolol 50 mg")),
    "J44": (("R03BB04", "Tiotropium 18 mikrogram"),),
    "E11": (("A10BA02", "Metformin 500 mg"),),
    "I48": (("B01AF02", "Apixaban 5 mg"),),
    "G47": (("N05CF01", "Zopiklon 5 mg"),),
}
NOW_AND_THEN: Mapping[ReportName, float] = {
    "breathlessness": 0.01,
    "dizziness": 0.01,
    "irregular-pulse": 0.005,
    "loneliness": 0.01,
    "no-stool": 0.02,
    "slept-badly": 0.02,
    "sputum": 0.005,
}
"""Share of the days on which anybody says so; none of these by itself is an event."""


@dataclass(frozen=True)
class Cohort:
    """Patients as they are known on their last day, and what happened to them.

    events: patient_id, event, first_day, last_day; day 0 is the last day of the cohort. told: patient_id, day and the
    facts that events make so on that day. doubtful: readings that were set aside.
    """

    known: Frames
    events: pl.DataFrame
    told: pl.DataFrame
    doubtful: pl.DataFrame


EVENT_COLUMNS: Mapping[str, Any] = {
    "patient_id": pl.String,
    "event": pl.String,
    "first_day": pl.Int32,
    "last_day": pl.Int32,
}
TOLD: Mapping[str, Any] = {
    "patient_id": pl.String,
    "day": pl.Int32,
    "heat": pl.Int64,
    "slip_risk": pl.Int64,
    "unanswered_check_ins": pl.Int64,
    "prescription_days_left": pl.Int64,
}


def draw(*, patients: int, days: int, last_day: date, seed: int, complete: bool = False, calm_days: int = 0) -> Cohort:
    """Draw a cohort.

    Args:
        days: how many days of readings, `last_day` being the last.
        complete: only what everybody takes, every reading taken and none of them wrong, as the bench wants it.
        calm_days: nothing happens on so many days in the beginning.
    """
    random = np.random.default_rng(seed)
    ids = [str(UUID(bytes=random.bytes(16), version=4)) for _ in range(patients)]
    has = {code: random.random(patients) < share for code, share in CONDITIONS.items()}
    values = {name: around_usual(random, usual, patients, days) for name, usual in USUAL.items()}
    if not complete:
        has |= _groups(random, has)
        values |= {name: around_usual(random, usual, patients, days) for name, usual in SOME_TAKE.items()}
    usual = {name: np.median(value, axis=1) for name, value in values.items()}
    happened = list(_happen(random, EVERYDAY if complete else EVENTS, ids, has, range(calm_days, days)))
    for one in happened:
        cohort_readings.change(values, usual, one, days)
    values = cohort_readings.possible(values)
    reported = [(one.patient_id, name, day) for one in happened for name in one.event.reports for day in one.days]
    if complete:
        readings = cohort_readings.daily(values, ids, cohort_readings.all_taken(values), last_day)
        spoilt = doubtful = readings.clear()
    else:
        taken = cohort_readings.taken(random, has, happened, (patients, days))
        sent, spoilt = cohort_readings.spoil(random, cohort_readings.daily(values, ids, taken, last_day))
        sound, doubtful = cohort_readings.set_aside(sent)
        besides = cohort_readings.besides(sound, values, ids=ids, taken=taken, happened=happened, last_day=last_day)
        heights = cohort_readings.heights(random, ids, usual["weight"], happened, days)
        once = cohort_readings.once([*heights, *cohort_readings.told_once(happened)], last_day)
        readings = pl.concat([sound, besides, once])
        reported += _now_and_then(random, ids, days)
    return Cohort(
        known=Frames(
            patients=_patients(random, ids, last_day, usual),
            readings=frames.with_changes(frames.thinned(readings)),
            reports=_reports(reported, last_day),
            medicines=_medicines(ids, has, happened),
            conditions=_conditions(ids, has),
            consents=frames.empty(frames.CONSENTS),
            history=frames.empty(frames.HISTORY),
        ),
        events=_events(happened, spoilt),
        told=_told(happened),
        doubtful=doubtful,
    )


def _groups(random: np.random.Generator, has: Mapping[str, Marks]) -> dict[str, Marks]:
    patients = len(has["I10"])
    more = {code: random.random(patients) < share for code, share in MORE_CONDITIONS.items()}
    return more | {ASKED_TO_STAND: has["I10"] & (random.random(patients) < ASKED_SHARE)}


def _happen(
    random: np.random.Generator, events: Sequence[Event], ids: list[str], has: Mapping[str, Marks], days: range
) -> Iterator[Happened]:
    """Let events happen, at most one to a patient; those that the cohort is too short for happen to nobody.

    Args:
        days: on which something may happen, counted from the first day of the cohort.
    """
    free = np.ones(len(ids), bool)
    for event in events:
        struck = free & (random.random(len(ids)) < event.share)
        if event.needs:
            struck &= has[event.needs]
        earliest, latest = max(days.start, event.before), days.stop - event.days
        if earliest > latest:
            continue
        free &= ~struck
        for place in struck.nonzero()[0].tolist():
            first_day = int(random.integers(earliest, latest + 1)) - days.stop + 1
            yield Happened(event, place, ids[place], first_day, first_day + event.days - 1)


def _patients(
    random: np.random.Generator, ids: list[str], last_day: date, usual: Mapping[SignalName, Numbers]
) -> pl.DataFrame:
    ages = random.normal(79, 8, len(ids)).clip(45, 103).astype(np.int64)
    constant = {
        "call_name": "Anna",
        "language": "sv",
        "style": "normal",
        "timezone": ZONE,
        "local_date": last_day,
        "due_at": datetime.combine(last_day, CHECK_IN, ZoneInfo(ZONE)),
        "doctor_id": None,
        "allergies": "",
        "flavour_sv": None,
        "flavour_en": None,
    }
    limits = [
        _own_limits(systolic, diastolic)
        for systolic, diastolic in zip(usual["systolic"], usual["diastolic"], strict=True)
    ]
    rows = pl.DataFrame({"patient_id": ids, "age": ages, "limits": limits})
    return rows.select(
        (pl.col(name) if name in rows.columns else pl.lit(constant[name])).cast(kind).alias(name)
        for name, kind in frames.PATIENTS.items()
    )


def _own_limits(systolic: float, diastolic: float) -> str:
    """The limits that care has set for a patient whose pressure usually is just below the ordinary ones, or above."""
    own = {}
    if systolic + ROOM_BELOW_LIMIT["systolic"] > ORDINARY_LIMIT["systolic"]:
        own["systolic_high"] = round(systolic + ROOM_BELOW_LIMIT["systolic"])
    if diastolic + ROOM_BELOW_LIMIT["diastolic"] > ORDINARY_LIMIT["diastolic"]:
        own["diastolic_high"] = round(diastolic + ROOM_BELOW_LIMIT["diastolic"])
    return orjson.dumps(own).decode()


def _medicines(ids: list[str], has: Mapping[str, Marks], happened: Iterable[Happened]) -> pl.DataFrame:
    long_ago = [
        (ids[place], medicine, LONG_AGO)
        for code, treatment in TREATMENTS.items()
        if code in has
        for place in has[code].nonzero()[0]
        for medicine in treatment
    ]
    begun = [(one.patient_id, one.event.medicine, one.first_day) for one in happened if one.event.medicine]
    rows = [
        {
            "patient_id": patient_id,
            "medication_request_id": f"{patient_id}-{atc}",
            "atc": atc,
            "name": name,
            "active": True,
            "changed_day": day,
        }
        for patient_id, (atc, name), day in (*long_ago, *begun)
    ]
    return pl.DataFrame(rows, schema=frames.MEDICINES)


def _conditions(ids: list[str], has: Mapping[str, Marks]) -> pl.DataFrame:
    rows = [
        {"patient_id": ids[place], "code": code}
        for code, theirs in has.items()
        if code in TREATMENTS
        for place in theirs.nonzero()[0]
    ]
    return pl.DataFrame(rows, schema=frames.CONDITIONS)


Said = tuple[str, ReportName, int]
"""Patient, report and day."""


def _now_and_then(random: np.random.Generator, ids: list[str], days: int) -> list[Said]:
    return [
        (ids[place], name, day - days + 1)
        for name, share in NOW_AND_THEN.items()
        for place, day in np.argwhere(random.random((len(ids), days)) < share).tolist()
    ]


def _reports(reported: Iterable[Said], last_day: date) -> pl.DataFrame:
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


def _told(happened: Iterable[Happened]) -> pl.DataFrame:
    rows = [
        {"patient_id": one.patient_id, "day": day, **one.event.facts}
        for one in happened
        if one.event.facts
        for day in one.days
    ]
    return pl.DataFrame(rows, schema=TOLD)


def _events(happened: Iterable[Happened], spoilt: pl.DataFrame) -> pl.DataFrame:
    drawn = [(one.patient_id, one.event.name, one.first_day, one.last_day) for one in happened]
    erred = spoilt.unique(["patient_id", "day"]).sort("patient_id", "day")
    errors = erred.select("patient_id", event=pl.lit(DEVICE_ERRS.name), first_day="day", last_day="day")
    return pl.concat([pl.DataFrame(drawn, schema=EVENT_COLUMNS, orient="row"), errors])
