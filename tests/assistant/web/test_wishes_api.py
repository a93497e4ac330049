"""The API for the wishes of patients: for the assistant alone, within one talk, and checked at the edge."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from assistant.records.database import session
from assistant.records.models import AuditEntry, PatientSettings
from assistant.settings import get_settings
from assistant.web import failures, wishes_api
from tests.assistant.web.conftest import Person, make_patient


@pytest.fixture
def client(database_url: str) -> TestClient:
    app = FastAPI()
    failures.install(app)
    app.include_router(wishes_api.router)
    return TestClient(app)


def headers(person: Person) -> dict[str, str]:
    secret = get_settings().actions_secret.get_secret_value()
    return {"Authorization": f"Bearer {secret}", "X-Conversation-Id": person.conversation}


@pytest.mark.parametrize("path", ["settings", "reminders", "access"])
def test_only_the_assistant_is_answered(client: TestClient, path: str) -> None:
    assert client.get(f"/api/assistant/{path}").status_code == 401


def test_a_change_touches_only_what_was_named_and_is_logged(client: TestClient) -> None:
    anna = make_patient()
    answer = client.post("/api/assistant/settings", json={"language": "en"}, headers=headers(anna))
    assert answer.json()["language"] == "en"
    assert answer.json()["call_name"] == "Anna"
    with session() as db:
        logged = db.scalars(
            select(AuditEntry.details).where(AuditEntry.entity == "PatientSettings", AuditEntry.patient_id == anna.id)
        )
        assert list(logged) == [{"changed": ["language"]}]


@pytest.mark.parametrize(
    "changes",
    [
        {"language": "fi"},
        {"call_name": ""},
        {"call_name": "x" * 81},
        {"checkin_time": "25:00"},
        {"accessibility": {"colour": "pink"}},
        {"doctor_id": "doctor-karin"},
        {"limits": {}},
    ],
)
def test_what_may_not_be_changed_is_refused(client: TestClient, changes: dict[str, object]) -> None:
    anna = make_patient()
    assert client.post("/api/assistant/settings", json=changes, headers=headers(anna)).status_code == 400


def test_a_liking_takes_the_place_of_the_dislike(client: TestClient) -> None:
    anna = make_patient()
    for kind in ("dislikes", "likes"):
        client.post("/api/assistant/tastes", json={"kind": kind, "word": "Fisk"}, headers=headers(anna))
    with session() as db:
        assert db.get_one(PatientSettings, anna.id).tastes == {"dislikes": [], "likes": ["Fisk"]}


@pytest.mark.parametrize("times", [[], ["8"], ["24:00"], ["08:00"] * 9])
def test_a_reminder_needs_clock_times(client: TestClient, times: list[str]) -> None:
    anna = make_patient()
    body = {"medicine": "Ramipril", "times": times, "key": "turn"}
    assert client.post("/api/assistant/reminders", json=body, headers=headers(anna)).status_code == 400


def test_the_reminder_of_another_is_not_found(client: TestClient) -> None:
    anna, bertil = make_patient(), make_patient("Bertil")
    body = {"medicine": "Ramipril", "times": ["08:00"], "key": "turn"}
    made = client.post("/api/assistant/reminders", json=body, headers=headers(anna)).json()
    assert client.post(f"/api/assistant/reminders/{made['id']}/stop", headers=headers(bertil)).status_code == 404


def test_a_consent_given_twice_is_one(client: TestClient) -> None:
    anna = make_patient()
    wish = {"category": "research", "given": True}
    first, second = (client.post("/api/assistant/consents", json=wish, headers=headers(anna)).json() for _ in range(2))
    assert first == second
    assert first["status"] == "proposed"


def test_what_was_said_about_others_is_told_with_who_may_read(client: TestClient) -> None:
    anna = make_patient()
    for category, given in (("care", False), ("research", True)):
        wish = {"category": category, "given": given}
        client.post("/api/assistant/consents", json=wish, headers=headers(anna))
    told = client.get("/api/assistant/access", headers=headers(anna)).json()["consents"]
    assert told == {"care": "withdrawn", "research": "waiting"}
