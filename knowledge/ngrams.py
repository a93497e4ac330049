"""Texts as letter sequences, which stand up to misspelling, compounds and endings."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

from knowledge.text import fold, normalise

_hashing = HashingVectorizer(
    analyzer="char_wb", ngram_range=(3, 5), n_features=2**18, alternate_sign=False, norm=None, dtype=np.float32
)


def count(texts: Sequence[str]) -> sparse.csr_matrix:
    """Return how often each sequence of three to five letters stands in each text."""
    return _hashing.transform([fold(normalise(text)) for text in texts])


def rarity(counts: sparse.csr_matrix) -> NDArray[np.float64]:
    """Return how much each sequence says: the rarer, the more (smoothed idf)."""
    present = np.bincount(counts.indices, minlength=counts.shape[1])
    idf: NDArray[np.float64] = np.log((1 + counts.shape[0]) / (1 + present)) + 1
    return idf


def weighted(counts: sparse.csr_matrix, idf: NDArray[np.floating]) -> sparse.csr_matrix:
    """Return rows of length one, of damped counts times `idf`."""
    rows = counts.copy()
    rows.data = ((1 + np.log(rows.data)) * idf[rows.indices]).astype(np.float32)
    return normalize(rows)
