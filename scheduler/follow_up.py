"""What comes after a yes to a rule's offer, read from the text of the version in force: no rule is compiled for it."""

from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records.models import RuleVersion

BOOKING = {"action": "book", "role": None, "questionnaire": None}
"""What an offer leads to when its rule is no longer there."""


def follow_up(db: Session, rule_id: str) -> dict[str, Any]:
    """Return {"action", "role", "questionnaire"} of a rule as its version in force says today."""
    signed = select(RuleVersion.source).where(RuleVersion.rule_id == rule_id, RuleVersion.state == "active")
    source = db.scalar(signed)
    path = Path(__file__).parent / "rules" / f"{rule_id}.yml"
    if source is None and not path.is_file():
        return BOOKING
    said = yaml.safe_load(source or path.read_text(encoding="utf-8")).get("follow_up") or {}
    return {name: said.get(name, default) for name, default in BOOKING.items()}
