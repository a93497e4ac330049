"""How well a labelled set is understood: figures for the terminal, and one self-contained page for the content team."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assistant import understanding

TEMPLATE = "nlu_report.html"
UNNAMED_KIND = "okänd"
STEPS = 10
"""Steps of the calibration curve; each holds a tenth of the scale of confidence."""
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Reading:
    """One text of a labelled set, what it means and what it was taken for."""

    text: str
    kind: str
    meant: str
    taken: str
    confidence: float

    @property
    def is_right(self) -> bool:
        """Tell whether it was understood."""
        return self.meant == self.taken


@dataclass(frozen=True)
class Scores:
    """Precision, recall and their harmonic mean of one intent, 0 to 1, and how many texts mean it."""

    intent: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Step:
    """The texts whose confidence lies in one step of the scale: how sure the model was, and how often it was right."""

    confidence: float
    right: float
    count: int


@dataclass(frozen=True)
class Report:
    """What was read of a labelled set."""

    name: str
    readings: tuple[Reading, ...]

    @cached_property
    def accuracy(self) -> float:
        """The share of texts that were understood."""
        return _share(self.readings)

    @cached_property
    def macro_f1(self) -> float:
        """The mean F1 of the intents that the set holds, each counted once."""
        scored = [one.f1 for one in self.intents if one.support]
        return sum(scored) / len(scored)

    @cached_property
    def intents(self) -> list[Scores]:
        """The scores of every intent that was meant or taken, the worst first."""
        pairs = [(one.meant, one.taken) for one in self.readings]
        names = {name for pair in pairs for name in pair}
        return sorted((_scores(name, pairs) for name in names), key=lambda one: (one.f1, one.intent))

    @cached_property
    def kinds(self) -> list[tuple[str, float, int]]:
        """Each kind of wording with its accuracy and its number of texts, the worst first."""
        by_kind: dict[str, list[Reading]] = defaultdict(list)
        for one in self.readings:
            by_kind[one.kind].append(one)
        return sorted(((kind, _share(some), len(some)) for kind, some in by_kind.items()), key=lambda one: one[1])

    @cached_property
    def confusions(self) -> list[tuple[str, str, list[Reading]]]:
        """What was meant, what it was taken for, and the texts; the commonest first."""
        wrong: dict[tuple[str, str], list[Reading]] = defaultdict(list)
        for one in self.readings:
            if not one.is_right:
                wrong[one.meant, one.taken].append(one)
        return sorted(((*pair, some) for pair, some in wrong.items()), key=lambda one: (-len(one[2]), one[:2]))

    @cached_property
    def calibration(self) -> list[Step]:
        """The steps of the scale of confidence that hold texts, from unsure to sure."""
        by_step: dict[int, list[Reading]] = defaultdict(list)
        for one in self.readings:
            by_step[min(int(one.confidence * STEPS), STEPS - 1)].append(one)
        return [
            Step(sum(one.confidence for one in some) / len(some), _share(some), len(some))
            for _, some in sorted(by_step.items())
        ]

    @cached_property
    def calibration_error(self) -> float:
        """How far confidence lies from being right, on average over the texts (expected calibration error)."""
        return sum(abs(one.confidence - one.right) * one.count for one in self.calibration) / len(self.readings)


def read(file: Path) -> Report:
    """Let the pipeline read the set: JSON lines with `text`, `intent` and, if known, the `kind` of wording."""
    wanted = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    readings = [
        Reading(
            text=one["text"],
            kind=one.get("kind", UNNAMED_KIND),
            meant=one["intent"],
            taken=understood["intent"],
            confidence=understood["confidence"],
        )
        for one, understood in zip(wanted, understanding.read(file), strict=True)
    ]
    return Report(file.stem, tuple(readings))


def lines(report: Report) -> Iterator[str]:
    """Yield accuracy, by kind of wording too, and the commonest confusions."""
    yield f"{'all':16s} {len(report.readings):5d} texts, {report.accuracy:.3f} right, macro F1 {report.macro_f1:.3f}"
    for kind, accuracy, count in report.kinds:
        yield f"{kind:16s} {count:5d} texts, {accuracy:.3f} right"
    yield f"confidence is off by {report.calibration_error:.3f}"
    for meant, taken, readings in report.confusions[:10]:
        yield f"{len(readings):3d} x {meant} taken for {taken}"


def page(report: Report) -> str:
    """Return the report as one HTML page that needs nothing else."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["share"] = lambda value: f"{value:.3f}".replace(".", ",")
    return environment.get_template(TEMPLATE).render(report=report)


def _share(readings: Sequence[Reading]) -> float:
    return sum(one.is_right for one in readings) / len(readings)


def _scores(intent: str, pairs: Pairs) -> Scores:
    count = Counter((meant == intent, taken == intent) for meant, taken in pairs)
    right = count[True, True]
    taken, support = right + count[False, True], right + count[True, False]
    return Scores(
        intent=intent,
        precision=right / taken if taken else 0.0,
        recall=right / support if support else 0.0,
        f1=2 * right / (taken + support),
        support=support,
    )
