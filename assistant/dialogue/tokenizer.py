"""Swedish tokens: those that the grammar of values reads."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from assistant.dialogue.entities.tokens import tokens


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class SwedishTokenizer(Tokenizer):
    """Splits text as values and dates need it: "135/80", "kl.", "3:e" and "hba1c" are one token each.

    spaCy's Swedish tokenizer splits much the same, but every start of the engine would wait a second for its import.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the options that Rasa's tokenizers share."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Return the tokens of one attribute of a message."""
        text = message.get(attribute)
        return [Token(text[token.start : token.end], token.start) for token in tokens(text)]
