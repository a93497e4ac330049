"""Sentence vectors. A static sentence-transformers model is read with numpy alone; any other by the library itself."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

Vectors = NDArray[np.float32]

STATIC = "StaticEmbedding"


class Encoder(Protocol):
    """Texts to vectors of length one."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row for each text."""


class StaticEncoder:
    """The mean of the vectors of a text's pieces of words. Loads in milliseconds, as it needs no torch."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._vectors = load_file(folder / "model.safetensors")["embedding.weight"].astype(np.float32)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row for each text; zeros for a text without a known piece."""
        pieces = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)]
        rows = np.zeros((len(pieces), self._vectors.shape[1]), dtype=np.float32)
        for row, ids in zip(rows, pieces, strict=True):
            if ids:
                row[:] = self._vectors[ids].sum(axis=0)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: Vectors = rows / np.maximum(lengths, 1e-9)
        return unit


class LibraryEncoder:
    """Any sentence-transformers model in a folder."""

    def __init__(self, folder: Path) -> None:
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - takes ten seconds, and is seldom needed

        self._model = SentenceTransformer(str(folder), device="cpu")

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row for each text."""
        return self._model.encode(list(texts), normalize_embeddings=True, convert_to_numpy=True).astype(np.float32)


def load(folder: Path) -> Encoder:
    """Read the sentence-transformers model in `folder`."""
    modules = json.loads((folder / "modules.json").read_text())
    if len(modules) <= 2 and modules[0]["type"].endswith(STATIC):
        return StaticEncoder(folder / modules[0]["path"])
    return LibraryEncoder(folder)
