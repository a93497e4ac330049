"""The readings of a cohort: what people who are well measure, what events change, and what devices get wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import polars as pl

from assistant.records.fhir import codes
from assistant.records.fhir.units import MEASURES
from scheduler import frames
from scheduler.events import ASKED_TO_STAND, DEVICE_ERRS, Happened
from scheduler.vocabulary import SIGNALS, SignalName

Numbers = npt.NDArray[np.float64]
"""A value for each patient, or for each patient and day."""
Marks = npt.NDArray[np.bool_]
"""Yes or no for each patient, or for each patient and day."""

ZONE = "Europe/Stockholm"
FIRST_READING_H = 6.0
POUNDS_A_KG = 2.20462


@dataclass(frozen=True)
class Usual:
    """A signal in people who are well: mean and spread between people, and from day to day in one."""

    mean: float
    between: float
    within: float


FURTHEST_SD = 3.0
"""Nobody who is well is further from the mean than so many times the spread between people."""
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
SOME_TAKE: Mapping[SignalName, Usual] = {
    "glucose": Usual(7.5, 0.6, 0.8),
    "systolic_on_standing": Usual(-5.0, 2.5, 4.0),
    "diastolic_on_standing": Usual(1.0, 1.5, 2.5),
}
"""Signals that only those take who have diabetes, or whom care has asked to take their pressure lying and standing."""
RANGES: Mapping[SignalName, str] = {
    "weight": codes.WEIGHT,
    "systolic": codes.SYSTOLIC,
    "diastolic": codes.DIASTOLIC,
    "pulse": codes.PULSE,
    "spo2": codes.SPO2,
    "temperature": codes.TEMPERATURE,
    "sleep": codes.SLEEP,
    "mood": codes.MOOD,
    "glucose": codes.GLUCOSE,
}
STANDING_EACH_DAYS = 3
STANDING_AFTER_MIN = 2
BMI = Usual(27.0, 3.0, 0.0)
LOWEST_USUAL_BMI = 24.0


def set_aside(readings: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the readings from the doubtful ones: outside human range, or a weight that no body reaches in a day."""
    in_range = pl.lit(False)
    for name in RANGES:
        in_range = in_range | ((pl.col("signal") == name) & pl.col("value").is_between(*_human(name)))
    ordered = readings.sort("patient_id", "signal", "at")
    possible = ordered.filter(in_range)
    jumps = possible.filter((pl.col("signal") == "weight") & _far_from(1) & _far_from(2))
    sound = possible.join(jumps, on=["patient_id", "signal", "at", "value"], how="anti", maintain_order="left")
    return sound, pl.concat([ordered.filter(~in_range), jumps])


def _human(name: SignalName) -> tuple[float, float]:
    measure = MEASURES[RANGES[name]]
    return measure.low, measure.high


def _far_from(rows: int) -> pl.Expr:
    """Whether a value is more than 5 % from the one so many readings before; the one just before may be wrong."""
    before = pl.col("value").shift(rows).over("patient_id", "signal")
    return ((pl.col("value") - before).abs() > 0.05 * before).fill_null(rows > 1)


def moment(day: date, hours: float = FIRST_READING_H) -> datetime:
    """Return a moment of that day on the cohort's clock."""
    return datetime.combine(day, time(0), ZoneInfo(ZONE)) + timedelta(hours=hours)


def around_usual(random: np.random.Generator, usual: Usual, patients: int, days: int) -> Numbers:
    """Draw a signal of people who are well."""
    furthest = FURTHEST_SD * usual.between
    own = random.normal(usual.mean, usual.between, (patients, 1)).clip(usual.mean - furthest, usual.mean + furthest)
    return own + random.normal(0, usual.within, (patients, days))


def change(values: Mapping[SignalName, Numbers], usual: Mapping[SignalName, Numbers], one: Happened, days: int) -> None:
    """Change the readings of the days of an event, and the weight, which does not come back, of those after it."""
    first, after = one.first_day + days - 1, one.last_day + days
    steps = np.arange(1, one.event.days + 1)
    for name, step in one.event.daily.items():
        values[name][one.place, first:after] += step * steps
        if name == "weight":
            values[name][one.place, after:] += step * steps[-1]
    for name, step in one.event.at_once.items():
        values[name][one.place, first:after] += step
    for name, level in one.event.becomes.items():
        values[name][one.place, first:after] += level - usual[name][one.place]


def possible(values: Mapping[SignalName, Numbers]) -> dict[SignalName, Numbers]:
    """Keep values within what a person can have or answer."""
    return {name: value.clip(*_human(name)) if name in RANGES else value for name, value in values.items()}


def all_taken(values: Mapping[SignalName, Numbers]) -> dict[SignalName, Marks]:
    """Everybody takes every reading every day."""
    return {name: np.ones(value.shape, bool) for name, value in values.items()}


def taken(
    random: np.random.Generator, has: Mapping[str, Marks], happened: Iterable[Happened], shape: tuple[int, int]
) -> dict[SignalName, Marks]:
    """Who reads what when: most days by most, rarely by some; pressure standing up each third day by those asked."""
    patients, days = shape
    usually = random.random(shape) < random.beta(9, 1.5, (patients, 1))
    marks: dict[SignalName, Marks] = {name: usually.copy() for name in USUAL}
    marks["glucose"] = usually & has["E11"][:, None]
    for one in happened:
        for name in one.event.untaken:
            marks[name][one.place, one.first_day + days - 1 : one.last_day + days] = False
    each_third = (np.arange(days) + np.arange(patients)[:, None]) % STANDING_EACH_DAYS == 0
    standing = marks["systolic"] & has[ASKED_TO_STAND][:, None] & each_third
    return marks | {"systolic_standing": standing, "diastolic_standing": standing}


def daily(
    values: Mapping[SignalName, Numbers], ids: list[str], taken: Mapping[SignalName, Marks], last_day: date
) -> pl.DataFrame:
    """Return the readings of each morning."""
    return pl.concat(_readings(name, values[name], ids, taken[name], last_day) for name in RANGES if name in values)


def _readings(name: SignalName, values: Numbers, ids: list[str], taken: Marks, last_day: date) -> pl.DataFrame:
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


def spoil(random: np.random.Generator, readings: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Let devices err, pounds for kilograms or ten times too much, and send a reading twice.

    Return all the readings, and those that are wrong.
    """
    wrong = pl.Series(random.random(len(readings)) < DEVICE_ERRS.share)
    twice = readings.filter(pl.Series(random.random(len(readings)) < DEVICE_ERRS.share))
    factor = pl.when(pl.col("signal") == "weight").then(POUNDS_A_KG).otherwise(10.0)
    spoilt = readings.filter(wrong).with_columns(value=pl.col("value") * factor)
    return pl.concat([readings.filter(~wrong), spoilt, twice]), spoilt


def besides(
    readings: pl.DataFrame,
    values: Mapping[SignalName, Numbers],
    *,
    ids: list[str],
    taken: Mapping[SignalName, Marks],
    happened: Sequence[Happened],
    last_day: date,
) -> pl.DataFrame:
    """Return what is taken on some days only, standing up or once more, and what those of the morning also are."""
    standing = _standing(values, ids, taken, last_day)
    return pl.concat([_lying(readings, standing), standing, _fasting(readings), _again(readings, happened)])


def _standing(
    values: Mapping[SignalName, Numbers], ids: list[str], taken: Mapping[SignalName, Marks], last_day: date
) -> pl.DataFrame:
    upper = values["systolic"] + values["systolic_on_standing"]
    lower = values["diastolic"] + values["diastolic_on_standing"]
    rows = pl.concat(
        [
            _readings("systolic_standing", upper, ids, taken["systolic_standing"], last_day),
            _readings("diastolic_standing", lower, ids, taken["diastolic_standing"], last_day),
        ]
    )
    return rows.with_columns(pl.col("at") + pl.duration(minutes=STANDING_AFTER_MIN))


def _lying(readings: pl.DataFrame, standing: pl.DataFrame) -> pl.DataFrame:
    """The morning's pressure was taken lying, on days with one standing."""
    lying = {"systolic": "systolic_lying", "diastolic": "diastolic_lying"}
    pressures = readings.filter(pl.col("signal").is_in(list(lying))).join(
        standing, on=["patient_id", "day"], how="semi"
    )
    return pressures.with_columns(pl.col("signal").replace_strict(lying))


def _fasting(readings: pl.DataFrame) -> pl.DataFrame:
    """The morning's glucose is taken fasting."""
    return readings.filter(pl.col("signal") == "glucose").with_columns(signal=pl.lit("fasting_glucose"))


def _again(readings: pl.DataFrame, happened: Iterable[Happened]) -> pl.DataFrame:
    """Readings taken once more, some minutes later, because the first was so unlike the usual."""
    wanted = [
        (one.patient_id, name, one.first_day, one.last_day, one.event.again_after_min)
        for one in happened
        if one.event.again_after_min
        for name in (*one.event.at_once, *one.event.becomes)
    ]
    schema = {"patient_id": pl.String, "signal": pl.String, "first": pl.Int32, "last": pl.Int32, "minutes": pl.Int32}
    return (
        readings.join(pl.DataFrame(wanted, schema=schema, orient="row"), on=["patient_id", "signal"])
        .filter(pl.col("day").is_between("first", "last"))
        .with_columns(
            at=pl.col("at") + pl.duration(minutes="minutes"),
            observation_id=pl.format("{}b", "observation_id"),
        )
        .select(readings.columns)
    )


Single = tuple[str, SignalName, float, int]
"""Patient, signal, value and day of a reading that is taken once."""


def heights(
    random: np.random.Generator, ids: Sequence[str], weight: Numbers, happened: Iterable[Happened], days: int
) -> list[Single]:
    """Everybody's height, known since before the first day; of those found to be thin only since they were found."""
    bmi = np.maximum(random.normal(BMI.mean, BMI.between, len(ids)), LOWEST_USUAL_BMI)
    known_since = np.full(len(ids), -days)
    for one in happened:
        if one.event.bmi:
            bmi[one.place], known_since[one.place] = one.event.bmi, one.first_day
    rows = zip(ids, (100 * np.sqrt(weight / bmi)).round().tolist(), known_since.tolist(), strict=True)
    return [(patient_id, "height", height, day) for patient_id, height, day in rows]


def told_once(happened: Iterable[Happened]) -> list[Single]:
    """Return what is told or taken on the first day of events."""
    return [(one.patient_id, name, value, one.first_day) for one in happened for name, value in one.event.once.items()]


def once(rows: Sequence[Single], last_day: date) -> pl.DataFrame:
    """Return single readings as a frame."""
    at = [moment(last_day + timedelta(days=day), FIRST_READING_H + 1) for _, _, _, day in rows]
    schema = {"patient_id": pl.String, "signal": pl.String, "value": pl.Float64, "day": pl.Int32}
    readings = pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.Series("at", at, dtype=frames.MINUTE))
    observation_id = pl.format("{}-{}{}", pl.col("patient_id").str.head(24), pl.col("signal"), -pl.col("day"))
    return readings.select("patient_id", observation_id.alias("observation_id"), "signal", "value", "at", "day")
