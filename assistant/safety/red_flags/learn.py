"""Learning what messages mean: `vigor red-flags train`, whose weights are kept in the repository beside the rules.

They are kept, and not made at every installation, so that what clinicians tried is what runs.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from scipy.sparse import csr_matrix

from assistant.safety.red_flags import meaning
from assistant.safety.red_flags.layer import alarms, fires, noticed_in
from assistant.safety.red_flags.load import FOLDER, Level
from assistant.safety.red_flags.meaning import OUTCOMES, VIEWS, Judges, Meaning, Noticed
from assistant.settings import ROOT

EXAMPLES = ROOT / "nlu_data" / "red_flags"
"""JSON lines {"text", "red_flag": "emergency", "self_harm" or null}: signs, and their look-alikes."""
UTTERANCES = ROOT / "nlu_data" / "train"
"""What people say else; those of the intents of the same names are signs."""
ENTITY = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")
REGULARISATION = 30.0
"""The inverse of its strength, as scikit-learn has it; chosen, like the thresholds, on texts that were not learnt."""
FEWEST_TEXTS = 2
"""What only one text has is left out."""
LEAST_WEIGHT = 0.02
"""Weights below this in every outcome change no decision; most are, and without them the file is small."""


@dataclass(frozen=True)
class Example:
    """A text, what it is, and what there is to notice in it, and around the rules' words if it has any."""

    text: str
    level: Level | None
    whole: Noticed
    around: Noticed | None


def train() -> None:
    """Learn the judges and write them beside their module (a minute or two)."""
    examples = [one for file in sorted(EXAMPLES.glob("*.jsonl")) for one in read(file)]
    fit([*examples, *utterances()]).save(fingerprint())
    meaning.judges.cache_clear()


def read(file: Path) -> Iterator[Example]:
    """Yield the examples of a file."""
    for line in file.read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        yield _example(one["text"], one["red_flag"])


def utterances() -> Iterator[Example]:
    """Yield what was written for the intents."""
    for file in sorted(UTTERANCES.rglob("*.yml")):
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            if "intent" in block:
                level = next((level for level in OUTCOMES if level == block["intent"]), None)
                for line in block["examples"].splitlines():
                    yield _example(ENTITY.sub(r"\1", line.removeprefix("- ")), level)


def fingerprint() -> str:
    """Return what the judge is learnt from in short: the examples, the rules, and how they are looked at."""
    files = [*sorted(EXAMPLES.glob("*.jsonl")), *sorted(FOLDER.glob("*.yml")), FOLDER / "meaning.py"]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def fit(examples: Sequence[Example]) -> Judges:
    """Learn both judges."""
    levels = [one.level for one in examples]
    around = [(one.around, one.level) for one in examples if one.around]
    return Judges(
        whole=_fit([one.whole for one in examples], levels),
        around=_fit([noticed for noticed, _ in around], [level for _, level in around]),
    )


def _fit(noticed: Sequence[Noticed], levels: Sequence[Level | None]) -> Meaning:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - seconds and 70 MB that only learning needs

    columns, rarity = _known(noticed)
    blank = Meaning(columns, rarity, np.zeros((len(columns), len(OUTCOMES)), np.float32), np.zeros(3, np.float32))
    judge = LogisticRegression(C=REGULARISATION, max_iter=500)
    judge.fit(_matrix(blank, noticed, len(columns)), [OUTCOMES.index(level) for level in levels])
    weights = judge.coef_.T.astype(np.float32)
    weights[(np.abs(weights) < LEAST_WEIGHT).all(axis=1)] = 0
    return Meaning(columns, rarity, weights, judge.intercept_.astype(np.float32))


def _example(text: str, level: Level | None) -> Example:
    return Example(text, level, *noticed_in(text))


def _known(noticed: Sequence[Noticed]) -> tuple[np.ndarray, np.ndarray]:
    """Return the columns that enough texts have, sorted, and how much each says: the rarer, the more (smoothed idf)."""
    texts_with = np.zeros(meaning.COLUMNS, dtype=np.int32)
    for one in noticed:
        for view in VIEWS:
            texts_with[np.unique(one.columns[view])] += 1
    columns = np.flatnonzero(texts_with >= FEWEST_TEXTS).astype(np.int32)
    return columns, (np.log((1 + len(noticed)) / (1 + texts_with[columns])) + 1).astype(np.float32)


def _matrix(judge: Meaning, noticed: Sequence[Noticed], columns: int) -> csr_matrix:
    """Return a row a text of what each known column counts in it."""
    rows, places, values = [], [], []
    for row, one in enumerate(noticed):
        for view in VIEWS:
            where, counts = judge.values(one, view)
            rows.append(np.full(len(where), row))
            places.append(where)
            values.append(counts)
    shape = (len(noticed), columns)
    return csr_matrix((np.concatenate(values), (np.concatenate(rows), np.concatenate(places))), shape=shape)


@dataclass(frozen=True)
class HeldOut:
    """What the rules, and the layer with a judge that was not taught it, say of an example."""

    file: str
    example: Example
    by_rules: bool
    by_layer: bool


def held_out() -> Iterator[HeldOut]:
    """Yield every example as judges see it that were taught all files but its own: on this thresholds are chosen."""
    said = list(utterances())
    files = {file.stem: list(read(file)) for file in sorted(EXAMPLES.glob("*.jsonl"))}
    for name, asked in files.items():
        others = [one for other, theirs in files.items() if other != name for one in theirs]
        judges = fit([*others, *said])
        for one in asked:
            yield HeldOut(name, one, fires(one.text), alarms(one.text, judges))
