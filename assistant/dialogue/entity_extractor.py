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

LOOKING_BACK = (
    "ask_weight",
    "ask_blood_pressure",
    "ask_pulse",
    "ask_oxygen",
    "ask_temperature",
    "ask_glucose",
    "ask_sleep",
    "ask_overview",
    "report_measurement",
    "report_symptom",
    "report_sleep",
    "report_fall",
    "report_side_effect",
    "report_medication_taken",
    "report_deviation",
    "ask_test_results",
    "list_contacts",
    "read_journal",
    "who_has_access",
)
EXPECTED = {"change_checkin_time": "time"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class SwedishEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Adds entities with normalised values to every message.

    Message metadata may hold `expected` (what the talk has just asked for), `own_medicines` (a list of {"name", "atc"})
    and `now` (ISO 8601 with offset; default: the clock). Intents in `looking_back` may speak of days that are past;
    in those of EXPECTED a bare number is what the intent is about.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        self._looking_back = frozenset(config["looking_back"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the intents in which a day may be past."""
        return {"looking_back": list(LOOKING_BACK)}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SwedishEntityExtractor:
        """Create the component; it has nothing to learn."""
        return cls(config)

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
        entities = extract(
            message.get(TEXT) or "",
            now=datetime.fromisoformat(now) if now else None,
            future=intent not in self._looking_back,
            expected=metadata.get("expected") or EXPECTED.get(intent),
            own_medicines=metadata.get("own_medicines", ()),
        )
        return [dict(entity) for entity in entities]
