"""Who may open what."""

import base64

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from assistant.records.database import session
from assistant.records.models import AuditEntry
from assistant.settings import get_settings
from tests.assistant.web.conftest import Person, clinician, make_patient, say

API = [
    ("GET", "/api/chat/conversation"),
    ("GET", "/api/chat/any/messages?before=5"),
    ("POST", "/api/chat/any/messages"),
    ("GET", "/api/chat/any/events"),
    ("POST", "/api/chat/any/seen"),
    ("POST", "/api/chat/any/text-scale"),
    ("POST", "/api/chat/any/human"),
    ("GET", "/api/assistant/patient"),
    ("POST", "/api/assistant/patient/machine-told"),
    ("GET", "/api/assistant/check-in"),
    ("POST", "/api/assistant/check-in/any/opened"),
    ("POST", "/api/assistant/check-in/any/told"),
    ("GET", "/api/assistant/recommendations"),
    ("GET", "/api/assistant/recommendations/any/why"),
    ("POST", "/api/assistant/recommendations/any/answer"),
    ("GET", "/api/assistant/news"),
    ("POST", "/api/assistant/learning/unanswered"),
    ("POST", "/api/assistant/learning/misunderstood"),
    ("POST", "/api/chat/any/messages/any/rating"),
]
PAGES = [
    ("/patient", "/login"),
    ("/patient/values", "/login"),
    ("/patient/curves/8867-4.svg", "/login"),
    ("/clinic", "/clinic/login"),
    ("/clinic/worklist", "/clinic/login"),
    ("/clinic/patients/any", "/clinic/login"),
    ("/clinic/patients/any/curves/8867-4.svg", "/clinic/login"),
    ("/clinic/tasks/any", "/clinic/login"),
    ("/editor/inbox", "/editor/login"),
    ("/editor/inbox/words", "/editor/login"),
    ("/editor/inbox/utterances", "/editor/login"),
    ("/editor/inbox/utterances/any", "/editor/login"),
]


@pytest.mark.parametrize(("method", "path"), API)
def test_anonymous_gets_401_from_every_api(anonymous: TestClient, method: str, path: str) -> None:
    answer = anonymous.request(method, path, json={} if method == "POST" else None)
    assert answer.status_code == 401
    assert "logga in" in answer.json()["text"]["sv"]


@pytest.mark.parametrize(("path", "login"), PAGES)
def test_anonymous_is_sent_to_login_from_every_page(anonymous: TestClient, path: str, login: str) -> None:
    answer = anonymous.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, login)


@pytest.mark.parametrize("action", ["acknowledge", "decide"])
def test_anonymous_decides_nothing(anonymous: TestClient, action: str) -> None:
    answer = anonymous.post(f"/clinic/tasks/any/{action}", data={"version": "1"})
    assert answer.headers["location"] == "/clinic/login"


@pytest.mark.parametrize(("method", "path"), [one for one in API if "/chat/any" in one[1]])
def test_another_patients_conversation_does_not_exist(patient: TestClient, method: str, path: str) -> None:
    bertil = make_patient("Bertil")
    body = {"client_id": "0123456789", "text": "hej", "seq": 1, "scale": 1} if method == "POST" else None
    answer = patient.request(method, path.replace("any", bertil.conversation), json=body)
    assert answer.status_code == 404
    assert bertil.messages() == []


def test_a_patient_login_opens_nothing_at_the_clinic(patient: TestClient) -> None:
    assert patient.get("/clinic").headers["location"] == "/clinic/login"


def test_a_staff_login_opens_no_talk(doctor: TestClient) -> None:
    assert doctor.get("/api/chat/conversation").status_code == 401


def test_staff_without_care_relation_is_refused_in_plain_swedish_and_audited(doctor: TestClient) -> None:
    bertil = make_patient("Bertil")
    answer = doctor.get(f"/clinic/patients/{bertil.id}")
    assert answer.status_code == 403
    assert "ingen vårdrelation" in answer.text
    with session() as db:
        denied = select(AuditEntry).where(AuditEntry.entity == f"Patient/{bertil.id}", AuditEntry.action == "denied")
        assert db.scalars(denied).one().actor_role == "practitioner"


def test_an_unknown_patient_looks_like_one_without_care_relation(doctor: TestClient) -> None:
    assert doctor.get("/clinic/patients/nobody").status_code == 403


def test_an_editor_sees_no_patients(anna: Person) -> None:
    assert clinician("editor", anna).get("/clinic").status_code == 403


def test_the_demo_login_is_shut_outside_demonstrations(
    anonymous: TestClient, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get_settings(), "demo", False)
    assert anonymous.post("/login", data={"patient": anna.id}).status_code == 404
    assert anonymous.post("/clinic/login", data={"practitioner": "any"}).status_code == 404
    assert anonymous.post("/demo/morning").status_code == 404
    assert anna.id not in anonymous.get("/login").text


def test_a_forged_cookie_is_nobody(anonymous: TestClient) -> None:
    anonymous.cookies.set("vigor", "eyJwYXRpZW50Ijp7ImlkIjoiYW5uYSJ9fQ==.x.y")
    assert anonymous.get("/api/chat/conversation").status_code == 401


def test_the_cookie_holds_no_name(patient: TestClient, anna: Person) -> None:
    payload = base64.b64decode(patient.cookies["vigor"].strip('"').split(".")[0] + "==").decode()
    assert anna.id in payload
    assert "Anna" not in payload


def test_logging_out_ends_it(patient: TestClient, anna: Person) -> None:
    patient.post("/logout")
    assert say(patient, anna, "hej").status_code == 401
