"""What is looked at again later in the day: check-ins that nobody answered, and the readings of those who pause.

A check-in without an answer is repeated once, gently; still without one, the rule check-in-unanswered is evaluated
and the clinic told. A pause stops the greetings, not the alerts about missing readings (policy, "Persons and access").
Each happens once for a patient and day, whoever runs it and however often.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from assistant.records import conversations
from assistant.records.database import session
from assistant.records.models import Recommendation
from assistant.records.models.base import utc_now
from assistant.settings import get_settings
from scheduler import frames, heartbeat, places, rulebook
from scheduler.due import zones
from scheduler.evaluate import Fired, evaluate, to_say
from scheduler.frames import Frames
from scheduler.rulebook import RuleBook
from scheduler.shard import earliest, in_shards, is_quiet, write_alerts

REPEAT_AFTER = timedelta(hours=4)
ALERT_AFTER = timedelta(hours=3)
"""The greeting is repeated so long after it was due, and the clinic told so long after that. Our own numbers."""
SAME_DAY = timedelta(hours=16)
"""A check-in that was due longer ago than this is not repeated: its day is over."""
PAUSED_FROM_HOUR = 10
UNANSWERED = "check-in-unanswered"
PAUSED = "paused"
LOCK = 7313
"""Advisory lock that lets one process at a time take a second look."""
AGAIN = {
    "sv": "Hej igen, {name}! Jag har inte hört av dig i dag. Hur mår du? Ett ord räcker.",
    "en": "Hello again, {name}! I have not heard from you today. How are you? One word is enough.",
}
_REPEAT = """
UPDATE check_in c SET repeated_at = :now
FROM patient_settings s JOIN patient p ON p.id = s.patient_id
WHERE s.patient_id = c.patient_id AND p.active AND s.checkins_enabled
    AND (s.paused_until IS NULL OR s.paused_until <= c.local_date)
    AND c.state = 'ready' AND c.opened_at IS NULL AND c.repeated_at IS NULL
    AND c.due_at <= :now - CAST(:after AS interval) AND c.due_at > :now - CAST(:same_day AS interval)
RETURNING c.id, c.patient_id, c.due_at, s.call_name, s.language, s.timezone
"""
_UNANSWERED = """
SELECT c.patient_id FROM check_in c
WHERE c.opened_at IS NULL AND c.repeated_at <= :now - CAST(:after AS interval)
    AND c.due_at > :now - CAST(:same_day AS interval)
    AND NOT EXISTS (
        SELECT 1 FROM recommendation r
        WHERE r.patient_id = c.patient_id AND r.rule_id = :rule AND r.local_date = c.local_date
    )
ORDER BY c.patient_id
"""
_PAUSED = """
SELECT s.patient_id FROM patient_settings s JOIN patient p ON p.id = s.patient_id
WHERE p.active AND (NOT s.checkins_enabled OR s.paused_until > :today) AND s.agreed_readings <> '{}'::jsonb
ORDER BY s.patient_id
"""

log = structlog.get_logger()


def take(now: datetime | None = None) -> None:
    """Take every second look that is due."""
    moment = now or utc_now()
    repeat_unanswered(moment)
    tell_of_unanswered(moment)
    look_after_paused(moment)


def repeat_unanswered(now: datetime) -> int:
    """Greet once more those who have not answered today, not at night, and return how many."""
    local = now.astimezone(get_settings().zone).time()
    if is_quiet(local, chosen=local.replace(hour=12)):
        return 0
    with session() as db:
        parameters = {"now": now, "after": REPEAT_AFTER, "same_day": SAME_DAY}
        rows = db.execute(text(_REPEAT), parameters).mappings().all()
        for row in rows:
            words = AGAIN.get(row["language"], AGAIN["sv"]).format(name=row["call_name"])
            _say(db, row["patient_id"], words, key=f"repeat:{row['id']}")
    if rows:
        log.info("check_ins_repeated", patients=len(rows))
    return len(rows)


def tell_of_unanswered(now: datetime, *, book: RuleBook | None = None) -> int:
    """Tell the clinic of those who have not answered the repeated greeting either, and return how many."""
    with session() as db:
        _take_lock(db)
        parameters = {"now": now, "after": ALERT_AFTER, "same_day": SAME_DAY, "rule": UNANSWERED}
        waiting = list(db.scalars(text(_UNANSWERED), parameters))
        return _look(db, waiting, lambda one: one.rule.id == UNANSWERED, now=now, book=book, aloud=True)


def look_after_paused(now: datetime, *, book: RuleBook | None = None) -> int:
    """Once a day, raise the alerts that a pause does not stop, for those who pause; return how many."""
    local = now.astimezone(get_settings().zone)
    with session() as db:
        _take_lock(db)
        if local.hour < PAUSED_FROM_HOUR or _ran_today(db, local.date(), now):
            return 0
        paused = list(db.scalars(text(_PAUSED), {"today": local.date()}))
        raised = _look(db, paused, lambda one: one.rule.even_paused, now=now, book=book, aloud=False)
        heartbeat.beat(db, PAUSED, now=now)
    return raised


def _look(
    db: Session,
    patient_ids: Sequence[str],
    wanted: Callable[[Fired], bool],
    *,
    now: datetime,
    book: RuleBook | None,
    aloud: bool,
) -> int:
    rules = book or rulebook.active()
    known_zones = zones(db)
    raised = 0
    for some in in_shards(patient_ids):
        found = frames.read(
            patient_ids=some,
            now=now,
            zones=known_zones,
            default_zone=get_settings().timezone,
            earliest=earliest(rules),
            weather=places.weather_of(some, now=now),
        )
        said = [one for one in to_say(evaluate(found, rules), found) if wanted(one) and one.level == "alert"]
        fresh = _not_yet_said(db, found, said)
        raised += write_alerts(db, found, fresh, now=now)
        if aloud:
            _say_all(db, found, fresh)
    return raised


def _not_yet_said(db: Session, found: Frames, said: Sequence[Fired]) -> list[Fired]:
    today: dict[str, Any] = dict(found.patients.select("patient_id", "local_date").iter_rows())
    query = select(Recommendation.patient_id, Recommendation.rule_id, Recommendation.local_date).where(
        Recommendation.patient_id.in_({one.patient_id for one in said})
    )
    known = {tuple(row) for row in db.execute(query)}
    return [one for one in said if (one.patient_id, one.rule.id, today[one.patient_id]) not in known]


def _say_all(db: Session, found: Frames, said: Sequence[Fired]) -> None:
    languages: dict[str, str] = dict(found.patients.select("patient_id", "language").iter_rows())
    today: dict[str, date] = dict(found.patients.select("patient_id", "local_date").iter_rows())
    for one in said:
        words = one.text["en" if languages[one.patient_id] == "en" else "sv"]
        _say(db, one.patient_id, words, key=f"second-look:{one.patient_id}:{one.rule.id}:{today[one.patient_id]}")


def _say(db: Session, patient_id: str, words: str, *, key: str) -> None:
    conversation = conversations.conversation_of(db, patient_id=patient_id)
    conversations.append(
        db, conversation_id=conversation.id, sender="assistant", kind="notice", text=words, reply_to=key, part=0
    )


def _ran_today(db: Session, today: date, now: datetime) -> bool:
    silence = heartbeat.silence(db, PAUSED, now=now)
    return silence is not None and (now - silence).astimezone(get_settings().zone).date() >= today


def _take_lock(db: Session) -> None:
    db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
