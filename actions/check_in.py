"""The morning check-in: the opening when the patient is there, and what has been seen when she answers."""

from rasa_sdk.events import FollowupAction, SlotSet

from actions.action import CareAction, Events
from actions.api import JSON, CareApiError
from actions.talk import Talk


class ActionCheckIn(CareAction):
    """Opens the check-in: greeting, that it is a machine the first time, sleep, an invitation to go on."""

    async def act(self, talk: Talk) -> Events:
        """Say the opening once."""
        check_in = await todays_check_in(talk)
        if check_in is None or check_in["state"] != "ready":
            return []
        talk.tell(talk.in_language(check_in["opening"]))
        if not talk.patient["machine_told"]:
            talk.say("common.machine")
            await talk.api.post("/api/assistant/patient/machine-told")
        if check_in["sleep"]:
            talk.tell(talk.in_language(check_in["sleep"]))
        await tell_news(talk)
        talk.say(
            "check_in.invitation",
            choices=[talk.choice("check_in.say_good_morning", "greet"), talk.choice("check_in.tell_me", "affirm")],
        )
        await talk.api.post(f"/api/assistant/check-in/{check_in['id']}/opened")
        return [SlotSet("check_in_waits", True)]


class ActionTellCheckIn(CareAction):
    """Says what has been seen and advised, in the round's order, and asks about the offer."""

    async def act(self, talk: Talk) -> Events:
        """Say every recommendation; keep the last offer as the open question."""
        check_in = await todays_check_in(talk)
        if check_in is None:
            return [SlotSet("check_in_waits", None)]
        recommendations = check_in["recommendations"]
        if not recommendations:
            talk.say("check_in.all_well")
        offer = next(
            (one for one in reversed(recommendations) if one["level"] == "offer" and one["state"] == "open"), None
        )
        for recommendation in recommendations:
            say_recommendation(talk, recommendation, asks=recommendation is offer)
        await talk.api.post(f"/api/assistant/check-in/{check_in['id']}/told")
        return [
            SlotSet("check_in_waits", None),
            SlotSet("open_offer", offer["id"] if offer else None),
        ]


async def todays_check_in(talk: Talk) -> JSON | None:
    """Return today's check-in, or None."""
    try:
        return await talk.api.get("/api/assistant/check-in")
    except CareApiError as error:
        if error.status != 404:
            raise
        return None


def say_recommendation(talk: Talk, recommendation: JSON, *, asks: bool) -> None:
    """Say one recommendation, with the answers to it as choices."""
    why = talk.choice("common.why", "ask_why", recommendation=recommendation["id"])
    choices = (
        [talk.choice("common.yes_please", "affirm"), talk.choice("common.no_thanks", "deny"), why] if asks else [why]
    )
    talk.tell(
        talk.in_language(recommendation["text"]),
        choices=choices,
        data={"kind": "recommendation", "id": recommendation["id"], "level": recommendation["level"]},
    )


async def tell_news(talk: Talk) -> None:
    """Say decisions and notices that the patient has not seen yet."""
    news = await talk.api.get("/api/assistant/news")
    for item in news["news"]:
        talk.tell(talk.in_language(item["text"]))


async def start_if_waiting(talk: Talk) -> Events | None:
    """Return the events that tell today's check-in if it is still to be told, else None."""
    check_in = await todays_check_in(talk)
    if check_in and check_in["state"] in ("ready", "opened"):
        return [FollowupAction("action_tell_check_in")]
    return None
