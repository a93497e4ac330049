"""One shard of the round: read, evaluate, and write each patient's check-in, all in one transaction.

A check-in is written once per patient and local date, whoever else is writing; only the one who wrote it writes what
belongs to it. So a shard may run twice, or die anywhere, without harm.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import polars as pl
import structlog
from sqlalchemy import or_, select, text, update
from sqlalchemy.orm import Session

from assistant.records import audit, bulk, repository
from assistant.records.access import Actor
from assistant.records.database import session
from assistant.records.models import Recommendation
from assistant.records.models.base import new_id
from assistant.settings import get_settings
from scheduler import failures, frames, places, proposals, rulebook, texts
from scheduler.due import due, zones
from scheduler.evaluate import DECIDED, Fired, evaluate, to_say
from scheduler.frames import Frames
from scheduler.halving import Halving
from scheduler.queue import database_answers
from scheduler.rulebook import RuleBook
from scheduler.vocabulary import Level, SignalName

ROUND = Actor(id="round", role="round")
SHARD_SIZE = 4000
"""Measured: below 2,000 what a shard costs whatever its size shows; at 4,000 a worker stays well below 1 GB."""
SLEEP_DAYS = 0
"""Last night's sleep ends today: a reading from an earlier day is not last night's."""
OFFER_STAYS_OPEN_DAYS = 7
QUIET_FROM = time(21)
QUIET_UNTIL = time(6)
"""A check-in that comes late in these hours, which are ours, is written but does not open by itself."""
STATES: dict[Level, str] = {"advise": "shown", "offer": "open", "propose": "proposed", "alert": "raised"}

RowsOf = dict[str, list[dict[str, Any]]]
"""Rows of a frame by patient."""

INSERT_CHECK_INS = """
INSERT INTO check_in (id, patient_id, local_date, state, content, due_at, created_at)
SELECT id, patient_id, local_date, state, content, due_at, :created_at
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS one (
    id text, patient_id text, local_date date, state text, content jsonb, due_at timestamptz
)
ON CONFLICT (patient_id, local_date) DO NOTHING
RETURNING patient_id, id
"""
INSERT_RECOMMENDATIONS = """
INSERT INTO recommendation
SELECT * FROM jsonb_populate_recordset(CAST(NULL AS recommendation), CAST(:rows AS jsonb)) ON CONFLICT DO NOTHING
"""

log = structlog.get_logger()
_halving = Halving()


@dataclass(frozen=True)
class ShardResult:
    """What one shard wrote, and the patients for whom it could not."""

    check_ins: int
    recommendations: int
    failed: tuple[str, ...] = ()


def in_shards(patient_ids: Sequence[str]) -> list[list[str]]:
    """Return the patients in lists of a shard's size."""
    return [list(patient_ids[start : start + SHARD_SIZE]) for start in range(0, len(patient_ids), SHARD_SIZE)]


def run_shard(
    patient_ids: Sequence[str], *, now: datetime, by_clock: bool = True, book: RuleBook | None = None
) -> ShardResult:
    """Give those of the patients who are due their check-in for today.

    A patient who makes it fail is left out, noted and told of, and the others get theirs.

    Args:
        by_clock: leave out those whose time of day has not come.
        book: the rules; this process's own when None.

    Raises:
        Exception: the database does not answer.
    """
    rules = book or rulebook.active()

    def attempt(some: list[str]) -> ShardResult:
        return _attempt(some, now=now, by_clock=by_clock, book=rules)

    results, failed = _halving.run(patient_ids, attempt, is_ours=database_answers)
    if failed:
        problems = sorted(set(failed.values()))
        log.error(
            "patients_failed", patients=len(failed), of=len(patient_ids), problems=problems, stopped=_halving.stopped
        )
        with session() as db:
            failures.note(db, failed, now=now)
    check_ins = sum(one.check_ins for one in results)
    recommendations = sum(one.recommendations for one in results)
    log.info("shard_done", asked=len(patient_ids), check_ins=check_ins, recommendations=recommendations)
    return ShardResult(check_ins, recommendations, tuple(failed))


def _attempt(patient_ids: list[str], *, now: datetime, by_clock: bool, book: RuleBook) -> ShardResult:
    with session() as db:
        waiting = due(db, now=now, among=patient_ids, by_clock=by_clock)
        known_zones = zones(db, among=waiting)
    if not waiting:
        return ShardResult(0, 0)
    found = frames.read(
        patient_ids=waiting,
        now=now,
        zones=known_zones,
        default_zone=get_settings().timezone,
        earliest=earliest(book),
        weather=places.weather_of(waiting, now=now),
    )
    said = to_say(evaluate(found, book), found)
    with session() as db:
        return write(db, found, said, now=now)


def write(db: Session, found: Frames, said: Sequence[Fired], *, now: datetime) -> ShardResult:
    """Write check-ins and what belongs to them, for the patients who have none for their date."""
    shard = _Shard(db, found, said, now)
    written = shard.write_check_ins()
    _expire_offers(db, list(written), now)
    recommendations = shard.write_recommendations(written.keys())
    failures.forget(db, list(written))
    for patient_id, check_in_id in written.items():
        entity = f"CheckIn/{check_in_id}"
        audit.record(db, actor=ROUND, action="evaluate", patient_id=patient_id, entity=entity, now=now)
    return ShardResult(check_ins=len(written), recommendations=recommendations)


def write_alerts(db: Session, found: Frames, said: Sequence[Fired], *, now: datetime) -> int:
    """Write alerts outside a check-in, and what they ask of the clinic; return how many."""
    return _Shard(db, found, said, now).write_recommendations({one.patient_id for one in said})


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
            bulk.among(Recommendation.patient_id, patient_ids),
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
        self.db, self.found, self.now = db, found, now
        self.patients = {row["patient_id"]: row for row in found.patients.sort("patient_id").iter_rows(named=True)}
        self.said: dict[str, list[tuple[str, Fired]]] = {}
        for one in said:
            self.said.setdefault(one.patient_id, []).append((new_id(), one))

    def write_check_ins(self) -> dict[str, str]:
        """Write those that nobody else has written, and return their ids by patient."""
        if not self.patients:
            return {}
        sleep = last_nights_sleep(self.found)
        decided = unseen_decisions(self.db, list(self.patients))
        rows = [self._check_in(one, sleep.get(one), decided.get(one, [])) for one in self.patients]
        parameters = {"rows": orjson.dumps(rows).decode(), "created_at": self.now}
        return dict(self.db.execute(text(INSERT_CHECK_INS), parameters).all())

    def write_recommendations(self, patient_ids: Collection[str]) -> int:
        """Write what is said to these patients, and what it asks of the clinic; return how much is said."""
        said = [one for patient_id in self.said if patient_id in patient_ids for one in self.said[patient_id]]
        if not said:
            return 0
        concerned = {fired.patient_id for _, fired in said}
        medicines = _by_patient(self.found.medicines, concerned)
        earlier = _by_patient(self.found.history, concerned)
        rows: list[dict[str, Any]] = []
        for_the_clinic: list[dict[str, Any]] = []
        for recommendation_id, fired in said:
            asked, task_id = self._asked(fired, medicines, earlier)
            for_the_clinic += asked
            rows.append(self._recommendation(recommendation_id, fired, task_id))
        repository.insert_many(self.db, for_the_clinic, actor=ROUND, now=self.now)
        self.db.execute(text(INSERT_RECOMMENDATIONS), {"rows": orjson.dumps(rows).decode()})
        return len(rows)

    def _check_in(self, patient_id: str, slept: float | None, decided: list[str]) -> dict[str, Any]:
        patient = self.patients[patient_id]
        zone = ZoneInfo(patient["timezone"])
        local_due = patient["due_at"].astimezone(zone)
        content = {
            "opening": texts.greeting(patient["call_name"], local_due),
            "sleep": texts.sleep_sentence(slept),
            "recommendation_ids": [one for one, fired in self.said.get(patient_id, []) if fired.spoken],
            "decision_ids": decided,
        }
        return {
            "id": new_id(),
            "patient_id": patient_id,
            "local_date": patient["local_date"],
            "state": "late" if is_quiet(self.now.astimezone(zone).time(), chosen=local_due.time()) else "ready",
            "content": content,
            "due_at": patient["due_at"],
        }

    def _recommendation(self, recommendation_id: str, fired: Fired, task_id: str | None) -> dict[str, Any]:
        return {
            "id": recommendation_id,
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
            "task_id": task_id,
            "lock_version": 1,
            "created_at": self.now,
        }

    def _asked(self, fired: Fired, medicines: RowsOf, earlier: RowsOf) -> tuple[list[dict[str, Any]], str | None]:
        """What a fired rule asks of the clinic, and the Task that says so."""
        patient = self.patients[fired.patient_id]
        case = proposals.ClinicCase(
            fired=fired,
            doctor_id=patient["doctor_id"],
            key=f"{fired.patient_id}:{fired.rule.id}:{patient['local_date']}",
            now=self.now,
        )
        if fired.is_proposal:
            asked = proposals.proposal(case, medicines=_concerned(fired, medicines.get(fired.patient_id, [])))
            return asked, asked[-1]["id"]
        if fired.level != "alert":
            return [], None
        open_task = _open_task(fired, earlier.get(fired.patient_id, []))
        if open_task:
            return [], open_task
        alert = proposals.alert(case)
        return [alert], alert["id"]


def is_quiet(local: time, *, chosen: time) -> bool:
    """Whether a late check-in must not wake the patient: it is night, and they chose no time of the night."""
    return _is_night(local) and not _is_night(chosen)


def _is_night(local: time) -> bool:
    return local >= QUIET_FROM or local < QUIET_UNTIL


def _by_patient(rows: pl.DataFrame, patient_ids: Collection[str]) -> RowsOf:
    by_patient: RowsOf = {}
    for row in rows.filter(pl.col("patient_id").is_in(list(patient_ids))).iter_rows(named=True):
        by_patient.setdefault(row["patient_id"], []).append(row)
    return by_patient


def _concerned(fired: Fired, medicines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The active orders that a proposal is about."""
    prefixes = fired.rule.proposal.medicines if fired.rule.proposal else ()
    return [one for one in medicines if one["active"] and one["atc"].startswith(prefixes)]


def _open_task(fired: Fired, earlier: list[dict[str, Any]]) -> str | None:
    """The Task of the same alert that the clinic has not finished; a second would say nothing new."""
    return next(
        (one["open_task_id"] for one in earlier if one["rule_id"] == fired.rule.id and one["open_task_id"]), None
    )


def _expire_offers(db: Session, patient_ids: list[str], now: datetime) -> None:
    db.execute(
        update(Recommendation)
        .where(
            bulk.among(Recommendation.patient_id, patient_ids),
            Recommendation.state == "open",
            Recommendation.created_at < now - timedelta(days=OFFER_STAYS_OPEN_DAYS),
        )
        .values(state="expired", lock_version=Recommendation.lock_version + 1)
        .execution_options(synchronize_session=False)
    )
