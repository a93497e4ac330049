"""The one channel into the engine: our own web service, with a bearer secret, one request a turn, each turn once."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

TURNS_PER_SESSION = 40
"""A session's events are replayed at every turn, so a long talk is cut into sessions; its slots are carried over."""

ACTION_FAILED = "Encountered an exception while running action"
"""How Rasa's processor logs an action that raised; it then goes on as if the action had done nothing."""

action_failures: ContextVar[list[str]] = ContextVar("action_failures")


class ActionFailures(logging.Handler):
    """Notes, for the turn at hand, that an action failed: Rasa tells nobody but its log."""

    def emit(self, record: logging.LogRecord) -> None:
        """Note the failure."""
        failures = action_failures.get(None)
        if failures is not None and record.getMessage().startswith(ACTION_FAILED):
            failures.append(record.getMessage())


class Gateway(InputChannel):
    """Takes {"conversation", "turn", "text" or "payload", "red_flag"} and returns {"replies": [...]}.

    `text` is what a person typed: never a command, whatever it looks like. `payload` is "/intent{...}" from a choice
    that our web service issued. `red_flag` is the level of one that our web service has answered since the last turn:
    what was started then waits. A turn that the tracker already holds is answered from the tracker, not done again.
    `known` is what the web service knows beside the text; it goes with the message as metadata.
    When an action failed the answer is 503, and the turn is done anew when it is sent again.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._failed: set[str] = set()
        logging.getLogger("rasa.core.processor").addHandler(ActionFailures())

    @classmethod
    def name(cls) -> str:
        """Return the name in the address: /webhooks/vigor."""
        return "vigor"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> Gateway:
        """Create the channel from credentials.yml."""
        if not credentials or not credentials.get("secret"):
            cls.raise_missing_credentials_exception()
        return cls(credentials["secret"])

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the routes of the channel."""
        routes = Blueprint("vigor_gateway", __name__)

        @routes.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            if not hmac.compare_digest(request.headers.get("authorization", ""), f"Bearer {self._secret}"):
                return response.json({"error": "unauthorized"}, status=401)
            body = request.json
            agent = request.app.ctx.agent
            async with agent.lock_store.lock(body["conversation"]):
                tracker = await agent.tracker_store.retrieve(body["conversation"])
            given = _replies_given(tracker, body["turn"]) if tracker else None
            if given and body["turn"] not in self._failed:
                return response.json({"replies": given})
            if tracker and _is_long(tracker):
                await on_new_message(_session_start(body["conversation"]))
            action_failures.set([])
            if body.get("red_flag"):
                await on_new_message(_red_flag(body))
            replies = await _handle(on_new_message, body, _expected_kind(tracker) if tracker else None)
            if action_failures.get():
                self._failed.add(body["turn"])
                return response.json({"error": "action-failed"}, status=503)
            self._failed.discard(body["turn"])
            return response.json({"replies": replies})

        return routes


def _expected_kind(tracker: DialogueStateTracker) -> str | None:
    """Return what the open form takes a bare number for: a kind of measurement, a date or a time."""
    expected = tracker.get_slot("expected") or {}
    kind: str | None = expected.get("kind")
    return kind if f"{expected.get('form')}_form" == tracker.active_loop_name else None


def _is_long(tracker: DialogueStateTracker) -> bool:
    """Tell whether the session has had its turns; one with an open form goes on until that is done."""
    turns = sum(isinstance(event, UserUttered) for event in tracker.events)
    return turns >= TURNS_PER_SESSION and not tracker.active_loop_name


def _session_start(conversation: str) -> UserMessage:
    return UserMessage("/session_start", CollectingOutputChannel(), conversation, input_channel="vigor")


def _red_flag(body: dict[str, Any]) -> UserMessage:
    """Return the event that tells the talk of a red flag; its metadata keeps it apart from the turn itself."""
    event = f"/EXTERNAL_red_flag{json.dumps({'level': body['red_flag']})}"
    metadata = {"turn": f"{body['turn']}-red-flag"}
    return UserMessage(event, CollectingOutputChannel(), body["conversation"], input_channel="vigor", metadata=metadata)


async def _handle(
    on_new_message: Callable[[UserMessage], Awaitable[Any]], body: dict[str, Any], expected: str | None
) -> list[dict[str, Any]]:
    collector = CollectingOutputChannel()
    text = body.get("payload") or (body.get("text") or "").lstrip("/ ")
    metadata = {**body.get("known", {}), "turn": body["turn"], "expected": expected}
    await on_new_message(UserMessage(text, collector, body["conversation"], input_channel="vigor", metadata=metadata))
    return _joined(collector.messages)


def _joined(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put the data that Rasa sends as a message of its own back to the text it was uttered with."""
    replies: list[dict[str, Any]] = []
    for message in messages:
        if "custom" in message and replies:
            replies[-1]["data"] = message["custom"]
        else:
            replies.append(_reply(message.get("text"), message.get("buttons"), message.get("custom")))
    return replies


def _replies_given(tracker: DialogueStateTracker, turn: str) -> list[dict[str, Any]] | None:
    """Return what was answered to a turn, or None if the tracker does not hold it."""
    replies: list[dict[str, Any]] | None = None
    for event in tracker.events:
        if isinstance(event, UserUttered):
            if replies is not None:
                break
            if (event.metadata or {}).get("turn") == turn:
                replies = []
        elif isinstance(event, BotUttered) and replies is not None:
            replies.append(_reply(event.text, event.data.get("buttons"), event.data.get("custom")))
    return replies


def _reply(text: str | None, buttons: list[dict[str, Any]] | None, data: dict[str, Any] | None) -> dict[str, Any]:
    return {"text": text, "buttons": buttons or [], "data": data or {}}
