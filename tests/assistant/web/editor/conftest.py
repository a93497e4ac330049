"""Two people at the editorial desk, before the application and a real database."""

import re
from uuid import uuid4

import httpx
import pytest
from fastapi.testclient import TestClient

from tests.assistant.web.conftest import clinician
from tests.knowledge.editorial.conftest import forget_articles

__all__ = ["forget_articles"]


class Desk:
    """A person's browser at the editorial desk."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(self, path: str) -> httpx.Response:
        return self.client.get(f"/editor{path}")

    def post(self, path: str, **fields: object) -> httpx.Response:
        return self.client.post(f"/editor{path}", data=fields)

    def version(self, slug: str) -> str:
        """Return the version of the article that its page would send with a step."""
        found = re.search(r'name="version" value="(\d+)"', self.get(f"/articles/{slug}/edit").text)
        assert found
        return found[1]

    def step(self, slug: str, name: str, **fields: object) -> httpx.Response:
        return self.post(f"/articles/{slug}/{name}", version=self.version(slug), **fields)


@pytest.fixture
def eva(demo: None, forget_articles: None) -> Desk:
    """An editor."""
    return Desk(clinician("editor"))


@pytest.fixture
def maria(demo: None, forget_articles: None) -> Desk:
    """A medical reviewer."""
    return Desk(clinician("reviewer"))


@pytest.fixture
def fields() -> dict[str, object]:
    """A filled-in form of a new article that may go to review."""
    headings = ("Kort om", "Det här kan du göra själv", "När ska du söka vård?", "För dig som är närstående")
    return {
        "slug": f"svimning-{uuid4().hex[:12]}",
        "title": "Svimning",
        "group": "circulation",
        "audience": ["patient"],
        "summary": "Svimning går ofta över av sig själv.",
        "author": "Eva Berg",
        "review_by": "2099-05-21",
        "spoken": "Lägg dig ned. Ring 1177 om det händer igen.",
        "body": "\n\n".join(f"## {heading}\n\nLägg dig ned. Vila en stund." for heading in headings),
        "lay_words": "tuppade av\nsvartnade",
        "questions": "varför svimmar jag",
        "source_title": ["1177: Svimning", ""],
        "source_publisher": ["1177 Vårdguiden", ""],
        "source_url": ["https://www.1177.se/", ""],
        "source_accessed": ["2026-11-21", ""],
    }


@pytest.fixture
def slug(eva: Desk, fields: dict[str, object]) -> str:
    """A draft of Eva's."""
    assert eva.post("/new", **fields).status_code == 303
    return str(fields["slug"])


@pytest.fixture
def published(eva: Desk, maria: Desk, slug: str) -> str:
    """An article that has gone all the way."""
    eva.step(slug, "send")
    maria.step(slug, "approve")
    eva.step(slug, "publish")
    return slug
