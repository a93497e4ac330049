"""Emergencies that the intent alone sees: asked back, and when confirmed an alarm like the red-flag layer's."""

from rasa_sdk.events import ActiveLoop, SlotSet

from actions.action import CareAction, Events
from actions.talk import Talk
from actions.writing import open_task

CALM = "safety.calm"
"""The field of the quick reply that says that nothing is urgent."""
ALARMS = ("emergency", "self_harm")


async def emergency(talk: Talk, *, text: str, description: str) -> None:
    """Say what to do now and open a Task of the highest priority. `description` is for the clinic, in Swedish."""
    talk.tell(text, data={"kind": "red_flag", "level": "emergency", "phones": ["112", "1177"]})
    await open_task(talk, "red-flag", description, priority="stat")


class ActionEmergency(CareAction):
    """Answers an emergency that the red-flag layer let through."""

    async def act(self, talk: Talk) -> Events:
        """Ask back; when the patient has chosen that it is urgent, say 112, and what was started waits."""
        if talk.said:
            return check_back(talk, "emergency")
        await emergency(
            talk, text=talk.text("safety.emergency"), description=_description("Tecken på en akut situation", talk)
        )
        return flagged(talk, "emergency")


class ActionSelfHarm(CareAction):
    """Answers thoughts of self-harm that the red-flag layer let through; never closes the talk."""

    async def act(self, talk: Talk) -> Events:
        """Ask back; when the patient has chosen so, say 90101 and 112, and ask to hear more."""
        if talk.said:
            return check_back(talk, "self_harm")
        talk.say(
            "safety.self_harm",
            choices=[talk.choice("common.human", "talk_to_human")],
            data={"kind": "red_flag", "level": "self_harm", "phones": ["90101", "112", "1177"]},
        )
        if (talk.slot("red_flag") or {}).get("level") != "self_harm":
            await open_task(talk, "red-flag", _description("Självskaderisk", talk), priority="stat")
        return flagged(talk, "self_harm")


def check_back(talk: Talk, intent: str) -> Events:
    """Ask whether it is urgent, with the number to call in the same breath; a yes is the alarm."""
    talk.say(
        "safety.check_back",
        choices=[
            talk.choice("safety.urgent", intent),
            talk.choice("safety.not_urgent", "inform", field=CALM, value="yes"),
        ],
        data={"kind": "red_flag", "level": intent, "phones": ["112", "90101", "1177"]},
    )
    return []


def flagged(talk: Talk, level: str, *, waits: bool = True) -> Events:
    """Return the events after a red flag: what was started waits until the patient says that it can go on.

    Without `waits` the open form is over. `red_flag` holds the level, the form that waits, the local date, how often
    the patient has been asked since, and whether the last question was the one that ends it.
    """
    known = talk.slot("red_flag") or {}
    flag = {
        "level": level,
        "form": (talk.tracker.active_loop.get("name") if waits else None) or known.get("form"),
        "date": talk.patient["local_date"],
        "asked": known.get("asked", 0) if known.get("level") == level else 0,
        "confirming": False,
    }
    return [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("red_flag", flag)]


def _description(heading: str, talk: Talk) -> str:
    words = f": ”{talk.written[-1]['text']}”" if talk.written else ""
    return f"{heading} i samtalet{words}. Patienten har fått rådet att ringa direkt."
