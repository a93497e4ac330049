"""Scripted conversations through the real processes: what is said, and the words that must be in the answers.

Anna is a fresh one in every conversation; the others are shared, so their conversations leave nothing open behind.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from assistant.chat_client import ChatClient
from assistant.conversation_script import take
from tests.e2e.service import Service

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

SCRIPTS = sorted((Path(__file__).parent / "conversations").glob("*.yml"))
SHARED = ("bertil", "cecilia", "david", "elsa")
CHECK_IN_TIMEOUT_S = 150.0
"""The round looks every minute for whom it is due."""


@pytest.fixture(scope="module")
def opened(service: Service) -> None:
    """The shared patients' check-ins have come, so that none comes in the middle of a conversation."""
    for patient in SHARED:
        screen = ChatClient(patient, service.url)
        screen.wait_for(lambda message: "god morgon när du vill" in message["text"], timeout_s=CHECK_IN_TIMEOUT_S)
        screen.close()


@pytest.fixture
def script(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What is said in the conversation, by whom, and what must be answered."""
    path: Path = request.param
    read: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return read


@pytest.fixture
def screen(service: Service, opened: None, script: dict[str, Any]) -> Iterator[ChatClient]:
    """The patient's screen."""
    patient = script["patient"]
    if patient == "anna":
        patient = httpx.post(f"{service.url}/demo/morning").raise_for_status().json()["patient"]
    screen = ChatClient(patient, service.url)
    yield screen
    screen.close()


@pytest.mark.parametrize("script", SCRIPTS, indirect=True, ids=lambda path: path.stem)
def test_conversation_goes_as_written(script: dict[str, Any], screen: ChatClient) -> None:
    for turn in script["turns"]:
        answer = "\n".join(message["text"] for message in take(screen, turn))
        heard = answer.casefold()
        missing = [words for words in turn.get("expect", ()) if words.casefold() not in heard]
        unwanted = [words for words in turn.get("not", ()) if words.casefold() in heard]

        assert answer, turn
        assert not missing, f"{turn}\n{answer}"
        assert not unwanted, f"{turn}\n{answer}"
