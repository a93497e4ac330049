"""What a message means, learnt from examples: what the red-flag layer has beside its rules.

Rules know the words they were given. People say the same in others ("gaffeln ramlar ur handen hela tiden"), and say the
rules' words when nothing is wrong. Linear judges over words, letters and what the rules found weigh all of it. Their
weights lie beside this module, made by `vigor red-flags train` from `nlu_data/red_flags`; the same text always gets the
same judgement, and the words that weighed most say why.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from assistant.safety.red_flags.load import Level
from assistant.safety.red_flags.normalise import fold

FOLDER = Path(__file__).parent
OUTCOMES: tuple[Level | None, ...] = (None, "emergency", "self_harm")
COLUMNS = 2**22
MOST_WORDS = 3
LETTERS = (2, 3, 4, 5)
VIEWS = {"word": 1.0, "letters": 1.5, "mark": 0.3}
"""How much each way of looking weighs. Marks weigh little: the rules were written on some of the examples."""
HEAVY = 0.5
"""What share of the heaviest word's weight makes a word one of those that speak for an alarm."""

Floats = NDArray[np.float32]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Noticed:
    """What there is to notice in a message, by way of looking: hashed columns, and the word where each one stands."""

    columns: dict[str, Whole]
    places: dict[str, Whole]
    words: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """How likely each level is, and the first, heaviest and last of the words that speak for the likelier one."""

    emergency: float
    self_harm: float
    first: int
    heaviest: int
    last: int

    @property
    def level(self) -> Level:
        """The likelier level of the two."""
        return "self_harm" if self.self_harm >= self.emergency else "emergency"

    @property
    def alarm(self) -> float:
        """How likely it is that something is wrong at all."""
        return self.emergency + self.self_harm


class Meaning:
    """A linear judge: a weight for each thing noticed and each outcome."""

    def __init__(self, columns: NDArray[np.int32], rarity: Floats, weights: Floats, bias: Floats) -> None:
        """Take what is known, all sorted by column; `weights` has a row a column and a column an outcome."""
        self._columns, self._rarity, self._weights, self._bias = columns, rarity, weights, bias

    def judge(self, noticed: Noticed) -> Judgement:
        """Return what the message means."""
        logits = self._bias.copy()
        by_word = np.zeros((noticed.words, len(OUTCOMES)), dtype=np.float32)
        for view in VIEWS:
            places, values = self.values(noticed, view)
            weighted = values[:, None] * self._weights[places]
            logits += weighted.sum(axis=0)
            self._share(weighted, places, noticed, view, by_word)
        likely = np.exp(logits - logits.max())
        likely /= likely.sum()
        outcome = 1 + int(np.argmax(likely[1:]))
        return Judgement(float(likely[1]), float(likely[2]), *_heaviest(by_word[:, outcome] - by_word[:, 0]))

    def values(self, noticed: Noticed, view: str) -> tuple[Whole, Floats]:
        """Return which known columns a view of the message has, and how much each counts: damped, rare ones more."""
        found, times = np.unique(noticed.columns[view], return_counts=True)
        places = np.searchsorted(self._columns, found).clip(max=len(self._columns) - 1)
        known = self._columns[places] == found
        places = places[known]
        values = (1 + np.log(times[known])).astype(np.float32) * self._rarity[places]
        length = np.sqrt((values**2).sum()) or np.float32(1)
        return places, VIEWS[view] * values / length

    def _share(self, weighted: Floats, places: Whole, noticed: Noticed, view: str, by_word: Floats) -> None:
        """Give every word its share of what the columns that it takes part in say."""
        if view == "mark" or not len(places):
            return
        at = np.searchsorted(self._columns[places], noticed.columns[view]).clip(max=len(places) - 1)
        known = self._columns[places][at] == noticed.columns[view]
        at = at[known]
        times = np.bincount(at, minlength=len(places))[at]
        np.add.at(by_word, noticed.places[view][known], weighted[at] / times[:, None])

    def save(self, path: Path, fingerprint: str) -> None:
        """Write the judge to a file, with the fingerprint of what it was learnt from."""
        np.savez_compressed(
            path,
            columns=self._columns,
            rarity=self._rarity.astype(np.float16),
            weights=self._weights.astype(np.float16),
            bias=self._bias,
            fingerprint=np.array(fingerprint),
        )

    @classmethod
    def load(cls, path: Path) -> "Meaning":
        """Read what `save` wrote."""
        with np.load(path) as kept:
            return cls(
                kept["columns"], kept["rarity"].astype(np.float32), kept["weights"].astype(np.float32), kept["bias"]
            )


@dataclass(frozen=True, slots=True)
class Judges:
    """The judge of whole messages, and the judge of what is said around the words that rules named."""

    whole: Meaning
    around: Meaning

    def save(self, fingerprint: str) -> None:
        """Write them beside this module."""
        self.whole.save(_path("whole"), fingerprint)
        self.around.save(_path("around"), fingerprint)


@lru_cache
def judges() -> Judges:
    """Return the judges that lie beside this module.

    Raises:
        FileNotFoundError: one is missing; the service must not start without its red flags.
    """
    return Judges(whole=Meaning.load(_path("whole")), around=Meaning.load(_path("around")))


def learnt_from() -> set[str]:
    """Return the fingerprints of what the judges beside this module were learnt from: one, if all is well."""
    found = set()
    for name in ("whole", "around"):
        with np.load(_path(name)) as kept:
            found.add(str(kept["fingerprint"]))
    return found


def _path(name: str) -> Path:
    return FOLDER / f"meaning_{name}.npz"


def notice(words: Sequence[str], marks: Sequence[str]) -> Noticed:
    """Return what there is to notice: words alone and in rows, letters of words, and the marks of the rules.

    Args:
        words: as the layer reads them.
        marks: concepts, rules and reasons found, as names.
    """
    folded = [fold(word) for word in words]
    rows = list(_rows(folded))
    letters = [_letters(word) for word in folded]
    return Noticed(
        columns={
            "word": np.array([_column(f"w:{row}") for _, row in rows], dtype=np.int64),
            "letters": np.array(list(chain.from_iterable(letters)), dtype=np.int64),
            "mark": np.array([_column(f"m:{mark}") for mark in marks], dtype=np.int64),
        },
        places={
            "word": np.array([place for place, _ in rows], dtype=np.int64),
            "letters": np.repeat(np.arange(len(folded)), [len(one) for one in letters]),
        },
        words=len(folded),
    )


def _rows(words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield every word and every row of two or three, with the place of its first word."""
    for place in range(len(words)):
        for length in range(1, MOST_WORDS + 1):
            if place + length <= len(words):
                yield place, " ".join(words[place : place + length])


@lru_cache(maxsize=50_000)
def _letters(word: str) -> tuple[int, ...]:
    ended = f" {word} "
    return tuple(
        _column(f"l:{ended[at : at + length]}") for length in LETTERS for at in range(max(1, len(ended) - length + 1))
    )


def _column(name: str) -> int:
    return crc32(name.encode()) % COLUMNS


def _heaviest(weights: Floats) -> tuple[int, int, int]:
    """Return the first of the words that weigh half as much as the heaviest or more, that one, and the last of them."""
    if not len(weights) or not (weights.max() > 0):
        return 0, 0, max(len(weights) - 1, 0)
    heavy = np.flatnonzero(weights >= HEAVY * weights.max())
    return int(heavy[0]), int(weights.argmax()), int(heavy[-1])
