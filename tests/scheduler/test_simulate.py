"""The simulator knows what happened, and says how much of it each rule noticed."""

from datetime import date

from polars.testing import assert_frame_equal

from scheduler import cohort, simulate
from scheduler.cohort import EVENTS

TODAY = date(2026, 11, 21)


def test_the_same_seed_gives_the_same_cohort() -> None:
    one, same, other = (cohort.draw(patients=50, days=20, last_day=TODAY, seed=seed) for seed in (3, 3, 4))
    assert_frame_equal(one.known.readings, same.known.readings)
    assert_frame_equal(one.events, same.events)
    assert not one.known.readings.equals(other.known.readings)


def test_what_a_device_gets_wrong_is_set_aside_as_the_record_does() -> None:
    readings = cohort.draw(patients=200, days=20, last_day=TODAY, seed=5).known.readings
    assert readings.filter(signal="spo2")["value"].max() <= 100  # type: ignore[operator]  # a number, since there are readings
    assert readings.filter(signal="temperature")["value"].max() <= 43  # type: ignore[operator]  # the same


def test_rules_notice_most_of_what_happens_and_judge_it_by_days() -> None:
    judged = {one.rule_id: one for one in simulate.simulate(patients=400, days=14, seed=2, last_day=TODAY)}
    weight = judged["weight-gain-heart-failure"]
    assert weight.events > 0
    assert weight.sensitivity is not None
    assert weight.sensitivity > 0.7
    assert weight.patient_days == 400 * 14
    assert weight.false_alarms_per_1000 < 5


def test_every_event_names_who_should_notice_it() -> None:
    assert all(event.rules for event in EVENTS)
    assert len({event.name for event in EVENTS}) == len(EVENTS)
