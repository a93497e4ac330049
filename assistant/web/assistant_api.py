"""What the assistant may know and do inside one patient's talk, beyond the FHIR API. Called by the action server."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from assistant.records.access import Actor, actor_from_request
from assistant.records.errors import ForbiddenError, RecordsError
from assistant.records.models import CheckIn, Patient, PatientSettings, Practitioner, Recommendation
from assistant.records.models.base import utc_now
from assistant.web import care_talk
from assistant.web.sessions import Database
from scheduler import places
from scheduler.follow_up import follow_up

router = APIRouter(prefix="/api/assistant", tags=["assistant"])


class NoCheckInError(RecordsError):
    """There is no check-in today."""

    id = "no-check-in"
    status = 404
    sv = "Det finns ingen incheckning i dag."
    en = "There is no check-in today."


class Answer(BaseModel):
    """The patient's answer to an offer; `key` is the turn in which it was given."""

    answer: Literal["accepted", "declined"]
    key: str = Field(min_length=1, max_length=128)


def speaking_assistant(request: Request, db: Database) -> Actor:
    """Return the assistant as it acts in the talk that the request names.

    Raises:
        UnauthenticatedError: no valid secret, or no such talk.
        ForbiddenError: somebody else.
    """
    actor = actor_from_request(db, request)
    if actor.role != "assistant":
        raise ForbiddenError
    return actor


Assistant = Annotated[Actor, Depends(speaking_assistant)]


@router.get("/patient")
def read_patient(actor: Assistant, db: Database) -> dict[str, Any]:
    """Return who is spoken with and how they want to be met."""
    settings = _settings(db, actor)
    now = _local_now(settings)
    return {
        "patient_id": settings.patient_id,
        "call_name": settings.call_name,
        "language": settings.language,
        "style": settings.style,
        "tastes": settings.tastes,
        "machine_told": settings.machine_told_at is not None,
        "timezone": settings.timezone,
        "now": now.isoformat(timespec="seconds"),
        "local_date": now.date().isoformat(),
        "age": _age(db, settings, now.date()),
        "doctor": _doctor(db, settings),
    }


@router.post("/patient/machine-told", status_code=204)
def mark_machine_told(actor: Assistant, db: Database) -> None:
    """Remember that the patient has been told that the assistant is a machine."""
    settings = _settings(db, actor)
    settings.machine_told_at = settings.machine_told_at or utc_now()


@router.get("/weather")
def read_weather(actor: Assistant) -> dict[str, int | None]:
    """Return how slippery the coming day is where the patient lives: 0 not, 1 caution, 2 severe; None: not known."""
    known = places.weather_of([_patient_id(actor)], now=utc_now())
    return {"slip_risk": None if known is None or known.is_empty() else known["slip_risk"][0]}


@router.get("/check-in")
def read_check_in(actor: Assistant, db: Database) -> dict[str, Any]:
    """Return today's check-in with its recommendations in the order of the talk."""
    settings = _settings(db, actor)
    check_in = care_talk.check_in_of(db, patient_id=settings.patient_id, local_date=_local_now(settings).date())
    if check_in is None:
        raise NoCheckInError
    recommendations = care_talk.in_order(db, check_in)
    return {
        "id": check_in.id,
        "local_date": check_in.local_date.isoformat(),
        "state": check_in.state,
        "opening": check_in.content["opening"],
        "sleep": check_in.content.get("sleep"),
        "recommendations": [_recommendation(db, one) for one in recommendations],
    }


@router.post("/check-in/{check_in_id}/opened", status_code=204)
def mark_opened(check_in_id: str, actor: Assistant, db: Database) -> None:
    """Remember that the check-in has been opened, and the news told with it."""
    care_talk.mark_opened(db, check_in=_own_check_in(db, actor, check_in_id), now=utc_now())


@router.post("/check-in/{check_in_id}/told", status_code=204)
def mark_told(check_in_id: str, actor: Assistant, db: Database) -> None:
    """Remember that everything in the check-in has been said."""
    care_talk.mark_told(check_in=_own_check_in(db, actor, check_in_id), now=utc_now())


@router.get("/recommendations")
def read_recommendations(
    actor: Assistant,
    db: Database,
    state: Annotated[str | None, Query(max_length=100)] = None,
    level: Annotated[str | None, Query(max_length=100)] = None,
) -> dict[str, Any]:
    """Return the patient's recommendations, newest first; `state` and `level` are comma-separated."""
    found = care_talk.recommendations(db, patient_id=_patient_id(actor), states=_listed(state), levels=_listed(level))
    return {"recommendations": [_recommendation(db, one) for one in found]}


@router.get("/recommendations/{recommendation_id}/why")
def read_why(recommendation_id: str, actor: Assistant, db: Database) -> dict[str, Any]:
    """Return the readings, the rule and the source behind a recommendation."""
    found = care_talk.recommendation_of(db, patient_id=_patient_id(actor), recommendation_id=recommendation_id)
    return {
        "title": found.title,
        "text": found.why,
        "readings": found.inputs,
        "rule": {"id": found.rule_id, "version": found.rule_version},
        "evidence": found.evidence,
    }


@router.post("/recommendations/{recommendation_id}/answer")
def answer(recommendation_id: str, given: Answer, actor: Assistant, db: Database) -> dict[str, Any]:
    """Store the patient's answer to an offer; the same answer again changes nothing, the other one is refused."""
    found = care_talk.answer(
        db, actor=actor, recommendation_id=recommendation_id, given=given.answer, key=given.key, now=utc_now()
    )
    return _recommendation(db, found)


@router.get("/news")
def read_news(actor: Assistant, db: Database) -> dict[str, Any]:
    """Return the decisions that were made while the patient was away."""
    return {"news": care_talk.untold_decisions(db, patient_id=_patient_id(actor))}


def _patient_id(actor: Actor) -> str:
    if actor.patient_id is None:
        raise ForbiddenError
    return actor.patient_id


def _settings(db: Session, actor: Actor) -> PatientSettings:
    return db.get_one(PatientSettings, _patient_id(actor))


def _local_now(settings: PatientSettings) -> datetime:
    return utc_now().astimezone(ZoneInfo(settings.timezone))


def _own_check_in(db: Session, actor: Actor, check_in_id: str) -> CheckIn:
    check_in = db.get(CheckIn, check_in_id, with_for_update=True)
    if check_in is None or check_in.patient_id != actor.patient_id:
        raise NoCheckInError
    return check_in


def _age(db: Session, settings: PatientSettings, today: date) -> int | None:
    """Return the age in whole years; None when the date of birth is not known."""
    born = db.get_one(Patient, settings.patient_id).birth_date
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day)) if born else None


def _doctor(db: Session, settings: PatientSettings) -> dict[str, str] | None:
    doctor = db.get(Practitioner, settings.doctor_id) if settings.doctor_id else None
    return {"id": doctor.id, "name": doctor.name, "title": doctor.title} if doctor else None


def _listed(given: str | None) -> list[str]:
    return [one for one in (given or "").split(",") if one]


def _recommendation(db: Session, found: Recommendation) -> dict[str, Any]:
    return {
        "id": found.id,
        "rule_id": found.rule_id,
        "rule_version": found.rule_version,
        "level": found.level,
        "state": found.state,
        "title": found.title,
        "text": found.text,
        "local_date": found.local_date.isoformat(),
        "follow_up": follow_up(db, found.rule_id),
    }
