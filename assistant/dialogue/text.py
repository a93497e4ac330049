"""Swedish text as people type it, brought to a form that can be compared: case, marks, repeated letters, lemmas."""

import re
import unicodedata

FOLD = str.maketrans("åäöéèüáàæø", "aaoeeuaaao")
REPEATED = re.compile(r"(\w)\1{2,}")
SPACE = re.compile(r"\s+")
WORD = re.compile(r"\w+")


def normalise(text: str) -> str:
    """Return `text` in composed lower case with single spaces and no letter more than twice in a row."""
    text = unicodedata.normalize("NFC", text).lower()
    text = REPEATED.sub(r"\1\1", text)
    return SPACE.sub(" ", text).strip()


def fold(text: str) -> str:
    """Return `text` without å, ä, ö and accents, so that "vaga" meets "våga" and "väga"."""
    return text.translate(FOLD)


def words(text: str) -> list[str]:
    """Return the words of `text` in order."""
    return WORD.findall(text)
