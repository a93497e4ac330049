"""Made-up patients: nobody has readings that they would not have, and events do what they say."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from scheduler import cohort, cohort_facts, cohort_readings, frames, replay
from scheduler.cohort import Cohort
from scheduler.cohort_readings import USUAL
from scheduler.events import EVENTS, EVERYDAY

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def drawn() -> Cohort:
    return cohort.draw(patients=1000, days=40, last_day=TODAY, seed=5, calm_days=10)


def those_with(drawn: Cohort, event: str) -> pl.DataFrame:
    return drawn.events.filter(event=event)


def readings_of(drawn: Cohort, event: str, signal: str) -> pl.DataFrame:
    """The readings of a signal of those with an event, on its days."""
    theirs = drawn.known.readings.filter(pl.col("signal") == signal).join(those_with(drawn, event), on="patient_id")
    return theirs.filter(pl.col("day").is_between("first_day", "last_day")).sort("patient_id", "at")


def takers(drawn: Cohort, *signals: str) -> set[str]:
    return set(drawn.known.readings.filter(pl.col("signal").is_in(signals))["patient_id"])


def test_the_same_seed_gives_the_same_cohort() -> None:
    one, same, other = (cohort.draw(patients=50, days=20, last_day=TODAY, seed=seed) for seed in (3, 3, 4))
    assert_frame_equal(one.known.readings, same.known.readings)
    assert_frame_equal(one.events, same.events)
    assert not one.known.readings.equals(other.known.readings)


def test_the_bench_has_what_everybody_takes_and_nothing_else() -> None:
    whole = cohort.draw(patients=300, days=14, last_day=TODAY, seed=1, complete=True)
    assert set(whole.known.readings["signal"]) == set(USUAL)
    assert len(whole.known.readings) == 300 * 14 * len(USUAL)
    assert set(whole.events["event"]) <= {event.name for event in EVERYDAY}
    assert (len(whole.doubtful), len(whole.told)) == (0, 0)


def test_glucose_is_taken_by_people_with_diabetes_only(drawn: Cohort) -> None:
    diabetic = set(drawn.known.conditions.filter(code="E11")["patient_id"])
    assert takers(drawn, "glucose", "fasting_glucose") == diabetic


def test_pressure_is_taken_standing_by_few_each_third_day_after_one_lying(drawn: Cohort) -> None:
    hypertensive = set(drawn.known.conditions.filter(code="I10")["patient_id"])
    asked = takers(drawn, "systolic_standing")
    assert asked < hypertensive
    assert len(asked) < 0.15 * 1000
    assert takers(drawn, "systolic_lying") == asked == takers(drawn, "systolic_on_standing")
    standing = drawn.known.readings.filter(signal="systolic_standing").sort("patient_id", "day")
    assert standing.select(pl.col("day").diff().over("patient_id").min()).item() >= 3


def test_questionnaires_and_breaths_come_with_their_events_only(drawn: Cohort) -> None:
    told = {
        (patient_id, name)
        for event in EVENTS
        for name in event.once
        for patient_id in those_with(drawn, event.name)["patient_id"]
    }
    singles = drawn.known.readings.filter(pl.col("signal").is_in(["phq2", "phq9", "phq9_item9", "gds15", "breaths"]))
    assert set(singles.select("patient_id", "signal").iter_rows()) == told


def test_height_is_known_from_before_but_of_those_found_to_be_thin(drawn: Cohort) -> None:
    heights = drawn.known.readings.filter(signal="height")
    assert len(heights) == 1000
    late = heights.filter(pl.col("day") > -40)
    assert set(late["patient_id"]) == set(those_with(drawn, "found to be thin")["patient_id"])
    weights = drawn.known.readings.filter(signal="weight").group_by("patient_id").agg(pl.col("value").median())
    bmi = late.join(weights, on="patient_id").select(pl.col("value_right") / (pl.col("value") / 100) ** 2)
    assert bmi.to_series().max() < 20  # type: ignore[operator]  # a number, since there are some


def test_nothing_happens_on_the_calm_days_or_after_the_last(drawn: Cohort) -> None:
    happened = drawn.events.filter(pl.col("event") != "a device errs")
    assert happened["first_day"].min() >= -29  # type: ignore[operator]  # a number, since something happened
    assert happened["last_day"].max() <= 0  # type: ignore[operator]  # the same
    assert happened["patient_id"].is_unique().all()


def test_events_too_long_for_the_cohort_happen_to_nobody(drawn: Cohort) -> None:
    assert those_with(drawn, "loses weight for months").is_empty()


def test_a_very_high_pressure_is_taken_twice_within_ten_minutes(drawn: Cohort) -> None:
    readings = readings_of(drawn, "pressure very high", "systolic")
    gaps = readings.select(pl.col("at").diff().over("patient_id", "day").drop_nulls()).to_series()
    assert readings["value"].median() > 180  # type: ignore[operator]  # a number, since there are readings
    assert gaps.unique().to_list() == [timedelta(minutes=10)]


def test_a_scale_out_of_order_sends_nothing_while_the_rest_is_taken(drawn: Cohort) -> None:
    assert readings_of(drawn, "scale out of order", "weight").is_empty()
    assert not readings_of(drawn, "scale out of order", "systolic").is_empty()


def test_a_new_medicine_begins_with_its_event(drawn: Cohort) -> None:
    begun = drawn.known.medicines.filter(atc="C09CA01").select("patient_id", first_day="changed_day")
    with_one = [event.name for event in EVENTS if event.medicine]
    happened = drawn.events.filter(pl.col("event").is_in(with_one)).select("patient_id", "first_day")
    assert_frame_equal(begun, happened, check_row_order=False)


def test_nobody_answers_or_measures_what_is_not_possible(drawn: Cohort) -> None:
    most = dict(drawn.known.readings.group_by("signal").agg(pl.col("value").max()).iter_rows())
    assert most["mood"] <= 10
    assert most["spo2"] <= 100
    assert most["temperature"] <= 43


def weights(*values: float) -> pl.DataFrame:
    rows = [
        ("anna", f"o{place}", "weight", value, cohort_readings.moment(TODAY + timedelta(days=place)), place)
        for place, value in enumerate(values)
    ]
    return pl.DataFrame(rows, schema={**frames.READINGS, "signal": pl.String}, orient="row")


def test_a_weight_in_pounds_is_set_aside_and_the_right_ones_after_it_are_not() -> None:
    sound, doubtful = cohort_readings.set_aside(weights(73.0, 161.0, 73.2, 72.9))
    assert sound["value"].to_list() == [73.0, 73.2, 72.9]
    assert doubtful["value"].to_list() == [161.0]


def facts_of(drawn: Cohort, days: list[int]) -> pl.DataFrame:
    unfolded = replay.unfold(drawn.known, days)
    return cohort_facts.of_days(drawn, unfolded.patients, days, TODAY)


def one_patient(*readings: pl.DataFrame, told: list[tuple[int, int]] | None = None) -> Cohort:
    """Anna with these readings, and (day, slip risk) that was told."""
    whole = cohort.draw(patients=1, days=1, last_day=TODAY, seed=1, complete=True)
    anna = whole.known.patients.with_columns(patient_id=pl.lit("anna"))
    rows = [{"patient_id": "anna", "day": day, "slip_risk": risk} for day, risk in told or []]
    return Cohort(
        known=replace(whole.known, patients=anna, readings=pl.concat(readings)),
        events=whole.events,
        told=pl.DataFrame(rows, schema=cohort.TOLD),
        doubtful=whole.doubtful,
    )


def test_days_without_a_reading_are_missed_and_after_two_the_device_is_silent() -> None:
    daily = weights(*np.full(7, 73.0)).with_columns(pl.col("day") - 9, pl.col("at") - timedelta(days=9))
    pressure = daily.with_columns(signal=pl.lit("systolic"))
    facts = facts_of(one_patient(daily, pressure), [-3, -2, -1, 0])
    assert facts["missed_readings"].to_list() == [0, 1, 2, 3]
    assert facts["silent_devices"].to_list() == [0, 0, 2, 2]


def test_the_slip_risk_of_a_day_is_the_day_befores_on_the_next() -> None:
    facts = facts_of(one_patient(weights(73.0), told=[(-2, 2), (-1, 2)]), [-3, -2, -1, 0])
    assert facts["slip_risk"].to_list() == [0, 2, 2, 0]
    assert facts["slip_risk_before"].to_list() == [0, 0, 2, 2]
