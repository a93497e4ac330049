"""How far a message is an answer to the open question of a form, by what it holds and what it says beside."""

from __future__ import annotations

import re
from typing import Any

from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.dialogue.text import fold, words

QUESTION = re.compile(r"\?|^(?:vad|varfor|hur|nar|vem|vilk\w+|var|kan du|far jag|what|why|how|when|who|which|where)\b")
TIMES = ("date", "time", "part_of_day", "duration")
AROUND_AN_ANSWER = re.compile(
    r"ja|nej|jo|da|sen|sedan|fran|till|pa|i|kl|klockan|ungefar|cirka|kanske|nog|val|typ|tror|jag|menade?|menar"
    r"|yes|no|since|from|about|at|on|maybe|meant?"
)
"""Folded words that may stand around an answer and add nothing to it."""
LONGEST_BARE_ANSWER = 5
"""Words of a message that holds what was asked for and still need not be weighed as a digression."""
MOST_BESIDE_A_MEDICINE = 3
"""Words beside the name of a medicine that was asked for; with more, something is told about it."""
MOST_BESIDE_WHOM_OR_HOW = 2
"""Words beside whom to meet, or how, that leave it an answer where just that is asked for ("en läkare tack")."""
MOST_BESIDE_A_MERE_VALUE = 1
"""Words beside the values of a message that tells nothing else ("vid halv nio")."""
MERE_VALUES = frozenset([*TIMES, "medicine"])


def is_bare_answer(tracker: DialogueStateTracker, domain: Domain) -> bool:
    """Tell whether the message is a few words that hold what the form asks for ("på tisdag")."""
    pattern = expected(tracker).get("pattern")
    text = _text(tracker)
    wanted = _wanted_entities(tracker, domain)
    if not wanted and not (pattern and re.search(pattern, text)):
        return False
    tells_more = wanted == {"medicine"} and _words_beside(tracker, wanted) > MOST_BESIDE_A_MEDICINE
    return len(text.split()) <= LONGEST_BARE_ANSWER and not tells_more


def is_nothing_but_the_answer(tracker: DialogueStateTracker, domain: Domain) -> bool:
    """Tell whether the message says when, as the form asks, and nothing else ("sen i tisdags"), whatever its intent."""
    wanted = _wanted_entities(tracker, domain).intersection(TIMES)
    return bool(wanted) and all(map(AROUND_AN_ANSWER.fullmatch, words(_text_beside(tracker, wanted))))


def _wanted_entities(tracker: DialogueStateTracker, domain: Domain) -> set[str]:
    """Return which entities of the message the form asks for: those of its slots, and of the slot `expected`."""
    asked = {tracker.get_slot(REQUESTED_SLOT), *domain.required_slots_for_form(tracker.active_loop_name)}
    wanted = {entity for slot in domain.slots if slot.name in asked for entity in _entities_of(slot)}
    wanted |= set(expected(tracker).get("entities", ()))
    return wanted & _entities(tracker)


def _entities_of(slot: Slot) -> set[str]:
    return {entity for mapping in slot.mappings for entity in mapping.get("entities", ())}


def says_whom_or_how(tracker: DialogueStateTracker, domain: Domain) -> bool:
    """Tell whether the message is no more than the one thing that the open question asks for ("sköterskan")."""
    asked = next((slot for slot in domain.slots if slot.name == tracker.get_slot(REQUESTED_SLOT)), None)
    wanted = _entities_of(asked) if asked else set()
    return (
        len(wanted) == 1 and wanted <= _entities(tracker) and _words_beside(tracker, wanted) <= MOST_BESIDE_WHOM_OR_HOW
    )


def is_mere_value(tracker: DialogueStateTracker) -> bool:
    """Tell whether the message names a time or a medicine and next to nothing else, which is no wish of its own."""
    kinds = _entities(tracker)
    return bool(kinds) and kinds <= MERE_VALUES and _words_beside(tracker, kinds) <= MOST_BESIDE_A_MERE_VALUE


def _entities(tracker: DialogueStateTracker) -> set[str]:
    return {entity["entity"] for entity in tracker.latest_message.entities}


def _words_beside(tracker: DialogueStateTracker, kinds: set[str]) -> int:
    """Return how many words of the message belong to no entity of these kinds."""
    return len(_text_beside(tracker, kinds).split())


def _text_beside(tracker: DialogueStateTracker, kinds: set[str]) -> str:
    """Return the folded message with blanks in place of the entities of these kinds."""
    text = list(_text(tracker))
    for entity in tracker.latest_message.entities:
        if entity["entity"] in kinds and "start" in entity:
            text[entity["start"] : entity["end"]] = " " * (entity["end"] - entity["start"])
    return "".join(text)


def _text(tracker: DialogueStateTracker) -> str:
    return fold((tracker.latest_message.text or "").casefold())


def is_question(tracker: DialogueStateTracker) -> bool:
    """Tell whether the message asks something."""
    return bool(QUESTION.search(_text(tracker)))


def tells(tracker: DialogueStateTracker, kind: str | None) -> bool:
    """Tell whether the message holds a value of this kind and is no question ("och pulsen var sjuttiotvå")."""
    values = [one["value"] for one in tracker.latest_message.entities if one["entity"] == "measurement"]
    told = any(isinstance(value, dict) and value.get("kind") == kind for value in values)
    return kind is not None and told and not is_question(tracker)


def expected(tracker: DialogueStateTracker) -> dict[str, Any]:
    """Return what the open question of the open form can be answered with, as its action has said."""
    told = tracker.get_slot("expected") or {}
    return told if f"{told.get('form')}_form" == tracker.active_loop_name else {}
