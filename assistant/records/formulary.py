"""Marketed strengths of medicines, for suggesting the next lower one to a clinician; never a decision."""

from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel

FILE = Path(__file__).with_name("formulary.yml")


class Medicine(BaseModel):
    """A medicine's name and strengths, lowest first."""

    name: str
    unit: str
    strengths: list[Decimal]
    note: str | None = None


@lru_cache
def medicines() -> dict[str, Medicine]:
    """Return the formulary by ATC code."""
    listed = yaml.safe_load(FILE.read_text())["medicines"]
    return {atc: Medicine.model_validate(entry) for atc, entry in listed.items()}


def next_lower(*, atc: str, strength: Decimal, unit: str) -> Decimal | None:
    """Return the nearest marketed strength below, or None when there is none or we do not know the medicine."""
    medicine = medicines().get(atc)
    if medicine is None or medicine.unit != unit:
        return None
    return max((one for one in medicine.strengths if one < strength), default=None)
