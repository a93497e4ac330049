"""What the assistant understands of texts: red flag first, then the dialogue engine's own pipeline."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant import training
from assistant.safety import red_flags
from assistant.settings import ROOT, get_settings


def read(file: Path) -> Iterator[dict[str, Any]]:
    """Yield {"text", "intent", "confidence", "entities", "red_flag"} for every {"text"} line of `file`."""
    texts = [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    for text, understood in zip(texts, _parse(texts), strict=True):
        yield {"text": text, **understood, **_red_flag(text)}


def _red_flag(text: str) -> dict[str, str]:
    """Return the level of danger, the rule that raised it (or "meaning") and the words that weighed most."""
    flag = red_flags.check(text)
    if flag is None:
        return {"red_flag": "none"}
    return {"red_flag": flag.level, "red_flag_by": flag.rule_id, "red_flag_phrase": flag.phrase}


def _parse(texts: list[str]) -> Iterator[dict[str, Any]]:
    """Let the pipeline of the dialogue environment read the texts, in one process."""
    model = training.train(get_settings())
    command = [str(training.ENGINE_PYTHON), "-W", "ignore", "-m", "assistant.dialogue.understand", str(model)]
    lines = "".join(json.dumps(text, ensure_ascii=False) + "\n" for text in texts)
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, input=lines, stdout=subprocess.PIPE, text=True, check=True, encoding="utf-8"
    )
    return (json.loads(line) for line in done.stdout.splitlines())
