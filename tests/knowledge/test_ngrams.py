"""Letter sequences are counted the same way every time, and weighed rows have length one."""

import numpy as np

from knowledge import ngrams


def test_marks_and_case_make_no_difference() -> None:
    one, other = ngrams.count(["Yrsel på höger sida", "yrsel pa hoger SIDA"])
    assert (one != other).nnz == 0


def test_a_misspelling_shares_most_sequences() -> None:
    counts = ngrams.count(["blodtryck", "blodtrick", "paraply"])
    rows = ngrams.weighted(counts, ngrams.rarity(counts))
    likeness = (rows @ rows.T).toarray()
    assert likeness[0, 1] > 0.3 > likeness[0, 2]


def test_rows_have_length_one_and_an_empty_text_none() -> None:
    counts = ngrams.count(["yr", "", "a b"])
    rows = ngrams.weighted(counts, ngrams.rarity(counts))
    np.testing.assert_allclose(rows.power(2).sum(axis=1).A1, [1, 0, 1], rtol=1e-5)
