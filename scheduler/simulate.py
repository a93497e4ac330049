"""A made-up cohort played through the rules, to see how well each sees what is known to have happened."""

import csv
import io
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

import polars as pl

from scheduler import cohort, cohort_facts, replay, rulebook
from scheduler.cohort import Cohort
from scheduler.frames import Frames
from scheduler.judge import Course, Judged, judge
from scheduler.rulebook import RuleBook
from scheduler.shard import earliest

PATIENTS_AT_ONCE = 500
DAYS_AT_ONCE = 14
LOOK_BACK_DAYS = 35
"""Days of readings before the first one that is judged: as far as all rules look back but `weight-loss-6m`."""


Form = Literal["json", "csv", "table"]


def simulate(
    *, patients: int, days: int, seed: int = 1, last_day: date = date(2026, 11, 21), book: RuleBook | None = None
) -> list[Judged]:
    """Draw a cohort, play its days through the rules and judge each rule, in the order of their ids.

    Cool-downs count for what is said, not for what is noticed; that one rule covers another does not count.

    Args:
        days: how many days are judged; readings begin 35 days earlier.
    """
    rules = book or rulebook.current()
    rule_ids = sorted(one.rule.id for one in rules.rules)
    found, happened = [], []
    for start in range(0, patients, PATIENTS_AT_ONCE):
        drawn = cohort.draw(
            patients=min(PATIENTS_AT_ONCE, patients - start),
            days=days + LOOK_BACK_DAYS,
            last_day=last_day,
            seed=seed * 1_000_003 + start,
            calm_days=LOOK_BACK_DAYS,
        )
        happened.append(_dated(drawn, last_day))
        found += [replay.outcomes(one, rules, rule_ids) for one in _played(drawn, days, last_day, rules)]
    fired = pl.concat(found).filter(~pl.col("blocked")).partition_by("rule_id", as_dict=True)
    first_day = last_day - timedelta(days=days - 1)
    course = Course.of(
        pl.concat(happened),
        first_day=first_day,
        patients=patients,
        days=days,
        days_of_readings=days + LOOK_BACK_DAYS,
    )
    nothing = pl.DataFrame(schema={"patient_id": pl.String, "local_date": pl.Date})
    return [
        judge(one, fired.get((one,), nothing), course, cool_down=rules.rule(one).rule.cool_down) for one in rule_ids
    ]


def _played(drawn: Cohort, days: int, last_day: date, book: RuleBook) -> Iterator[Frames]:
    """The cohort day by day, some days at once, with the readings that the rules look back at."""
    reach = pl.DataFrame(list(earliest(book).items()), schema={"signal": pl.String, "reach": pl.Int32}, orient="row")
    readings = drawn.known.readings.join(reach, on="signal", maintain_order="left")
    for end in range(0, -days, -DAYS_AT_ONCE):
        some = list(range(max(end - DAYS_AT_ONCE, -days) + 1, end + 1))
        seen = readings.filter(pl.col("day").is_between(some[0] + pl.col("reach"), end)).drop("reach")
        unfolded = replay.unfold(replace(drawn.known, readings=seen), some)
        yield replace(unfolded, facts=cohort_facts.of_days(drawn, unfolded.patients, some, last_day))


def _dated(drawn: Cohort, last_day: date) -> pl.DataFrame:
    return drawn.events.select(
        "patient_id",
        "event",
        first=last_day + pl.duration(days="first_day"),
        last=last_day + pl.duration(days="last_day"),
    )


def lines(judged: Sequence[Judged], form: Form) -> Iterator[str]:
    """Write the judgements: a JSON object or a row for each rule."""
    match form:
        case "json":
            yield from (json.dumps(one.figures()) for one in judged)
        case "csv":
            yield from _csv(judged)
        case "table":
            yield from _table(judged)


def _csv(judged: Sequence[Judged]) -> Iterator[str]:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(judged[0].figures()), lineterminator="\n")
    writer.writeheader()
    writer.writerows(one.figures() for one in judged)
    yield from text.getvalue().splitlines()


ROW = "{:<30} {:>6} {:>7} {:>11} {:>9} {:>7} {:>7}  {}"


def _table(judged: Sequence[Judged]) -> Iterator[str]:
    yield ROW.format("rule", "events", "noticed", "sensitivity", "delay (d)", "false", "/1,000", "").rstrip()
    for one in judged:
        share = "-" if one.sensitivity is None else f"{math.floor(100 * one.sensitivity)}%"
        delay = "-" if one.median_delay_days is None else f"{one.median_delay_days:g}"
        why = f"no event in this cohort: {one.why_none}" if one.why_none else ""
        rate = f"{one.false_alarms_per_1000:.2f}"
        row = ROW.format(one.rule_id, one.events, one.noticed, share, delay, one.false_alarms, rate, why)
        yield row.rstrip()
    yield f"Patient-days: {judged[0].patient_days}, of them without an event: {judged[0].quiet_patient_days}"
