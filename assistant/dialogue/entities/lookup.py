"""The word lists of nlu_data/lookup, read once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parents[3] / "nlu_data" / "lookup"


@lru_cache
def load(name: str) -> Any:
    """Return the content of one list; a missing or broken file raises, as the assistant must not run without it."""
    return yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
