"""Our pipeline beside Rasa's stock one (DIET): trained on the same texts, asked the same texts, timed the same way."""

import json
import os
import random
import resource
import statistics
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from sklearn.metrics import f1_score

from assistant.settings import ROOT
from assistant.training import ENGINE_PYTHON, engine_environment

OURS = ROOT / "config.yml"
STOCK = ROOT / "assistant" / "stock_pipeline.yml"
SEED = 1


@dataclass(frozen=True)
class Measured:
    """How one pipeline did. Times in seconds and milliseconds of this machine as it was then; memory in megabytes."""

    pipeline: str
    accuracy: float
    macro_f1: float
    train_s: float
    train_cpu_s: float
    load_s: float
    p50_ms: float
    p95_ms: float
    memory_mb: float


def compare(*, data: Path, test: Path, an_intent: int | None) -> Iterator[Measured]:
    """Yield our pipeline's figures, then the stock pipeline's.

    Args:
        data: folder or file of Rasa NLU YAML, of any intents.
        test: JSON lines with `text` and `intent`.
        an_intent: most training texts an intent, drawn by chance, the same for both; None for all.
    """
    asked = [json.loads(line) for line in test.read_text(encoding="utf-8").splitlines() if line.strip()]
    with tempfile.TemporaryDirectory() as folder:
        nlu = Path(folder) / "nlu.yml"
        nlu.write_text(as_rasa_yaml(chosen(data, an_intent)), encoding="utf-8")
        for name, config, mode in (("ours", OURS, ["lean"]), ("stock (DIET)", STOCK, [])):
            yield _measure(name, config, mode, nlu, asked)


def table(measured: Sequence[Measured]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    yield "| Pipeline | Accuracy | Macro F1 | Training | Load | A text, p50 / p95 | Memory |"
    yield "|---|---|---|---|---|---|---|"
    for one in measured:
        yield (
            f"| {one.pipeline} | {one.accuracy:.3f} | {one.macro_f1:.3f} | {one.train_s:.0f} s"
            f" ({one.train_cpu_s:.0f} s CPU) | {one.load_s:.1f} s | {one.p50_ms:.1f} / {one.p95_ms:.1f} ms"
            f" | {one.memory_mb:.0f} MB |"
        )


def chosen(data: Path, an_intent: int | None) -> dict[str, list[str]]:
    """Return the training texts by intent, at most so many an intent, drawn by chance but the same each time."""
    texts: dict[str, list[str]] = defaultdict(list)
    for file in sorted(data.rglob("*.yml")) if data.is_dir() else [data]:
        for block in yaml.safe_load(file.read_text(encoding="utf-8")).get("nlu", []):
            if "intent" in block:
                texts[block["intent"]] += [line.removeprefix("- ") for line in block["examples"].splitlines()]
    chance = random.Random(SEED)  # noqa: S311 - a sample, not a secret
    return {
        intent: chance.sample(lines, min(an_intent, len(lines))) if an_intent else lines
        for intent, lines in texts.items()
    }


def as_rasa_yaml(texts: dict[str, list[str]]) -> str:
    """Return training texts by intent as Rasa reads them."""
    blocks = [
        {"intent": intent, "examples": "".join(f"- {line}\n" for line in lines)} for intent, lines in texts.items()
    ]
    return yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True)


def _measure(name: str, config: Path, mode: list[str], nlu: Path, asked: list[dict[str, str]]) -> Measured:
    before, started = _children_cpu(), _clock()
    command = [str(ENGINE_PYTHON), "-m", "rasa", "train", "nlu", "--config", str(config), "--nlu", str(nlu)]
    command += ["--out", str(nlu.parent), "--fixed-model-name", config.stem]
    environment = engine_environment(cache=nlu.parent / "cache")
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    train_s, train_cpu_s = _clock() - started, _children_cpu() - before
    model = nlu.parent / f"{config.stem}.tar.gz"
    read = subprocess.run(
        [str(ENGINE_PYTHON), "-W", "ignore", "-m", "assistant.dialogue.timed_understanding", str(model), *mode],
        cwd=ROOT,
        env=environment,
        input=json.dumps([one["text"] for one in asked]),
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=True,
    )
    done = json.loads(read.stdout[read.stdout.index('{"load_s"') :])
    right = [one["intent"] for one in asked]
    taken = [intent or "" for intent in done["intents"]]
    cuts = statistics.quantiles(done["milliseconds"], n=20)
    return Measured(
        pipeline=name,
        accuracy=statistics.mean(one == other for one, other in zip(right, taken, strict=True)),
        macro_f1=float(f1_score(right, taken, labels=sorted(set(right)), average="macro")),
        train_s=train_s,
        train_cpu_s=train_cpu_s,
        load_s=done["load_s"],
        p50_ms=cuts[9],
        p95_ms=cuts[18],
        memory_mb=done["memory_mb"],
    )


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _clock() -> float:
    return os.times().elapsed
