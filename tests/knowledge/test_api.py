"""The knowledge over HTTP."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.records.errors import RecordsError
from knowledge import api, service
from knowledge.search import Index


@pytest.fixture
def client(index: Index) -> Iterator[TestClient]:
    app = FastAPI()
    app.include_router(api.router)
    app.dependency_overrides[service.index] = lambda: index
    with TestClient(app) as ready:
        yield ready


def test_a_question_is_answered(client: TestClient) -> None:
    given = client.post("/api/knowledge/answer", json={"text": "varför är jag så yr"}).json()
    assert given["answered"]
    assert given["slug"] == "dizziness"


def test_own_values_travel_in_the_body(client: TestClient) -> None:
    value = {"code": "85354-9", "text": "142/81 mmHg", "at": "2026-11-18T07:10:00+01:00"}
    body = {"text": "varför är jag så yr", "context": {"values": [value]}}
    assert "142/81 mmHg" in client.post("/api/knowledge/answer", json=body).json()["personal"][0]


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": "x" * 3000}, {"text": "yr", "language": "fi"}])
def test_unreadable_questions_are_refused(client: TestClient, body: dict[str, str]) -> None:
    assert client.post("/api/knowledge/answer", json=body).status_code == 422


def test_articles_are_listed_by_title(client: TestClient) -> None:
    listed = client.get("/api/knowledge/articles").json()["articles"]
    assert [one["title"] for one in listed] == ["Sömnproblem", "Vattendrivande läkemedel", "Yrsel"]


def test_an_article_comes_as_safe_html(client: TestClient) -> None:
    page = client.get("/api/knowledge/articles/dizziness").json()
    assert "<h2>Kort om</h2>" in page["html"]
    assert page["sources"][0]["url"] == "https://www.1177.se/"
    assert not page["clinically_validated"]


def test_an_unknown_article_is_not_found(client: TestClient) -> None:
    with pytest.raises(RecordsError):
        client.get("/api/knowledge/articles/nothing")
