"""People of the tests' own in a real database, and the application in front of it."""

import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from assistant.records import conversations, repository
from assistant.records.access import Actor
from assistant.records.database import session
from assistant.records.fhir import codes
from assistant.records.models import CareRelation, Message, PatientSettings, Task
from assistant.settings import get_settings
from assistant.web.app import create_app
from scheduler import queue

REGION = Actor(id="region", role="system")


@dataclass(frozen=True)
class Person:
    """A patient and the id of their conversation."""

    id: str
    conversation: str

    def messages(self) -> list[Message]:
        """Return all that has been said."""
        with session() as db:
            return conversations.messages_since(db, conversation_id=self.conversation, seq=0)

    def tasks(self, code: str) -> list[Task]:
        """Return the clinic's tasks of one kind about this patient."""
        with session() as db:
            return list(db.scalars(select(Task).where(Task.patient_id == self.id, Task.code == code)))


def make_patient(name: str = "Anna", **settings: object) -> Person:
    """Write a new patient into the record."""
    patient_id = f"patient-{uuid4().hex}"
    content = {
        "resourceType": "Patient",
        "id": patient_id,
        "active": True,
        "name": [{"family": "Test", "given": [name]}],
        "birthDate": date(1941, 5, 12).isoformat(),
    }
    with session() as db:
        repository.insert(db, content, actor=REGION)
        db.add(PatientSettings(patient_id=patient_id, call_name=name, **settings))
        db.flush()
        return Person(patient_id, conversations.conversation_of(db, patient_id=patient_id).id)


def make_staff(role: str, *patients: Person) -> str:
    """Write a new member of staff, who cares for these patients, and return the id."""
    staff_id = f"{role}-{uuid4().hex}"
    content = {
        "resourceType": "Practitioner",
        "id": staff_id,
        "name": [{"family": "Holm", "given": ["Karin"]}],
        "qualification": [{"code": {"coding": [{"system": codes.ROLE, "code": role}], "text": role}}],
    }
    with session() as db:
        repository.insert(db, content, actor=REGION)
        for person in patients:
            db.add(CareRelation(patient_id=person.id, practitioner_id=staff_id))
    return staff_id


def free_port() -> int:
    """Return a port where nobody answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def demo(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A demonstration whose dialogue engine and action server are away."""
    queue.apply_schema()
    settings = get_settings()
    monkeypatch.setattr(settings, "demo", True)
    monkeypatch.setattr(settings, "dialogue_port", free_port())
    monkeypatch.setattr(settings, "actions_port", free_port())


@pytest.fixture
def anonymous(demo: None) -> TestClient:
    """A visitor; nothing happens in the background."""
    return quiet_client()


@pytest.fixture
def anna(demo: None) -> Person:
    """A patient."""
    return make_patient()


@pytest.fixture
def patient(anonymous: TestClient, anna: Person) -> TestClient:
    """Anna's tablet."""
    anonymous.post("/login", data={"patient": anna.id})
    return anonymous


@pytest.fixture
def doctor(anna: Person) -> Iterator[TestClient]:
    """Anna's doctor at the screen."""
    with clinician("doctor", anna) as client:
        yield client


def quiet_client() -> TestClient:
    """Return a visitor of an application that answers no turns by itself."""
    app = create_app()
    app.state.turns.stop()
    return TestClient(app, raise_server_exceptions=False, follow_redirects=False)


def clinician(role: str, *patients: Person) -> TestClient:
    """Return a client logged in as a new member of staff."""
    client = quiet_client()
    client.post("/clinic/login", data={"practitioner": make_staff(role, *patients)})
    return client


def eventually(holds: Callable[[], bool], timeout_s: float = 10.0) -> bool:
    """Wait until it holds, and say whether it did."""
    deadline = time.monotonic() + timeout_s
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def say(client: TestClient, person: Person, text: str, client_id: str | None = None) -> httpx.Response:
    """Send words as the patient's screen does."""
    body = {"client_id": client_id or uuid4().hex, "text": text}
    return client.post(f"/api/chat/{person.conversation}/messages", json=body)
