"""Patients and readings for the tests, written the way the region's record system writes them."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from assistant.records import repository
from assistant.records.access import Actor
from assistant.records.fhir import codes
from assistant.records.models import Patient, PatientSettings, Practitioner
from assistant.records.models.base import utc_now

REGION = Actor(id="region", role="system")
UNITS = {codes.WEIGHT: "kg", codes.PULSE: "/min", codes.SLEEP: "h", codes.MOOD: "{score}", codes.TEMPERATURE: "Cel"}


def add_patient(db: Session, *, doctor_id: str | None = None, **settings: Any) -> str:
    """Store a patient with these settings and return the id."""
    patient_id = str(uuid4())
    db.add(Patient(id=patient_id, content={"resourceType": "Patient", "id": patient_id}, birth_date=date(1941, 3, 2)))
    db.flush()
    defaults = {"call_name": "Anna", "checkin_time": time(7, 30)}
    db.add(PatientSettings(patient_id=patient_id, doctor_id=doctor_id, **(defaults | settings)))
    db.flush()
    return patient_id


def add_doctor(db: Session) -> str:
    """Store a doctor and return the id."""
    doctor_id = str(uuid4())
    content = {"resourceType": "Practitioner", "id": doctor_id}
    db.add(Practitioner(id=doctor_id, content=content, name="Maria Ek", role="doctor", title="läkare"))
    db.flush()
    return doctor_id


def add_reading(db: Session, patient_id: str, code: str, value: float, at: datetime) -> str:
    """Store one reading and return the id."""
    system = codes.DAILY if code == codes.MOOD else codes.LOINC
    content = _observation(patient_id, {"system": system, "code": code}, at)
    content["valueQuantity"] = {"value": value, "system": codes.UCUM, "code": UNITS[code], "unit": UNITS[code]}
    return repository.insert(db, content, actor=REGION, now=at).id


def add_pressure(db: Session, patient_id: str, systolic: float, diastolic: float, at: datetime) -> str:
    """Store one blood pressure and return the id."""
    content = _observation(patient_id, {"system": codes.LOINC, "code": codes.BLOOD_PRESSURE}, at)
    content["component"] = [
        {
            "code": {"coding": [{"system": codes.LOINC, "code": code}]},
            "valueQuantity": {"value": value, "system": codes.UCUM, "code": "mm[Hg]", "unit": "mm[Hg]"},
        }
        for code, value in ((codes.SYSTOLIC, systolic), (codes.DIASTOLIC, diastolic))
    ]
    return repository.insert(db, content, actor=REGION, now=at).id


def add_order(db: Session, patient_id: str, *, doctor_id: str, atc: str, name: str, at: datetime) -> str:
    """Store an active order, imported as ordered by the doctor, and return the id."""
    content = {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"coding": [{"system": codes.ATC, "code": atc}], "text": name},
        "subject": {"reference": f"Patient/{patient_id}"},
        "requester": {"reference": f"Practitioner/{doctor_id}"},
        "authoredOn": at.isoformat(),
    }
    return repository.insert(db, content, actor=REGION, now=at).id


def mornings(today: date, values: Iterable[float], zone: str = "Europe/Stockholm") -> list[tuple[datetime, float]]:
    """Return values with their times: one each morning at six, the last one today."""
    listed = list(values)
    first = today - timedelta(days=len(listed) - 1)
    return [(local(first + timedelta(days=n), 6, zone=zone), value) for n, value in enumerate(listed)]


def local(day: date, hour: int, minute: int = 0, *, zone: str = "Europe/Stockholm") -> datetime:
    """Return a moment on people's own clock."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(zone))


def latest_morning() -> date:
    """Return the day of the latest morning that has passed, for processes that look at the real clock."""
    return (utc_now().astimezone(ZoneInfo("Europe/Stockholm")) - timedelta(hours=7)).date()


def annas_morning(db: Session, today: date, **settings: Any) -> str:
    """Store Anna as the defining morning has her, and return her id."""
    doctor_id = add_doctor(db)
    patient_id = add_patient(db, doctor_id=doctor_id, tastes={"likes": ["jordgubbar"]}, **settings)
    for atc, name in (("C08CA01", "Amlodipin 5 mg"), ("C09AA05", "Ramipril 5 mg")):
        add_order(db, patient_id, doctor_id=doctor_id, atc=atc, name=name, at=local(today - timedelta(days=400), 9))
    for at, value in mornings(today, [61.4, 61.2, 61.1, 60.8, 60.6, 60.4]):
        add_reading(db, patient_id, codes.WEIGHT, value, at)
    for at, value in mornings(today, [142, 141, 140, 138, 137, 136, 134, 132, 130, 127, 125, 123, 120, 118]):
        add_pressure(db, patient_id, value, 70, at)
    for at, value in mornings(today, [3, 3, 2]):
        add_reading(db, patient_id, codes.MOOD, value, at)
    add_reading(db, patient_id, codes.SLEEP, 7 + 40 / 60, local(today, 6))
    return patient_id


def _observation(patient_id: str, coding: dict[str, str], at: datetime) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [coding]},
        "subject": {"reference": f"Patient/{patient_id}"},
        "effectiveDateTime": at.isoformat(),
    }
