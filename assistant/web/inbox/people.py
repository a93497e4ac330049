"""Whose names bear on what a patient says: the patient's own, those of relatives in the record, and the staff's."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records.models import Patient, PatientSettings, Practitioner


def names_around(db: Session, patient_id: str) -> list[str]:
    """Return every name that the record knows around this patient, with the parts of their address."""
    patient = db.get_one(Patient, patient_id)
    settings = db.get(PatientSettings, patient_id)
    called = [settings.call_name] if settings is not None else []
    return [*called, *_named(patient.content), *db.scalars(select(Practitioner.name))]


def _named(content: dict[str, Any]) -> Iterator[str]:
    """Yield the names of a FHIR Patient and of its contacts, and where they live."""
    contacts = content.get("contact", [])
    human = [*content.get("name", []), *(one["name"] for one in contacts if "name" in one)]
    for name in human:
        yield from (*name.get("given", []), name.get("family", ""), name.get("text", ""))
    for address in [*content.get("address", []), *(one["address"] for one in contacts if "address" in one)]:
        yield from (*address.get("line", []), address.get("city", ""), address.get("district", ""))
