"""Scripted conversations: what a patient says, line by line, against the running service.

A script is a YAML list: a plain text is typed; `{press: label}` presses a choice.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from assistant.chat_client import ChatClient


def play(script: Path, patient: str) -> Iterator[dict[str, Any]]:
    """Yield every message of the conversation as it comes: {"sender", "text", "kind", "choices", "data"}."""
    screen = ChatClient(patient)
    try:
        for line in yaml.safe_load(script.read_text(encoding="utf-8")):
            pressed = line.get("press") if isinstance(line, dict) else None
            yield {"sender": "patient", "text": pressed or line}
            for message in screen.press(pressed) if pressed else screen.say(line):
                yield {
                    "sender": message["sender"],
                    "text": message["text"],
                    "kind": message["kind"],
                    "choices": [choice["label"] for choice in message["choices"]],
                    "data": message["data"],
                }
    finally:
        screen.close()
