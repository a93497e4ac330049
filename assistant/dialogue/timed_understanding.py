"""Load a trained model in a fresh process, read texts with it one by one, and print what that took.

`python -m assistant.dialogue.timed_understanding MODEL [lean]`: texts come as a JSON list on standard input, printed is
{"load_s", "memory_mb", "intents", "milliseconds"}. `lean` leaves TensorFlow out, as `assistant.dialogue.serve` does.
"""

import asyncio
import json
import logging
import os
import resource
import sys
import time
from typing import Any

WARM_UP = 10
"""Texts that are read before the timing starts."""


def main() -> None:
    """Load, read, print."""
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    logging.disable(logging.WARNING)
    texts = json.load(sys.stdin)
    started = time.perf_counter()
    agent = _load(sys.argv[1], lean="lean" in sys.argv[2:])
    load_s = time.perf_counter() - started
    intents, milliseconds = asyncio.run(_read(agent, texts))
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    result = {"load_s": load_s, "memory_mb": memory_mb, "intents": intents, "milliseconds": milliseconds}
    sys.stdout.write(json.dumps(result))


def _load(model: str, *, lean: bool) -> Any:
    if lean:
        from assistant.dialogue.serve import leave_out_what_is_not_served

        leave_out_what_is_not_served()
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.CRITICAL)
    return Agent.load(model)


async def _read(agent: Any, texts: list[str]) -> tuple[list[str | None], list[float]]:
    for text in texts[:WARM_UP]:
        await agent.parse_message(text)
    intents, milliseconds = [], []
    for text in texts:
        started = time.perf_counter()
        parsed = await agent.parse_message(text)
        milliseconds.append(1000 * (time.perf_counter() - started))
        ranking = [entry["name"] for entry in parsed.get("intent_ranking", []) if entry["name"] != "nlu_fallback"]
        intents.append(ranking[0] if ranking else None)
    return intents, milliseconds


if __name__ == "__main__":
    main()
