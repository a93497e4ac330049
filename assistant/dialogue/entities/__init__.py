"""Swedish entities with normalised values, as pure functions that run in every environment."""

from assistant.dialogue.entities.extract import Entity, extract

__all__ = ["Entity", "extract"]
