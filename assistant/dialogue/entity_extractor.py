"""The Swedish entity extraction as a component of Rasa's pipeline; it stands after the intent classifier."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.dialogue.entities import extract
from assistant.dialogue.entities.calendar import Looking

AHEAD = frozenset(
    {
        "book_appointment",
        "reschedule_appointment",
        "cancel_appointment",
        "list_appointments",
        "medication_reminder",
        "change_checkin_time",
        "pause_checkins",
        "inform",
        "affirm",
        "deny",
    }
)
"""Intents that arrange something: none of their days is past."""

BACK = frozenset(
    {
        "ask_weight",
        "ask_blood_pressure",
        "ask_pulse",
        "ask_oxygen",
        "ask_temperature",
        "ask_glucose",
        "ask_sleep",
        "ask_overview",
        "ask_test_results",
        "list_contacts",
        "read_journal",
        "who_has_access",
    }
)
"""Intents that ask for what has been."""

ANSWERS = frozenset({"inform", "affirm", "deny"})
"""Intents of answers, whose days lie where those of the question do."""

EXPECTED = {"change_checkin_time": "time"}


def looking(intent: str | None, expected: str | None = None) -> Looking:
    """Return where the days lie that people speak of with this intent, or in answer to what the talk has asked for.

    A booking asks for a "date" to come; "since" and a kind of measurement ask for what has been.
    """
    if expected == "date":
        return "ahead"
    if expected not in (None, "time") and intent in ANSWERS:
        return "told"
    if intent is None or intent in AHEAD:
        return "ahead"
    return "back" if intent in BACK else "told"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class SwedishEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Adds entities with normalised values to every message.

    Message metadata may hold `expected` (what the talk has just asked for), `own_medicines` (a list of {"name", "atc"})
    and `now` (ISO 8601 with offset; default: the clock). In the intents of EXPECTED a bare number is what the intent is
    about.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SwedishEntityExtractor:
        """Create the component; it has nothing to learn."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the entities of every message, keeping those of earlier components."""
        for message in messages:
            found = self._extract(message)
            message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)
        return messages

    def _extract(self, message: Message) -> list[dict[str, Any]]:
        metadata = message.get(METADATA) or {}
        intent = (message.get(INTENT) or {}).get(INTENT_NAME_KEY)
        now = metadata.get("now")
        expected = metadata.get("expected") or EXPECTED.get(intent)
        entities = extract(
            message.get(TEXT) or "",
            now=datetime.fromisoformat(now) if now else None,
            looking=looking(intent, expected),
            expected=expected,
            own_medicines=metadata.get("own_medicines", ()),
        )
        return [dict(entity) for entity in entities]
