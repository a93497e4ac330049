"""How many signs the layer finds, and how often it cries wolf: `vigor red-flags measure`."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.safety.red_flags import layer, learn
from assistant.safety.red_flags.load import Level


@dataclass(frozen=True)
class Measured:
    """One labelled text: its kind (a sign, a look-alike, ordinary talk), and what raised an alarm."""

    kind: str
    text: str
    level: Level | None
    by_rules: bool
    by_layer: bool
    phrase: str = ""

    @property
    def is_right(self) -> bool:
        """Whether the layer did what it should."""
        return self.by_layer == (self.level is not None)


def measure(file: Path) -> Iterator[Measured]:
    """Yield what the layer makes of every line {"text", "red_flag", "kind"} of a file.

    What the layer has learnt from is no measure of it: give it texts that are not in `nlu_data/red_flags`.
    """
    for line in file.read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        flag = layer.check(one["text"])
        yield Measured(
            kind=one.get("kind", "texts"),
            text=one["text"],
            level=one["red_flag"],
            by_rules=layer.fires(one["text"]),
            by_layer=flag is not None,
            phrase=flag.phrase if flag else "",
        )


def held_out() -> Iterator[Measured]:
    """Yield what a layer that was not taught a text's file makes of it, for every example (some minutes)."""
    for one in learn.held_out():
        yield Measured(
            kind=f"{one.file}: {'signs' if one.example.level else 'others'}",
            text=one.example.text,
            level=one.example.level,
            by_rules=one.by_rules,
            by_layer=one.by_layer,
        )


def table(measured: Iterable[Measured]) -> Iterator[str]:
    """Yield the lines of a Markdown table: the share with an alarm, by kind."""
    by_kind: dict[str, list[Measured]] = defaultdict(list)
    for one in measured:
        by_kind[one.kind].append(one)
    yield "| Texts | Number | Alarm by rules | Alarm |"
    yield "|---|---|---|---|"
    for kind, those in by_kind.items():
        by_rules = sum(one.by_rules for one in those) / len(those)
        by_layer = sum(one.by_layer for one in those) / len(those)
        yield f"| {kind} | {len(those)} | {by_rules:.3f} | {by_layer:.3f} |"
