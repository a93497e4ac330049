"""Training the dialogue model: once for each state of its sources, in the dialogue environment."""

import hashlib
import os
import subprocess
from pathlib import Path

from assistant.settings import ROOT, Settings

SOURCES = ("config.yml", "nlu_data/train", "assistant/dialogue")
ENGINE_PYTHON = ROOT / ".venv-dialogue" / "bin" / "python"
TRAINING_DATA = ("nlu_data/train", "assistant/dialogue/rules")


class TrainingError(RuntimeError):
    """Training failed; the message holds the end of what Rasa printed."""


def model_path(settings: Settings) -> Path:
    """Return where the model of the present sources is, or will be."""
    return settings.model_dir / f"dialogue-{_fingerprint()}.tar.gz"


def train(settings: Settings, *, force: bool = False) -> Path:
    """Return the model of the present sources, training it if there is none (about half a minute on two cores).

    Raises:
        TrainingError: Rasa refused the sources.
    """
    model = model_path(settings)
    if model.exists() and not force:
        return model
    settings.model_dir.mkdir(parents=True, exist_ok=True)
    command = [
        *(str(ENGINE_PYTHON), "-m", "rasa", "train", "--config", "config.yml", "--domain", "assistant/dialogue/domain"),
        *("--data", *TRAINING_DATA, "--out", str(settings.model_dir)),
        *("--fixed-model-name", model.name.removesuffix(".tar.gz")),
    ]
    environment = {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "RASA_CACHE_DIRECTORY": str(settings.model_dir / "cache"),
    }
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode or not model.exists():
        raise TrainingError((done.stdout + done.stderr)[-3000:])
    for old in settings.model_dir.glob("dialogue-*.tar.gz"):
        if old != model:
            old.unlink()
    return model


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
