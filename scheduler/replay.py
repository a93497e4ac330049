"""How often each rule would have fired on stored history, before it is switched on.

A day of a patient becomes a patient of its own, so that all days of a week are evaluated at once by the very
expressions of the round.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records import bulk, sharing
from assistant.records.database import session
from assistant.records.models import Patient
from assistant.settings import get_settings
from scheduler import frames, rulebook
from scheduler.due import zones
from scheduler.frames import Frames
from scheduler.rulebook import RuleBook
from scheduler.shard import earliest, in_shards

DAYS_AT_ONCE = 7
SEPARATOR = "@"


@dataclass(frozen=True)
class Replayed:
    """One rule over a period. `fired` and `blocked` count patient-days, cool-down aside; `said` counts with it."""

    rule_id: str
    version: int
    patient_days: int
    fired: int
    blocked: int
    said: int
    patients: int

    @property
    def per_1000(self) -> float:
        """Patient-days on which it would have been said, per 1,000."""
        return 1000 * self.said / self.patient_days if self.patient_days else 0.0


def replay(
    *,
    first: date,
    last: date,
    rule_id: str | None = None,
    book: RuleBook | None = None,
    patient_ids: Sequence[str] | None = None,
) -> list[Replayed]:
    """Replay the rules over these days, both included.

    Medicines, diagnoses and consents are taken as they stand, but for orders that were not written yet. Each day is
    seen as at its end. Rules over `scheduler.facts`, of which no history is kept, are not seen to fire.

    Args:
        rule_id: only this one.
        book: the rules, such as one with a new version; this process's own when None.
        patient_ids: only these; everybody when None. Who has said no to quality follow-up is not counted.

    Raises:
        KeyError: there is no such working rule.
        ValueError: the period ends before it begins.
    """
    if last < first:
        raise ValueError("the period ends before it begins")
    rules = book or rulebook.active()
    wanted = [rule_id] if rule_id else [one.rule.id for one in rules.rules]
    for one in wanted:
        rules.rule(one)
    parts, patient_days = [], 0
    for known, days in _weeks(first, last, rules, patient_ids):
        unfolded = unfold(known, days)
        patient_days += len(unfolded.patients)
        parts.append(outcomes(unfolded, rules, wanted))
    return summary(pl.concat(parts) if parts else _no_outcomes(), rules, wanted, patient_days)


def unfold(known: Frames, days: Sequence[int]) -> Frames:
    """Return frames with one patient for each patient and day; day 0 of the given frames is the last.

    What is known of the last day only, the facts beside the readings, is left out as unknown.

    Args:
        days: 0 and below, relative to the patients' `local_date`.
    """
    seen = pl.DataFrame({"seen": list(days)}, schema={"seen": pl.Int32})

    def spread(rows: pl.DataFrame) -> pl.DataFrame:
        of_day = pl.format(f"{{}}{SEPARATOR}{{}}", "patient_id", "seen")
        return rows.join(seen, how="cross").with_columns(patient_id=of_day)

    def dated(rows: pl.DataFrame, column: str) -> pl.DataFrame:
        return spread(rows).filter(pl.col(column) <= pl.col("seen")).with_columns(pl.col(column) - pl.col("seen"))

    patients = spread(known.patients).with_columns(
        local_date=pl.col("local_date") + pl.duration(days="seen"), due_at=pl.col("due_at") + pl.duration(days="seen")
    )
    return Frames(
        patients=patients.drop("seen"),
        readings=dated(known.readings, "day").drop("seen"),
        reports=dated(known.reports, "day").with_columns(since_round=pl.col("day") == 0).drop("seen"),
        medicines=_medicines(spread(known.medicines)),
        conditions=spread(known.conditions).drop("seen"),
        consents=spread(known.consents).drop("seen"),
        history=known.history.clear(),
    )


def outcomes(unfolded: Frames, book: RuleBook, rule_ids: Sequence[str]) -> pl.DataFrame:
    """Return patient_id, local_date, rule_id and blocked, a row for each day that a rule's conditions hold."""
    wide = book.compiler.wide(unfolded)
    found = []
    for rule_id in rule_ids:
        compiled = book.rule(rule_id)
        nothing = [guard.guard for guard in compiled.rule.unless if guard.then == "nothing"]
        blocked = pl.any_horizontal(pl.lit(False), *(compiled.guards[name] for name in nothing))
        rows = wide.filter(compiled.when).select(
            pl.col("patient_id").str.split(SEPARATOR).list.first(),
            "local_date",
            rule_id=pl.lit(rule_id),
            blocked=blocked,
        )
        found.append(rows)
    return pl.concat([_no_outcomes(), *found])


def summary(found: pl.DataFrame, book: RuleBook, rule_ids: Sequence[str], patient_days: int) -> list[Replayed]:
    """Count the outcomes of each rule, those that fire most first."""
    counted = []
    for rule_id in rule_ids:
        rule = book.rule(rule_id).rule
        days = found.filter(pl.col("rule_id") == rule_id)
        fired = days.filter(~pl.col("blocked"))
        counted.append(
            Replayed(
                rule_id=rule_id,
                version=rule.version,
                patient_days=patient_days,
                fired=len(fired),
                blocked=len(days) - len(fired),
                said=len(said(fired, rule.cool_down)),
                patients=fired["patient_id"].n_unique(),
            )
        )
    return sorted(counted, key=lambda one: (-one.said, one.rule_id))


def said(fired: pl.DataFrame, cool_down: int) -> list[tuple[str, date]]:
    """Return patient and day of what would have been said: not again within the cool-down."""
    kept: list[tuple[str, date]] = []
    latest: dict[str, date] = {}
    for patient_id, day in fired.select("patient_id", "local_date").sort("local_date").iter_rows():
        if patient_id not in latest or (day - latest[patient_id]).days > cool_down:
            latest[patient_id] = day
            kept.append((patient_id, day))
    return kept


def _weeks(
    first: date, last: date, book: RuleBook, patient_ids: Sequence[str] | None
) -> Iterator[tuple[Frames, list[int]]]:
    """Frames as known at the end of each week, with the days of that week."""
    with session() as db:
        known_zones = zones(db)
        asked = _followed_up(db, patient_ids)
    settings = get_settings()
    end = last
    while end >= first:
        days = list(range(-min(DAYS_AT_ONCE - 1, (end - first).days), 1))
        moment = datetime.combine(end, time(23, 59), ZoneInfo(settings.timezone))
        reach = {signal: day + days[0] for signal, day in earliest(book).items()}
        for shard in in_shards(asked):
            yield (
                frames.read(
                    patient_ids=shard,
                    now=moment,
                    zones=known_zones,
                    default_zone=settings.timezone,
                    earliest=reach,
                ),
                days,
            )
        end += timedelta(days=days[0] - 1)


def _followed_up(db: Session, patient_ids: Sequence[str] | None) -> list[str]:
    """Return those asked for, else everybody, without who has said no to follow-up."""
    chosen = Patient.active if patient_ids is None else bulk.among(Patient.id, patient_ids)
    query = select(Patient.id).where(chosen, sharing.permitted("quality", Patient.id))
    return list(db.scalars(query.order_by(Patient.id)))


def _medicines(rows: pl.DataFrame) -> pl.DataFrame:
    """An order of a later day was not active yet, and one stopped on a later day still was."""
    later = pl.col("changed_day") > pl.col("seen")
    return rows.with_columns(
        active=pl.col("active") != later.fill_null(False),
        changed_day=pl.when(~later).then(pl.col("changed_day") - pl.col("seen")),
    ).drop("seen")


def _no_outcomes() -> pl.DataFrame:
    return pl.DataFrame(
        schema={"patient_id": pl.String, "local_date": pl.Date, "rule_id": pl.String, "blocked": pl.Boolean}
    )
