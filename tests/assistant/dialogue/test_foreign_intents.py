"""The pipeline learns any Rasa training texts with the same config.yml: other intents, no texts of ours."""

import json
import subprocess
from pathlib import Path

import pytest

from assistant.settings import ROOT
from assistant.training import ENGINE_PYTHON, engine_environment

FOREIGN = """
version: "3.1"
nlu:
- intent: play_music
  examples: |
    - spela lite musik
    - sätt på [jazz](genre)
    - jag vill höra en låt
- intent: weather/today
  examples: |
    - hur blir vädret
    - regnar det i [Umeå](city)
    - behöver jag paraply
"""


@pytest.mark.slow
@pytest.mark.timeout(900)  # Rasa alone takes half a minute of processor time to start, twice
def test_other_intents_are_learnt_and_read_without_tensorflow(tmp_path: Path) -> None:
    texts = tmp_path / "nlu.yml"
    texts.write_text(FOREIGN, encoding="utf-8")
    environment = engine_environment(cache=tmp_path / "cache")
    train = ["rasa", "train", "nlu", "--config", "config.yml", "--nlu", str(texts), "--out", str(tmp_path)]
    _engine("-m", *train, "--fixed-model-name", "foreign", environment=environment)
    read = ["-m", "assistant.dialogue.timed_understanding", str(tmp_path / "foreign.tar.gz"), "lean"]
    asked = json.dumps(["spela en låt", "blir det regn i dag"])
    printed = _engine(*read, environment=environment, asked=asked)
    assert json.loads(printed[printed.index('{"load_s"') :])["intents"] == ["play_music", "weather"]


def _engine(*arguments: str, environment: dict[str, str], asked: str = "") -> str:
    command = [str(ENGINE_PYTHON), "-W", "ignore", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, input=asked, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-2000:]
    return done.stdout
