"""What the assistant says, in Swedish and English: `texts/<language>/*.yml`, one file a topic, one key a text.

A text may be a list: one of them is chosen by the turn, so that the assistant does not sound like a tape. A key with
`_brief` is used for those who want few words.
"""

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
