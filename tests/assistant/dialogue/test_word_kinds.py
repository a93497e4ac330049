"""Words are known by their kind in every form, and compounds by their last part."""

import pytest

from assistant.dialogue.text import fold
from assistant.dialogue.word_kinds import WordKinds


@pytest.fixture(scope="module")
def kinds() -> WordKinds:
    """Three kinds, one word in two of them."""
    return WordKinds({"clinician": ["läkare"], "food": ["fisk", "gröt"], "animal": ["fisk"], "ice": ["is"]})


@pytest.mark.parametrize("word", ["läkare", "läkaren", "läkarna", "hjärtläkare", "hjärtläkaren", "lakaren"])
def test_forms_compounds_and_missing_dots_are_known(kinds: WordKinds, word: str) -> None:
    assert kinds.of(fold(word)) == ("clinician",)


def test_a_word_of_two_kinds_has_both_as_listed(kinds: WordKinds) -> None:
    assert kinds.of("fisken") == ("food", "animal")


@pytest.mark.parametrize("word", ["kris", "avis", "banan", "x", ""])
def test_short_ends_and_strange_words_say_nothing(kinds: WordKinds, word: str) -> None:
    assert kinds.of(word) == ()


def test_the_list_of_the_house_is_read() -> None:
    assert "tradesman" in WordKinds.read().of("frisoren")
