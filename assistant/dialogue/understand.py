"""Read one JSON text a line from standard input and print what the trained pipeline understands of it."""

import asyncio
import json
import logging
import os
import sys
from typing import Any


def main() -> None:
    """Load the model named on the command line and answer until the input ends."""
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    logging.disable(logging.WARNING)
    from assistant.dialogue.serve import leave_out_what_is_not_served

    leave_out_what_is_not_served()
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.CRITICAL)
    agent = Agent.load(sys.argv[1])
    for line in sys.stdin:
        sys.stdout.write(json.dumps(asyncio.run(_parse(agent, json.loads(line))), ensure_ascii=False) + "\n")
        sys.stdout.flush()


async def _parse(agent: Any, text: str) -> dict[str, Any]:
    parsed = await agent.parse_message(text.lstrip("/ "))
    ranking = [entry for entry in parsed.get("intent_ranking", []) if entry["name"] != "nlu_fallback"]
    best = ranking[0] if ranking else {"name": "out_of_scope", "confidence": 0.0}
    return {"intent": best["name"], "confidence": best["confidence"], "entities": parsed.get("entities", [])}


if __name__ == "__main__":
    main()
