"""The readings of the demo patients: thirty-five days that end today, each telling that patient's story.

Everything is computed from the day's distance to today and a fixed small wobble, so it is the same every time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from assistant.records.fhir import codes
from assistant.records.fhir.content import Content
from assistant.records.fhir.units import MEASURES

DAYS = 35
MORNING = time(6, 50)
EVENING = time(19, 30)
MARGIN = timedelta(minutes=20)
"""How long before the demo starts today's readings were taken, when it starts earlier than the usual morning."""

WOBBLE = (0.0, 0.6, -0.4, 0.2, -0.7, 0.5, -0.2)
"""Day-to-day variation of a steady body, as a share of each reading's usual spread."""

ByDay = Callable[[int], float | None]
"""A value for each day, 0 today and -1 yesterday; None when nothing was measured."""


@dataclass(frozen=True)
class Story:
    """What one patient measures, by day. Blood pressure is taken morning and evening, the rest in the morning."""

    systolic: ByDay
    diastolic: ByDay
    daily: dict[str, ByDay]


def readings(patient_id: str, *, now: datetime, zone: ZoneInfo) -> list[Content]:
    """Return the patient's readings as Observations, none later than `now`."""
    local = now.astimezone(zone)
    found: list[Content] = []
    for day in range(1 - DAYS, 1):
        on = local.date() + timedelta(days=day)
        morning = _morning(on, local) if day == 0 else datetime.combine(on, MORNING, zone)
        found += _morning_readings(patient_id, day, morning)
        if day < 0:
            found += _pressure(patient_id, day, datetime.combine(on, EVENING, zone), wobble_from=day + 3)
    return found


def _morning(today: date, now: datetime) -> datetime:
    """This morning's readings: at the usual time, or shortly before `now` when it is earlier than that, but today."""
    usual = datetime.combine(today, MORNING, now.tzinfo)
    midnight = datetime.combine(today, time(), now.tzinfo)
    return max(midnight, min(usual, now - MARGIN))


def _morning_readings(patient_id: str, day: int, at: datetime) -> Iterator[Content]:
    yield from _pressure(patient_id, day, at, wobble_from=day)
    for code, by_day in _story(patient_id).daily.items():
        value = by_day(day)
        if value is not None:
            yield _reading(patient_id, code, at, value)


def _pressure(patient_id: str, day: int, at: datetime, *, wobble_from: int) -> Iterator[Content]:
    story = _story(patient_id)
    systolic, diastolic = story.systolic(day), story.diastolic(day)
    if systolic is None or diastolic is None:
        return
    reading = _bare_reading(patient_id, codes.BLOOD_PRESSURE, at)
    reading["component"] = [
        {
            "code": _concept(codes.SYSTOLIC),
            "valueQuantity": _quantity(codes.SYSTOLIC, round(systolic + 2 * _wobble(wobble_from))),
        },
        {
            "code": _concept(codes.DIASTOLIC),
            "valueQuantity": _quantity(codes.DIASTOLIC, round(diastolic + _wobble(wobble_from))),
        },
    ]
    yield reading


def _story(patient_id: str) -> Story:
    """Return the patient's story; a twin ("anna-2") lives that of the first."""
    return STORIES[patient_id.partition("-")[0]]


def _reading(patient_id: str, code: str, at: datetime, value: float) -> Content:
    return _bare_reading(patient_id, code, at) | {"valueQuantity": _quantity(code, value)}


def _bare_reading(patient_id: str, code: str, at: datetime) -> Content:
    category = "survey" if code in (codes.MOOD, codes.SLEEP) else "vital-signs"
    return {
        "resourceType": "Observation",
        "identifier": [{"system": codes.READING_ID, "value": f"demo-{patient_id}-{code}-{at:%Y-%m-%dT%H}"}],
        "status": "final",
        "category": [{"coding": [{"system": codes.OBSERVATION_CATEGORY, "code": category}]}],
        "code": _concept(code),
        "subject": {"reference": f"Patient/{patient_id}"},
        "effectiveDateTime": at.isoformat(),
        "device": {"display": "Hemmautrustning"},
    }


def _concept(code: str) -> Content:
    system = codes.DAILY if code == codes.MOOD else codes.LOINC
    codings = [{"system": system, "code": code}]
    if code == codes.SPO2:
        codings.append({"system": codes.LOINC, "code": codes.SPO2_PULSE_OXIMETRY})
    return {"coding": codings}


def _quantity(code: str, value: float) -> Content:
    measure = MEASURES[code]
    return {"value": value, "unit": measure.shown, "system": codes.UCUM, "code": measure.unit}


def _wobble(day: int) -> float:
    return WOBBLE[day % len(WOBBLE)]


def _steady(level: float, spread: float, decimals: int = 1) -> ByDay:
    return lambda day: round(level + spread * _wobble(day), decimals)


def _always(level: float) -> ByDay:
    return lambda _day: level


def _then(before: ByDay, recent: dict[int, float]) -> ByDay:
    """Steady as `before`, but as `recent` says on its days."""
    return lambda day: recent.get(day, before(day))


def _falling(level: float, *, since: int, a_day: float) -> ByDay:
    """Level until day `since`, then lower by `a_day` every day."""
    return lambda day: level - a_day * max(0, day - since)


STORIES: dict[str, Story] = {
    "anna": Story(
        systolic=_falling(143, since=-13, a_day=1.85),
        diastolic=_falling(78, since=-13, a_day=0.6),
        daily={
            codes.WEIGHT: _then(_steady(71.2, 0.15), {-4: 70.9, -3: 70.7, -2: 70.4, -1: 70.2, 0: 69.9, -5: 71.2}),
            codes.PULSE: _steady(68, 2, 0),
            codes.TEMPERATURE: _steady(36.6, 0.2),
            codes.SLEEP: _then(_steady(7.2, 0.4), {0: 7.6667}),
            codes.MOOD: _then(_steady(7, 1, 0), {-3: 3, -2: 4, -1: 3, 0: 3}),
        },
    ),
    "bertil": Story(
        systolic=_always(128),
        diastolic=_always(74),
        daily={
            codes.WEIGHT: _then(_steady(84.0, 0.15), {-4: 84.0, -3: 84.6, -2: 85.3, -1: 85.9, 0: 86.6}),
            codes.PULSE: _steady(76, 3, 0),
            codes.SLEEP: _then(_steady(6.8, 0.4), {-1: 6.0, 0: 5.75}),
            codes.MOOD: _steady(6, 1, 0),
        },
    ),
    "cecilia": Story(
        systolic=_always(128),
        diastolic=_always(76),
        daily={
            codes.WEIGHT: _steady(78.4, 0.2),
            codes.PULSE: _steady(72, 3, 0),
            codes.GLUCOSE: _steady(7.1, 0.5),
            codes.SLEEP: _steady(7.0, 0.5),
            codes.MOOD: _steady(7, 1, 0),
        },
    ),
    "david": Story(
        systolic=_always(124),
        diastolic=_always(72),
        daily={
            codes.WEIGHT: _steady(69.5, 0.2),
            codes.PULSE: _then(_steady(82, 3, 0), {-2: 92, -1: 96, 0: 98}),
            codes.SPO2: _then(_steady(90, 1, 0), {-2: 90, -1: 89, 0: 89}),
            codes.BREATHS: _then(_steady(18, 1, 0), {-2: 20, -1: 21, 0: 22}),
            codes.TEMPERATURE: _then(_steady(36.7, 0.2), {-2: 37.9, -1: 38.3, 0: 38.2}),
            codes.SLEEP: _then(_steady(6.5, 0.4), {-1: 5.5, 0: 5.25}),
            codes.MOOD: _steady(6, 1, 0),
        },
    ),
    "elsa": Story(
        systolic=_always(126),
        diastolic=_always(72),
        daily={
            codes.WEIGHT: _steady(63.0, 0.2),
            codes.PULSE: _steady(66, 2, 0),
            codes.SLEEP: _steady(7.5, 0.3),
            codes.MOOD: _steady(8, 1, 0),
        },
    ),
}
