"""`vigor rules outcomes PATIENT`: what every rule makes of one patient at one moment, and what would be said."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from assistant.records.database import session
from assistant.records.models.base import utc_now
from assistant.settings import get_settings
from scheduler import frames, places, quality, rulebook
from scheduler.due import zones
from scheduler.evaluate import Fired, evaluate, to_say
from scheduler.frames import Frames
from scheduler.rulebook import RuleBook
from scheduler.shard import earliest
from scheduler.weather import Weather

FINDINGS_DAYS = 14
"""Readings that were set aside are named for so many days back."""


def read(
    patient_id: str, *, now: datetime | None = None, book: RuleBook | None = None, weather: Weather | None = None
) -> Frames:
    """Return what is known of one patient at a moment.

    Args:
        weather: where forecasts come from; this process's own when None.

    Raises:
        KeyError: there is no such patient.
    """
    book = book or rulebook.active()
    with session() as db:
        known_zones = zones(db)
    found = frames.read(
        patient_ids=[patient_id],
        now=now or utc_now(),
        zones=known_zones,
        default_zone=get_settings().timezone,
        earliest=earliest(book),
        weather=places.weather_of([patient_id], now=now or utc_now(), weather=weather),
    )
    if found.patients.is_empty():
        raise KeyError(patient_id)
    return found


def outcomes(
    patient_id: str, *, now: datetime | None = None, book: RuleBook | None = None, weather: Weather | None = None
) -> dict[str, Any]:
    """Return every rule's outcome, in the order of the talk, then the silent ones.

    outcome: fires, instead (another wording, since something blocks), blocked, silent, or off (the rule is broken or
    switched off). `said`: whether the patient would hear it now; `to_clinic`: whether the clinic would get a Task. Both
    are false while a rule rests after having spoken, and when another rule says it better.

    Raises:
        KeyError: there is no such patient.
    """
    book = book or rulebook.active()
    moment = now or utc_now()
    found = read(patient_id, now=moment, book=book, weather=weather)
    fired = evaluate(found, book)
    said = {one.rule.id: one for one in to_say(fired, found)}
    rows = [_row(one, said.get(one.rule.id)) for one in fired]
    silent = sorted({one.rule.id for one in book.rules} - {one.rule.id for one in fired})
    rows += [{"rule": rule_id, "version": book.rule(rule_id).rule.version, "outcome": "silent"} for rule_id in silent]
    rows += [{"rule": one.file.removesuffix(".yml"), "outcome": "off", "problem": one.problem} for one in book.broken]
    return {
        "patient": patient_id,
        "at": moment.isoformat(),
        "local_date": found.patients["local_date"][0].isoformat(),
        "rules": rows,
        "set_aside": findings(patient_id, now=moment),
    }


def findings(patient_id: str, *, now: datetime) -> list[dict[str, Any]]:
    """Return the readings of the last two weeks that no rule uses, and why."""
    with session() as db:
        found = quality.findings(
            db,
            since=now - timedelta(days=FINDINGS_DAYS),
            now=now,
            zone=get_settings().timezone,
            among=[patient_id],
        )
    return [{name: value for name, value in asdict(one).items() if name != "patient_id"} for one in found]


def _row(one: Fired, said: Fired | None) -> dict[str, Any]:
    heard = said if said is not None else replace(one, spoken=False)
    return {
        "rule": one.rule.id,
        "version": one.rule.version,
        "outcome": one.outcome,
        "level": one.level,
        "said": heard.spoken,
        "to_clinic": said is not None and (one.level == "alert" or one.is_proposal),
        "blocked_by": list(one.guards),
        "advice": list(one.advice),
        "text": one.text["sv"],
        "values": one.values,
    }
