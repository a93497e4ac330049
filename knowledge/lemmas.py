"""Base forms of Swedish words: spaCy's table of 660,000 forms, laid out so that it is read in place from the disk.

The forms are kept as sorted 64-bit checksums, so that a word is looked up among them without any of them in memory.
"""

import gzip
import json
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import version
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
from numpy.typing import NDArray

from assistant.settings import Settings, get_settings

PACKAGE = "spacy_lookups_data"
PARTS = ("forms", "base_of", "ends", "letters")
SHORTEST_FORM = 4
"""Shorter forms are left out, as most of them are ambiguous."""


class Lemmas:
    """Word form -> base form, and whether a word is Swedish at all."""

    def __init__(self, folder: Path) -> None:
        """Open the table that `write` made."""
        self._forms, self._base_of, self._ends, self._letters = (
            np.asarray(np.load(folder / f"{part}.npy", mmap_mode="r")) for part in PARTS
        )
        self._cached_base = lru_cache(maxsize=50_000)(self._base)

    def base(self, word: str) -> str:
        """Return the base form, or the word itself."""
        return self._cached_base(word)

    def is_swedish(self, word: str) -> bool:
        """Say whether the word is a form in the table."""
        return self._place(word) is not None

    def _base(self, word: str) -> str:
        place = self._place(word)
        if place is None:
            return word
        base = int(self._base_of[place])
        start = int(self._ends[base - 1]) if base else 0
        return self._letters[start : int(self._ends[base])].tobytes().decode()

    def _place(self, word: str) -> int | None:
        wanted = _checksum(word)
        place = int(self._forms.searchsorted(wanted))
        return place if place < len(self._forms) and self._forms[place] == wanted else None


@lru_cache
def ready() -> Lemmas:
    """Return the table, laying it out first if nobody has (two seconds)."""
    return Lemmas(prepare(get_settings()))


def prepare(settings: Settings) -> Path:
    """Return the folder of the table, whole or not there at all."""
    folder = settings.var_dir / "lemmas" / version(PACKAGE)
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(mkdtemp(dir=folder.parent))
        write(_table(), draft)
        try:
            draft.rename(folder)
        except OSError:
            if not folder.exists():
                raise
    return folder


def write(table: dict[str, str], folder: Path) -> None:
    """Lay out a table of form -> base form."""
    bases = sorted(set(table.values()))
    places = {base: place for place, base in enumerate(bases)}
    complete = {base: base for base in bases} | table
    forms = np.fromiter((_checksum(form) for form in complete), dtype=np.uint64)
    base_of = np.fromiter((places[base] for base in complete.values()), dtype=np.int32)
    order = np.argsort(forms)
    encoded = [base.encode() for base in bases]
    letters = np.frombuffer(b"".join(encoded), dtype=np.uint8)
    ends = np.fromiter(accumulate(map(len, encoded)), dtype=np.int32)
    parts: tuple[NDArray[np.generic], ...] = (forms[order], base_of[order], ends, letters)
    for part, held in zip(PARTS, parts, strict=True):
        np.save(folder / f"{part}.npy", held)


def _checksum(word: str) -> np.uint64:
    return np.uint64(int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little"))


def _table() -> dict[str, str]:
    """Read spaCy's table without loading spaCy."""
    package = find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise ModuleNotFoundError(PACKAGE)
    path = Path(package.origin).parent / "data" / "sv_lemma_lookup.json.gz"
    table: dict[str, str] = json.loads(gzip.decompress(path.read_bytes()))
    return {form.lower(): base.lower() for form, base in table.items() if len(form) >= SHORTEST_FORM}
