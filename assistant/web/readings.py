"""A patient's readings over time, as the pages show them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from assistant.records import audit, reading
from assistant.records.access import Actor, check_patient
from assistant.records.fhir import codes
from assistant.records.models import Observation
from assistant.records.models.base import utc_now
from assistant.web.swedish import day, hours, number

DAYS_SHOWN = 30


@dataclass(frozen=True)
class Signal:
    """One kind of reading: its code, Swedish name and unit, and how many decimals people use."""

    code: str
    title: str
    unit: str
    decimals: int
    fixed_range: tuple[float, float] | None = None
    for_clinic: bool = False
    """A score that needs somebody to read it together with the person, so it is not on the patient's own pages."""


@dataclass(frozen=True)
class Reading:
    """One value; `second` is the diastolic pressure where `value` is the systolic. A doubtful one is never used."""

    at: datetime
    value: float
    second: float | None
    doubtful: bool
    origin: str | None


SIGNALS = {
    signal.code: signal
    for signal in (
        Signal(codes.WEIGHT, "Vikt", "kg", 1),
        Signal(codes.BLOOD_PRESSURE, "Blodtryck", "mmHg", 0),
        Signal(codes.PULSE, "Puls", "slag/min", 0),
        Signal(codes.SPO2, "Syremättnad", "%", 0),
        Signal(codes.TEMPERATURE, "Temperatur", "°C", 1),
        Signal(codes.BREATHS, "Andetag", "per minut", 0),
        Signal(codes.GLUCOSE, "Blodsocker", "mmol/L", 1),
        Signal(codes.GLUCOSE_PLASMA, "Blodsocker (plasma)", "mmol/L", 1),
        Signal(codes.SLEEP, "Sömn", "timmar", 1),
        Signal(codes.MOOD, "Mående, 0–10", "", 0, fixed_range=(0, 10)),
        Signal(codes.PHQ2, "PHQ-2, egna ord", "poäng", 0, fixed_range=(0, 6), for_clinic=True),
        Signal(codes.PHQ9, "PHQ-9, egna ord", "poäng", 0, fixed_range=(0, 27), for_clinic=True),
        Signal(codes.GDS15, "GDS-15, egna ord", "poäng", 0, fixed_range=(0, 15), for_clinic=True),
    )
}


def read_signal(
    db: Session, *, actor: Actor, patient_id: str, code: str, days: int = DAYS_SHOWN, now: datetime | None = None
) -> list[Reading]:
    """Return the readings of one kind, oldest first, doubtful ones among them; the look is audited."""
    check_patient(db, actor=actor, patient_id=patient_id)
    audit.record(db, actor=actor, action="search", entity="Observation", patient_id=patient_id)
    return _series(db, patient_id=patient_id, code=code, days=days, now=now or utc_now())


def read_all(
    db: Session, *, actor: Actor, patient_id: str, days: int = DAYS_SHOWN, now: datetime | None = None
) -> dict[str, list[Reading]]:
    """Return the readings of every kind that has any, by code; the look is audited."""
    check_patient(db, actor=actor, patient_id=patient_id)
    audit.record(db, actor=actor, action="search", entity="Observation", patient_id=patient_id)
    moment = now or utc_now()
    found = {code: _series(db, patient_id=patient_id, code=code, days=days, now=moment) for code in SIGNALS}
    return {code: readings for code, readings in found.items() if readings}


def written(one: Reading, signal: Signal) -> str:
    """Return the value as people write it: "60,4 kg" or "118/70 mmHg"."""
    if signal.code == codes.SLEEP:
        return hours(one.value)
    value = number(one.value, signal.decimals)
    if one.second is not None:
        value = f"{value}/{number(one.second, signal.decimals)}"
    return f"{value}\u00a0{signal.unit}".strip()


def in_words(readings: list[Reading], signal: Signal) -> str:
    """Return what the curve shows, for those who do not see it."""
    used = [one for one in readings if not one.doubtful]
    if not used:
        return f"{signal.title}: inga säkra mätvärden."
    first, last = used[0], used[-1]
    count = "ett mätvärde" if len(used) == 1 else f"{len(used)} mätvärden"
    return (
        f"{signal.title}: {count}. Först {written(first, signal)} {day(first.at)}, "
        f"senast {written(last, signal)} {day(last.at)}."
    )


def _series(db: Session, *, patient_id: str, code: str, days: int, now: datetime) -> list[Reading]:
    since = now - timedelta(days=days)
    rows = reading.series(db, patient_id=patient_id, code=code, since=since, until=now, with_doubtful=True)
    readings = [_reading(row) for row in rows]
    return [one for one in readings if one is not None]


def _reading(row: Observation) -> Reading | None:
    value = row.systolic if row.systolic is not None else row.value
    if value is None:
        return None
    return Reading(at=row.effective_at, value=value, second=row.diastolic, doubtful=row.doubtful, origin=row.origin)
