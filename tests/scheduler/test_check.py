"""`vigor rules check`, and rule files that are broken."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml
from structlog.testing import capture_logs

from scheduler import check, rulebook
from scheduler.casebook import frames_of
from scheduler.evaluate import evaluate

TODAY = date(2026, 11, 21)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the rules to break."""
    return Path(shutil.copytree(rulebook.RULES, tmp_path / "rules"))


def change(path: Path, **changes: object) -> None:
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | changes, allow_unicode=True, sort_keys=False))


def test_our_rules_have_no_errors() -> None:
    assert [finding for finding in check.check(today=TODAY) if finding.error] == []


def test_the_schema_beside_the_rules_is_current() -> None:
    assert json.loads(check.SCHEMA.read_text()) == json.loads(json.dumps(check.schema()))


def test_no_text_names_a_dose() -> None:
    for compiled in rulebook.load().rules:
        texts = [wording.text.sv for wording in compiled.rule.wordings]
        assert not any(" mg" in text or "tablett" in text for text in texts), compiled.rule.id


def test_expired_review_is_an_error(folder: Path) -> None:
    change(folder / "low-mood.yml", review_by=date(2026, 1, 1))
    assert "its review expired on 2026-01-01" in [one.problem for one in check.check(folder, today=TODAY) if one.error]


def test_worked_case_that_no_longer_holds_is_an_error(folder: Path) -> None:
    path = folder / "low-mood.yml"
    path.write_text(path.read_text().replace("at_least: 3}", "at_least: 4}"))
    problems = [one.problem for one in check.check(folder, today=TODAY) if one.file == "low-mood.yml" and one.error]
    assert problems == ["case 'three low days of four': expected fires, was silent"]


@pytest.mark.parametrize(
    "broken",
    [
        "id: low-mood\nversion: [",
        "just words",
        "",
        (rulebook.RULES / "low-mood.yml").read_text().replace("at_least: 2", "at_lest: 2"),
        (rulebook.RULES / "low-mood.yml").read_text().replace("value: phq2", "value: phq3"),
        (rulebook.RULES / "low-mood.yml").read_text().replace("of: mood", "of: moood"),
        (rulebook.RULES / "low-mood.yml").read_text().replace("id: low-mood", "id: high-mood"),
    ],
    ids=["yaml", "text", "empty", "unknown-key", "unknown-value", "unknown-signal", "wrong-id"],
)
def test_broken_rule_switches_itself_off_loudly_with_those_that_need_it(folder: Path, broken: str) -> None:
    (folder / "low-mood.yml").write_text(broken)
    with capture_logs() as logs:
        book = rulebook.load(folder)
    assert {one.file for one in book.broken} == {"low-mood.yml", "three-signals-visit.yml"}
    assert [one["file"] for one in logs if one["log_level"] == "error"] == ["low-mood.yml", "three-signals-visit.yml"]
    weight = book.rule("weight-loss-5d").rule
    fired = evaluate(frames_of([weight.cases[0]]), book)
    assert [one.rule.id for one in fired] == ["weight-loss-5d"]


def test_division_by_zero_is_unknown_and_not_a_crash(folder: Path) -> None:
    path = folder / "weight-loss-5d.yml"
    rule = yaml.safe_load(path.read_text())
    rule["values"]["zero"] = {"minus": ["first", "first"]}
    rule["values"]["infinite"] = {"percent_of": ["latest", "zero"]}
    rule["when"]["all"].append({"value": "infinite", "above": 0})
    path.write_text(yaml.safe_dump(rule, allow_unicode=True))
    book = rulebook.load(folder)
    assert book.broken == []
    assert evaluate(frames_of(book.rule("weight-loss-5d").rule.cases), book) == []


def test_rule_that_refers_to_itself_is_switched_off(folder: Path) -> None:
    change(folder / "low-mood.yml", when={"met": "low-mood"})
    assert "low-mood.yml" in {one.file for one in rulebook.load(folder).broken}
