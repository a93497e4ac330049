"""Scripted conversations: what a patient says, line by line, against the running service.

A script is a YAML list, or a mapping that holds the list as `turns`. A plain text or `{say: text}` is typed;
`{press: expression}` presses the newest choice whose label holds the expression; `{hear: words}` waits for a message
that comes by itself.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from assistant.chat_client import ChatClient, NoAnswerError

OPENING_TIMEOUT_S = 150.0
"""The round looks every minute for whom it is due."""

Turn = str | dict[str, Any]


def play(script: Path, patient: str) -> Iterator[dict[str, Any]]:
    """Yield every message of the conversation as it comes: {"sender", "text", "kind", "choices", "data"}."""
    read = yaml.safe_load(script.read_text(encoding="utf-8"))
    screen = ChatClient(patient)
    try:
        for turn in read["turns"] if isinstance(read, dict) else read:
            yield {"sender": "patient", "text": turn if isinstance(turn, str) else next(iter(turn.values()))}
            for message in take(screen, turn):
                yield {
                    "sender": message["sender"],
                    "text": message["text"],
                    "kind": message["kind"],
                    "choices": [choice["label"] for choice in message["choices"]],
                    "data": message["data"],
                }
    finally:
        screen.close()


def take(screen: ChatClient, turn: Turn) -> list[dict[str, Any]]:
    """Take one turn of a script and return the answer's messages. Raises NoAnswerError."""
    if isinstance(turn, str):
        return screen.say(turn)
    if "press" in turn:
        return screen.press(_label(screen, turn["press"]))
    if "hear" in turn:
        return [screen.wait_for(lambda message: turn["hear"] in message["text"], timeout_s=OPENING_TIMEOUT_S)]
    return screen.say(turn["say"])


def _label(screen: ChatClient, expression: str) -> str:
    """Return the label of the newest choice that holds the expression, the first of its message."""
    newest_first = (choice["label"] for message in reversed(screen.messages) for choice in message["choices"])
    label = next((label for label in newest_first if re.search(expression, label)), None)
    if label is None:
        raise NoAnswerError(f"There is no choice with {expression!r} on the screen.")
    return str(label)
