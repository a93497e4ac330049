"""What the assistant changes on the patient's wish: settings, tastes, reminders, consents; and who read the data."""

from datetime import date, time
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from assistant.records import consents, patient_settings, readers, reminders
from assistant.records.access import Actor
from assistant.records.consents import Category
from assistant.records.errors import ForbiddenError
from assistant.records.models import PatientSettings, Reminder
from assistant.records.models.base import utc_now
from assistant.records.patient_settings import Taste
from assistant.web.assistant_api import Assistant
from assistant.web.sessions import Database

router = APIRouter(prefix="/api/assistant", tags=["assistant"])

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Times = Annotated[list[Clock], Field(min_length=1, max_length=8)]


TEXT_SCALES = {"normal": 1, "large": 1.5}


class Accessibility(BaseModel):
    """How the screen looks and sounds."""

    model_config = ConfigDict(extra="forbid")

    text_size: Literal["normal", "large"] | None = None
    read_aloud: Literal["on", "off"] | None = None
    contrast: Literal["normal", "high"] | None = None
    pace: Literal["normal", "slow"] | None = None

    def chosen(self) -> dict[str, Any]:
        """Return what was chosen; a text size is kept as the scale that the screen uses."""
        chosen = self.model_dump(exclude_none=True)
        return chosen | ({"text_scale": TEXT_SCALES[self.text_size]} if self.text_size else {})


class Changes(BaseModel):
    """The settings to change; those left out stay."""

    model_config = ConfigDict(extra="forbid")

    language: Literal["sv", "en"] = "sv"
    call_name: Words = "-"
    checkin_time: time = time()
    checkins_enabled: bool = True
    paused_until: date | None = None
    accessibility: Accessibility = Accessibility()

    @field_validator("checkin_time")
    @classmethod
    def has_no_zone(cls, value: time) -> time:
        """Take a clock time of the patient's own zone."""
        if value.tzinfo is not None:
            raise ValueError("a clock time has no zone")
        return value

    def given(self) -> dict[str, Any]:
        """Return the columns to change."""
        chosen = {name: getattr(self, name) for name in self.model_fields_set}
        if "accessibility" in chosen:
            chosen["accessibility"] = self.accessibility.chosen()
        return chosen


class NewTaste(BaseModel):
    """Something liked, disliked or not tolerated."""

    kind: Taste
    word: Words


class NewReminder(BaseModel):
    """A daily reminder; `key` is the turn in which it was asked for."""

    medicine: Words
    times: Times
    key: str = Field(min_length=1, max_length=128)


class NewTimes(BaseModel):
    """When a reminder shall come instead."""

    times: Times


class ConsentWish(BaseModel):
    """A consent given or withdrawn."""

    category: Category
    given: bool


@router.get("/settings")
def read_settings(actor: Assistant, db: Database) -> dict[str, Any]:
    """Return the patient's choices, and the limits that a clinician has set."""
    return _settings(db.get_one(PatientSettings, _patient_id(actor)))


@router.post("/settings")
def change_settings(changes: Changes, actor: Assistant, db: Database) -> dict[str, Any]:
    """Change some of the patient's choices."""
    stored = patient_settings.change(
        db, actor=actor, patient_id=_patient_id(actor), changes=changes.given(), now=utc_now()
    )
    return _settings(stored)


@router.post("/tastes")
def add_taste(taste: NewTaste, actor: Assistant, db: Database) -> dict[str, Any]:
    """Keep a liking, a dislike or an allergy."""
    stored = patient_settings.add_taste(
        db, actor=actor, patient_id=_patient_id(actor), kind=taste.kind, word=taste.word, now=utc_now()
    )
    return _settings(stored)


@router.get("/reminders")
def read_reminders(actor: Assistant, db: Database) -> dict[str, Any]:
    """Return the patient's reminders."""
    return {"reminders": [_reminder(one) for one in reminders.active(db, patient_id=_patient_id(actor))]}


@router.post("/reminders")
def add_reminder(wish: NewReminder, actor: Assistant, db: Database) -> dict[str, Any]:
    """Set a reminder; the same turn sets it once."""
    stored = reminders.add(
        db,
        actor=actor,
        patient_id=_patient_id(actor),
        medicine=wish.medicine,
        times=wish.times,
        key=wish.key,
        now=utc_now(),
    )
    return _reminder(stored)


@router.post("/reminders/{reminder_id}/times")
def move_reminder(reminder_id: str, wish: NewTimes, actor: Assistant, db: Database) -> dict[str, Any]:
    """Change when a reminder comes."""
    moved = reminders.move(
        db, actor=actor, patient_id=_patient_id(actor), reminder_id=reminder_id, times=wish.times, now=utc_now()
    )
    return _reminder(moved)


@router.post("/reminders/{reminder_id}/stop")
def stop_reminder(reminder_id: str, actor: Assistant, db: Database) -> dict[str, Any]:
    """Stop a reminder."""
    stopped = reminders.stop(db, actor=actor, patient_id=_patient_id(actor), reminder_id=reminder_id, now=utc_now())
    return _reminder(stopped)


@router.post("/consents")
def change_consent(wish: ConsentWish, actor: Assistant, db: Database) -> dict[str, Any]:
    """Give or withdraw a consent."""
    stored = consents.change(
        db, actor=actor, patient_id=_patient_id(actor), category=wish.category, given=wish.given, now=utc_now()
    )
    return {"id": stored.id, "category": wish.category, "status": stored.content["status"]}


@router.get("/access")
def read_access(actor: Assistant, db: Database) -> dict[str, Any]:
    """Return who has read the patient's data lately, which staff may, and what the patient has said about others."""
    patient_id, now = _patient_id(actor), utc_now()
    return {
        "readers": readers.recent(db, patient_id=patient_id, now=now),
        "care": readers.may_read(db, patient_id=patient_id, now=now),
        "consents": consents.standing(db, patient_id=patient_id),
    }


def _patient_id(actor: Actor) -> str:
    if actor.patient_id is None:
        raise ForbiddenError
    return actor.patient_id


def _settings(settings: PatientSettings) -> dict[str, Any]:
    return {
        "language": settings.language,
        "style": settings.style,
        "call_name": settings.call_name,
        "tastes": settings.tastes,
        "limits": settings.limits,
        "accessibility": settings.accessibility,
        "checkin_time": f"{settings.checkin_time:%H:%M}",
        "checkins_enabled": settings.checkins_enabled,
        "paused_until": settings.paused_until.isoformat() if settings.paused_until else None,
    }


def _reminder(reminder: Reminder) -> dict[str, Any]:
    return {"id": reminder.id, "medicine": reminder.medicine, "times": reminder.times}
