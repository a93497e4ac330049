"""The rule files themselves."""

from datetime import date

import pytest
from pydantic import ValidationError

from assistant.safety.red_flags.load import RuleBook, RuleFile, rule_book

RULE = {
    "id": "test-rule",
    "level": "emergency",
    "title": {"sv": "Prov", "en": "Test"},
    "patterns": ["sign"],
    "source": "none",
}
FILE = {"approver": "not yet approved", "review_by": "2027-01-01", "concepts": {"sign": ["tecken"]}, "rules": [RULE]}


def test_every_rule_has_a_source_an_approver_and_a_review_date() -> None:
    for rule in rule_book().rules:
        assert rule.source
        assert rule.approver
        assert rule.review_by > date(2026, 1, 1)


def test_both_levels_have_rules() -> None:
    assert {rule.level for rule in rule_book().rules} == {"emergency", "self_harm"}


def test_self_harm_rules_answer_as_such() -> None:
    assert {rule.place for rule in rule_book().rules if rule.level == "self_harm"} == {"self_harm"}


def test_a_file_gives_its_signature_to_its_rules() -> None:
    assert RuleFile.model_validate(FILE).rules[0].approver == "not yet approved"


@pytest.mark.parametrize(
    "wrong", [{"level": "urgent"}, {"patterns": []}, {"id": "Test Rule"}, {"source": ""}, {"more": 1}]
)
def test_a_wrong_rule_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        RuleFile.model_validate({**FILE, "rules": [{**RULE, **wrong}]})


def test_a_rule_of_unknown_concepts_is_refused() -> None:
    book = rule_book()
    with pytest.raises(ValidationError, match="no file defines"):
        RuleBook.model_validate({**dict(book), "concepts": {}})
