"""Words as the rules compare them: lower case, accents evened out, drawn-out letters cut, spoken forms written out."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

HEAD_CHARS = 6_000
TAIL_CHARS = 2_000
"""A longer text is read from both ends; the middle of such a text is no patient's message."""

WORD = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_](?:[^\W\d_]|[\u0300-\u036f]|['’´](?=[^\W\d_]))*")
SENTENCE_END = re.compile(r"[.!?\n…]")
PAUSE = re.compile(r"[,;:()–—\"”-]")
DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
SWEDISH = str.maketrans("æøœ", "äöö")
FOLD = str.maketrans("åäö", "aao")


@dataclass(frozen=True, slots=True)
class Token:
    """One word, where it stands in the text as typed, and what punctuation follows it ('', ',' or '.')."""

    word: str
    start: int
    end: int
    stop: str = ""


def canonical(word: str) -> str:
    """Return the word in lower case with å, ä, ö kept, other accents and apostrophes gone, drawn-out letters cut."""
    plain = unicodedata.normalize("NFC", word.lower()).translate(SWEDISH)
    if not plain.isascii():
        plain = "".join(sign if sign in "åäö" else _without_accent(sign) for sign in plain)
    return DRAWN_OUT.sub(r"\1", plain.replace("'", "").replace("’", "").replace("´", ""))


def fold(word: str) -> str:
    """Return the word without the dots and rings that a foreign keyboard or haste leaves out."""
    return word.translate(FOLD)


def read(text: str, *, spoken: Mapping[str, tuple[str, ...]], fillers: frozenset[str]) -> list[Token]:
    """Return the words of the text, spoken forms written out and fillers left out."""
    found: list[Token] = []
    for token in _words(text):
        if token.word in fillers:
            if found and token.stop > found[-1].stop:
                found[-1] = Token(found[-1].word, found[-1].start, found[-1].end, token.stop)
            continue
        written = spoken.get(token.word, (token.word,))
        found.extend(Token(word, token.start, token.end) for word in written[:-1])
        found.append(Token(written[-1], token.start, token.end, token.stop))
    return found


def _words(text: str) -> Iterator[Token]:
    if len(text) <= HEAD_CHARS + TAIL_CHARS:
        yield from _words_between(text, 0, len(text))
        return
    yield from _words_between(text, 0, HEAD_CHARS)
    yield from _words_between(text, len(text) - TAIL_CHARS, len(text))


def _words_between(text: str, start: int, end: int) -> Iterator[Token]:
    matches = list(WORD.finditer(text, start, end))
    for number, match in enumerate(matches):
        following = matches[number + 1].start() if number + 1 < len(matches) else end
        yield Token(canonical(match.group()), match.start(), match.end(), _stop(text[match.end() : following]))


def _stop(between: str) -> str:
    if SENTENCE_END.search(between):
        return "."
    return "," if PAUSE.search(between) else ""


def _without_accent(sign: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFD", sign) if not unicodedata.combining(part))
