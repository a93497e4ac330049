"""What differs between two versions of an article, word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from knowledge.articles import Article
from knowledge.faults import NAMES

WORD = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")
"""With the space after it, so that words that change together stand together."""
Kind = Literal["same", "added", "removed"]


@dataclass(frozen=True)
class Piece:
    """Some text that is in both versions, only in the new one, or only in the old one."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Difference:
    """A field that differs, as pieces in reading order."""

    field: str
    name: str
    pieces: list[Piece]


def differences(old: Article, new: Article) -> list[Difference]:
    """Return the fields that differ, in the order in which the page shows them."""
    pairs = ((field, name, _text(old, field), _text(new, field)) for field, name in NAMES.items())
    return [Difference(field, name, pieces(before, after)) for field, name, before, after in pairs if before != after]


def pieces(old: str, new: str) -> list[Piece]:
    """Compare lines first, and the words of the lines that differ."""
    found: list[Piece] = []
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for operation, old_from, old_to, new_from, new_to in _operations(before, after):
        removed, added = "".join(before[old_from:old_to]), "".join(after[new_from:new_to])
        found += [Piece("same", removed)] if operation == "equal" else _words(removed, added)
    return found


def _words(old: str, new: str) -> Iterator[Piece]:
    before, after = WORD.findall(old), WORD.findall(new)
    for operation, old_from, old_to, new_from, new_to in _operations(before, after):
        removed, added = "".join(before[old_from:old_to]), "".join(after[new_from:new_to])
        if operation == "equal":
            yield Piece("same", removed)
            continue
        if removed:
            yield Piece("removed", removed)
        if added:
            yield Piece("added", added)


def _operations(old: list[str], new: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return list(SequenceMatcher(None, old, new).get_opcodes())


def _text(article: Article, field: str) -> str:
    value = getattr(article, field)
    if field == "sources":
        return "\n".join(f"{one.title}, {one.publisher}, {one.url}, läst {one.accessed}" for one in article.sources)
    return "\n".join(value) if isinstance(value, list) else str(value)
