"""The lexicon is large enough and well formed."""

from collections import Counter

from knowledge.lexicon import entries


def test_there_are_two_thousand_entries() -> None:
    assert len(set(entries())) >= 2000


def test_nothing_is_listed_twice_under_a_headword() -> None:
    doubled = [pair for pair, count in Counter(entries()).items() if count > 1]
    assert doubled == []


def test_no_expression_is_empty() -> None:
    assert all(said.strip() and headword.strip() for said, headword in entries())
