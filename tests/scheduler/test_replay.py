"""Replay sees on each past day what the round saw."""

from datetime import date, timedelta

import polars as pl
import pytest

from assistant.records import consents
from assistant.records.agreements import OPERATOR
from assistant.records.database import session
from assistant.records.models.base import utc_now
from scheduler import cohort, replay, rulebook
from scheduler.evaluate import evaluate
from tests.scheduler.people import annas_morning

TODAY = date(2026, 11, 21)


def test_counts_how_often_a_rule_would_have_been_said(care: str) -> None:
    with session() as db:
        anna = annas_morning(db, TODAY)
    [weight] = replay.replay(first=TODAY - timedelta(days=9), last=TODAY, rule_id="weight-loss-5d", patient_ids=[anna])
    assert weight.patient_days == 10
    assert 1 <= weight.said <= weight.fired <= 3
    assert weight.per_1000 == pytest.approx(1000 * weight.said / 10)


def test_who_has_said_no_to_follow_up_is_not_counted(care: str) -> None:
    with session() as db:
        anna = annas_morning(db, TODAY)
        consents.change(db, actor=OPERATOR, patient_id=anna, category="research", given=False, now=utc_now())
    [weight] = replay.replay(first=TODAY - timedelta(days=9), last=TODAY, rule_id="weight-loss-5d", patient_ids=[anna])
    assert (weight.patient_days, weight.said) == (0, 0)


def test_agrees_with_the_round_on_the_last_day() -> None:
    book = rulebook.current()
    known = cohort.draw(patients=300, days=20, last_day=TODAY, seed=7).known
    fired = {(one.patient_id, one.rule.id) for one in evaluate(known, book) if one.outcome != "blocked"}
    found = replay.outcomes(replay.unfold(known, [-1, 0]), book, [one.rule.id for one in book.rules])
    today = found.filter((pl.col("local_date") == TODAY) & ~pl.col("blocked"))
    replayed = set(today.select("patient_id", "rule_id").iter_rows())
    of_facts = {rule_id for _, rule_id in fired ^ replayed}
    assert {"weight-loss-5d", "low-mood", "weight-gain-heart-failure"}.isdisjoint(of_facts)
    assert fired & replayed


def test_unknown_rule_and_backward_period_are_refused(care: str) -> None:
    with pytest.raises(KeyError):
        replay.replay(first=TODAY, last=TODAY, rule_id="no-such-rule")
    with pytest.raises(ValueError, match="before"):
        replay.replay(first=TODAY, last=TODAY - timedelta(days=1))
