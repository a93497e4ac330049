"""LIX is computed as it is defined, and every article stays within our limit."""

from datetime import date

import pytest

from knowledge.articles import Article
from knowledge.checks import MAX_LIX, problems
from knowledge.readability import lix
from knowledge.store import FolderStore


def test_lix_is_words_per_sentence_plus_share_of_long_words() -> None:
    assert lix("Det här är kort. Lungröntgen behövs inte.") == pytest.approx(7 / 2 + 100 * 1 / 7)


def test_no_words_give_no_lix() -> None:
    assert lix("") == 0


def test_every_article_is_easy_enough_and_complete() -> None:
    hard = {one.slug: found for one in FolderStore().published() if (found := _errors(one))}
    assert hard == {}


def test_a_hard_article_is_told_so(articles: list[Article]) -> None:
    hard = articles[0].model_copy(update={"body": "Blodtrycksmätningsapparatur konfigureras individanpassat " * 20})
    assert "too-hard" in {problem.id for problem in problems(hard, today=date(2026, 11, 21))}
    assert lix(hard.body) > MAX_LIX


def test_a_passed_review_date_is_a_warning(articles: list[Article]) -> None:
    found = problems(articles[0], today=date(2030, 1, 1))
    assert ("review-overdue", "warning") in {(problem.id, problem.level) for problem in found}


def _errors(article: Article) -> list[str]:
    return [problem.text for problem in problems(article, today=date(2026, 11, 21)) if problem.level == "error"]
