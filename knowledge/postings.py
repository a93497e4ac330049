"""Which units (articles, passages or questions) hold a term, and how much that says about them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from knowledge.analysis import Terms

Floats = NDArray[np.float32]

K1 = 1.2
B = 0.6


class Bm25:
    """Okapi BM25 (Robertson and Zaragoza, 2009) over units, as shares of the most that a question can reach."""

    def __init__(self, units: Sequence[Terms], ids: dict[str, int]) -> None:
        self._ids = ids
        self._size = len(units)
        matrix = _matrix(units, ids)
        present = np.bincount(matrix.indices, minlength=matrix.shape[1])
        self._idf = np.log1p((self._size - present + 0.5) / (present + 0.5)).astype(np.float32)
        lengths = np.asarray(matrix.sum(axis=1)).ravel()
        norm = K1 * (1 - B + B * lengths / max(lengths.mean(), 1e-9)) if self._size else lengths
        rows = np.repeat(np.arange(self._size), np.diff(matrix.indptr))
        matrix.data = (matrix.data * (K1 + 1) / (matrix.data + norm[rows]) * self._idf[matrix.indices]).astype(
            np.float32
        )
        self._postings = matrix.tocsc()
        self._rarest = float(np.log1p(self._size * 2 + 1))

    def scores(self, question: Terms) -> Floats:
        """Return the score of every unit, 0 to about 2.2 (a short unit that holds all of the question)."""
        known = [(self._ids[term], weight) for term, weight in question.items() if term in self._ids]
        total = sum(float(self._idf[one]) * weight for one, weight in known)
        total += sum(weight for term, weight in question.items() if term not in self._ids) * self._rarest
        return _sum_of(self._postings, known) / max(total, 1e-9)


class Cosine:
    """Cosine between a question's sparse row and those of the units, each already of length one."""

    def __init__(self, matrix: sparse.csr_matrix) -> None:
        self._postings = matrix.tocsc()

    def scores(self, row: sparse.csr_matrix) -> Floats:
        """Return the cosine with every unit."""
        return _sum_of(self._postings, list(zip(row.indices.tolist(), row.data.tolist(), strict=True)))


def _matrix(units: Sequence[Terms], ids: dict[str, int]) -> sparse.csr_matrix:
    indices = np.fromiter((ids[term] for unit in units for term in unit), dtype=np.int32)
    data = np.fromiter((weight for unit in units for weight in unit.values()), dtype=np.float32)
    indptr = np.cumsum([0, *(len(unit) for unit in units)])
    return sparse.csr_matrix((data, indices, indptr), shape=(len(units), len(ids)))


def _sum_of(postings: sparse.csc_matrix, wanted: Sequence[tuple[int, float]]) -> Floats:
    """Add up the wanted columns, each times its weight."""
    size = postings.shape[0]
    held = [slice(postings.indptr[column], postings.indptr[column + 1]) for column, _ in wanted]
    if not held:
        return np.zeros(size, dtype=np.float32)
    units = np.concatenate([postings.indices[one] for one in held])
    shares = np.concatenate(
        [postings.data[one] * np.float32(weight) for one, (_, weight) in zip(held, wanted, strict=True)]
    )
    return np.bincount(units, weights=shares, minlength=size).astype(np.float32)
