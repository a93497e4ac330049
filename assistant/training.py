"""Training the dialogue model: once for each state of its sources, in the dialogue environment."""

import hashlib
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from assistant.settings import ROOT, Settings

SOURCES = ("config.yml", "nlu_data/train", "nlu_data/lookup/word_classes.yml", "assistant/dialogue")
ENGINE_PYTHON = ROOT / ".venv-dialogue" / "bin" / "python"
TRAINING_DATA = ("nlu_data/train", "assistant/dialogue/rules")
TRAINED = re.compile(r"Finished training component '(\w+)'")
REUSED = re.compile(r"Restored component '(\w+)' from cache")
"""How Rasa's log says what it did. It goes by each component's settings, code and training texts."""


class TrainingError(RuntimeError):
    """Training failed; the message holds the end of what Rasa printed."""


def model_path(settings: Settings) -> Path:
    """Return where the model of the present sources is, or will be."""
    return settings.model_dir / f"dialogue-{_fingerprint()}.tar.gz"


def train(settings: Settings, *, force: bool = False, told: Callable[[str], None] = lambda _: None) -> Path:
    """Return the model of the present sources, training what has changed (the intents take about a minute).

    Args:
        settings: say where the models are.
        force: train everything anew.
        told: gets a line on each part, whether it was trained or taken from an earlier training.

    Raises:
        TrainingError: Rasa refused the sources.
    """
    model = model_path(settings)
    if model.exists() and not force:
        told("nothing has changed since the last training")
        return model
    settings.model_dir.mkdir(parents=True, exist_ok=True)
    command = [
        *(str(ENGINE_PYTHON), "-m", "rasa", "train", "--config", "config.yml", "--domain", "assistant/dialogue/domain"),
        *("--data", *TRAINING_DATA, "--out", str(settings.model_dir)),
        *("--fixed-model-name", model.name.removesuffix(".tar.gz"), *(["--force"] if force else [])),
    ]
    environment = engine_environment(cache=settings.model_dir / "cache")
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode or not model.exists():
        raise TrainingError((done.stdout + done.stderr)[-3000:])
    for line in _what_was_done(done.stdout + done.stderr):
        told(line)
    for old in settings.model_dir.glob("dialogue-*.tar.gz"):
        if old != model:
            old.unlink()
    return model


def _what_was_done(log: str) -> list[str]:
    """Return a line on each component, from what Rasa logged."""
    trained = sorted(set(TRAINED.findall(log)))
    reused = sorted(set(REUSED.findall(log)) - set(trained))
    return [f"trained: {name}" for name in trained] + [f"reused: {name}" for name in reused]


def engine_environment(*, cache: Path) -> dict[str, str]:
    """Return the variables under which Rasa trains; components that have not changed come from the folder `cache`."""
    return {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "RASA_CACHE_DIRECTORY": str(cache),
    }


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for source in SOURCES:
        path = ROOT / source
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.suffix in (".yml", ".yaml", ".py", ".txt", ".tsv", ".csv"):
                digest.update(str(file.relative_to(ROOT)).encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
