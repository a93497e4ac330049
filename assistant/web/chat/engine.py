"""Client of the dialogue engine.

EngineError
├── EngineUnavailableError   nobody answers, or too late: the message waits and is tried again
└── EngineFailedError        it answered with an error: tried a few times, then given up
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import OctKey

from assistant.settings import get_settings

CHECK_IN_INTENT = "EXTERNAL_check_in"
TOKEN_LIFE_S = 60


class EngineError(Exception):
    """The engine gave no usable answer."""


class EngineUnavailableError(EngineError):
    """The engine does not answer."""


class EngineFailedError(EngineError):
    """The engine answered with an error."""


@dataclass(frozen=True)
class Reply:
    """One thing the engine says: plain text, buttons ({"title", "payload"}) and typed extras."""

    text: str
    buttons: list[dict[str, str]] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)


class Engine:
    """The dialogue engine of this installation. Thread-safe."""

    def __init__(self, base_url: str | None = None, actions_url: str | None = None) -> None:
        settings = get_settings()
        self._secret = settings.engine_secret.get_secret_value()
        self._actions_url = actions_url or settings.actions_url
        self._http = httpx.Client(base_url=base_url or settings.dialogue_url, timeout=settings.engine_timeout_s)

    def turn(
        self,
        *,
        conversation_id: str,
        turn_id: str,
        text: str | None,
        payload: str | None,
        language: str,
        red_flag: str | None = None,
        known: Mapping[str, Any] | None = None,
    ) -> list[Reply]:
        """Answer one message of the patient. The same `turn_id` sent again gives the same replies.

        `red_flag` is the level of one that was answered, before the engine, since the last turn. `known` goes with the
        text: `own_medicines` ({"name", "atc"}).

        Raises:
            EngineError: no usable answer.
        """
        body = {
            "conversation": conversation_id,
            "turn": turn_id,
            "text": text,
            "payload": payload,
            "language": language,
            "red_flag": red_flag,
            "known": dict(known or {}),
        }
        answer = self._request("POST", "/webhooks/vigor/turn", json=body, token=self._secret)
        return [_reply(message) for message in answer["replies"]]

    def open_check_in(self, *, conversation_id: str, check_in_id: str) -> list[Reply]:
        """Let the engine open a check-in, or return what it said when it already has.

        Raises:
            EngineError: no usable answer.
        """
        token = self._admin_token(conversation_id)
        path = f"/conversations/{conversation_id}"
        tracker = self._request("GET", f"{path}/tracker", params={"include_events": "ALL"}, token=token)
        said = _said_at_check_in(tracker.get("events") or [], check_in_id)
        if said is not None:
            return said
        trigger = {"name": CHECK_IN_INTENT, "entities": {"check_in": check_in_id}}
        answer = self._request(
            "POST", f"{path}/trigger_intent", params={"include_events": "NONE"}, json=trigger, token=token
        )
        return _merge_extras(answer["messages"])

    def is_ready(self) -> bool:
        """Tell whether the engine answers and has a model loaded."""
        try:
            status = self._request("GET", "/status", token=self._admin_token("readiness"), timeout=2.0)
        except EngineError:
            return False
        return bool(status.get("model_file"))

    def can_act(self) -> bool:
        """Tell whether the action server answers, without which the engine can say nothing."""
        try:
            return self._http.get(f"{self._actions_url}/health", timeout=2.0).is_success
        except httpx.TransportError:
            return False

    def _request(self, method: str, path: str, *, token: str, **options: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"}
        try:
            response = self._http.request(method, path, headers=headers, **options)
        except httpx.TransportError as error:
            raise EngineUnavailableError(type(error).__name__) from error
        if not response.is_success:
            raise EngineFailedError(f"HTTP {response.status_code}")
        try:
            answer = response.json()
        except ValueError as error:
            raise EngineFailedError("not JSON") from error
        if not isinstance(answer, dict):
            raise EngineFailedError("not an object")
        return answer

    def _admin_token(self, conversation_id: str) -> str:
        claims = {
            "user": {"username": conversation_id, "role": "admin"},
            "exp": int(time.time()) + TOKEN_LIFE_S,
        }
        return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(self._secret))


def _reply(message: dict[str, Any]) -> Reply:
    return Reply(text=message.get("text") or "", buttons=message.get("buttons") or [], data=message.get("data") or {})


def _said_at_check_in(events: list[dict[str, Any]], check_in_id: str) -> list[Reply] | None:
    """Return what was said after this check-in's trigger; None when it never happened."""
    said: list[dict[str, Any]] | None = None
    for event in events:
        if event.get("event") == "user":
            if said is not None:
                break
            said = [] if _is_trigger(event, check_in_id) else None
        elif event.get("event") == "bot" and said is not None:
            data = event.get("data") or {}
            said.append({"text": event.get("text"), "buttons": data.get("buttons"), "custom": data.get("custom")})
    return None if said is None else _merge_extras(said)


def _is_trigger(event: dict[str, Any], check_in_id: str) -> bool:
    parsed = event.get("parse_data") or {}
    entities = {entity.get("entity"): entity.get("value") for entity in parsed.get("entities") or []}
    return (parsed.get("intent") or {}).get("name") == CHECK_IN_INTENT and entities.get("check_in") == check_in_id


def _merge_extras(messages: list[dict[str, Any]]) -> list[Reply]:
    """The engine sends extras as a message without words; put them on the words they belong to."""
    replies: list[Reply] = []
    for message in messages:
        extras = message.get("custom") or {}
        if not message.get("text") and replies:
            replies[-1].data.update(extras)
        else:
            replies.append(
                Reply(text=message.get("text") or "", buttons=message.get("buttons") or [], data=dict(extras))
            )
    return replies
