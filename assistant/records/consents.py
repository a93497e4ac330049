"""The patient's consents, for care that shares values and for research, as FHIR Consents."""

from datetime import datetime
from typing import Literal, cast, get_args

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
Standing = Literal["given", "waiting", "withdrawn"]
STANDING: dict[str, Standing] = {"active": "given", "proposed": "waiting", "inactive": "withdrawn"}
"""What the status of a Consent means: `waiting` is for the patient to be identified."""
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

    A withdrawal counts at once (inactive). A consent is proposed until the patient has been identified, and leaves a
    withdrawal in force until then.
    """
    known = current(db, patient_id=patient_id, category=category)
    if known and known.content["status"] in (("active", "proposed") if given else ("inactive",)):
        return known
    content = _content(patient_id, category, given, now)
    if known is None or given:
        return repository.insert(db, content, actor=actor, now=now)
    return repository.replace(db, content | {"id": known.id}, actor=actor, now=now)


def identified(db: Session, *, actor: Actor, patient_id: str, category: Category, now: datetime) -> Stored | None:
    """Let a consent that waits for it take effect, now that staff have seen who the patient is.

    Returns the consent as it stands, None without one.
    """
    known = current(db, patient_id=patient_id, category=category)
    if known is None or known.content["status"] != "proposed":
        return known
    seen = {
        "verified": True,
        "verifiedWith": {"reference": f"Patient/{patient_id}"},
        "verificationDate": now.isoformat(),
    }
    content = known.content | {"status": "active", "verification": [seen]}
    return repository.replace(db, content, actor=actor, now=now)


def standing(db: Session, *, patient_id: str) -> dict[Category, Standing]:
    """Return what the patient has said about each category, where anything has been said."""
    query = select(Consent).where(Consent.patient_id == patient_id, Consent.category.in_(CATEGORIES))
    said: dict[Category, Standing] = {}
    for row in db.scalars(query.order_by(Consent.last_updated, Consent.id.desc())):
        if row.status in STANDING:
            denied = row.content.get("provision", {}).get("type") == "deny"
            said[cast(Category, row.category)] = "withdrawn" if denied else STANDING[row.status]
    return said


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
