"""Readings that come from other readings: fasting glucose, and how blood pressure changes when a person stands up."""

import polars as pl

from scheduler.vocabulary import FASTING_GLUCOSE_CODES, SignalName

FASTING_FROM_H, FASTING_UNTIL_H = 4, 10
"""A day's first glucose between these hours is taken as fasting when its code does not say. Our own hours."""
STANDING_WITHIN = "3m"
"""A standing pressure counts against the lying one at most three minutes before it (2011 consensus)."""
POSITIONS = {"10904000": "standing", "40199007": "lying", "102538003": "lying"}
"""SNOMED CT codes in FHIR's observation-bodyPosition."""


def fasting(rows: pl.DataFrame) -> pl.DataFrame:
    """Return those glucose readings that were fasting.

    Args:
        rows: patient_id, code, at, day and hour (of the patient's own clock) of glucose readings.
    """
    first_of_day = pl.col("at") == pl.col("at").min().over("patient_id", "day")
    morning = pl.col("hour").is_between(FASTING_FROM_H, FASTING_UNTIL_H, closed="left")
    return rows.filter(pl.col("code").is_in(FASTING_GLUCOSE_CODES) | (first_of_day & morning))


def on_standing(readings: pl.DataFrame) -> pl.DataFrame:
    """Return the standing minus the lying pressure, mm Hg, for each standing one that follows a lying one in time."""
    parts: list[pl.DataFrame] = []
    signals: tuple[tuple[SignalName, SignalName, SignalName], ...] = (
        ("systolic_lying", "systolic_standing", "systolic_on_standing"),
        ("diastolic_lying", "diastolic_standing", "diastolic_on_standing"),
    )
    for lying, standing, change in signals:
        before = readings.filter(pl.col("signal") == lying).select("patient_id", "at", lying="value").sort("at")
        after = readings.filter(pl.col("signal") == standing).sort("at")
        paired = after.join_asof(before, on="at", by="patient_id", tolerance=STANDING_WITHIN, check_sortedness=False)
        known = paired.filter(pl.col("lying").is_not_null())
        parts.append(
            known.with_columns(
                signal=pl.lit(change, readings["signal"].dtype), value=pl.col("value") - pl.col("lying")
            ).drop("lying")
        )
    return pl.concat(parts)
