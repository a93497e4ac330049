"""`vigor rules explain`."""

from datetime import date

import pytest

from assistant.records.database import session
from scheduler import explain, rounds
from tests.scheduler.people import add_patient, annas_morning, local

TODAY = date(2026, 11, 21)
MORNING = local(TODAY, 8)


def test_shows_every_value_and_comparison(care: str) -> None:
    with session() as db:
        anna = annas_morning(db, TODAY)
    explanation = explain.explain(anna, "weight-loss-5d", now=MORNING)
    assert (explanation.outcome, explanation.version) == ("fires", 2)
    assert explanation.values["readings"] == 6
    assert explanation.values["fall"] == pytest.approx(1.0)
    assert [(line.text, line.holds) for line in explanation.conditions][:4] == [
        ("all of", True),
        ("readings >= 4.0", True),
        ("slope_high < 0.0", True),
        ("any of", True),
    ]
    assert "blocked by scale-changed?\n  reported ('scale-changed',), days (-5, 0): no" in explain.as_text(explanation)


def test_says_what_is_not_known_and_what_rests(care: str) -> None:
    with session() as db:
        nobody, anna = add_patient(db), annas_morning(db, TODAY)
    silent = explain.explain(nobody, "weight-loss-5d", now=MORNING)
    assert (silent.outcome, silent.values["latest"]) == ("silent", None)
    assert ("slope_high < 0.0", None) in [(line.text, line.holds) for line in silent.conditions]
    rounds.run_round(MORNING)
    assert explain.explain(anna, "three-signals-visit", now=local(date(2026, 11, 22), 8)).outcome == "resting"


def test_unknown_patient_or_rule_is_said(care: str) -> None:
    with pytest.raises(KeyError):
        explain.explain("nobody", "weight-loss-5d")
    with pytest.raises(KeyError):
        explain.explain("nobody", "no-such-rule")
