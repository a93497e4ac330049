"""How well each rule sees what is known to have happened, and how often it sees what did not, in a made-up cohort."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from scheduler import cohort, replay, rulebook
from scheduler.cohort import EVENTS, Cohort
from scheduler.rulebook import RuleBook

NOTICED_WITHIN_DAYS = 3
"""How long after an event ends it still counts as noticed."""
PATIENTS_AT_ONCE = 500
DAYS_AT_ONCE = 14
LOOK_BACK_DAYS = 14
"""Days of readings before the first one that is judged."""


@dataclass(frozen=True)
class Judged:
    """One rule against the events it should notice. False alarms are what it says on days without any of them."""

    rule_id: str
    events: int
    noticed: int
    said: int
    false_alarms: int
    patient_days: int

    @property
    def sensitivity(self) -> float | None:
        """Share of the events that were noticed; None without events."""
        return self.noticed / self.events if self.events else None

    @property
    def false_alarms_per_1000(self) -> float:
        """False alarms per 1,000 patient-days."""
        return 1000 * self.false_alarms / self.patient_days if self.patient_days else 0.0


def simulate(
    *, patients: int, days: int, seed: int = 1, last_day: date = date(2026, 11, 21), book: RuleBook | None = None
) -> list[Judged]:
    """Draw a cohort, play its days through the rules and judge each rule, those that should notice something first.

    Args:
        days: how many days are judged; readings begin 14 days earlier.
    """
    rules = book or rulebook.current()
    rule_ids = [one.rule.id for one in rules.rules]
    found, events = [], []
    for start in range(0, patients, PATIENTS_AT_ONCE):
        size = min(PATIENTS_AT_ONCE, patients - start)
        drawn = cohort.draw(patients=size, days=days + LOOK_BACK_DAYS, last_day=last_day, seed=seed * 1_000_003 + start)
        events.append(_dated(drawn, last_day))
        found += [replay.outcomes(replay.unfold(drawn.known, some), rules, rule_ids) for some in _blocks(days)]
    fired = pl.concat(found).filter(~pl.col("blocked"))
    happened = pl.concat(events).filter(pl.col("last") > last_day - pl.duration(days=days))
    judged = [_judge(one, fired, happened, patients * days, rules) for one in rule_ids]
    return sorted(judged, key=lambda one: (-one.events, -one.false_alarms, one.rule_id))


def _blocks(days: int) -> list[list[int]]:
    return [list(range(max(end - DAYS_AT_ONCE, -days) + 1, end + 1)) for end in range(0, -days, -DAYS_AT_ONCE)]


def _dated(drawn: Cohort, last_day: date) -> pl.DataFrame:
    return drawn.events.select(
        "patient_id",
        "event",
        first=last_day + pl.duration(days="first_day"),
        last=last_day + pl.duration(days="last_day"),
    )


def _judge(rule_id: str, fired: pl.DataFrame, happened: pl.DataFrame, patient_days: int, book: RuleBook) -> Judged:
    theirs = [event.name for event in EVENTS if rule_id in event.rules]
    events = happened.filter(pl.col("event").is_in(theirs))
    spans: dict[str, list[tuple[date, date]]] = {}
    for patient_id, first, last in events.select("patient_id", "first", "last").iter_rows():
        spans.setdefault(patient_id, []).append((first, last))
    days = fired.filter(pl.col("rule_id") == rule_id)
    said = replay.said(days, book.rule(rule_id).rule.cool_down)
    return Judged(
        rule_id=rule_id,
        events=len(events),
        noticed=_noticed(spans, days),
        said=len(said),
        false_alarms=sum(not _within(day, spans.get(patient_id, [])) for patient_id, day in said),
        patient_days=patient_days,
    )


def _noticed(spans: dict[str, list[tuple[date, date]]], fired: pl.DataFrame) -> int:
    days: dict[str, list[date]] = {}
    for patient_id, day in fired.select("patient_id", "local_date").iter_rows():
        days.setdefault(patient_id, []).append(day)
    return sum(
        any(_within(day, [span]) for day in days.get(patient_id, []))
        for patient_id in spans
        for span in spans[patient_id]
    )


def _within(day: date, spans: Sequence[tuple[date, date]]) -> bool:
    return any((day - first).days >= 0 and (day - last).days <= NOTICED_WITHIN_DAYS for first, last in spans)
