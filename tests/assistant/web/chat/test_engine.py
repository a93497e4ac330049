"""The client of the dialogue engine."""

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from assistant.settings import get_settings
from assistant.web.chat.engine import Engine, EngineFailedError, EngineUnavailableError, Reply
from tests.assistant.web.chat.dialogue import Dialogue
from tests.assistant.web.conftest import free_port

TURN = {"conversation_id": "c1", "turn_id": "t1", "text": "hej", "payload": None, "language": "sv"}


@pytest.fixture
def engine(database_url: str, dialogue: Dialogue) -> Engine:
    return Engine(dialogue.url)


def triggered(check_in: str) -> dict:
    parsed = {"intent": {"name": "EXTERNAL_check_in"}, "entities": [{"entity": "check_in", "value": check_in}]}
    return {"event": "user", "parse_data": parsed}


def test_a_turn_is_sent_with_the_secret_and_comes_back_as_replies(engine: Engine, dialogue: Dialogue) -> None:
    dialogue.replies = [{"text": "Hej!", "buttons": [{"title": "Ja", "payload": "/affirm"}], "data": {"kind": "x"}}]
    assert engine.turn(**TURN) == [Reply("Hej!", [{"title": "Ja", "payload": "/affirm"}], {"kind": "x"})]
    sent = {"conversation": "c1", "turn": "t1", "text": "hej", "payload": None, "language": "sv"}
    assert dialogue.turns == [sent | {"red_flag": None, "known": {}}]
    assert dialogue.authorization == [f"Bearer {get_settings().engine_secret.get_secret_value()}"]


def test_a_dead_engine_is_unavailable(database_url: str) -> None:
    with pytest.raises(EngineUnavailableError):
        Engine(f"http://127.0.0.1:{free_port()}").turn(**TURN)


def test_a_slow_engine_is_unavailable(database_url: str, dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_settings(), "engine_timeout_s", 0.1)
    dialogue.delay_s = 0.5
    with pytest.raises(EngineUnavailableError):
        Engine(dialogue.url).turn(**TURN)


def test_an_error_of_the_engine_is_a_failure(engine: Engine, dialogue: Dialogue) -> None:
    dialogue.status = 500
    with pytest.raises(EngineFailedError):
        engine.turn(**TURN)


def test_it_is_ready_only_with_a_model(engine: Engine, dialogue: Dialogue) -> None:
    assert engine.is_ready()
    dialogue.model = None
    assert not engine.is_ready()


def test_a_check_in_is_triggered_in_the_conversations_name(engine: Engine, dialogue: Dialogue) -> None:
    dialogue.messages = [{"text": "God morgon!"}, {"text": "Vill du?", "buttons": [{"title": "Ja", "payload": "/a"}]}]
    assert [reply.text for reply in engine.open_check_in(conversation_id="c1", check_in_id="k1")] == [
        "God morgon!",
        "Vill du?",
    ]
    assert dialogue.triggers == [{"name": "EXTERNAL_check_in", "entities": {"check_in": "k1"}}]
    key = OctKey.import_key(get_settings().engine_secret.get_secret_value())
    claims = jwt.decode(dialogue.authorization[0].removeprefix("Bearer "), key, algorithms=["HS256"]).claims
    assert claims["user"] == {"username": "c1", "role": "admin"}


def test_a_check_in_that_was_opened_is_rebuilt_and_not_opened_again(engine: Engine, dialogue: Dialogue) -> None:
    dialogue.events = [
        triggered("yesterday"),
        {"event": "bot", "text": "Gammalt", "data": {}},
        triggered("k1"),
        {"event": "bot", "text": "God morgon!", "data": {"buttons": [{"title": "Ja", "payload": "/a"}]}},
        {"event": "bot", "text": None, "data": {"custom": {"kind": "readings"}}},
        {"event": "user", "parse_data": {"intent": {"name": "greet"}}},
        {"event": "bot", "text": "Senare", "data": {}},
    ]
    assert engine.open_check_in(conversation_id="c1", check_in_id="k1") == [
        Reply("God morgon!", [{"title": "Ja", "payload": "/a"}], {"kind": "readings"})
    ]
    assert dialogue.triggers == []
