"""How texts are looked at as n-grams."""

import numpy as np
import pytest

from assistant.dialogue.ngrams import NgramView

TEXTS = ["jag väger sextio kilo", "jag är yr", "blodtrycket är högt", "jag mår bra"]


@pytest.fixture
def view() -> NgramView:
    """Words and pairs of words of a few texts."""
    view = NgramView(ngram_range=(1, 2), token_pattern=r"\w+")
    view.fit_transform(TEXTS)
    return view


def test_a_text_has_length_one_however_long_it_is(view: NgramView) -> None:
    rows = view.transform(TEXTS)

    assert np.allclose(np.sqrt(rows.multiply(rows).sum(axis=1)), 1.0)


def test_a_rare_word_weighs_more_than_a_common_one(view: NgramView) -> None:
    common, rare = view.transform(["jag högt"]), view.transform(["jag", "högt"])
    weights = {name: common[0, row.indices[0]] for name, row in zip(("jag", "högt"), rare, strict=True)}

    assert weights["högt"] > weights["jag"]


def test_a_text_of_unknown_words_weighs_nothing_and_is_not_known(view: NgramView) -> None:
    assert view.transform(["xyzzy plugh"]).nnz == 0
    assert not view.knows_any("xyzzy plugh")
    assert view.knows_any("xyzzy yr")


def test_what_was_fitted_and_what_is_asked_get_the_same_weights() -> None:
    view = NgramView(ngram_range=(2, 4), analyzer="char_wb")
    fitted = view.fit_transform(TEXTS)

    assert (fitted != view.transform(TEXTS)).nnz == 0
