"""Two requests in one message: the first is dealt with, then the second is offered."""

from rasa_sdk.events import SlotSet

from actions import texts
from actions.api import JSON
from actions.talk import Talk

LEAST_CONFIDENCE = 0.98


def second(talk: Talk, *, served: str | None = None) -> str | None:
    """Return the intent of a second request in what was said: that of the part that asks for something else.

    `served` is what is served now, where that has another name than the intent.

    Only intents with a name in the catalogue of texts (`wishes.<intent>`) can be offered.
    """
    return next(
        (
            str(one["name"])
            for one in talk.tracker.latest_message.get("clause_intents", [])
            if one.get("confidence", 0.0) >= LEAST_CONFIDENCE
            and one["name"] not in (talk.intent, served)
            and f"wishes.{one['name']}" in texts.catalogue(talk.language)
        ),
        None,
    )


def offer(talk: Talk, intent: str | None) -> list[JSON]:
    """Offer the second request, and keep it open for a yes."""
    if intent is None:
        return []
    talk.say(
        "wishes.offer",
        what=talk.text(f"wishes.{intent}"),
        choices=[talk.choice("common.yes_please", intent), talk.choice("common.no_thanks", "deny")],
    )
    return [SlotSet("offered_intent", intent)]


def resume(talk: Talk, intent: str) -> list[JSON]:
    """Offer to go on with what was interrupted."""
    talk.say(
        "wishes.resume",
        what=talk.text(f"wishes.{intent}"),
        choices=[talk.choice("common.yes_please", "affirm"), talk.choice("common.no_thanks", "stop")],
    )
    return [SlotSet("offered_intent", intent)]
