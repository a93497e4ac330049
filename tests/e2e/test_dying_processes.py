"""kill -9 of each process in turn during the morning: nothing lost, nothing doubled."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant.chat_client import ChatClient
from tests.e2e.service import Service, running

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]

TURNS = (
    ("database", "God morgon!"),
    ("dialogue", "Ja, gärna"),
    ("actions", "videosamtal"),
    ("web", "på tisdag"),
    ("worker", "klockan nio"),
    ("dialogue", "ja"),
)


@pytest.fixture(scope="module")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service of its own, since it is going to be hurt."""
    folder: Path = tmp_path_factory.mktemp("fragile") / "var"
    with running(folder) as service:
        yield service


def test_nothing_is_lost_or_doubled_when_each_process_is_killed(fragile: Service) -> None:
    patient = httpx.post(f"{fragile.url}/demo/morning").json()["patient"]
    screen = ChatClient(patient, fragile.url)
    screen.wait_for(lambda message: "god morgon när du vill" in message["text"], timeout_s=150)

    for process, words in TURNS:
        fragile.kill(process)
        answer = screen.say(words)
        assert answer, f"no answer to {words!r} after {process} was killed"
        fragile.wait_until_ready()

    said = [message["text"] for message in screen.messages if message["sender"] == "patient"]
    assert said == [words for _, words in TURNS]
    replies = Counter((message["reply_to"], message["text"]) for message in screen.messages if message["reply_to"])
    assert max(replies.values()) == 1
    openings = [message for message in screen.messages if "god morgon när du vill" in message["text"]]
    assert len(openings) == 1

    booked = [message for message in screen.messages if message["data"].get("kind") == "booking"]
    listed = screen.say("Vilka tider har jag bokade?")[0]["text"]
    transcript = "\n".join(f"{message['sender']}: {message['text']}" for message in screen.messages)
    assert len(booked) == 1, transcript
    assert listed.count("kl.") == 1, transcript


def test_a_red_flag_is_answered_while_the_engine_is_down_and_the_rest_when_it_is_back(fragile: Service) -> None:
    screen = ChatClient("cecilia", fragile.url)
    fragile.kill("dialogue")

    alarm = screen.say("jag har ont i bröstet och kan inte andas")
    assert alarm[0]["kind"] == "red_flag"
    assert "112" in alarm[0]["text"]

    answer = screen.say("vad väger jag?")
    assert any("kg" in message["text"] for message in answer)
