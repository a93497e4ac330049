"""A message cut into tokens that keep their place in the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

LETTER = r"[^\W\d_][̀-ͯ]*"
TOKEN = re.compile(
    rf"(?P<slashed>\d+(?:/\d+)+)|(?P<digits>\d+(?:[.,:]\d+)*(?:[:.]?(?:e|a|de|te|dje|nde|sta|dra|onde|nd|rd|th)\b)?)"
    rf"|(?P<abbreviation>(?:spo2|o2|hba1c|b12|[ef]\.\s?m\b\.?|fr\.?\s?o\.?\s?m\b\.?|t\.\s?o\.\s?m\b\.?|[pb]-glukos)(?!\w))"
    rf"|(?P<dotted>\b(?:kl|ca|v|jan|feb|apr|aug|sept?|okt|nov|dec|mån|tis|ons|tors?|fre|lör|sön|tim)\.)"
    rf"|(?P<word>(?:{LETTER})+(?:['’](?:{LETTER})+)?)|(?P<mark>\S)",
    re.IGNORECASE,
)
ORDINAL = re.compile(r"(\d+)[:.]?[a-z]+")
REPEATED = re.compile(r"(\w)\1{2,}")


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of the text, `start` to `end`, as the rules see it."""

    form: str
    start: int
    end: int
    value: Any = None
    spoken: bool = False


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a text in lower case, not yet in standard spelling."""
    for match in TOKEN.finditer(text):
        raw = "".join(_plain(letter) for letter in unicodedata.normalize("NFC", match[0]).lower())
        if match["digits"]:
            ordinal = ORDINAL.fullmatch(raw)
            raw = f"{ordinal[1]}:e" if ordinal else raw
        elif match["abbreviation"]:
            raw = raw.replace(" ", "")
        elif match["dotted"]:
            raw = raw.removesuffix(".")
        else:
            raw = REPEATED.sub(r"\1\1", raw).replace("’", "'")
        yield Token(raw, match.start(), match.end())


def _plain(letter: str) -> str:
    """Return a letter without marks that Swedish does not have."""
    return letter if letter in "åäöæø" else unicodedata.normalize("NFD", letter)[0]
