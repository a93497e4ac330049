"""The simulator knows what happened, and says how much of it each rule noticed, how soon, and what it saw besides."""

import csv
import json
from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from typer.testing import CliRunner

from assistant.cli import app
from scheduler import rulebook, simulate
from scheduler.events import DEVICE_ERRS, EVENTS
from scheduler.judge import Course, Judged, judge

TODAY = date(2026, 11, 21)
PATIENTS, DAYS = 300, 30


@pytest.fixture(scope="module")
def judged() -> dict[str, Judged]:
    found = simulate.simulate(patients=PATIENTS, days=DAYS, seed=2, last_day=TODAY)
    return {one.rule_id: one for one in found}


def test_every_rule_has_a_known_event_and_every_event_a_rule() -> None:
    rule_ids = {one.rule.id for one in rulebook.current().rules}
    noticed_by = {rule_id for event in (*EVENTS, DEVICE_ERRS) for rule_id in event.rules}
    assert noticed_by == rule_ids
    assert all(event.rules for event in EVENTS)
    assert len({event.name for event in EVENTS}) == len(EVENTS)


def test_every_rule_is_judged_over_all_days(judged: dict[str, Judged]) -> None:
    assert len(judged) == 42
    assert {one.patient_days for one in judged.values()} == {PATIENTS * DAYS}


def test_every_rule_notices_some_of_its_events(judged: dict[str, Judged]) -> None:
    assert [one.rule_id for one in judged.values() if one.events >= 3 and not one.noticed] == []
    assert sum(one.noticed > 0 for one in judged.values()) >= 34


def test_rules_over_facts_see_what_does_not_come(judged: dict[str, Judged]) -> None:
    for rule_id in ("reading-missing", "device-silent", "device-doubtful", "slip-risk"):
        assert (judged[rule_id].sensitivity or 0) >= 0.6, rule_id
    assert judged["slip-risk"].false_alarms == 0


def test_a_clear_drift_is_noticed_after_some_days_and_seldom_seen_without_one(judged: dict[str, Judged]) -> None:
    weight = judged["weight-gain-heart-failure"]
    assert weight.sensitivity is not None
    assert weight.sensitivity > 0.7
    assert weight.median_delay_days is not None
    assert 1 <= weight.median_delay_days <= 6
    assert weight.false_alarms_per_1000 < 1


def test_says_why_a_rule_has_no_event(judged: dict[str, Judged]) -> None:
    assert judged["weight-loss-6m"].why_none == "takes 190 days of readings, this cohort has 65"
    assert judged["weight-loss-5d"].why_none is None


def course(*happened: tuple[str, str, int, int]) -> Course:
    """What happened to patients in the ten days up to today: patient, event, first and last day, today being 0."""
    rows = [(who, event, TODAY + timedelta(first), TODAY + timedelta(last)) for who, event, first, last in happened]
    frame = pl.DataFrame(rows, schema=["patient_id", "event", "first", "last"], orient="row")
    first_day = TODAY - timedelta(days=9)
    return Course.of(frame, first_day=first_day, patients=3, days=10, days_of_readings=45)


def fired(*days: tuple[str, int]) -> pl.DataFrame:
    rows = [(patient_id, TODAY + timedelta(day)) for patient_id, day in days]
    return pl.DataFrame(rows, schema={"patient_id": pl.String, "local_date": pl.Date}, orient="row")


def test_what_is_seen_during_an_event_or_shortly_after_is_noticed_with_its_delay() -> None:
    happened = course(("anna", "low in mood", -8, -6), ("bo", "low in mood", -8, -6), ("eva", "low in mood", -8, -6))
    one = judge("low-mood", fired(("anna", -7), ("anna", -6), ("bo", -3), ("eva", -2)), happened, cool_down=0)
    assert (one.events, one.noticed, one.delays, one.median_delay_days) == (3, 2, (1, 5), 3)
    assert one.sensitivity == pytest.approx(2 / 3)


def test_what_is_said_before_anything_happened_is_false_and_later_belongs_to_what_happened() -> None:
    happened = course(("anna", "fell", -5, -5))
    one = judge("low-mood", fired(("anna", -6), ("anna", -4), ("bo", 0)), happened, cool_down=0)
    assert (one.false_alarms, one.in_other_events) == (2, 1)
    assert one.quiet_patient_days == 30 - 6
    assert one.false_alarms_per_1000 == pytest.approx(1000 * 2 / 24)
    assert (one.sensitivity, one.median_delay_days) == (None, None)


def test_a_device_that_errs_leaves_the_patients_days_quiet_but_explains_what_is_said_of_it() -> None:
    happened = course(("anna", DEVICE_ERRS.name, -5, -5))
    doubtful = judge("device-doubtful", fired(("anna", -5)), happened, cool_down=0)
    mood = judge("low-mood", fired(("anna", -5)), happened, cool_down=0)
    assert (doubtful.noticed, doubtful.false_alarms) == (1, 0)
    assert (mood.false_alarms, mood.quiet_patient_days) == (1, 30)


def test_during_its_cool_down_a_false_alarm_counts_once() -> None:
    one = judge("low-mood", fired(("bo", -5), ("bo", -4), ("bo", 0)), course(), cool_down=3)
    assert one.false_alarms == 2


def test_is_written_as_json_csv_and_a_table(judged: dict[str, Judged]) -> None:
    found = list(judged.values())
    as_json = [json.loads(line) for line in simulate.lines(found, "json")]
    as_csv = list(csv.DictReader(simulate.lines(found, "csv")))
    assert [one["rule_id"] for one in as_json] == [one["rule_id"] for one in as_csv] == list(judged)
    assert float(as_csv[0]["false_alarms_per_1000"]) == as_json[0]["false_alarms_per_1000"]
    table = list(simulate.lines(found, "table"))
    [half_a_year] = [line for line in table if line.startswith("weight-loss-6m")]
    assert "no event in this cohort: takes 190 days" in half_a_year
    assert table[-1] == f"Patient-days: 9000, of them without an event: {found[0].quiet_patient_days}"


def test_the_table_never_rounds_a_missed_event_away(judged: dict[str, Judged]) -> None:
    nearly_all = replace(judged["low-mood"], events=1000, delays=(1,) * 999)
    [row] = [line for line in simulate.lines([nearly_all], "table") if line.startswith("low-mood")]
    assert "99%" in row


def test_the_command_writes_a_line_for_each_rule() -> None:
    run = CliRunner().invoke(app, ["simulate", "--patients", "20", "--days", "2", "--form", "csv"])
    assert run.exit_code == 0
    assert len([line for line in run.stdout.splitlines() if line]) == 43
