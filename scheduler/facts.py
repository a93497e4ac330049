"""What is known of each patient now besides readings and lists, and the words to say it with."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from scheduler.vocabulary import SIGNALS, Fact, SignalName

FACTS: Mapping[str, Any] = {
    "patient_id": pl.String,
    "missed_readings": pl.Int64,
    "silent_devices": pl.Int64,
    "doubtful_readings": pl.Int64,
    "prescription_days_left": pl.Int64,
    "unanswered_check_ins": pl.Int64,
    "slip_risk": pl.Int64,
    "slip_risk_before": pl.Int64,
    "heat": pl.Int64,
    "reading_sv": pl.String,
    "reading_en": pl.String,
    "device": pl.String,
    "doubtful_reading_sv": pl.String,
    "doubtful_reading_en": pl.String,
    "prescription": pl.String,
}
COUNTED: tuple[Fact, ...] = ("missed_readings", "silent_devices", "doubtful_readings", "unanswered_check_ins")
"""Facts that are 0 when nothing is known of the kind; the others are then unknown."""

TOLD_BY_PATIENT = "Berättat av patienten"
"""The origin of values that were told in the talk: no device."""
SILENT_AFTER_H = 48
DAILY_DAYS = 5
DAILY_WINDOW_DAYS = 7
"""A device sent daily when it sent on five of the seven days up to its last. Our own numbers."""
NEVER_TAKEN_DAYS = 30
"""A reading that is agreed and of which there is none is taken as missed for so long."""
EXPIRED_AT_MOST_DAYS = 30
"""A prescription that ended longer ago than this is history and no longer asked about. Our own number."""


def missed(agreed: pl.DataFrame) -> pl.DataFrame:
    """Return how many agreed times have been missed in a row, of the reading that has been missed most.

    Args:
        agreed: patient_id, code, times_a_week and days_since (null: never taken). Today is counted. More than once a
            day counts as daily, so that a round in the morning does not miss the evening.
    """
    a_day = pl.min_horizontal(pl.col("times_a_week"), 7.0) / 7
    days = pl.col("days_since").fill_null(NEVER_TAKEN_DAYS)
    times = (days * a_day + 1e-9).floor().cast(pl.Int64)
    words = [(code, one.label_sv, one.label_en) for one in SIGNALS.values() if not one.derived for code in one.codes]
    labels = pl.DataFrame(words, schema=["code", "reading_sv", "reading_en"], orient="row").unique("code", keep="first")
    return (
        agreed.filter(pl.col("times_a_week") > 0)
        .with_columns(missed_readings=times)
        .join(labels, on="code", how="inner")
        .sort("missed_readings", "code", descending=[True, False])
        .group_by("patient_id", maintain_order=True)
        .agg(pl.col("missed_readings", "reading_sv", "reading_en").first())
    )


def silent(sent: pl.DataFrame, *, now: datetime) -> pl.DataFrame:
    """Return how many devices that sent daily have been silent for 48 hours, and the name of one.

    Args:
        sent: patient_id, origin, at and day of the values that came in.
    """
    last_day = pl.col("day").max()
    recent = pl.col("day").filter(pl.col("day") > last_day - DAILY_WINDOW_DAYS)
    devices = (
        sent.filter(pl.col("origin").is_not_null() & (pl.col("origin") != TOLD_BY_PATIENT))
        .group_by("patient_id", "origin")
        .agg(days=recent.n_unique(), last=pl.col("at").max())
    )
    quiet = pl.col("last") <= now.astimezone(UTC) - timedelta(hours=SILENT_AFTER_H)
    return (
        devices.filter(quiet & (pl.col("days") >= DAILY_DAYS))
        .group_by("patient_id")
        .agg(silent_devices=pl.len().cast(pl.Int64), device=pl.col("origin").sort().first())
    )


def doubtful(readings: pl.DataFrame) -> pl.DataFrame:
    """Return how many doubtful readings came since the last round, and what the latest one was.

    Args:
        readings: patient_id, code and at, in order of time.
    """
    words: dict[str, tuple[str, str]] = {}
    for one in SIGNALS.values():
        for code in one.codes:
            words.setdefault(code, (one.label_sv, one.label_en))
    latest = pl.col("code").last()
    return readings.group_by("patient_id").agg(
        doubtful_readings=pl.col("code").len().cast(pl.Int64),
        doubtful_reading_sv=latest.replace_strict({code: said[0] for code, said in words.items()}, default="Ett värde"),
        doubtful_reading_en=latest.replace_strict({code: said[1] for code, said in words.items()}, default="A value"),
    )


def ending(medicines: pl.DataFrame) -> pl.DataFrame:
    """Return the days left of the active prescription that ends first, and its medicine.

    Args:
        medicines: patient_id, name, active and days_left (null: not known).
    """
    return (
        medicines.filter(pl.col("active") & (pl.col("days_left") >= -EXPIRED_AT_MOST_DAYS))
        .sort("days_left", "name")
        .group_by("patient_id", maintain_order=True)
        .agg(prescription_days_left=pl.col("days_left").first().cast(pl.Int64), prescription=pl.col("name").first())
    )


def together(patients: pl.DataFrame, *parts: pl.DataFrame) -> pl.DataFrame:
    """Return one row of facts per patient."""
    facts = patients.select("patient_id")
    for part in parts:
        facts = facts.join(part, on="patient_id", how="left")
    absent = [pl.lit(None, kind).alias(name) for name, kind in FACTS.items() if name not in facts.columns]
    known = {name: pl.col(name).fill_null(0) if name in COUNTED else pl.col(name) for name in FACTS}
    return facts.with_columns(absent).select(
        "patient_id", *(known[name].cast(kind) for name, kind in FACTS.items() if name != "patient_id")
    )


FROM_DEVICES: tuple[Fact, ...] = ("silent_devices", "doubtful_readings")
DEVICE_SIGNALS: tuple[SignalName, ...] = (
    "weight",
    "systolic",
    "pulse",
    "spo2",
    "temperature",
    "breaths",
    "glucose",
)
DEVICE_FIRST_DAY = -13
"""These facts need the values of devices so far back, to see whether a device sent daily before it fell silent."""
