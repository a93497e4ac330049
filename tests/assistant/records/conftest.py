"""The record with the demo patients in it, undone after each test, and its API as a client."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from assistant.records import access, demo, repository
from assistant.records.access import Actor
from assistant.records.fhir import app as fhir_app
from assistant.records.fhir import codes
from assistant.records.models.base import utc_now

ANNA = Actor(id="anna", role="patient", patient_id="anna")
KARIN = Actor(id="doctor-karin", role="practitioner")
SARA = Actor(id="nurse-sara", role="practitioner")
ERIK = Actor(id="doctor-erik", role="practitioner")
ROUND = Actor(id="round", role="round")
REGION = Actor(id="region", role="system")

Headers = dict[str, str]


def weight(patient_id: str = "anna", *, value: float = 70.0, at: datetime | None = None, **changes: object) -> dict:
    """A weight as a device sends it."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": codes.LOINC, "code": codes.WEIGHT}]},
        "subject": {"reference": f"Patient/{patient_id}"},
        "effectiveDateTime": (at or datetime(2026, 1, 5, 7, tzinfo=UTC)).isoformat(),
        "valueQuantity": {"value": value, "unit": "kg", "system": codes.UCUM, "code": "kg"},
    } | changes


def order(patient_id: str = "anna", **changes: object) -> dict:
    """An active order as the region's record system sends it."""
    return {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {
            "coding": [{"system": codes.ATC, "code": "C03CA01", "display": "Furosemid"}],
            "text": "Furosemid 40 mg",
        },
        "subject": {"reference": f"Patient/{patient_id}"},
        "requester": {"reference": "Practitioner/doctor-karin"},
        "dosageInstruction": [
            {
                "text": "1 tablett på morgonen",
                "doseAndRate": [{"doseQuantity": {"value": 40, "unit": "mg", "system": codes.UCUM, "code": "mg"}}],
            }
        ],
    } | changes


def propose(db: Session, patient_id: str = "anna") -> repository.Stored:
    """A proposal and its task, as the round writes them; returns the task."""
    subject = {"reference": f"Patient/{patient_id}"}
    proposal = repository.create(
        db,
        {
            "resourceType": "MedicationRequest",
            "status": "draft",
            "intent": "proposal",
            "medicationCodeableConcept": {"text": "blodtrycksmedicin"},
            "subject": subject,
        },
        actor=ROUND,
    )
    return repository.create(
        db,
        {
            "resourceType": "Task",
            "status": "requested",
            "intent": "proposal",
            "code": {"coding": [{"system": codes.TASK, "code": "medication-proposal"}]},
            "for": subject,
            "focus": {"reference": f"MedicationRequest/{proposal.id}"},
        },
        actor=ROUND,
    )


@pytest.fixture(scope="module")
def demo_connection(sql_engine: Engine) -> Iterator[Connection]:
    """A connection that sees the demo, which nobody else does."""
    with sql_engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            demo.seed_into(session, now=utc_now())
            session.commit()
        yield connection
        transaction.rollback()


@pytest.fixture
def record(demo_connection: Connection) -> Iterator[Session]:
    """A session on a record that holds the demo; its work is undone after the test."""
    savepoint = demo_connection.begin_nested()
    with Session(demo_connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
        yield session
    savepoint.rollback()


@pytest.fixture
def api(record: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The FHIR API on the test's own transaction."""

    @contextmanager
    def session() -> Iterator[Session]:
        try:
            yield record
            record.commit()
        except BaseException:
            record.rollback()
            raise

    record.commit()
    monkeypatch.setattr(fhir_app, "session", session)
    with TestClient(fhir_app.app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def bearer(database_url: str) -> Callable[[Actor], Headers]:
    """The headers with which an actor comes to the API."""

    def headers(actor: Actor) -> Headers:
        assert actor.role not in ("assistant", "round")
        return {"Authorization": f"Bearer {access.issue_token(subject=actor.id, role=actor.role)}"}

    return headers
