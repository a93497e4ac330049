"""The readings behind a recommendation: what its conditions looked at, for "why?", the clinic and the trace."""

from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl

from scheduler.news2 import INPUTS
from scheduler.rule import (
    All,
    AnyOf,
    Bmi,
    Compare,
    Condition,
    Difference,
    Measured,
    Met,
    News2,
    Not,
    OnDays,
    Percent,
    Rule,
    SomeOf,
    Twice,
)
from scheduler.rulebook import RuleBook
from scheduler.vocabulary import SIGNALS, SignalName

MOST = 60
"""Most readings kept beside a recommendation, the latest ones."""


def inputs_used(
    rule: Rule, readings: pl.DataFrame, book: RuleBook, *, of: Iterable[str]
) -> dict[str, list[dict[str, Any]]]:
    """Return, for each of these patients, the readings that the rule's conditions looked at.

    Each is {"label", "value", "unit", "at", "signal", "observation"}; a blood pressure's value is like "118/70".

    Args:
        readings: in order of time.
    """
    used = signals_used(rule, book)
    if not used:
        return {}
    theirs = readings.filter(pl.col("patient_id").is_in(list(of)))
    seen = pl.any_horizontal((pl.col("signal") == signal) & (pl.col("day") >= first) for signal, first in used.items())
    lower = theirs.filter(pl.col("signal") == "diastolic").select("observation_id", "value")
    diastolic = dict(lower.iter_rows()) if "systolic" in used else {}
    found: dict[str, list[dict[str, Any]]] = {}
    for row in theirs.filter(seen & (pl.col("signal") != "diastolic")).iter_rows(named=True):
        found.setdefault(row["patient_id"], []).append(_input(row, diastolic))
    return {patient_id: rows[-MOST:] for patient_id, rows in found.items()}


def signals_used(rule: Rule, book: RuleBook) -> dict[SignalName, int]:
    """Return the signals that the rule's conditions look at, each with its first day, through other rules too."""
    used: dict[SignalName, int] = {}
    for part in parts(rule.when):
        if isinstance(part, Compare):
            for name in (part.value, *(limit for limit in part.limits.values() if isinstance(limit, str))):
                for signal, day in _behind(rule, name):
                    used[signal] = min(day, used.get(signal, 0))
        if isinstance(part, Twice | OnDays):
            for kept in part.twice if isinstance(part, Twice) else part.on_days:
                used[kept.of] = min(part.days[0], used.get(kept.of, 0))
        if isinstance(part, Met):
            for signal, day in signals_used(book.rule(part.met).rule, book).items():
                used[signal] = min(day, used.get(signal, 0))
    return used


def parts(condition: Condition) -> Iterator[Condition]:
    """Yield every condition that has no conditions in it."""
    match condition:
        case All():
            inner: tuple[Condition, ...] = condition.all
        case AnyOf():
            inner = condition.any
        case Not():
            inner = (condition.not_,)
        case SomeOf():
            inner = condition.some_of
        case _:
            yield condition
            return
    for part in inner:
        yield from parts(part)


def _behind(rule: Rule, name: str) -> Iterator[tuple[SignalName, int]]:
    value = rule.values[name]
    match value:
        case Measured():
            yield value.of, value.days[0] - (value.apart[1] if value.apart else 0)
        case Difference(minus=names) | Percent(percent_of=names) | Bmi(bmi=names):
            for inner in names:
                yield from _behind(rule, inner)
        case News2():
            for signal in INPUTS:
                yield signal, value.days[0]
        case _:
            return


def _input(row: dict[str, Any], diastolic: dict[str, float]) -> dict[str, Any]:
    signal = SIGNALS[row["signal"]]
    value: float | str = row["value"]
    if row["signal"] == "systolic" and row["observation_id"] in diastolic:
        value = f"{row['value']:.0f}/{diastolic[row['observation_id']]:.0f}"
    return {
        "label": signal.label_sv,
        "value": value,
        "unit": signal.unit,
        "at": row["at"].isoformat(),
        "signal": row["signal"],
        "observation": row["observation_id"],
    }
