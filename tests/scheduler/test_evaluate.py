"""The evaluator against a slow and obviously right one, on random histories."""

from typing import Any, get_args

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from scheduler import rulebook
from scheduler.casebook import frames_of
from scheduler.evaluate import evaluate, to_say
from scheduler.rule import Case
from scheduler.rulebook import RuleBook
from scheduler.vocabulary import Fact, ReportName
from tests.scheduler.reference import Reference

BOOK = rulebook.load()
RULES = {compiled.rule.id: compiled.rule for compiled in BOOK.rules}
RANGES = {
    "weight": (58.0, 62.5, 1),
    "systolic": (85, 150, 0),
    "pulse": (38, 135, 0),
    "spo2": (88, 100, 0),
    "temperature": (34.8, 39.5, 1),
    "breaths": (7, 27, 0),
    "mood": (0, 10, 0),
    "phq2": (0, 6, 0),
    "phq9": (0, 20, 0),
    "phq9_item9": (0, 1, 0),
    "gds15": (0, 15, 0),
    "glucose": (2, 22, 1),
    "sleep": (3.5, 8, 1),
    "diastolic": (60, 115, 0),
    "height": (150, 190, 0),
    "systolic_lying": (100, 190, 0),
    "systolic_standing": (80, 170, 0),
}


def days(signal: str) -> st.SearchStrategy[dict[int, list[float]]]:
    low, high, decimals = RANGES[signal]
    value = st.floats(low, high).map(lambda number: round(number, decimals))
    return st.dictionaries(st.integers(-22, 0), st.lists(value, min_size=1, max_size=2), max_size=20)


@st.composite
def trends(draw: st.DrawFn, start: float, per_day: tuple[float, float], noise: float, first: int) -> dict[int, float]:
    """A signal with a direction, so that the rules fire often enough to be compared."""
    slope = draw(st.floats(*per_day))
    kept = draw(st.sets(st.integers(first, 0), min_size=3))
    return {d: round(start + slope * (d - first) + draw(st.floats(-noise, noise)), 1) for d in sorted(kept)}


readings = st.fixed_dictionaries(
    {
        "weight": st.one_of(days("weight"), trends(61.5, (-0.4, 0.5), 0.3, -12)),
        "systolic": st.one_of(days("systolic"), trends(142, (-2.5, 0.5), 3, -13)),
        "mood": st.one_of(days("mood"), st.dictionaries(st.integers(-9, 0), st.integers(0, 4).map(float))),
    },
    optional={name: days(name) for name in RANGES if name not in ("weight", "systolic", "mood")},
)
reports = st.dictionaries(
    st.sampled_from(get_args(ReportName)), st.lists(st.integers(-9, 0), max_size=3, unique=True), max_size=4
)
limits = st.fixed_dictionaries(
    {}, optional={"spo2_scale": st.just(2), "oxygen": st.just(True), "systolic_high": st.integers(130, 150)}
)
facts = st.dictionaries(st.sampled_from([one for one in get_args(Fact) if one != "age"]), st.integers(0, 4))
medicines = st.lists(
    st.fixed_dictionaries(
        {
            "atc": st.sampled_from(
                ["C09AA05", "C08CA01", "C03CA01", "N02BE01", "B01AF02", "C07AB02", "N05CF01", "J01CA08"]
            )
        },
        optional={"started": st.integers(-400, 0), "stopped": st.integers(-60, 0)},
    ),
    max_size=3,
)
histories = st.fixed_dictionaries(
    {
        "name": st.just("random"),
        "kind": st.just("fires"),
        "expect": st.just("fires"),
        "readings": readings,
        "reports": reports,
        "medicines": medicines,
        "age": st.one_of(st.none(), st.integers(50, 90)),
        "minutes_apart": st.sampled_from([1, 10, 11, 30, 31]),
        "stood_after_minutes": st.integers(0, 4),
        "about_medicine": st.sampled_from([None, "", "C09AA05", "B01AF02"]),
        "limits": limits,
        "facts": facts,
        "diagnoses": st.lists(st.sampled_from(["I50.9", "J44.9", "R13.9", "E11.9"]), max_size=2),
    }
).map(Case.model_validate)


# Without the phase that explains a failure: it traces every line, and would take longer than the test may.
UNHURRIED = settings(deadline=None, suppress_health_check=list(HealthCheck), phases=set(Phase) - {Phase.explain})


@settings(UNHURRIED, max_examples=30)
@given(st.lists(histories, min_size=1, max_size=12))
def test_agrees_with_the_reference_on_random_histories(cases: list[Case]) -> None:
    fired = {(one.patient_id, one.rule.id): one.outcome for one in evaluate(frames_of(cases), BOOK)}
    for place, case in enumerate(cases):
        for rule in RULES.values():
            expected = Reference(case, RULES).outcome(rule)
            assert fired.get((str(place), rule.id), "silent") == expected, (rule.id, case)


@settings(UNHURRIED, max_examples=12)
@given(st.lists(histories, min_size=1, max_size=6))
def test_every_value_agrees_with_the_reference(cases: list[Case]) -> None:
    wide = BOOK.compiler.wide(frames_of(cases)).sort(pl.col("patient_id").cast(pl.Int32))
    for compiled in BOOK.rules:
        for name, expression in compiled.values.items():
            got = wide.select(expression.alias("value"))["value"].to_list()
            expected = [Reference(case, RULES).value(compiled.rule, name, 0) for case in cases]
            for one, other in zip(got, expected, strict=True):
                assert (one is None) == (other is None), (compiled.rule.id, name, one, other)
                assert one is None or other is None or one == pytest.approx(other, abs=2e-6)


@pytest.mark.parametrize("rule_id", sorted(RULES))
def test_reference_agrees_on_the_worked_cases(rule_id: str) -> None:
    rule = RULES[rule_id]
    cases = [case for case in rule.cases if not case.history]
    assert [Reference(case, RULES).outcome(rule) for case in cases] == [case.expect for case in cases]


def test_one_patient_alone_gets_what_they_get_in_a_shard() -> None:
    cases = [rule.cases[0] for rule in RULES.values()]
    together = evaluate(frames_of(cases), BOOK)
    for place, case in enumerate(cases):
        alone = evaluate(frames_of([case]), BOOK)
        shard = [one for one in together if one.patient_id == str(place)]
        assert [(one.rule.id, one.outcome, one.text) for one in alone] == [
            (one.rule.id, one.outcome, one.text) for one in shard
        ]


def test_ten_thousand_readings_in_a_day_are_thinned_and_harm_nobody() -> None:
    rule = RULES["weight-loss-5d"]
    flood = rule.cases[0].model_copy(update={"readings": {"weight": {0: [60.0 + n / 1e5 for n in range(10_000)]}}})
    frames = frames_of([flood, rule.cases[0]])
    assert frames.readings.filter(pl.col("patient_id") == "0").height < 100
    assert [one.patient_id for one in evaluate(frames, BOOK)] == ["1"]


def test_a_rule_that_fails_while_running_switches_only_itself_off() -> None:
    broken = next(one for one in BOOK.rules if one.rule.id == "low-mood")
    failing: Any = type(broken)(
        rule=broken.rule, when=pl.col("no such column"), guards={}, wordings=broken.wordings, values=broken.values
    )
    book = RuleBook(rules=[failing if one is broken else one for one in BOOK.rules], compiler=BOOK.compiler, broken=[])
    case = RULES["three-signals-visit"].cases[0]
    assert "weight-loss-5d" in [one.rule.id for one in evaluate(frames_of([case]), book)]


def test_a_column_that_cannot_be_made_is_unknown_loudly_and_harms_no_other() -> None:
    book = rulebook.load()
    broken = next(name for name in book.compiler.columns.made if name.startswith("value|low-mood"))
    book.compiler.columns.made[broken] = pl.col("no such column")
    with capture_logs() as logged:
        fired = evaluate(frames_of([RULES["weight-loss-5d"].cases[0]]), book)
    assert "weight-loss-5d" in [one.rule.id for one in fired]
    assert ("column_unknown", broken) in [(one["event"], one.get("column")) for one in logged]


def test_slopes_are_found_only_where_a_rule_may_need_them_and_the_outcome_is_the_same() -> None:
    cases = [case for rule in RULES.values() for case in rule.cases]
    known = frames_of(cases)
    everywhere, needed = (BOOK.compiler.wide(known, only_needed=only) for only in (False, True))
    name = "slope|systolic|-13|0"
    assert needed[name].count() < everywhere[name].count()
    for compiled in BOOK.rules:
        assert needed.filter(compiled.when)["patient_id"].equals(everywhere.filter(compiled.when)["patient_id"])


def said(**case: Any) -> list[tuple[str, bool]]:
    known = Case.model_validate({"name": "one", "kind": "fires", "expect": "fires", **case})
    frames = frames_of([known])
    return [(one.rule.id, one.spoken) for one in to_say(evaluate(frames, BOOK), frames)]


def test_who_must_call_112_hears_only_that_and_the_clinic_gets_every_alert() -> None:
    readings = {"temperature": {0: 38.6}, "pulse": {0: 114}, "systolic": {0: 90}}
    told = said(readings=readings, reports={"confusion": [0], "constipation": [0]})
    assert [rule for rule, spoken in told if spoken] == ["sepsis-signs"]
    assert {rule for rule, _ in told} >= {"sepsis-signs", "news2-high", "infection-confusion", "low-pressure-acute"}
    assert "constipation" not in {rule for rule, _ in told}


def test_very_high_pressure_says_it_instead_of_high_pressure() -> None:
    systolic = dict.fromkeys(range(-6, 0), 150) | {0: [184, 186]}
    assert said(readings={"systolic": systolic}) == [("very-high-pressure", True)]


def test_weight_lost_over_half_a_year_is_said_once() -> None:
    weight = {-180: 70.0, -33: 68.0, -30: 68.0, -3: 66.0, 0: 66.0}
    assert said(readings={"weight": weight}) == [("weight-loss-6m", True)]
