"""A talk with the real actions on the real APIs: the test plays the part of the dialogue engine, nothing else."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from actions import api as actions_api
from actions.server import Executor
from assistant.records import conversations, demo
from assistant.records.fhir import app as fhir_app
from assistant.records.models.base import utc_now
from assistant.settings import get_settings
from assistant.web import assistant_api, failures, sessions, wishes_api
from assistant.web.inbox import intake

Entities = list[dict[str, Any]]
AFTER_RED_FLAG = (
    "affirm",
    "deny",
    "inform",
    "greet",
    "thank",
    "stop",
    "report_symptom",
    "book_appointment",
    "manage_proxy",
)


class Chat:
    """One patient's talk. A turn in an open form goes to the form, unless it is said to be a digression."""

    def __init__(self, conversation_id: str) -> None:
        self.conversation_id = conversation_id
        self.slots: dict[str, Any] = {}
        self.form: str | None = None
        self.events: list[dict[str, Any]] = []
        self.replies: list[dict[str, Any]] = []
        self.executor = Executor()
        self.executor.register_package("actions")

    def say(
        self,
        text: str,
        intent: str,
        *entities: tuple[str, Any] | tuple[str, Any, str],
        also: str | None = None,
        digression: bool = False,
        turn: str | None = None,
    ) -> str:
        """Say something that the engine has understood so, and return the answer. `also` is another part's intent.

        An entity is a name and a value, and, where that matters, its words in the text.
        """
        found = [dict(zip(("entity", "value", "text"), one, strict=False)) for one in entities]
        return self._turn(text, intent, found, also=also, digression=digression, turn=turn)

    def choose(self, label: str) -> str:
        """Press a quick reply of the last answer."""
        buttons = [button for reply in self.replies for button in reply["buttons"] or []]
        payload = next(button["payload"] for button in buttons if button["title"] == label)
        intent, brace, rest = payload.removeprefix("/").partition("{")
        values = json.loads(brace + rest) if brace else {}
        entities = [{"entity": name, "value": value} for name, value in values.items()]
        return self._turn(payload, intent, entities, also=None, digression=False, turn=None)

    @property
    def labels(self) -> list[str]:
        """The quick replies of the last answer."""
        return [button["title"] for reply in self.replies for button in reply["buttons"] or []]

    @property
    def data(self) -> list[dict[str, Any]]:
        """The typed extras of the last answer."""
        return [reply["custom"] for reply in self.replies if reply["custom"]]

    def _turn(
        self, text: str, intent: str, entities: Entities, *, also: str | None, digression: bool, turn: str | None
    ) -> str:
        parsed = {
            "intent": {"name": intent, "confidence": 0.9},
            "entities": entities,
            "clause_intents": [{"name": name, "confidence": 0.99} for name in (intent, also) if also],
        }
        metadata = {"turn": turn or str(uuid4())}
        self.message = {"text": text, "metadata": metadata, **parsed}
        self.events.append({"event": "user", "text": text, "metadata": metadata, "parse_data": parsed})
        self.replies = []
        if self.form and not digression:
            self._run(f"validate_{self.form}")
        else:
            self._serve(intent)
        return "\n".join(reply["text"] for reply in self.replies if reply["text"])

    def _serve(self, intent: str) -> None:
        if self.slots.get("red_flag") and intent in AFTER_RED_FLAG:
            self._run("action_after_red_flag")
            return
        if f"validate_{intent}_form" in self.executor.actions:
            self.form = f"{intent}_form"
            self._run(f"validate_{intent}_form")
            return
        self._run("action_rephrase" if intent == "nlu_fallback" else f"action_{intent}")
        if self.form:
            self._run(f"validate_{self.form}")

    def _run(self, action: str) -> None:
        form = action.removeprefix("validate_") if action.startswith("validate_") else None
        if form and self.slots.get("requested_slot") is None:
            self.events.append({"event": "active_loop", "name": form})
        self.events.append({"event": "action", "name": form or action})
        call = {"next_action": action, "sender_id": self.conversation_id, "tracker": self._tracker(), "domain": {}}
        result = asyncio.run(self.executor.run(call))
        assert result is not None
        self.replies += result.responses
        self.events += [
            {"event": "bot", "text": reply["text"], "data": {"buttons": reply["buttons"]}} for reply in result.responses
        ]
        followup = None
        for event in result.events:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
                self.events.append(event)
            elif event["event"] == "active_loop":
                self.form = event["name"]
            elif event["event"] == "followup":
                followup = event["name"]
        if form and self.slots.get("requested_slot") is None:
            self.form = None
        if followup:
            self._follow(followup)

    def _follow(self, action: str) -> None:
        if action.endswith("_form"):
            self.form = action
            self._run(f"validate_{action}")
        else:
            self._run(action)

    def _tracker(self) -> dict[str, Any]:
        return {
            "sender_id": self.conversation_id,
            "slots": dict(self.slots),
            "latest_message": self.message,
            "events": list(self.events),
            "paused": False,
            "followup_action": None,
            "active_loop": {"name": self.form} if self.form else {},
            "latest_action_name": None,
        }


@pytest.fixture(scope="module")
def demo_connection(sql_engine: Engine) -> Iterator[Connection]:
    """A connection that sees the demo, which nobody else does."""
    with sql_engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            demo.seed_into(session, now=utc_now())
            session.commit()
        yield connection
        transaction.rollback()


@pytest.fixture
def record(demo_connection: Connection) -> Iterator[Session]:
    """A session on a record that holds the demo; its work is undone after the test."""
    savepoint = demo_connection.begin_nested()
    with Session(demo_connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
        yield session
    savepoint.rollback()


@pytest.fixture
def care(record: Session, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """The APIs that the actions use, on the test's own transaction."""

    @contextmanager
    def session() -> Iterator[Session]:
        try:
            yield record
            record.commit()
        except BaseException:
            record.rollback()
            raise

    monkeypatch.setattr(fhir_app, "session", session)
    monkeypatch.setattr(sessions, "session", session)
    app = FastAPI()
    failures.install(app)
    app.include_router(assistant_api.router)
    app.include_router(wishes_api.router)
    app.include_router(intake.router)
    app.mount("/fhir", fhir_app.app)

    def client() -> httpx.AsyncClient:
        secret = get_settings().actions_secret.get_secret_value()
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://care",
            headers={"Authorization": f"Bearer {secret}"},
        )

    monkeypatch.setattr(actions_api, "_client", client)
    return app


@pytest.fixture
def chat(care: FastAPI, record: Session) -> Callable[[str], Chat]:
    """Begin a talk with one of the demo patients."""

    def begin(patient_id: str = "anna") -> Chat:
        conversation = conversations.conversation_of(record, patient_id=patient_id)
        record.commit()
        return Chat(conversation.id)

    return begin
