"""The round: who is due by their own clock, in shards for the workers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import text

from assistant.records.database import session
from assistant.records.models.base import utc_now
from scheduler import jobs
from scheduler.due import due
from scheduler.shard import run_shard

SHARD_SIZE = 500
ROUND_LOCK = 7311
"""Advisory lock that lets one round at a time decide who is waiting."""

log = structlog.get_logger()


@dataclass(frozen=True)
class RoundResult:
    """What a round wrote: patients due, check-ins and recommendations."""

    due: int
    check_ins: int
    recommendations: int


def defer_round(now: datetime | None = None) -> int:
    """Queue every due patient who does not wait in the queue already, in shards; return the number of shards.

    Two rounds at once queue each patient once.
    """
    with session() as db:
        db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ROUND_LOCK})
        waiting = due(db, now=now or utc_now(), not_queued_as=jobs.TASK)
        shards = _shards(waiting)
        for shard in shards:
            jobs.queue_shard(db, shard)
    if shards:
        log.info("round_queued", patients=len(waiting), shards=len(shards))
    return len(shards)


def run_round(now: datetime | None = None, *, patient_ids: Sequence[str] | None = None) -> RoundResult:
    """Run a whole round here and now, without the queue; safe beside any other.

    Args:
        patient_ids: only these, and whatever their clock says; still at most one check-in a day.
    """
    moment = now or utc_now()
    by_clock = patient_ids is None
    with session() as db:
        waiting = due(db, now=moment, among=patient_ids, by_clock=by_clock)
    results = [run_shard(shard, now=moment, by_clock=by_clock) for shard in _shards(waiting)]
    return RoundResult(
        due=len(waiting),
        check_ins=sum(result.check_ins for result in results),
        recommendations=sum(result.recommendations for result in results),
    )


def _shards(patient_ids: Sequence[str]) -> list[list[str]]:
    return [list(patient_ids[start : start + SHARD_SIZE]) for start in range(0, len(patient_ids), SHARD_SIZE)]
