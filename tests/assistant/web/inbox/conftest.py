"""An empty inbox, editors, and the assistant in Anna's talk."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete

from assistant.records.database import session
from assistant.records.models import HeardQuestion, LayWord, Utterance
from assistant.settings import get_settings
from tests.assistant.web.conftest import Person, make_staff, quiet_client

Tell = Callable[..., int]


@pytest.fixture(autouse=True)
def _empty(database_url: str) -> None:
    with session() as db:
        for table in (HeardQuestion, LayWord, Utterance):
            db.execute(delete(table))


@pytest.fixture
def editor(demo: None) -> TestClient:
    return log_in_editor()


@pytest.fixture
def second(demo: None) -> TestClient:
    return log_in_editor()


@pytest.fixture
def tell(anonymous: TestClient, anna: Person) -> Tell:
    """Tell of something in Anna's talk, as an action does; returns the status."""
    secret = get_settings().actions_secret.get_secret_value()

    def _tell(what: str, **body: object) -> int:
        headers = {"Authorization": f"Bearer {secret}", "X-Conversation-Id": anna.conversation}
        return anonymous.post(f"/api/assistant/learning/{what}", json=body, headers=headers).status_code

    return _tell


def log_in_editor() -> TestClient:
    client = quiet_client()
    client.post("/editor/login", data={"practitioner": make_staff("editor")})
    return client
