"""Worked cases as frames, so that they go through the very code that real patients do."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import orjson
import polars as pl

from scheduler import frames
from scheduler.facts import COUNTED, FACTS
from scheduler.frames import Frames
from scheduler.rule import Case
from scheduler.tastes import liked_flavour
from scheduler.vocabulary import SIGNALS

TODAY = date(2026, 11, 21)
"""The day on which every worked case happens."""
ZONE = "Europe/Stockholm"
MORNING = time(7, 0)


def frames_of(cases: Sequence[Case]) -> Frames:
    """Return frames with one patient per case, named by its place in the list."""
    numbered = [(str(number), case) for number, case in enumerate(cases)]
    readings = _frame(frames.READINGS, [row for p, case in numbered for row in _readings(p, case)])
    return Frames(
        patients=pl.DataFrame([_patient(patient_id, case) for patient_id, case in numbered], schema=frames.PATIENTS),
        readings=frames.with_changes(frames.thinned(readings)),
        reports=_frame(frames.REPORTED, [row for p, case in numbered for row in _reports(p, case)]),
        medicines=_frame(frames.MEDICINES, [row for p, case in numbered for row in _medicines(p, case)]),
        conditions=_frame(frames.CONDITIONS, [[p, code] for p, case in numbered for code in case.diagnoses]),
        consents=_frame(frames.CONSENTS, [[p, category] for p, case in numbered for category in case.consents]),
        history=_frame(frames.HISTORY, [row for p, case in numbered for row in _history(p, case)]),
        facts=pl.DataFrame([_facts(patient_id, case) for patient_id, case in numbered], schema=FACTS),
    )


def moment(day: int, *, minutes: int = 0) -> datetime:
    """Return that day's morning, some minutes later."""
    return datetime.combine(TODAY + timedelta(days=day), MORNING, ZoneInfo(ZONE)) + timedelta(minutes=minutes)


Row = Sequence[object]


def _frame(schema: object, rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=schema, orient="row")  # type: ignore[arg-type]  # a mapping of names to types


def _patient(patient_id: str, case: Case) -> dict[str, object]:
    flavour = liked_flavour(likes=case.likes, refused=case.allergies)
    return {
        "patient_id": patient_id,
        "call_name": "Anna",
        "language": "sv",
        "style": case.style,
        "timezone": ZONE,
        "local_date": TODAY,
        "due_at": moment(0),
        "doctor_id": None,
        "age": case.age,
        "limits": orjson.dumps(case.limits).decode(),
        "allergies": " ".join(case.allergies).lower(),
        "flavour_sv": flavour and flavour.sv,
        "flavour_en": flavour and flavour.en,
    }


def _readings(patient_id: str, case: Case) -> list[Row]:
    rows: list[Row] = []
    for signal, by_day in case.readings.items():
        first = case.stood_after_minutes if SIGNALS[signal].derived == "standing" else 0
        for day, values in by_day.items():
            several = values if isinstance(values, list) else [values]
            for order, value in enumerate(several):
                name = f"{patient_id}-{signal}-{day}-{order}"
                at = moment(day, minutes=first + order * case.minutes_apart)
                rows.append([patient_id, name, signal, float(value), at, day])
                if signal == "glucose" and order == 0:
                    rows.append([patient_id, name, "fasting_glucose", float(value), at, day])
    return rows


def _reports(patient_id: str, case: Case) -> list[Row]:
    return [
        [patient_id, name, moment(day), day, day >= case.last_round, case.about_medicine]
        for name, days in case.reports.items()
        for day in days
    ]


def _facts(patient_id: str, case: Case) -> dict[str, object]:
    counted: dict[str, object] = dict.fromkeys(COUNTED, 0)
    known: dict[str, object] = {str(name): int(number) for name, number in case.facts.items()}
    words = dict.fromkeys(
        ("reading_sv", "reading_en", "device", "doubtful_reading_sv", "doubtful_reading_en", "prescription"), case.about
    )
    return {"patient_id": patient_id, **counted, **words, **known}


def _medicines(patient_id: str, case: Case) -> list[Row]:
    return [
        [
            patient_id,
            f"{patient_id}-{place}",
            one.atc,
            one.atc,
            one.stopped is None,
            one.started if one.stopped is None else one.stopped,
        ]
        for place, one in enumerate(case.medicines)
    ]


def _history(patient_id: str, case: Case) -> list[Row]:
    return [
        [patient_id, one.rule, None, one.state, one.days_ago, one.days_ago, None, moment(-one.days_ago)]
        for one in case.history
    ]
