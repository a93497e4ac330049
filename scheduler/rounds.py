"""The round: who is due by their own clock, in shards for the workers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import text

from assistant.records.database import session
from assistant.records.models.base import utc_now
from scheduler import heartbeat, jobs
from scheduler.due import due
from scheduler.shard import SHARD_SIZE, in_shards, run_shard

ROUND_LOCK = 7311
"""Advisory lock that lets one round at a time decide who is waiting."""
SPREAD_S = 180
"""A queued patient's turn comes up to three minutes after their time, so that half a region is not due at once."""
MOST_SHARDS_WAITING = 100
"""Shards in the queue at once: what the workers do in a minute or two. After downtime the rest wait their turn."""

log = structlog.get_logger()


@dataclass(frozen=True)
class RoundResult:
    """What a round wrote: patients due, check-ins and recommendations; and for how many it failed."""

    due: int
    check_ins: int
    recommendations: int
    failed: int


def defer_round(now: datetime | None = None) -> int:
    """Queue due patients who do not wait in the queue already, in shards; return the number of shards.

    Those whose time came last come first, so that after downtime nobody else becomes late. Two rounds at once queue
    each patient once.
    """
    moment = now or utc_now()
    with session() as db:
        db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ROUND_LOCK})
        room = (MOST_SHARDS_WAITING - jobs.waiting(db)) * SHARD_SIZE
        patients = due(db, now=moment, not_queued_as=jobs.TASK, spread_s=SPREAD_S, limit=max(room, 0))
        shards = in_shards(patients)
        for shard in shards:
            jobs.queue_shard(db, shard)
        heartbeat.beat(db, heartbeat.ROUND, now=moment)
    if shards:
        log.info("round_queued", patients=len(patients), shards=len(shards))
    return len(shards)


def run_round(
    now: datetime | None = None, *, patient_ids: Sequence[str] | None = None, everybody: bool = False
) -> RoundResult:
    """Run a whole round here and now, without the queue; safe beside any other.

    Args:
        patient_ids: only these, and whatever their clock says; still at most one check-in a day.
        everybody: all patients, whatever their clock says; still at most one check-in a day.
    """
    moment = now or utc_now()
    by_clock = patient_ids is None and not everybody
    with session() as db:
        waiting = due(db, now=moment, among=patient_ids, by_clock=by_clock)
    results = [run_shard(shard, now=moment, by_clock=by_clock) for shard in in_shards(waiting)]
    return RoundResult(
        due=len(waiting),
        check_ins=sum(result.check_ins for result in results),
        recommendations=sum(result.recommendations for result in results),
        failed=sum(len(result.failed) for result in results),
    )
