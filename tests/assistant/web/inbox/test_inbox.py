"""Editors see what was asked in vain, teach the lexicon and the dialogue, and never alone."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import yaml
from fastapi.testclient import TestClient
from numpy.typing import NDArray
from sqlalchemy import select

from assistant.records.database import session
from assistant.records.models import HeardQuestion, LayWord, Utterance
from assistant.web.inbox import questions, utterances
from knowledge import service
from knowledge.editorial import lay_words
from tests.assistant.web.conftest import Person, clinician
from tests.assistant.web.inbox.conftest import Tell

PAGES = ["/editor/inbox", "/editor/inbox/words", "/editor/inbox/utterances"]
MISUNDERSTOOD = {"reason": "fallback", "understood_as": "nlu_fallback", "confidence": 0.2}


def word_vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """Vectors in which texts that share words are near."""
    words = sorted({word for text in texts for word in text.split()})
    return np.array([[float(word in text.split()) for word in words] for text in texts], dtype=np.float32)


@pytest.fixture(autouse=True)
def _no_trained_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    class Words:
        vectors = staticmethod(word_vectors)

    monkeypatch.setattr(service, "built", Words)


def only(table: type[Any]) -> Any:
    with session() as db:
        return db.scalars(select(table)).one()


def kept(text: str) -> HeardQuestion:
    return HeardQuestion(id=text, text=text, kind="unanswered")


@pytest.mark.parametrize("page", PAGES)
def test_only_editors_enter(anonymous: TestClient, anna: Person, page: str) -> None:
    assert anonymous.get(page).headers["location"] == "/editor/login"
    assert clinician("doctor", anna).get(page).status_code == 403


def test_questions_that_mean_the_same_stand_together_the_largest_group_first() -> None:
    asked = ["gikt i tån", "vad är skabb", "gikt i foten", "gikt i stortån", "hur vet jag att jag har skabb"]
    groups = questions.grouped([kept(text) for text in asked], word_vectors)
    assert {question.text for question in groups[0].questions} == {asked[0], asked[2], asked[3]}
    assert questions.grouped([], word_vectors) == []
    assert [group.title for group in questions.grouped([kept("gikt")], word_vectors)] == ["gikt"]


def test_before_the_search_is_ready_each_question_stands_alone() -> None:
    groups = questions.grouped([kept("gikt i tån"), kept("gikt i foten")], None)
    assert [group.title for group in groups] == ["gikt i tån", "gikt i foten"]


def test_a_question_leads_to_an_article_and_leaves(editor: TestClient, tell: Tell) -> None:
    tell("unanswered", key="1", text="är yrsel <b>farligt</b> & yr")
    page = editor.get("/editor/inbox").text
    assert "/editor/new?title=" in page
    assert "<b>farligt" not in page
    editor.post("/editor/inbox/questions", data={"ids": [only(HeardQuestion).id], "state": "used"})
    assert only(HeardQuestion).state == "used"
    assert "Inget väntar" in editor.get("/editor/inbox").text


def test_withheld_questions_are_counted_only(editor: TestClient, tell: Tell) -> None:
    tell("unanswered", key="1", text="Anna Test Storgatan 3 Borås 0701234567")
    page = editor.get("/editor/inbox").text
    assert "1 fråga visas inte" in page
    assert "Storgatan" not in page


def test_a_lay_word_needs_a_second_person(editor: TestClient, second: TestClient) -> None:
    proposal = {"said": "Snurrbulle", "headword": "yrsel"}
    assert editor.post("/editor/inbox/words", data=proposal).status_code == 303
    address = f"/editor/inbox/words/{only(LayWord).id}"
    assert editor.post(address, data={"decision": "approve"}).status_code == 403
    with session() as db:
        assert lay_words.approved(db) == frozenset()
    assert second.post(address, data={"decision": "approve"}).status_code == 303
    with session() as db:
        assert lay_words.approved(db) == {("snurrbulle", "yrsel")}
    assert second.post(address, data={"decision": "reject"}).status_code == 409


@pytest.mark.parametrize(
    ("said", "headword", "status"), [("snurrar", "yrsel", 409), ("snurrbulle", "hittepå", 422), ("x", "yrsel", 400)]
)
def test_a_useless_lay_word_is_refused(editor: TestClient, said: str, headword: str, status: int) -> None:
    assert editor.post("/editor/inbox/words", data={"said": said, "headword": headword}).status_code == status


def test_an_annotation_needs_a_second_person_and_becomes_training_text(
    editor: TestClient, second: TestClient, tell: Tell
) -> None:
    tell("misunderstood", key="1", text="kan jag få veta mitt tryck i dag", **MISUNDERSTOOD)
    address = f"/editor/inbox/utterances/{only(Utterance).id}"
    assert "mitt tryck i dag" in editor.get("/editor/inbox/utterances").text
    meant = {
        "text": "kan jag få veta mitt tryck i dag",
        "intent": "ask_blood_pressure",
        "entity": ["date", "symptom"],
        "words": ["i dag", ""],
    }
    assert editor.get(address).status_code == 200
    assert editor.post(f"{address}/annotate", data=meant).status_code == 303
    assert editor.post(f"{address}/approve").status_code == 403
    assert second.post(f"{address}/approve").status_code == 303
    assert second.post(f"{address}/annotate", data=meant).status_code == 409
    with session() as db:
        exported = utterances.export(db)
    assert yaml.safe_load(exported) == {
        "version": "3.1",
        "nlu": [{"intent": "ask_blood_pressure", "examples": "- kan jag få veta mitt tryck [i dag](date)\n"}],
    }
    assert "examples: |\n" in exported


@pytest.mark.parametrize(
    ("changed", "status"),
    [({"intent": "nonsense"}, 422), ({"words": ["i morgon"], "entity": ["date"]}, 422), ({"text": ""}, 400)],
)
def test_a_wrong_annotation_is_refused(editor: TestClient, tell: Tell, changed: dict[str, object], status: int) -> None:
    tell("misunderstood", key="1", text="kan jag få veta mitt tryck i dag", **MISUNDERSTOOD)
    meant = {"text": "mitt tryck i dag", "intent": "ask_blood_pressure"}
    address = f"/editor/inbox/utterances/{only(Utterance).id}/annotate"
    assert editor.post(address, data={**meant, **changed}).status_code == status
    assert only(Utterance).state == "open"


def test_a_dismissed_utterance_leaves(editor: TestClient, tell: Tell) -> None:
    tell("misunderstood", key="1", text="blaj om yrsel och sånt", **MISUNDERSTOOD)
    assert editor.post(f"/editor/inbox/utterances/{only(Utterance).id}/dismiss").status_code == 303
    assert "Inget väntar" in editor.get("/editor/inbox/utterances").text
