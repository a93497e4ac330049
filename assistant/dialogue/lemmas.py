"""Swedish base forms of words, from spaCy's lookup tables."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from assistant.dialogue.text import words


class Lemmas:
    """Word form -> base form, kept for those base forms alone that a model knows.

    The full table takes a quarter of a gigabyte; what the training texts need of it takes a few megabytes.
    """

    def __init__(self, table: dict[str, str]) -> None:
        self.table = table

    @classmethod
    def for_texts(cls, texts: Iterable[str]) -> "Lemmas":
        """Return the forms of every base form that occurs in `texts` (already normalised)."""
        full = _spacy_table()
        known = {full.get(word, word) for text in texts for word in words(text)}
        return cls({form: base for form, base in full.items() if base in known and form != base})

    def base(self, word: str) -> str:
        """Return the base form of a normalised word; the word itself if none is known."""
        return self.table.get(word, word)


def forms_of(bases: set[str]) -> dict[str, list[str]]:
    """Return the inflected forms of each base form that the table knows."""
    forms = defaultdict(list)
    for form, base in _spacy_table().items():
        if base in bases:
            forms[base].append(form)
    return dict(forms)


@lru_cache(maxsize=1)
def _spacy_table() -> dict[str, str]:
    """Read spaCy's Swedish lemma table; forms of up to three letters are left out, as most of them are ambiguous."""
    import srsly
    from spacy.util import registry

    path = registry.lookups.get("sv")["lemma_lookup"]
    table = srsly.read_gzip_json(f"{path}.gz")
    return {form.lower(): base.lower() for form, base in table.items() if len(form) > 3}
