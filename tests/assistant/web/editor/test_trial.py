"""Trying a question: what would be answered, and why."""

from typing import Any, cast

import pytest
from fastapi import FastAPI

from knowledge import service
from knowledge.articles import Article
from knowledge.scope import Scope
from knowledge.search import Index
from tests.assistant.web.editor.conftest import Desk
from tests.knowledge.conftest import LetterEncoder, articles, encoder, scope, write

__all__ = ["articles", "encoder", "scope", "write"]


@pytest.fixture
def editor(eva: Desk, articles: list[Article], encoder: LetterEncoder, scope: Scope) -> Desk:
    """An editor in front of three published articles."""
    index = Index.build(articles, encoder=encoder, scope=scope)
    cast(FastAPI, eva.client.app).dependency_overrides[service.index] = lambda: index
    return eva


def ask(desk: Desk, question: str, **more: Any) -> str:
    answer = desk.post("/try", question=question, **more)
    assert answer.status_code == 200
    return answer.text


def test_the_answer_comes_with_its_scores_and_passage(editor: Desk) -> None:
    page = ask(editor, "varför är jag så yr")
    assert "Yrsel" in page
    for words in ("BM25", "encoder", "Säkerhet", "besvaras frågan", "Sömnproblem"):
        assert words in page


def test_the_draft_is_among_the_published_ones(editor: Desk, slug: str) -> None:
    assert slug not in ask(editor, "varför svimmar jag")
    page = ask(editor, "varför svimmar jag", slug=slug)
    assert f'href="/editor/articles/{slug}"' in page
    assert "som om den vore publicerad" in page
    assert slug not in ask(editor, "varför svimmar jag")


def test_a_question_that_nothing_answers_says_so(editor: Desk) -> None:
    page = ask(editor, "hur kokar man ägg")
    assert "Inget säkert svar" in page
    assert "Den besvaras inte" in page


def test_a_red_flag_goes_first(editor: Desk) -> None:
    assert "Rött varningstecken" in ask(editor, "Jag har ont i bröstet och svårt att andas")


def test_an_empty_question_shows_the_box_again(editor: Desk) -> None:
    assert "Prova en fråga" in ask(editor, "  ")
