"""All that a clinician sees of one patient on one page."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records import audit, consents, reading
from assistant.records.access import Actor
from assistant.records.consents import Category
from assistant.records.fhir.content import Content
from assistant.records.models import (
    AllergyIntolerance,
    Appointment,
    Observation,
    Patient,
    PatientSettings,
    Recommendation,
    Task,
)
from assistant.records.models.base import utc_now
from assistant.settings import get_settings
from assistant.web import readings
from assistant.web.swedish import day
from scheduler import quality
from scheduler.vocabulary import SIGNALS

RECOMMENDATIONS_SHOWN = 10
LEVELS = {"advise": "Råd", "offer": "Erbjudande", "propose": "Förslag", "alert": "Larm"}
STATES = {
    "open": "väntar på patientens svar",
    "accepted": "patienten tackade ja",
    "declined": "patienten tackade nej",
    "expired": "besvarades inte",
    "proposed": "väntar på beslut",
    "approved": "godkänt",
    "changed": "ändrat",
    "rejected": "avslaget",
    "shown": "visat för patienten",
    "raised": "larmat",
}


MODES = {"visit": "Besök", "phone": "Telefonsamtal", "video": "Videosamtal"}
TOLD_DAYS = 14
TOLD = {
    "medication-taken": "Har tagit",
    "medication-forgotten": "Har glömt",
    "medication-double": "Har tagit för mycket",
    "side-effect": "Misstänkt biverkning",
}
"""What the patient tells of medicines in the talk, by the codes it is stored with."""
FINDINGS_DAYS = 14
PROBLEMS = {
    "doubtful": "osäkra (orimliga, eller ett hopp som ingen kropp gör)",
    "ahead": "från framtiden; mätarens klocka går fel",
    "unit": "i en enhet som inte används",
    "repeated": "skickade två gånger",
    "too-many": "på ett dygn; bara de senaste används",
}
"""Why readings were set aside; see `scheduler.quality`."""
REFUSALS: dict[Category, str] = {
    "care": "Patienten har sagt nej till att andra vårdgivare läser uppgifterna här. De lämnas inte ut till dem. "
    "Er egen journal och er vård påverkas inte.",
    "research": "Patienten har sagt nej till forskning och kvalitetsuppföljning. Uppgifterna lämnas inte ut till det.",
}
WAITING: dict[Category, str] = {
    "care": "Patienten vill att andra vårdgivare får läsa uppgifterna här.",
    "research": "Patienten vill vara med i forskning och kvalitetsuppföljning.",
}
"""What the clinic reads about a consent that was withdrawn, or that waits for the patient to be identified."""


@dataclass(frozen=True)
class SignalView:
    """One kind of reading: the newest and all of them in words."""

    signal: readings.Signal
    latest: readings.Reading | None
    written: str
    words: str


@dataclass(frozen=True)
class PatientView:
    """The page's content."""

    patient: Patient
    medicines: list[Content]
    conditions: list[str]
    allergies: list[str]
    signals: list[SignalView]
    recommendations: list[Recommendation]
    tasks: list[Task]
    pause: str | None
    refusals: list[str]
    waiting: dict[Category, str]
    set_aside: list[str]
    appointments: list[Appointment]
    told: list[tuple[str, Observation]]


def read(db: Session, *, actor: Actor, patient_id: str) -> PatientView:
    """Return what the page shows; the look is audited. The care relation has been checked."""
    audit.record(db, actor=actor, action="read", entity=f"Patient/{patient_id}", patient_id=patient_id)
    found = readings.read_all(db, actor=actor, patient_id=patient_id)
    said = consents.standing(db, patient_id=patient_id)
    return PatientView(
        patient=db.get_one(Patient, patient_id),
        medicines=[order.content for order in reading.active_orders(db, patient_id=patient_id)],
        conditions=[_name(condition.content) for condition in reading.active_conditions(db, patient_id=patient_id)],
        allergies=list(
            db.scalars(select(AllergyIntolerance.substance).where(AllergyIntolerance.patient_id == patient_id))
        ),
        signals=[_signal_view(code, values) for code, values in found.items()],
        recommendations=_recommendations(db, patient_id),
        tasks=reading.open_tasks(db, patient_id=patient_id),
        pause=_pause(db, patient_id),
        refusals=[REFUSALS[about] for about, answer in said.items() if answer == "withdrawn"],
        waiting={about: WAITING[about] for about, answer in said.items() if answer == "waiting"},
        set_aside=_set_aside(db, patient_id),
        appointments=_appointments(db, patient_id),
        told=_told(db, patient_id),
    )


def _appointments(db: Session, patient_id: str) -> list[Appointment]:
    """Return the booked times to come, the nearest first."""
    query = select(Appointment).where(Appointment.patient_id == patient_id, Appointment.status == "booked")
    return list(db.scalars(query.where(Appointment.starts_at >= utc_now()).order_by(Appointment.starts_at)))


def _told(db: Session, patient_id: str) -> list[tuple[str, Observation]]:
    """Return what the patient has told of medicines in the last two weeks, in words, the newest first."""
    query = select(Observation).where(Observation.patient_id == patient_id, Observation.code.in_(TOLD))
    since = utc_now() - timedelta(days=TOLD_DAYS)
    found = db.scalars(query.where(Observation.effective_at >= since).order_by(Observation.effective_at.desc()))
    return [(f"{TOLD[one.code]}: {_told_of(one.content)}", one) for one in found]


def _told_of(content: Content) -> str:
    """Return the patient's words, else the medicine."""
    return next((str(note["text"]) for note in content.get("note", [])), str(content.get("valueString", "")))


def _pause(db: Session, patient_id: str) -> str | None:
    """Return how the patient has stopped the greetings, if so."""
    settings = db.get(PatientSettings, patient_id)
    if settings is None or not settings.checkins_enabled:
        return "Patienten får inga morgonhälsningar. Larm om saknade mätvärden fortsätter."
    if settings.paused_until and settings.paused_until > utc_now().astimezone(get_settings().zone).date():
        return f"Morgonhälsningarna är pausade till {day(settings.paused_until)}. Larm om saknade mätvärden fortsätter."
    return None


def _set_aside(db: Session, patient_id: str) -> list[str]:
    """Return the readings of the last two weeks that no rule uses, in words."""
    now = utc_now()
    zone = get_settings().timezone
    found = quality.findings(db, since=now - timedelta(days=FINDINGS_DAYS), now=now, zone=zone, among=[patient_id])
    words = {code: one.label_sv for one in SIGNALS.values() if not one.derived for code in one.codes}
    return [f"{words.get(one.code, one.code)}: {one.readings} {PROBLEMS[one.problem]}" for one in found]


def signal_view(db: Session, *, actor: Actor, patient_id: str, code: str) -> SignalView:
    """Return one kind of reading."""
    return _signal_view(code, readings.read_signal(db, actor=actor, patient_id=patient_id, code=code))


def _signal_view(code: str, values: list[readings.Reading]) -> SignalView:
    signal = readings.SIGNALS[code]
    trusted = [reading for reading in values if not reading.doubtful]
    latest = trusted[-1] if trusted else None
    return SignalView(
        signal=signal,
        latest=latest,
        written=readings.written(latest, signal) if latest else "–",
        words=readings.in_words(values, signal),
    )


def _name(content: dict[str, Any]) -> str:
    concept = content.get("code", {})
    coding: dict[str, str] = next(iter(concept.get("coding", [])), {})
    words = concept.get("text") or coding.get("display") or ""
    return f"{words} ({coding['code']})" if coding.get("code") else words


def _recommendations(db: Session, patient_id: str) -> list[Recommendation]:
    query = select(Recommendation).where(Recommendation.patient_id == patient_id)
    return list(db.scalars(query.order_by(Recommendation.created_at.desc()).limit(RECOMMENDATIONS_SHOWN)))
