"""Robust slopes of many patients' readings at once.

The slope is Theil and Sen's: the median of the slopes of all pairs of readings on different days. The 90 % interval is
Sen's rank-based one (Sen PK, J Am Stat Assoc 1968;63:1379-89, with the correction for ties), as in
`scipy.stats.theilslopes(values, days, alpha=0.9)`, which the tests compare it with. Where ties leave no variance the
interval is not known.
"""

from collections.abc import Collection
from statistics import NormalDist

import polars as pl

Z = NormalDist().inv_cdf(0.95)
"""Two-sided 90 %."""

Window = tuple[int, int]
PREFIX = "slope"
"""How the names of the columns begin."""


def column(measure: str, signal: str, window: Window) -> str:
    """Return the name of the column that holds `measure` (slope, slope_low or slope_high) of a window."""
    return f"{measure}|{signal}|{window[0]}|{window[1]}"


def slopes(readings: pl.DataFrame, *, signal: str, windows: Collection[Window]) -> pl.DataFrame:
    """Return slope, slope_low and slope_high, in units a day, per patient and window.

    Args:
        readings: patient_id, day (local calendar day) and value of one signal.
        signal: its name, for the columns.
        windows: first and last day of each window.
    """
    pairs = _pairs(readings, windows)
    result = pairs.group_by("patient_id").agg(
        _sorted_rates(window).alias(f"rates|{window[0]}|{window[1]}") for window in windows
    )
    for window in windows:
        inside = readings.filter(pl.col("day").is_between(*window))
        result = result.join(_variance(inside), on="patient_id", how="left")
        rates = pl.col(f"rates|{window[0]}|{window[1]}")
        result = result.with_columns(_statistics(rates, signal, window)).drop("variance")
    return result.select("patient_id", pl.col(f"^slope.*\\|{signal}\\|.*$"))


def _pairs(readings: pl.DataFrame, windows: Collection[Window]) -> pl.DataFrame:
    """All pairs of readings on different days that lie in some window."""
    earliest = min(window[0] for window in windows)
    latest = max(window[1] for window in windows)
    longest = max(window[1] - window[0] for window in windows)
    one = readings.filter(pl.col("day").is_between(earliest, latest)).select("patient_id", "day", "value")
    apart = pl.col("later") - pl.col("day")
    return (
        one.join(one.rename({"day": "later", "value": "then"}), on="patient_id")
        .filter((apart > 0) & (apart <= longest))
        .with_columns(rate=(pl.col("then") - pl.col("value")) / apart)
    )


def _sorted_rates(window: Window) -> pl.Expr:
    return pl.col("rate").filter((pl.col("day") >= window[0]) & (pl.col("later") <= window[1])).sort()


def _variance(readings: pl.DataFrame) -> pl.DataFrame:
    """Variance of Kendall's score for each patient, corrected for tied days and tied values."""
    counts = readings.group_by("patient_id").agg(n=pl.len())
    for by in ("day", "value"):
        ties = readings.group_by("patient_id", by).agg(k=pl.len()).group_by("patient_id")
        counts = counts.join(
            ties.agg(_score_variance(pl.col("k")).sum().alias(f"tied_{by}")), on="patient_id", how="left"
        )
    variance = (_score_variance(pl.col("n")) - pl.col("tied_day") - pl.col("tied_value")) / 18
    return counts.select("patient_id", variance=variance)


def _score_variance(k: pl.Expr) -> pl.Expr:
    k = k.cast(pl.Float64)
    return k * (k - 1) * (2 * k + 5)


def _statistics(rates: pl.Expr, signal: str, window: Window) -> list[pl.Expr]:
    pairs = rates.list.len().cast(pl.Float64)
    margin = pl.when(pl.col("variance") >= 0).then(pl.col("variance").sqrt()) * Z
    high = ((pairs + margin) / 2).round(mode="half_to_even").clip(upper_bound=pairs - 1)
    low = (((pairs - margin) / 2).round(mode="half_to_even") - 1).clip(lower_bound=0)
    return [
        rates.list.median().alias(column("slope", signal, window)),
        rates.list.get(low.cast(pl.Int64), null_on_oob=True).alias(column("slope_low", signal, window)),
        rates.list.get(high.cast(pl.Int64), null_on_oob=True).alias(column("slope_high", signal, window)),
    ]
