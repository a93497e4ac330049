"""One shard of the round: read, evaluate, and write each patient's check-in, all in one transaction.

A check-in is written once per patient and local date, whoever else is writing; only the one who wrote it writes what
belongs to it. So a shard may run twice, or die anywhere, without harm.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from assistant.records import audit
from assistant.records.access import Actor
from assistant.records.database import session
from assistant.records.models import CheckIn, Recommendation
from assistant.records.models.base import new_id
from assistant.settings import get_settings
from scheduler import frames, proposals, rulebook, texts
from scheduler.due import due, zones
from scheduler.evaluate import DECIDED, Fired, evaluate, to_say
from scheduler.frames import Frames
from scheduler.rulebook import RuleBook
from scheduler.vocabulary import Level, SignalName

ROUND = Actor(id="round", role="round")
SLEEP_DAYS = 0
"""Last night's sleep ends today: a reading from an earlier day is not last night's."""
OFFER_STAYS_OPEN_DAYS = 7
STATES: dict[Level, str] = {"advise": "shown", "offer": "open", "propose": "proposed", "alert": "raised"}

log = structlog.get_logger()


@dataclass(frozen=True)
class ShardResult:
    """What one shard wrote."""

    check_ins: int
    recommendations: int


def run_shard(
    patient_ids: Sequence[str], *, now: datetime, by_clock: bool = True, book: RuleBook | None = None
) -> ShardResult:
    """Give those of the patients who are due their check-in for today.

    Args:
        by_clock: leave out those whose time of day has not come.
        book: the rules; this process's own when None.
    """
    book = book or rulebook.current()
    with session() as db:
        waiting = due(db, now=now, among=patient_ids, by_clock=by_clock)
        known_zones = zones(db)
    if not waiting:
        return ShardResult(0, 0)
    found = frames.read(
        patient_ids=waiting,
        now=now,
        zones=known_zones,
        default_zone=get_settings().timezone,
        earliest=earliest(book),
    )
    said = to_say(evaluate(found, book), found)
    with session() as db:
        result = write(db, found, said, now=now)
    log.info("shard_done", asked=len(patient_ids), check_ins=result.check_ins, recommendations=result.recommendations)
    return result


def write(db: Session, found: Frames, said: Sequence[Fired], *, now: datetime) -> ShardResult:
    """Write check-ins and what belongs to them, for the patients who have none for their date."""
    shard = _Shard(db, found, said, now)
    written = shard.write_check_ins()
    _expire_offers(db, list(written), now)
    recommendations = shard.write_recommendations(written.keys())
    for patient_id, check_in_id in written.items():
        entity = f"CheckIn/{check_in_id}"
        audit.record(db, actor=ROUND, action="evaluate", patient_id=patient_id, entity=entity, now=now)
    return ShardResult(check_ins=len(written), recommendations=recommendations)


def earliest(book: RuleBook) -> dict[SignalName, int]:
    """Return the first local day that is needed of each signal, sleep included."""
    return {"sleep": SLEEP_DAYS, **book.compiler.columns.earliest}


def last_nights_sleep(found: Frames) -> dict[str, float]:
    """Return hours slept last night, for those of whom it is known."""
    nights = found.readings.filter((pl.col("signal") == "sleep") & (pl.col("day") == SLEEP_DAYS))
    return dict(nights.group_by("patient_id").agg(pl.col("value").last()).iter_rows())


def unseen_decisions(db: Session, patient_ids: Sequence[str]) -> dict[str, list[str]]:
    """Return the proposals whose decision each patient has not been told, oldest decision first."""
    rows = db.execute(
        select(Recommendation.patient_id, Recommendation.id)
        .where(
            Recommendation.patient_id.in_(patient_ids),
            Recommendation.state.in_(DECIDED),
            Recommendation.decided_at.is_not(None),
            or_(Recommendation.told_at.is_(None), Recommendation.told_at < Recommendation.decided_at),
        )
        .order_by(Recommendation.decided_at)
    )
    unseen: dict[str, list[str]] = {}
    for patient_id, recommendation_id in rows:
        unseen.setdefault(patient_id, []).append(recommendation_id)
    return unseen


class _Shard:
    """What is about to be written, and where."""

    def __init__(self, db: Session, found: Frames, said: Sequence[Fired], now: datetime) -> None:
        self.db, self.found, self.said, self.now = db, found, said, now
        self.patients = {row["patient_id"]: row for row in found.patients.sort("patient_id").iter_rows(named=True)}
        self.ids = {(one.patient_id, one.rule.id): new_id() for one in said}

    def write_check_ins(self) -> dict[str, str]:
        """Write those that nobody else has written, and return their ids by patient."""
        sleep = last_nights_sleep(self.found)
        decided = unseen_decisions(self.db, list(self.patients))
        rows = [self._check_in(one, sleep.get(one), decided.get(one, [])) for one in self.patients]
        statement = insert(CheckIn).on_conflict_do_nothing(index_elements=["patient_id", "local_date"])
        return dict(self.db.execute(statement.returning(CheckIn.patient_id, CheckIn.id), rows).tuples().all())

    def write_recommendations(self, patient_ids: Collection[str]) -> int:
        """Write what is said to these patients and return how much."""
        rows = [self._recommendation(one) for one in self.said if one.patient_id in patient_ids]
        if rows:
            self.db.execute(insert(Recommendation).on_conflict_do_nothing(), rows)
        return len(rows)

    def _check_in(self, patient_id: str, slept: float | None, decided: list[str]) -> dict[str, Any]:
        patient = self.patients[patient_id]
        local_due: datetime = patient["due_at"].astimezone(ZoneInfo(patient["timezone"]))
        content = {
            "opening": texts.greeting(patient["call_name"], local_due),
            "sleep": texts.sleep_sentence(slept),
            "recommendation_ids": self._ids_of(patient_id),
            "decision_ids": decided,
        }
        return {
            "id": new_id(),
            "patient_id": patient_id,
            "local_date": patient["local_date"],
            "state": "ready",
            "content": content,
            "due_at": patient["due_at"],
            "created_at": self.now,
        }

    def _ids_of(self, patient_id: str) -> list[str]:
        return [self.ids[patient_id, one.rule.id] for one in self.said if one.patient_id == patient_id]

    def _recommendation(self, fired: Fired) -> dict[str, Any]:
        return {
            "id": self.ids[fired.patient_id, fired.rule.id],
            "patient_id": fired.patient_id,
            "rule_id": fired.rule.id,
            "rule_version": fired.rule.version,
            "local_date": self.patients[fired.patient_id]["local_date"],
            "level": fired.level,
            "state": STATES[fired.level],
            "title": fired.title,
            "text": fired.text,
            "why": fired.why,
            "inputs": fired.inputs,
            "evidence": fired.rule.evidence.model_dump(),
            "task_id": self._task_id(fired),
            "lock_version": 1,
            "created_at": self.now,
        }

    def _task_id(self, fired: Fired) -> str | None:
        patient = self.patients[fired.patient_id]
        case = proposals.ClinicCase(
            fired=fired,
            doctor_id=patient["doctor_id"],
            key=f"{fired.patient_id}:{fired.rule.id}:{patient['local_date']}",
            now=self.now,
        )
        if fired.is_proposal:
            return proposals.propose(self.db, case, medicines=_medicines(fired, self.found), actor=ROUND)
        if fired.level == "alert":
            return _open_task(fired, self.found) or proposals.alert(self.db, case, actor=ROUND)
        return None


def _medicines(fired: Fired, found: Frames) -> list[dict[str, Any]]:
    """The active orders that a proposal is about."""
    prefixes = fired.rule.proposal.medicines if fired.rule.proposal else ()
    concerned = pl.any_horizontal(pl.col("atc").str.starts_with(prefix) for prefix in prefixes)
    theirs = found.medicines.filter((pl.col("patient_id") == fired.patient_id) & pl.col("active") & concerned)
    return theirs.select("medication_request_id", "atc", "name").to_dicts()


def _open_task(fired: Fired, found: Frames) -> str | None:
    """The Task of the same alert that the clinic has not finished; a second would say nothing new."""
    same = (pl.col("patient_id") == fired.patient_id) & (pl.col("rule_id") == fired.rule.id)
    tasks: list[str] = found.history.filter(same)["open_task_id"].drop_nulls().to_list()
    return tasks[0] if tasks else None


def _expire_offers(db: Session, patient_ids: list[str], now: datetime) -> None:
    db.execute(
        update(Recommendation)
        .where(
            Recommendation.patient_id.in_(patient_ids),
            Recommendation.state == "open",
            Recommendation.created_at < now - timedelta(days=OFFER_STAYS_OPEN_DAYS),
        )
        .values(state="expired", lock_version=Recommendation.lock_version + 1)
        .execution_options(synchronize_session=False)
    )
