"""Who is due for a check-in now, by their own clock, and has none yet for their own date."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from assistant.records import bulk
from assistant.records.models import PatientSettings
from assistant.settings import get_settings

RETRY_FAILED_AFTER_S = 15 * 60
"""How long a patient for whom the round failed is left alone before it is tried again."""

log = structlog.get_logger()

_EVERYBODY = "patient_settings s"
_SOME = "unnest(CAST(:among AS text[])) AS asked (patient_id) JOIN patient_settings s USING (patient_id)"
"""Begun with those asked for: of a condition "all, or one of these" the planner, when it has seen the query so often
that it plans for any parameters, makes a reading of everybody's settings and check-ins for each shard.
"""
_DUE = """
SELECT theirs.patient_id
FROM (
    SELECT s.*, CASE WHEN s.timezone = ANY(:zones) THEN s.timezone ELSE :default_zone END AS zone
    FROM {whose} JOIN patient p ON p.id = s.patient_id
    WHERE p.active AND s.checkins_enabled
) AS theirs
CROSS JOIN LATERAL (SELECT (CAST(:now AS timestamptz) AT TIME ZONE theirs.zone)::date AS today) AS clock
CROSS JOIN LATERAL (
    SELECT (clock.today + theirs.checkin_time) AT TIME ZONE theirs.zone
        + make_interval(secs => abs(hashtext(theirs.patient_id)::bigint) % (:spread_s + 1)) AS at
) AS turn
WHERE (theirs.paused_until IS NULL OR theirs.paused_until <= clock.today)
    AND (NOT :by_clock OR turn.at <= :now - make_interval(secs => :late_s))
    AND NOT EXISTS (
        SELECT 1 FROM check_in c WHERE c.patient_id = theirs.patient_id AND c.local_date = clock.today
    )
"""
_NOT_IN_THE_QUEUE = """
    AND theirs.patient_id NOT IN (
        SELECT jsonb_array_elements_text(j.args -> 'patient_ids')
        FROM procrastinate_jobs j
        WHERE j.task_name = :task AND j.status IN ('todo', 'doing')
    )
    AND NOT EXISTS (
        SELECT 1 FROM round_failure f
        WHERE f.patient_id = theirs.patient_id AND f.failed_at > :now - make_interval(secs => :left_alone_s)
    )
"""
_NEWEST_FIRST = " ORDER BY turn.at DESC, theirs.patient_id LIMIT :limit"


def due(
    db: Session,
    *,
    now: datetime,
    among: Sequence[str] | None = None,
    by_clock: bool = True,
    not_queued_as: str | None = None,
    spread_s: int = 0,
    late_s: int = 0,
    limit: int | None = None,
) -> list[str]:
    """Return the ids of the patients who should have a check-in and have none, those whose time came last first.

    A pause lasts until the day before `paused_until`. A time of day that daylight saving skips comes an hour later.

    Args:
        among: only these patients.
        by_clock: only those whose time of day has come.
        not_queued_as: leave out those who wait in a job of this name, or for whom the round failed just now.
        spread_s: each patient's turn comes so many seconds after their time at most, every day as many.
        late_s: only those whose turn came at least so many seconds ago.
        limit: at most so many.
    """
    parameters = {
        "now": now,
        "zones": zones(db, among=among),
        "default_zone": get_settings().timezone,
        "among": None if among is None else list(among),
        "by_clock": by_clock,
        "task": not_queued_as,
        "left_alone_s": RETRY_FAILED_AFTER_S,
        "spread_s": spread_s,
        "late_s": late_s,
        "limit": limit,
    }
    query = _DUE.format(whose=_EVERYBODY if among is None else _SOME)
    query += (_NOT_IN_THE_QUEUE if not_queued_as else "") + _NEWEST_FIRST
    return list(db.scalars(text(query), parameters))


def zones(db: Session, *, among: Sequence[str] | None = None) -> list[str]:
    """Return the time zones of patients that exist; of others it is told, and the service's own is used.

    Args:
        among: only these patients.
    """
    query = select(PatientSettings.timezone).distinct()
    used = db.scalars(query if among is None else query.where(bulk.among(PatientSettings.patient_id, among))).all()
    unknown = [name for name in used if not _exists(name)]
    if unknown:
        log.error("unknown_time_zone", zones=unknown)
    return [name for name in used if _exists(name)]


@lru_cache
def _exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return False
    return True
