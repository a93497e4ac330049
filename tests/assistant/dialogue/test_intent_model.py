"""The intent model learns from few texts, understands the mistyped and the unseen, and is kept as it was."""

from pathlib import Path

import pytest

from assistant.dialogue.intent_model import IntentModel, mistyped

TEXTS = {
    "ask_weight": ["vad väger jag", "hur mycket väger jag", "visa min vikt", "vikten tack", "har jag gått ner i vikt"],
    "book_appointment": [
        "boka en tid hos läkaren",
        "jag vill ha en läkartid",
        "boka besök",
        "ge mig en tid",
        "tid tack",
    ],
    "out_of_scope": ["boka en frisör", "vem vann matchen", "spela musik", "hur blir vädret", "laga min cykel"],
}


@pytest.fixture(scope="module")
def model() -> IntentModel:
    """A model of three intents."""
    model = IntentModel()
    model.fit(*zip(*[(text, intent) for intent, texts in TEXTS.items() for text in texts], strict=True))
    return model


def _best(model: IntentModel, text: str) -> str:
    return model.rank([text])[0][0][0]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Vad väger jag?", "ask_weight"),
        ("va vager jag", "ask_weight"),
        ("vikttt", "ask_weight"),
        ("boka tid hos sköterskan", "book_appointment"),
        ("boka en rörmokare", "out_of_scope"),
    ],
)
def test_what_is_meant_is_found_also_when_mistyped_or_of_a_kind_only(
    model: IntentModel, text: str, intent: str
) -> None:
    assert _best(model, text) == intent


def test_several_texts_are_ranked_as_each_alone(model: IntentModel) -> None:
    texts = ["visa vikten", "boka en tid"]
    alone = [model.rank([text])[0] for text in texts]
    for together, by_itself in zip(model.rank(texts), alone, strict=True):
        assert [name for name, _ in together] == [name for name, _ in by_itself]
        assert [confidence for _, confidence in together] == pytest.approx([sure for _, sure in by_itself])


def test_confidences_are_a_distribution(model: IntentModel) -> None:
    ranked = model.rank(["vad väger jag"])[0]
    assert sum(confidence for _, confidence in ranked) == pytest.approx(1.0)
    assert ranked == sorted(ranked, key=lambda one: -one[1])


def test_a_text_of_unseen_words_is_known_as_such(model: IntentModel) -> None:
    assert not model.knows("qwxz zzyk")
    assert model.knows("vikten qwxz")


def test_what_was_saved_answers_the_same(model: IntentModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    assert IntentModel.load(tmp_path).rank(["visa vikten"]) == model.rank(["visa vikten"])


@pytest.mark.parametrize("texts", [{"ja": ["ja"], "nej": ["nej"]}, {"a": ["ett", "två"], "b": ["tre"]}])
def test_very_few_texts_of_any_intents_are_enough(texts: dict[str, list[str]]) -> None:
    model = IntentModel()
    model.fit(*zip(*[(text, intent) for intent, some in texts.items() for text in some], strict=True))
    assert _best(model, next(iter(texts.values()))[0]) == next(iter(texts))


def test_slips_of_the_finger_are_the_same_every_time() -> None:
    assert mistyped(["hur mycket väger jag nu"]) == mistyped(["hur mycket väger jag nu"])
    assert mistyped(["hur mycket väger jag nu"]) != ["hur mycket väger jag nu"]
