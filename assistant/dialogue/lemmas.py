"""Swedish base forms of words, from spaCy's lookup tables."""

from collections.abc import Iterable

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

    def apply(self, text: str) -> str:
        """Return `text` with every known word form replaced by its base form."""
        return " ".join(self.table.get(word, word) for word in words(text))


def _spacy_table() -> dict[str, str]:
    """Read spaCy's Swedish lemma table; forms of up to three letters are left out, as most of them are ambiguous."""
    import srsly
    from spacy.util import registry

    path = registry.lookups.get("sv")["lemma_lookup"]
    table = srsly.read_gzip_json(f"{path}.gz")
    return {form.lower(): base.lower() for form, base in table.items() if len(form) > 3}
