"""References that came by identifier or without a name, looked up when a resource comes in."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records.fhir import codes
from assistant.records.fhir.content import Content, reference_id
from assistant.records.models import Device, Patient, Practitioner

TO_PATIENT = ("subject", "patient", "for")


def completed(db: Session, content: Content) -> Content:
    """Return the resource with patients and staff named by their number instead referred to, and its device named.

    What cannot be found stays as it is.
    """
    found = dict(content)
    for field in TO_PATIENT:
        if isinstance(content.get(field), dict):
            found[field] = _patient(db, content[field])
    if isinstance(content.get("requester"), dict):
        found["requester"] = _practitioner(db, content["requester"])
    if isinstance(content.get("generalPractitioner"), list):
        found["generalPractitioner"] = [_practitioner(db, one) for one in content["generalPractitioner"]]
    if isinstance(content.get("device"), dict):
        found["device"] = _device(db, content["device"])
    return found


def _patient(db: Session, reference: Content) -> Content:
    number = _number(reference, codes.PERSONNUMMER, codes.PERSONNUMMER_INERA)
    patient_id = db.scalar(select(Patient.id).where(Patient.personnummer == number)) if number else None
    return reference | {"reference": f"Patient/{patient_id}"} if patient_id else reference


def _practitioner(db: Session, reference: Content) -> Content:
    number = _number(reference, codes.HSA_ID)
    known = db.scalar(select(Practitioner.id).where(Practitioner.hsa_id == number)) if number else None
    return reference | {"reference": f"Practitioner/{known}"} if known else reference


def _device(db: Session, reference: Content) -> Content:
    device_id = reference_id(reference, "Device")
    device = db.get(Device, device_id) if device_id and "display" not in reference else None
    if device is None:
        return reference
    names = [one.get("name") for one in device.content.get("deviceName", [])]
    name = next(filter(None, names), (device.content.get("type") or {}).get("text"))
    return reference | {"display": name} if name else reference


def _number(reference: Content, *systems: str) -> str | None:
    """Return the identifier of a reference that has nothing else, in one of these systems."""
    identifier = reference.get("identifier") or {}
    if "reference" in reference or not isinstance(identifier, dict) or identifier.get("system") not in systems:
        return None
    value = identifier.get("value")
    return value if isinstance(value, str) else None
