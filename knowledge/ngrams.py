"""Texts as letter sequences, which stand up to misspelling, compounds and endings."""

from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from knowledge.text import fold, normalise

LENGTHS = (3, 4, 5)
COLUMNS = 2**18
NOTHING = np.array([], dtype=np.int64)


def count(texts: Sequence[str]) -> sparse.csr_matrix:
    """Return how often each sequence of three to five letters stands in each text, in `COLUMNS` hashed columns."""
    held = [_columns_of(text) for text in texts]
    rows = np.repeat(np.arange(len(texts)), [len(one) for one in held])
    places, times = np.unique(rows * COLUMNS + np.concatenate([NOTHING, *held]), return_counts=True)
    indptr = np.searchsorted(places, np.arange(len(texts) + 1) * COLUMNS)
    return sparse.csr_matrix((times.astype(np.float32), places % COLUMNS, indptr), shape=(len(texts), COLUMNS))


def rarity(counts: sparse.csr_matrix) -> NDArray[np.float32]:
    """Return how much each sequence says: the rarer, the more (smoothed idf)."""
    present = np.bincount(counts.indices, minlength=counts.shape[1])
    idf: NDArray[np.float32] = (np.log((1 + counts.shape[0]) / (1 + present)) + 1).astype(np.float32)
    return idf


def weighted(counts: sparse.csr_matrix, idf: NDArray[np.float32]) -> sparse.csr_matrix:
    """Return rows of length one, of damped counts times `idf`."""
    data = (1 + np.log(counts.data)) * idf[counts.indices]
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    lengths = np.sqrt(np.bincount(rows, weights=data**2, minlength=counts.shape[0]))
    unit = (data / lengths[rows]).astype(np.float32)
    return sparse.csr_matrix((unit, counts.indices, counts.indptr), shape=counts.shape)


def _columns_of(text: str) -> NDArray[np.int64]:
    return np.concatenate([NOTHING, *map(_columns, fold(normalise(text)).split())])


@lru_cache(maxsize=30_000)
def _columns(word: str) -> NDArray[np.int64]:
    """Return the column of every sequence of the word, whose ends count as letters; a short word is one sequence."""
    ended = f" {word} "
    sequences = [ended[start : start + length] for length in LENGTHS for start in range(len(ended) - length + 1)]
    return np.array([crc32(one.encode()) % COLUMNS for one in sequences or [ended]])
