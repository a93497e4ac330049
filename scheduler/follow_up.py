"""What comes after a yes to a rule's offer, read from the rule file alone: the web process compiles no rules."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

BOOKING = {"action": "book", "role": None, "questionnaire": None}
"""What an offer leads to when its rule is no longer there."""


@lru_cache
def follow_up(rule_id: str) -> dict[str, Any]:
    """Return {"action", "role", "questionnaire"} of a rule as its file says today."""
    path = Path(__file__).parent / "rules" / f"{rule_id}.yml"
    if not path.is_file():
        return BOOKING
    said = yaml.safe_load(path.read_text(encoding="utf-8")).get("follow_up") or {}
    return {name: said.get(name, default) for name, default in BOOKING.items()}
