"""What the assistant says, in Swedish and English: `texts/<language>/*.yml`, one file a topic, one key a text.

A text may be a list: one of them is chosen by the turn, so that the assistant does not sound like a tape. A key with
`_brief` is used for those who want few words, one with `_plain` when somebody asks for plainer ones.
"""

import re
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("sv", "en")
FOLDER = Path(__file__).parent / "texts"


@lru_cache
def catalogue(language: str) -> dict[str, str | list[str]]:
    """Return all texts of one language by "topic.key"."""
    return {
        f"{path.stem}.{key}": text
        for path in sorted((FOLDER / language).glob("*.yml"))
        for key, text in yaml.safe_load(path.read_text(encoding="utf-8")).items()
    }


def text(key: str, *, language: str, style: str = "normal", turn: str = "", **values: Any) -> str:
    """Return the text `key` with its values filled in.

    Raises:
        KeyError: no such text, which the tests rule out for every key the actions use.
    """
    texts = catalogue(language if language in LANGUAGES else "sv")
    chosen = texts.get(f"{key}_brief", texts[key]) if style == "brief" else texts[key]
    if isinstance(chosen, list):
        chosen = chosen[zlib.crc32(turn.encode()) % len(chosen)]
    return chosen.format(**values).strip()


def plain(said: str, *, language: str) -> str:
    """Return a text that was said in plainer words: its plain wording, else without asides, a sentence a line."""
    for key, template in _with_plain(language if language in LANGUAGES else "sv"):
        found = template.fullmatch(said)
        if found:
            return str(catalogue(language)[f"{key}_plain"]).format(**found.groupdict()).strip()
    without_asides = re.sub(r"\s*\([^)]*\)", "", said)
    return re.sub(r"(?<=[.!?])\s+", "\n", without_asides).strip()


@lru_cache
def _with_plain(language: str) -> list[tuple[str, re.Pattern[str]]]:
    """Return the keys that have a plain wording, each with the expression that recognises its ordinary one.

    The longest comes first, as a short one may be how a longer one begins.
    """
    texts = catalogue(language)
    plain_keys = [key.removesuffix("_plain") for key in texts if key.endswith("_plain")]
    plain_keys.sort(key=lambda key: -len(str(texts[key])))
    return [
        (key, _recogniser(text))
        for key in plain_keys
        for wording in (key, f"{key}_brief")
        for text in _wordings(texts.get(wording, []))
    ]


def _wordings(text: str | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else text


def _recogniser(template: str) -> re.Pattern[str]:
    """Return the expression that matches the template with any values in its places."""
    parts = re.split(r"\{(\w+)\}", template.strip())
    named = [
        re.escape(part) if index % 2 == 0 else f"(?P={part})" if part in parts[:index] else f"(?P<{part}>.+?)"
        for index, part in enumerate(parts)
    ]
    return re.compile("".join(named), re.DOTALL)
