"""How errands stand at the clinic: hearing that it is asked, and telling it."""

import re
from textwrap import shorten
from typing import Any

from actions import swedish
from actions.talk import Talk

FOLLOWED = ("renewal", "certificate", "travel", "deviation", "question", "device", "callback")
"""Codes of the Tasks that a patient asks for and can follow."""
SHOWN = 5
LONGEST_SUBJECT = 80
"""Characters of what an errand is about that are said when it is followed."""
STATES = {
    "accepted": "working",
    "in-progress": "working",
    "on-hold": "working",
    "completed": "done",
    "rejected": "refused",
    "failed": "refused",
    "cancelled": "refused",
}
"""How the states of a Task are told; all others wait."""
SUBJECTS = (
    r"(?:recept|intyg|sjukres|resa|anmäl|klagomål|fråga|ärende|radering|begäran|ombud|fullmakt|ersättning|fall\b|våg|mätare"
    r"|platta|apparat|prescription|certificate|report|question|errand|request|complaint|refund|scale|monitor"
    r"|tablet)"
)
STATUS = re.compile(
    r"(?:hur (?:går|gick|är|blev|blir) det (?:med|för)|vad (?:händer|hände|blev det) (?:med|av)|hur långt har|how is"
    r"|what about|what (?:has )?(?:happened|became)|what(?: i|['’])s happening)"
    rf"(?:.*\b(?:{SUBJECTS}|prov|svar)| det\W*$)"
    r"|har (?:ni|de|dom|någon|mottagningen) (?:gjort|hunnit|ordnat|svarat|fixat|tittat)\b"
    r"|have (?:you|they) (?:done|fixed|answered)\b"
    rf"|^\W*(?!jag |i )(?:\w+ )?(?:har|är|has|have|is)\b(?=.*\b{SUBJECTS})"
    r"(?=.*\b(?:kommit|klar|färdig|godkän|förnyat|svarat|come|ready|renewed|approved|answered))",
    re.IGNORECASE,
)
"""How people ask for an errand's state, also where the message was taken for another question."""


async def tell_status(talk: Talk) -> bool:
    """Say how the errands stand, or that there are none, if that was asked; return whether it was."""
    if not STATUS.search(talk.said or ""):
        return False
    if not await tell_errands(talk):
        talk.say("errands.none")
    return True


async def tell_if_asked(talk: Talk) -> bool:
    """Say how the errands stand if that was asked, and return whether it was and there are any."""
    return bool(STATUS.search(talk.said or "")) and await tell_errands(talk)


async def tell_errands(talk: Talk) -> bool:
    """Say how the patient's own errands stand, the newest first; return whether there were any."""
    found = await talk.api.search("Task", _sort="-authored-on", _count=50)
    own = [task for task in found if _is_own(task)][:SHOWN]
    if own:
        lines = [f"• {_line(talk, task)}" for task in own]
        talk.tell("\n".join([talk.text("errands.yours"), *lines]))
    return bool(own)


def _is_own(task: dict[str, Any]) -> bool:
    """Tell whether the patient asked for it or told it; what a round has seen is a proposal of ours, not an order."""
    told = _code(task) == "alert" and task["intent"] == "order"
    return told or _code(task) in FOLLOWED


def _line(talk: Talk, task: dict[str, Any]) -> str:
    on = swedish.day(talk.local(task["authoredOn"]), talk.language)
    state = talk.text(f"errands.state_{STATES.get(task['status'], 'waiting')}")
    reason = task.get("statusReason", {}).get("text", "")
    about = shorten(str(task.get("description", "")).partition(": ")[2].rstrip("."), LONGEST_SUBJECT, placeholder=" …”")
    heading = ", ".join(part for part in (talk.text(f"errands.{_code(task)}"), about) if part)
    return f"{heading} ({on}): {state} {reason}".strip()


def _code(task: dict[str, Any]) -> str:
    return str(task["code"]["coding"][0]["code"])
