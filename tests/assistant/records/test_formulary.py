"""Suggestions of the next lower strength."""

from decimal import Decimal

import pytest

from assistant.records import demo, formulary


@pytest.mark.parametrize(
    ("atc", "strength", "unit", "expected"),
    [
        ("C08CA01", "5", "mg", "2.5"),
        ("C09AA05", "5", "mg", "2.5"),
        ("C09AA05", "6", "mg", "5"),
        ("C08CA01", "2.5", "mg", None),
        ("C08CA01", "5", "g", None),
        ("X00XX00", "5", "mg", None),
    ],
)
def test_the_next_lower_strength(atc: str, strength: str, unit: str, expected: str | None) -> None:
    found = formulary.next_lower(atc=atc, strength=Decimal(strength), unit=unit)
    assert found == (Decimal(expected) if expected else None)


def test_strengths_are_in_order() -> None:
    for medicine in formulary.medicines().values():
        assert medicine.strengths == sorted(medicine.strengths)


def test_every_demo_antihypertensive_is_known() -> None:
    atc = {order.atc for person in demo.PEOPLE for order in person.orders if order.atc.startswith("C0")}
    assert atc <= set(formulary.medicines())
