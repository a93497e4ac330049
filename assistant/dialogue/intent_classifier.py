"""The intent model as a component of Rasa's pipeline."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.dialogue import intent_model, lemmas, ngrams, word_kinds
from assistant.dialogue import text as words_of_text
from assistant.dialogue.clauses import clauses, first_request
from assistant.dialogue.intent_model import IntentModel

RANKING_LENGTH = 10
SURE = 0.5
"""Confidence from which a message is believed though none of its words has been seen, as when all are mistyped."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(GraphComponent, IntentClassifier):
    """Gives every message an intent and a ranking, and its parts theirs. Text with no word in it gets none."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
    ) -> None:
        self.config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults: `c` is the support vector machine's inverse regularisation."""
        return {"c": 0.5}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Return what else a trained component depends on: Rasa's cache looks at this class's own code only."""
        digest = hashlib.sha256()
        modules = (intent_model, lemmas, ngrams, words_of_text, word_kinds)
        for file in (*(Path(str(module.__file__)) for module in modules), word_kinds.FILE):
            digest.update(file.read_bytes())
        return digest.hexdigest()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        """Create an untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        """Load a trained component."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, IntentModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the intent examples."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        model = IntentModel(c=self.config["c"])
        model.fit([example.get(TEXT) for example in examples], [example.get(INTENT) for example in examples])
        with self._model_storage.write_to(self._resource) as folder:
            model.save(folder)
        self._model = model
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and ranking on every message."""
        for message in messages:
            self._classify(message)
        return messages

    def _classify(self, message: Message) -> None:
        text = message.get(TEXT) or ""
        rankings: list[list[dict[str, Any]]] = [[]]
        if self._model and any(letter.isalnum() for letter in text):
            rankings = self._rankings(self._model, [text, *clauses(text)])
        whole, *parts = rankings
        message.set("intent", whole[0] if whole else {"name": None, "confidence": 0.0}, add_to_output=True)
        message.set("intent_ranking", whole, add_to_output=True)
        wishes = [ranked[0] for ranked in parts if ranked]
        message.set("clause_intents", wishes, add_to_output=True)
        message.set("first_request", first_request(text, message.get("intent")["name"], wishes), add_to_output=True)

    @staticmethod
    def _rankings(model: IntentModel, texts: list[str]) -> list[list[dict[str, Any]]]:
        return [
            [{"name": name, "confidence": confidence} for name, confidence in ranked[:RANKING_LENGTH]]
            if model.knows(text) or ranked[0][1] >= SURE
            else []
            for text, ranked in zip(texts, model.rank(texts), strict=True)
        ]
