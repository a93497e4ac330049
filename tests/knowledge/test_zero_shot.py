"""The search can be measured on any questions and answers, beside TF-IDF."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.settings import get_settings
from knowledge import scope, zero_shot
from knowledge.encoder import train
from knowledge.scope import Scope
from knowledge.search import Index
from knowledge.zero_shot import Pair
from tests.knowledge.conftest import LetterEncoder

EVERYDAY = Path(zero_shot.__file__).parent / "questions" / "everyday.jsonl"


def test_a_file_is_read_whatever_else_it_holds(tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text(json.dumps({"question": "vad är gikt", "answer": "En sjukdom.", "field": "x"}) + "\n\n")
    assert zero_shot.read(file) == [Pair(question="vad är gikt", answer="En sjukdom.")]


@pytest.mark.parametrize("line", ['{"question": "vad"}', "{", '{"question": "", "answer": "ja"}'])
def test_a_broken_line_is_told(tmp_path: Path, line: str) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text(line)
    with pytest.raises(ValidationError):
        zero_shot.read(file)


def test_an_answer_that_shares_the_words_is_found_by_both(encoder: LetterEncoder, scope: Scope) -> None:
    pairs = [
        Pair(question="när beskär man äppelträd", answer="Äppelträd beskärs på sensommaren."),
        Pair(question="hur lagar man punktering", answer="Punktering lagas med en lapp. Rugga ytan."),
        Pair(question="när sätter man potatis", answer="Potatis sätts i maj."),
    ]
    index = Index.build(zero_shot.articles(pairs), encoder=encoder, scope=scope)
    rows = zero_shot.table(index, pairs)
    assert [row.name for row in rows] == ["TF-IDF", "fused"]
    assert [row.recall_1 for row in rows] == [1, 1]
    assert zero_shot.lines(rows)[0].split() == ["recall@1", "recall@3", "MRR"]


def test_an_answer_that_is_there_twice_is_right_twice(encoder: LetterEncoder, scope: Scope) -> None:
    pairs = [Pair(question=question, answer="Ring 112.") for question in ("vem ringer jag", "vart ringer man")]
    index = Index.build(zero_shot.articles(pairs), encoder=encoder, scope=scope)
    assert [row.recall_1 for row in zero_shot.table(index, pairs)] == [1, 1]


@pytest.mark.slow
def test_the_search_finds_more_than_tf_idf_of_what_it_has_never_seen() -> None:
    settings = get_settings()
    pairs = zero_shot.read(EVERYDAY)
    assert len(pairs) >= 150
    index = Index.build(zero_shot.articles(pairs), encoder=train.ready(settings), scope=scope.ready(settings))
    tf_idf, fused = zero_shot.table(index, pairs)
    assert fused.recall_1 > tf_idf.recall_1
    assert fused.recall_3 > tf_idf.recall_3
    assert fused.reciprocal_rank > tf_idf.reciprocal_rank
