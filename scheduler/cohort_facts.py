"""What is known of the patients of a cohort on each day, besides readings and lists, worked out as the round does."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import polars as pl

from scheduler import facts
from scheduler.cohort import Cohort
from scheduler.cohort_readings import moment
from scheduler.replay import SEPARATOR
from scheduler.vocabulary import SIGNALS, SignalName

AGREED: tuple[SignalName, ...] = ("weight", "systolic")
"""What everybody has agreed to take every day."""
DEVICES: Mapping[SignalName, str] = {
    "weight": "Våg",
    "systolic": "Blodtrycksmätare",
    "pulse": "Blodtrycksmätare",
    "spo2": "Pulsoximeter",
    "glucose": "Blodsockermätare",
}
"""What sends a signal; the others are told in the talk."""
SEEN_AT_H = 8.0
"""Each day is seen at this hour, when its morning readings have come."""


def of_days(drawn: Cohort, patients: pl.DataFrame, days: Sequence[int], last_day: date) -> pl.DataFrame:
    """Return the facts of patients that `replay.unfold` has made of these days.

    Args:
        patients: unfolded ones.
        days: 0 and below.
    """
    forecast = pl.col("slip_risk", "slip_risk_before", "heat").fill_null(0)
    return facts.together(
        patients,
        facts.missed(_agreed(drawn, days)),
        _silent(drawn, days, last_day),
        facts.doubtful(_with_codes(drawn.doubtful).filter(pl.col("day").is_in(days)).sort("at").pipe(_of_day, "day")),
        _told(drawn),
    ).with_columns(forecast)


def _of_day(rows: pl.DataFrame, day: str) -> pl.DataFrame:
    return rows.with_columns(patient_id=pl.format(f"{{}}{SEPARATOR}{{}}", "patient_id", day))


def _with_codes(readings: pl.DataFrame) -> pl.DataFrame:
    codes = {name: signal.codes[0] for name, signal in SIGNALS.items()}
    return readings.with_columns(code=pl.col("signal").cast(pl.String).replace_strict(codes, return_dtype=pl.String))


def _agreed(drawn: Cohort, days: Sequence[int]) -> pl.DataFrame:
    """Days since each agreed reading, seen from each day; null where there is none yet."""
    seen = pl.DataFrame({"seen": list(days)}, schema={"seen": pl.Int32})
    latest = (
        _with_codes(drawn.known.readings.filter(pl.col("signal").is_in(AGREED)))
        .select("patient_id", "code", "day")
        .filter(pl.col("day").is_between(days[0] - facts.NEVER_TAKEN_DAYS, days[-1]))
        .join(seen, how="cross")
        .filter(pl.col("day") <= pl.col("seen"))
        .group_by("patient_id", "code", "seen")
        .agg(days_since=(pl.col("seen") - pl.col("day")).min())
    )
    codes = pl.DataFrame({"code": [SIGNALS[name].codes[0] for name in AGREED]})
    asked = drawn.known.patients.select("patient_id").join(codes, how="cross").join(seen, how="cross")
    known = asked.join(latest, on=["patient_id", "code", "seen"], how="left")
    return known.with_columns(times_a_week=pl.lit(7.0)).pipe(_of_day, "seen")


def _silent(drawn: Cohort, days: Sequence[int], last_day: date) -> pl.DataFrame:
    sent = pl.concat([drawn.known.readings, drawn.doubtful]).filter(pl.col("signal").is_in(list(DEVICES)))
    origin = pl.col("signal").cast(pl.String).replace_strict(DEVICES, return_dtype=pl.String)
    values = sent.select("patient_id", "at", "day", origin=origin)
    return pl.concat(
        facts.silent(
            values.filter(pl.col("day").is_between(day + facts.DEVICE_FIRST_DAY, day)),
            now=moment(last_day + timedelta(days=day), SEEN_AT_H),
        ).with_columns(patient_id=pl.format(f"{{}}{SEPARATOR}{day}", "patient_id"))
        for day in days
    )


def _told(drawn: Cohort) -> pl.DataFrame:
    """Facts of events; the slip risk of a day is that of the day before on the next."""
    yesterday = drawn.told.select("patient_id", pl.col("day") + 1, slip_risk_before="slip_risk")
    both = drawn.told.join(yesterday, on=["patient_id", "day"], how="full", coalesce=True)
    return both.pipe(_of_day, "day").drop("day")
