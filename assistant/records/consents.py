"""The patient's consents, for care that shares values and for research, as FHIR Consents."""

from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records import repository
from assistant.records.access import Actor
from assistant.records.fhir import codes
from assistant.records.fhir.content import Content
from assistant.records.models import Consent
from assistant.records.repository import Stored, as_stored

Category = Literal["care", "research"]
CATEGORIES: tuple[Category, ...] = get_args(Category)
SYSTEM = f"{codes.OWN}/CodeSystem/consent"
SCOPES = "http://terminology.hl7.org/CodeSystem/consentscope"
SCOPE = {"care": "patient-privacy", "research": "research"}


def current(db: Session, *, patient_id: str, category: Category) -> Stored | None:
    """Return the patient's newest consent of a category, given or withdrawn."""
    newest = (
        select(Consent)
        .where(Consent.patient_id == patient_id, Consent.category == category)
        .order_by(Consent.last_updated.desc())
        .limit(1)
        .with_for_update()
    )
    row = db.scalars(newest).first()
    return as_stored("Consent", row) if row else None


def change(db: Session, *, actor: Actor, patient_id: str, category: Category, given: bool, now: datetime) -> Stored:
    """Write down that the patient gives or withdraws a consent; the same again changes nothing.

    A withdrawal counts at once (inactive). A consent is proposed until the patient has been identified.
    """
    known = current(db, patient_id=patient_id, category=category)
    if known and known.content["status"] in (("active", "proposed") if given else ("inactive",)):
        return known
    content = _content(patient_id, category, given, now)
    if known is None:
        return repository.insert(db, content, actor=actor, now=now)
    return repository.replace(db, content | {"id": known.id}, actor=actor, now=now)


def _content(patient_id: str, category: Category, given: bool, now: datetime) -> Content:
    return {
        "resourceType": "Consent",
        "status": "proposed" if given else "inactive",
        "scope": {"coding": [{"system": SCOPES, "code": SCOPE[category]}]},
        "category": [{"coding": [{"system": SYSTEM, "code": category}]}],
        "patient": {"reference": f"Patient/{patient_id}"},
        "dateTime": now.isoformat(),
        "policyRule": {"text": "Patientens eget besked i samtalet"},
        "verification": [{"verified": False}],
        "provision": {"type": "permit" if given else "deny"},
    }
