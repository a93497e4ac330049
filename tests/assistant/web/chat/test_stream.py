"""Live delivery over a real server: what was missed first, then each new message at once."""

import json
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn

from assistant.records import conversations
from assistant.records.database import session
from assistant.records.models import Conversation
from assistant.web.app import create_app
from tests.assistant.web.conftest import Person, eventually, free_port


@pytest.fixture
def server(demo: None) -> Iterator[str]:
    """The application behind a real socket."""
    port = free_port()
    config = uvicorn.Config(create_app(), port=port, log_level="error", timeout_graceful_shutdown=1)
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    assert eventually(lambda: running.started)
    yield f"http://127.0.0.1:{port}"
    running.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def tablet(server: str, anna: Person) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=10) as client:
        client.post("/login", data={"patient": anna.id})
        yield client


def tell(person: Person, text: str) -> None:
    with session() as db:
        conversations.append(db, conversation_id=person.conversation, sender="assistant", text=text)


def read(client: httpx.Client, person: Person, *, since: int, count: int, headers: dict | None = None) -> list[str]:
    """Return the texts of the first `count` messages on the stream."""
    texts: list[str] = []
    path = f"/api/chat/{person.conversation}/events"
    with client.stream("GET", path, params={"since": since}, headers=headers) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        for line in response.iter_lines():
            if line.startswith("data:"):
                texts.append(json.loads(line.removeprefix("data:"))["text"])
            if len(texts) == count:
                break
    return texts


def test_a_reconnecting_screen_gets_what_it_missed_and_nothing_twice(tablet: httpx.Client, anna: Person) -> None:
    for number in range(1, 6):
        tell(anna, str(number))
    assert read(tablet, anna, since=3, count=2) == ["4", "5"]


def test_the_browsers_own_last_event_id_counts_too(tablet: httpx.Client, anna: Person) -> None:
    for number in range(1, 4):
        tell(anna, str(number))
    assert read(tablet, anna, since=0, count=1, headers={"Last-Event-ID": "2"}) == ["3"]


def test_a_new_message_reaches_the_open_screen_well_within_two_seconds(tablet: httpx.Client, anna: Person) -> None:
    tell(anna, "gammalt")
    sent: list[float] = []

    def tell_later() -> None:
        eventually(lambda: _present(anna))
        sent.append(time.monotonic())
        tell(anna, "nytt")

    teller = threading.Thread(target=tell_later)
    teller.start()
    assert read(tablet, anna, since=1, count=1) == ["nytt"]
    teller.join()
    assert time.monotonic() - sent[0] < 2


def test_an_open_screen_counts_as_present(tablet: httpx.Client, anna: Person) -> None:
    tell(anna, "hej")
    read(tablet, anna, since=0, count=1)
    assert _present(anna)


def _present(person: Person) -> bool:
    with session() as db:
        return db.get_one(Conversation, person.conversation).present_at is not None
