"""Emergencies that reach the talk itself: the same calm answer as the red-flag layer's, and the clinic is told."""

from rasa_sdk.events import ActiveLoop, SlotSet

from actions.action import CareAction, Events
from actions.talk import Talk
from actions.writing import open_task

SURE = 0.9
"""Confidence from which the intent alone is an alarm. On utterances written apart from the training data it then caught
two in three of those that the red-flag layer missed, at four false alarms in a hundred near misses more."""


async def emergency(talk: Talk, *, text: str, description: str) -> None:
    """Say what to do now and open a Task of the highest priority. `description` is for the clinic, in Swedish."""
    talk.tell(text, data={"kind": "red_flag", "level": "emergency", "phones": ["112", "1177"]})
    await open_task(talk, "red-flag", description, priority="stat")


class ActionEmergency(CareAction):
    """Answers an emergency that the red-flag layer let through."""

    async def act(self, talk: Talk) -> Events:
        """Say 112; what was started waits. When not sure, ask back."""
        if not is_sure(talk):
            return check_back(talk, "emergency")
        await emergency(
            talk, text=talk.text("safety.emergency"), description=_description("Tecken på en akut situation", talk)
        )
        return waiting(talk)


class ActionSelfHarm(CareAction):
    """Answers thoughts of self-harm that the red-flag layer let through; never closes the talk."""

    async def act(self, talk: Talk) -> Events:
        """Say 90101 and 112, and ask to hear more. When not sure, ask back."""
        if not is_sure(talk):
            return check_back(talk, "self_harm")
        talk.say(
            "safety.self_harm",
            choices=[talk.choice("common.human", "talk_to_human")],
            data={"kind": "red_flag", "level": "self_harm", "phones": ["90101", "112", "1177"]},
        )
        await open_task(talk, "red-flag", _description("Självskaderisk", talk), priority="stat")
        return waiting(talk)


def is_sure(talk: Talk) -> bool:
    """Tell whether the understanding is sure enough for an alarm."""
    return float(talk.tracker.latest_message["intent"].get("confidence", 1.0)) >= SURE


def check_back(talk: Talk, intent: str) -> Events:
    """Ask whether it is urgent, with the number to call in the same breath; a yes is the alarm."""
    talk.say(
        "safety.check_back",
        choices=[talk.choice("safety.urgent", intent), talk.choice("safety.not_urgent", "deny")],
        data={"kind": "red_flag", "level": intent, "phones": ["112", "90101", "1177"]},
    )
    return []


def waiting(talk: Talk) -> Events:
    """Return the events that let what was started wait until the patient says that it can go on."""
    form = talk.tracker.active_loop.get("name")
    started = form.removesuffix("_form") if form else None
    return [
        ActiveLoop(None),
        SlotSet("requested_slot", None),
        SlotSet("open_offer", None),
        SlotSet("offered_intent", started),
    ]


def _description(heading: str, talk: Talk) -> str:
    words = f": ”{talk.said}”" if talk.said else ""
    return f"{heading} i samtalet{words}. Patienten har fått rådet att ringa direkt."
