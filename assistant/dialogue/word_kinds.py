"""What kind of thing a word names, so that words never met still say something: "frisör" is a trade, "pumpa" food."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from assistant.dialogue.lemmas import forms_of
from assistant.dialogue.text import fold

FILE = Path(__file__).resolve().parents[2] / "nlu_data" / "lookup" / "word_classes.yml"
ENDINGS = ("", "en", "et", "n", "na", "ar", "er", "or", "arna", "erna", "orna", "s", "ens")
SHORTEST_END = 4
"""Letters of the last part of a compound: shorter parts are endings of too many other words."""


class WordKinds:
    """Folded word form -> its kinds; the last part decides for a compound that is not listed."""

    def __init__(self, listed: Mapping[str, Iterable[str]]) -> None:
        """Take the base forms of every kind."""
        forms = forms_of({word for words in listed.values() for word in words})
        table: dict[str, dict[str, None]] = defaultdict(dict)
        for kind, words in listed.items():
            for word in words:
                for form in (*forms.get(word, ()), *(word + ending for ending in ENDINGS)):
                    table[fold(form)][kind] = None
        self._kinds = {form: tuple(kinds) for form, kinds in table.items()}

    @classmethod
    def read(cls) -> "WordKinds":
        """Return the kinds of nlu_data/lookup/word_classes.yml."""
        return cls(yaml.safe_load(FILE.read_text(encoding="utf-8")))

    def of(self, word: str) -> tuple[str, ...]:
        """Return the kinds of a folded word as they are listed; none if neither it nor its last part is."""
        starts = (0, *range(2, len(word) - SHORTEST_END + 1))
        return next((self._kinds[word[start:]] for start in starts if word[start:] in self._kinds), ())
