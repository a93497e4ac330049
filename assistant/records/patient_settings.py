"""The patient's own choices: stored one at a time, each change in the log."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from assistant.records import audit
from assistant.records.access import Actor
from assistant.records.models import PatientSettings

Taste = Literal["likes", "dislikes", "allergies"]
OPPOSITE: dict[str, str] = {"likes": "dislikes", "dislikes": "likes"}


def change(db: Session, *, actor: Actor, patient_id: str, changes: dict[str, Any], now: datetime) -> PatientSettings:
    """Store the changes, columns of PatientSettings; those of `accessibility` are added to what it holds."""
    settings = db.get_one(PatientSettings, patient_id, with_for_update=True)
    merged = dict(changes)
    if "accessibility" in merged:
        merged["accessibility"] = settings.accessibility | merged["accessibility"]
    changed = [name for name, value in merged.items() if getattr(settings, name) != value]
    for name in changed:
        setattr(settings, name, merged[name])
    if changed:
        _record(db, actor, patient_id, sorted(changed), now)
    return settings


def add_taste(db: Session, *, actor: Actor, patient_id: str, kind: Taste, word: str, now: datetime) -> PatientSettings:
    """Keep a liking, a dislike or an allergy; a liking takes the place of the same dislike, and the other way round."""
    settings = db.get_one(PatientSettings, patient_id, with_for_update=True)
    tastes = {name: list(words) for name, words in settings.tastes.items()}
    known = tastes.setdefault(kind, [])
    if word.casefold() in (one.casefold() for one in known):
        return settings
    known.append(word)
    if other := OPPOSITE.get(kind):
        tastes[other] = [one for one in tastes.get(other, []) if one.casefold() != word.casefold()]
    settings.tastes = tastes
    _record(db, actor, patient_id, [f"tastes.{kind}"], now)
    return settings


def _record(db: Session, actor: Actor, patient_id: str, changed: list[str], now: datetime) -> None:
    audit.record(
        db,
        actor=actor,
        action="update",
        entity="PatientSettings",
        patient_id=patient_id,
        details={"changed": changed},
        now=now,
    )
