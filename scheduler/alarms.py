"""What tells that the round is not doing its work: check-ins that are late, and a round that has stopped."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records import repository
from assistant.records.database import session
from assistant.records.fhir import codes
from assistant.records.models import CheckIn, PatientSettings, Task
from assistant.records.models.base import new_id, utc_now
from assistant.settings import get_settings
from scheduler import failures, heartbeat, jobs
from scheduler.due import due, zones
from scheduler.proposals import DEVICE
from scheduler.rounds import SPREAD_S
from scheduler.shard import ROUND

LATE_AFTER_S = 15 * 60
"""A check-in that is not ready so long after its turn is a deviation."""
SILENT_AFTER = timedelta(minutes=5)
"""No round for so long, when one comes every minute: it has stopped."""
OUTAGE_FROM = 200
"""So many late at once are one fault of the service: told to the operators, not Task by Task to the clinic."""
LATE_CHECK_IN = f"{codes.OWN}/id/late-check-in"
OPEN = ("requested", "received", "accepted", "in-progress")

log = structlog.get_logger()


def watch_check_ins(now: datetime | None = None) -> int:
    """Raise a deviation for each check-in that is late, close those that have come since, and return how many are late.

    In an outage, one alarm to the operators takes the place of the deviations.
    """
    moment = now or utc_now()
    with session() as db:
        late = _late(db, moment)
        outage = len(late) >= OUTAGE_FROM
        if late:
            log.error("check_ins_late", patients=len(late), outage=outage, deadline_s=LATE_AFTER_S)
        if not outage:
            _raise_deviations(db, late, moment)
        _close_deviations(db, moment)
    return len(late)


def watch_rounds(now: datetime | None = None) -> bool:
    """Alarm the operators when no round has run for too long; return whether one has."""
    with session() as db:
        silence = heartbeat.silence(db, heartbeat.ROUND, now=now or utc_now())
    runs = silence is not None and silence <= SILENT_AFTER
    if not runs:
        log.error("no_round", silent_s=None if silence is None else round(silence.total_seconds()))
    return runs


def readiness(now: datetime | None = None) -> dict[str, Any]:
    """Tell the operators how the round is: whether it runs, how long ago, shards waiting, patients late and failing."""
    moment = now or utc_now()
    with session() as db:
        silence = heartbeat.silence(db, heartbeat.ROUND, now=moment)
        late, failing, waiting = len(_late(db, moment)), failures.count(db), jobs.waiting(db)
    return {
        "runs": silence is not None and silence <= SILENT_AFTER,
        "silent_s": None if silence is None else round(silence.total_seconds()),
        "shards_waiting": waiting,
        "patients_late": late,
        "patients_failing": failing,
    }


def _late(db: Session, now: datetime) -> list[str]:
    return due(db, now=now, spread_s=SPREAD_S, late_s=LATE_AFTER_S)


def _raise_deviations(db: Session, patient_ids: Sequence[str], now: datetime) -> None:
    keys = {f"{LATE_CHECK_IN}|{key}": key for key in _keys(db, patient_ids, now)}
    raised = set(db.scalars(select(Task.identifier).where(Task.identifier.in_(keys))))
    tasks = [_task(key, now) for identifier, key in keys.items() if identifier not in raised]
    repository.insert_many(db, tasks, actor=ROUND, now=now)


def _close_deviations(db: Session, now: datetime) -> None:
    """Complete the deviations whose check-in has come."""
    is_open = Task.status.in_(OPEN) & Task.identifier.startswith(f"{LATE_CHECK_IN}|", autoescape=True)
    for content, identifier in db.execute(
        select(Task.content, Task.identifier).where(Task.code == "deviation", is_open)
    ):
        patient_id, _, day = identifier.removeprefix(f"{LATE_CHECK_IN}|").rpartition(":")
        came = select(CheckIn.id).where(CheckIn.patient_id == patient_id, CheckIn.local_date == date.fromisoformat(day))
        if db.scalar(came):
            repository.replace(db, content | {"status": "completed"}, actor=ROUND, now=now, reason="check-in came")


def _keys(db: Session, patient_ids: Sequence[str], now: datetime) -> list[str]:
    """Patient and their own date, one key a late check-in."""
    known = set(zones(db))
    theirs = db.execute(
        select(PatientSettings.patient_id, PatientSettings.timezone).where(PatientSettings.patient_id.in_(patient_ids))
    )
    default = get_settings().timezone
    return [
        f"{patient_id}:{now.astimezone(ZoneInfo(zone if zone in known else default)).date()}"
        for patient_id, zone in theirs
    ]


def _task(key: str, now: datetime) -> dict[str, Any]:
    patient_id = key.rpartition(":")[0]
    return {
        "resourceType": "Task",
        "id": new_id(),
        "identifier": [{"system": LATE_CHECK_IN, "value": key}],
        "status": "requested",
        "intent": "order",
        "priority": "asap",
        "code": {"coding": [{"system": codes.TASK, "code": "deviation"}], "text": "Incheckningen har uteblivit"},
        "description": "Dagens incheckning blev inte klar i tid. Patientens värden har inte gåtts igenom i dag.",
        "for": {"reference": f"Patient/{patient_id}"},
        "authoredOn": now.isoformat(),
        "requester": DEVICE,
    }
