"""The policy and the channel, which need Rasa: their tests run in the dialogue environment, which has no pytest."""

import os
import subprocess

import pytest

from assistant.settings import ROOT
from assistant.training import ENGINE_PYTHON

FOLDER = ROOT / "tests" / "assistant" / "dialogue" / "engine"
MODULES = sorted(path.stem for path in FOLDER.glob("*_cases.py"))


@pytest.mark.slow
@pytest.mark.parametrize("module", MODULES)
def test_in_the_dialogue_environment(module: str) -> None:
    done = subprocess.run(
        [ENGINE_PYTHON, "-W", "ignore", "-m", "unittest", f"tests.assistant.dialogue.engine.{module}"],
        cwd=ROOT,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "OK" in done.stderr
