"""N-grams of texts weighted by TF-IDF, kept by hash: a sixth of the memory of a table of strings, and quicker."""

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer

COLUMNS = 2**22
"""Of these some 150,000 are used, so that one n-gram in thirty shares its column with another."""


class NgramView:
    """One way to look at texts: the n-grams of an analyser, with their weights in the texts it was fitted to."""

    def __init__(self, **analyser: object) -> None:
        """Take the options of scikit-learn's text analysers: `analyzer`, `ngram_range`, `token_pattern`."""
        self._hasher = HashingVectorizer(
            n_features=COLUMNS, alternate_sign=False, norm=None, dtype=np.float32, lowercase=False, **analyser
        )
        self._columns = np.zeros(0, dtype=np.int32)
        self._rarity = np.zeros(0, dtype=np.float32)

    def fit_transform(self, texts: list[str]) -> csr_matrix:
        """Learn which n-grams there are and how rare they are, and return the texts' weights."""
        counts = self._hasher.transform(texts)
        self._columns, texts_with = np.unique(counts.indices, return_counts=True)
        self._rarity = (np.log((1 + len(texts)) / (1 + texts_with)) + 1).astype(np.float32)
        return self._weighted(counts)

    def transform(self, texts: list[str]) -> csr_matrix:
        """Return the weights of texts, a row a text of length 1 (0 if nothing in it is known), a column an n-gram."""
        return self._weighted(self._hasher.transform(texts))

    def knows_any(self, text: str) -> bool:
        """Tell whether any n-gram of the text has been seen."""
        _, known = self._places(self._hasher.transform([text]))
        return bool(known.any())

    def _places(self, counts: csr_matrix) -> tuple[np.ndarray, np.ndarray]:
        """Return, for each n-gram counted, its place among ours and whether it is one of them."""
        places = np.searchsorted(self._columns, counts.indices)
        places[places == len(self._columns)] = 0
        return places, self._columns[places] == counts.indices

    def _weighted(self, counts: csr_matrix) -> csr_matrix:
        places, known = self._places(counts)
        rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))[known]
        places = places[known]
        weights = (1 + np.log(counts.data[known])) * self._rarity[places]
        lengths = np.sqrt(np.bincount(rows, weights=weights**2, minlength=counts.shape[0]))
        starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=counts.shape[0]))])
        normed = (weights / lengths[rows]).astype(np.float32)
        return csr_matrix((normed, places, starts), shape=(counts.shape[0], len(self._columns)))
