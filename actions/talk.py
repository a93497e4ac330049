"""One turn of one patient's talk, as an action sees it."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import texts
from actions.api import JSON, CareApi


class Talk:
    """Who we talk with, what was said, and how to answer.

    `patient` is the answer of /api/assistant/patient: names, language, style, tastes, local time and doctor.
    """

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker, api: CareApi, patient: JSON) -> None:
        self._dispatcher = dispatcher
        self.tracker = tracker
        self.api = api
        self.patient = patient
        self.key = api.turn
        """What is written with it twice is written once: the turn, in a form the turn that opened the form."""

    @classmethod
    async def begin(cls, dispatcher: CollectingDispatcher, tracker: Tracker) -> "Talk":
        """Open the turn: find the patient behind the conversation. Raises CareApiError."""
        turn = turn_of(tracker)
        api = CareApi(tracker.sender_id, turn)
        return cls(dispatcher, tracker, api, await api.get("/api/assistant/patient"))

    @property
    def turn(self) -> str:
        """The turn's id: what is done twice with it is done once."""
        return self.api.turn

    @property
    def language(self) -> str:
        """sv or en."""
        return str(self.patient["language"])

    @property
    def intent(self) -> str:
        """The intent of what the patient said; of two requests in a sentence, that of the first."""
        message = self.tracker.latest_message
        return str(message.get("first_request") or message["intent"].get("name"))

    @property
    def said(self) -> str | None:
        """What the patient wrote or said; None when it was a choice of ours or an event."""
        return str(self.tracker.latest_message["text"]) if _is_written(self.tracker.latest_message) else None

    @property
    def written(self) -> list[JSON]:
        """The events of the last turns in which the patient wrote or said something, oldest first."""
        return [event for event in self.tracker.events if event["event"] == "user" and _is_written(event)]

    def slot(self, name: str) -> Any:
        """Return the value of a slot."""
        return self.tracker.get_slot(name)

    def entities(self, kind: str) -> list[JSON]:
        """Return this turn's entities of one kind; from the text they carry a normalised "value"."""
        return [entity for entity in self.tracker.latest_message.get("entities", []) if entity["entity"] == kind]

    def entity(self, kind: str) -> Any:
        """Return the value of this turn's first entity of one kind, or None."""
        return next((entity["value"] for entity in self.entities(kind)), None)

    def local(self, moment: str) -> datetime:
        """Return an instant of the record on the patient's own clock."""
        return datetime.fromisoformat(moment).astimezone(ZoneInfo(self.patient["timezone"]))

    def in_language(self, both: JSON) -> str:
        """Return the patient's language of a {"sv", "en"} text."""
        return str(both.get(self.language) or both["sv"])

    def text(self, key: str, **values: Any) -> str:
        """Return a text of the catalogue in the patient's language and style."""
        return texts.text(key, language=self.language, style=self.patient["style"], turn=self.turn, **values)

    def say(self, key: str, *, choices: Any = None, data: Any = None, **values: Any) -> None:
        """Say a text of the catalogue; `choices` and `data` as for `tell`."""
        self.tell(self.text(key, **values), choices=choices, data=data)

    def tell(self, text: str, *, choices: list[JSON] | None = None, data: JSON | None = None) -> None:
        """Say a text that is already in the patient's language."""
        self._dispatcher.utter_message(text=text, buttons=choices, json_message=data)

    def choice(self, label: str, intent: str, /, **entities: Any) -> JSON:
        """Return a quick reply: the catalogue's label (or plain text after "=") that stands for an intent."""
        title = label[1:] if label.startswith("=") else self.text(label)
        return {"title": title, "payload": f"/{intent}{json.dumps(entities, ensure_ascii=False) if entities else ''}"}


def turn_of(tracker: Tracker) -> str:
    """Return the id of the turn; for an event of our own, which has none, that of the event."""
    message = tracker.latest_message
    turn = (message.get("metadata") or {}).get("turn")
    if turn:
        return str(turn)
    values = "-".join(str(entity["value"]) for entity in message.get("entities", []))
    return f"{message['intent'].get('name')}-{values}"


def _is_written(message: JSON) -> bool:
    text = str(message.get("text") or "")
    return bool(text) and not text.startswith(("/", "EXTERNAL"))
