"""The question sets are kept apart, and the search is as good on the test set as was asked for."""

from collections import Counter

import pytest

from assistant.settings import get_settings
from knowledge import bench, evaluation, scope
from knowledge.encoder import train
from knowledge.search import Index
from knowledge.store import FolderStore
from knowledge.text import words


def test_each_set_has_four_questions_a_topic_and_sixty_without_answer() -> None:
    slugs = {article.slug for article in FolderStore().published()}
    for name in ("development", "test"):
        asked = Counter(question.slug for question in evaluation.read(name))
        assert asked.pop(None) >= 60
        assert asked.keys() == slugs
        assert min(asked.values()) >= 4


def test_no_held_question_is_trained_on() -> None:
    trained = {_plain(question) for article in FolderStore().published() for question in article.questions}
    trained |= {_plain(question) for question in scope.questions_outside()}
    held = {_plain(question.text) for name in ("development", "test") for question in evaluation.read(name)}
    assert held & trained == set()


@pytest.mark.slow
def test_the_search_is_good_enough() -> None:
    settings = get_settings()
    index = Index.build(FolderStore().published(), encoder=train.ready(settings), scope=scope.ready(settings))
    development, test = evaluation.read("development"), evaluation.read("test")
    fused = evaluation.table(index, test, tuned_on=development)[-1]
    assert fused.recall_1 >= 0.80
    assert fused.recall_3 >= 0.93
    assert fused.declined >= 0.80
    assert fused.wrongly_declined <= 0.05


def test_the_speed_is_measured_with_as_many_different_articles_as_asked_for() -> None:
    articles = FolderStore().published()
    many = bench.multiplied(articles, 3 * len(articles))
    assert len({one.slug for one in many}) == len({one.body for one in many}) == 3 * len(articles)


def _plain(text: str) -> str:
    return " ".join(words(text))
