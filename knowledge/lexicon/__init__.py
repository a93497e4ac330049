"""Our own lexicon: how people say what medicine has a word for. Each file maps a headword to what people say for it."""

from knowledge.lexicon.lookup import Lexicon, entries

__all__ = ["Lexicon", "entries"]
