"""What never reaches the intent classifier, whose confidence says nothing about words it has never seen."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Kind = Literal["ok", "empty", "too_long", "gibberish"]

WORD = re.compile(r"[^\W\d_]+")
SAME_SIGN = re.compile(r"(.)\1{3,}", re.DOTALL)
KEYBOARD_ROWS = ("qwertyuiopå", "asdfghjklöä", "zxcvbnm", "åpoiuytrewq", "äölkjhgfdsa", "mnbvcxz")
KEYBOARD_RUN = 4
KEYBOARD_SHARE = 0.9
"""A word is noise when such a part of it is runs of so many neighbouring keys."""
ANSWERS = frozenset("👍👎✅❌🙏")
"""Signs that are answers in themselves."""
VOWELS = frozenset("aeiouyåäöéèüæøáàóíúœëï")
LONGEST_WITHOUT_VOWEL = 4
SHORTEST_ONE_SIGN = 4
"""Letters of a word made of one letter: "mmm" is speech, "ååååå" is not."""
LATIN = "LATIN"


@dataclass(frozen=True, slots=True)
class Screened:
    """What a message is, before anything is made of its words."""

    kind: Kind


def screen(text: str, max_chars: int) -> Screened:
    """Tell whether a message can be understood at all. Never raises on any text.

    In doubt it is `ok`: short words, names, numbers, units and other alphabets are no gibberish.
    """
    stripped = text.strip()
    if not stripped:
        return Screened("empty")
    if len(text) > max_chars:
        return Screened("too_long")
    return Screened("gibberish" if _is_gibberish(stripped) else "ok")


def _is_gibberish(text: str) -> bool:
    if any(sign.isdecimal() or sign in ANSWERS for sign in text):
        return False
    words = [unicodedata.normalize("NFC", word).lower() for word in WORD.findall(text)]
    return all(_is_noise(word) for word in words)


def _is_noise(word: str) -> bool:
    if not all(unicodedata.name(sign, "").startswith(LATIN) for sign in word):
        return False
    return _is_one_sign(word) or _is_keyboard_run(word) or _has_no_vowel(word)


def _is_one_sign(word: str) -> bool:
    return len(word) >= SHORTEST_ONE_SIGN and len(SAME_SIGN.sub(r"\1", word)) == 1


def _is_keyboard_run(word: str) -> bool:
    covered: set[int] = set()
    for at in range(len(word) - KEYBOARD_RUN + 1):
        if any(word[at : at + KEYBOARD_RUN] in row for row in KEYBOARD_ROWS):
            covered.update(range(at, at + KEYBOARD_RUN))
    return len(covered) >= KEYBOARD_SHARE * len(word)


def _has_no_vowel(word: str) -> bool:
    return len(word) > LONGEST_WITHOUT_VOWEL and VOWELS.isdisjoint(word)
