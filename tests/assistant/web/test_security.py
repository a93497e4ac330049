"""Headers, forged requests and failures."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError
from starlette.datastructures import Headers

from assistant.web import health, patient_pages
from assistant.web.security import content_security_policy, is_forged
from tests.assistant.web.conftest import Person, say


def test_every_response_carries_the_security_headers(anonymous: TestClient) -> None:
    headers = anonymous.get("/login").headers
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


def test_named_sites_may_frame_the_pages() -> None:
    assert content_security_policy(["https://region.example"]).endswith("frame-ancestors 'self' https://region.example")


def test_a_request_id_is_kept_and_a_strange_one_replaced(anonymous: TestClient) -> None:
    assert anonymous.get("/healthz", headers={"X-Request-Id": "abc-1"}).headers["x-request-id"] == "abc-1"
    assert "\n" not in anonymous.get("/healthz", headers={"X-Request-Id": "a b<c"}).headers["x-request-id"]


@pytest.mark.parametrize(
    ("headers", "forged"),
    [
        ({"origin": "https://evil.example", "host": "vigor.example"}, True),
        ({"origin": "null", "host": "vigor.example"}, True),
        ({"origin": "https://vigor.example", "host": "vigor.example"}, False),
        ({"origin": "https://region.example", "host": "vigor.example"}, False),
        ({"sec-fetch-site": "cross-site", "host": "vigor.example"}, True),
        ({"host": "vigor.example"}, False),
    ],
)
def test_a_write_from_another_site_is_forged(headers: dict[str, str], forged: bool) -> None:
    assert is_forged("POST", Headers(headers), ["https://region.example"]) is forged
    assert is_forged("GET", Headers(headers), []) is False


def test_a_forged_message_is_not_stored(patient: TestClient, anna: Person) -> None:
    patient.headers["Origin"] = "https://evil.example"
    assert say(patient, anna, "hej").status_code == 403
    assert anna.messages() == []


def test_an_unknown_page_is_a_calm_page_in_swedish(anonymous: TestClient) -> None:
    answer = anonymous.get("/nothing")
    assert answer.status_code == 404
    assert "Det gick inte den här gången" in answer.text


def test_a_crash_shows_no_trace(anonymous: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patient_pages, "_people", lambda db: 1 / 0)
    answer = anonymous.get("/login")
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "Zero" not in answer.text


def test_a_database_that_is_away_is_said_calmly(anonymous: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(db: object) -> None:
        raise OperationalError("select", {}, Exception("secret"))

    monkeypatch.setattr(patient_pages, "_people", away)
    answer = anonymous.get("/login")
    assert answer.status_code == 503
    assert "Vänta en liten stund" in answer.text
    assert "secret" not in answer.text


def test_the_process_is_alive_and_not_ready_without_an_engine(anonymous: TestClient) -> None:
    assert anonymous.get("/healthz").json() == {"status": "ok"}
    answer = anonymous.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["database"] == "ok"
    assert answer.json()["parts"]["dialogue"] == "unavailable"


def test_ready_when_every_part_answers(anonymous: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anonymous.app.state.engine, "is_ready", lambda: True)  # type: ignore[attr-defined]
    monkeypatch.setattr(anonymous.app.state.engine, "can_act", lambda: True)  # type: ignore[attr-defined]
    monkeypatch.setattr(health, "queue_answers", lambda: True)
    monkeypatch.setattr(health.service, "is_loading", lambda: False)
    assert anonymous.get("/readyz").status_code == 200
    monkeypatch.setattr(health.service, "is_loading", lambda: True)
    assert anonymous.get("/readyz").json()["parts"]["knowledge"] == "unavailable"
