"""General questions about health, food and the weather. What is not known is said to be so."""

from typing import ClassVar

from rasa_sdk.events import SlotSet

from actions import errand_status, misunderstandings, readings
from actions.action import CareAction, Events
from actions.api import JSON, CareApiError
from actions.medicine_list import own_medicines
from actions.talk import Talk

LONGEST_QUESTION = 2000
INTENTS = ("ask_health_question", "nutrition_advice")


class ActionAskHealthQuestion(CareAction):
    """Answers from the knowledge base, with its source."""

    about: ClassVar[str | None] = None

    async def act(self, talk: Talk) -> Events:
        """Answer; when unsure, offer the two nearest articles, 1177 and a nurse."""
        chosen = talk.entity("article")
        if chosen is None and await errand_status.tell_if_asked(talk):
            return []
        if chosen is None and not talk.said:
            talk.say("knowledge.ask_away")
            return []
        if chosen is None and await readings.judge(talk):
            return []
        answer = await _answer(talk, talk.said or str(chosen), chosen=chosen, about=self.about)
        if answer["answered"]:
            return _tell(talk, answer)
        await misunderstandings.report_unanswered(talk)
        nearest = [
            talk.choice(f"={title}", "ask_health_question", article=slug)
            for title, slug in zip(answer["nearest"], answer["nearest_slugs"], strict=True)
        ]
        talk.tell(answer["text"], choices=[*nearest, talk.choice("common.human", "talk_to_human")])
        return []


class ActionNutritionAdvice(ActionAskHealthQuestion):
    """Answers questions about food from the knowledge base."""

    about = "food"


class ActionAskSlipRisk(CareAction):
    """Tells whether it is slippery outside."""

    async def act(self, talk: Talk) -> Events:
        """Say what the forecast says; honestly that the weather is not known when it is not."""
        risk = await _slip_risk(talk)
        talk.say("knowledge.no_weather" if risk is None else f"knowledge.slip_{risk}")
        return []


async def _slip_risk(talk: Talk) -> int | None:
    """Return how slippery it is; None when it is not known, also because a forecast was too slow in coming."""
    try:
        found: int | None = (await talk.api.get("/api/assistant/weather"))["slip_risk"]
    except CareApiError:
        return None
    return found


async def follow_up(talk: Talk) -> Events | None:
    """Answer what was not understood as more about the article just spoken of; None when it is not."""
    topic = talk.slot("topic")
    if not (topic and talk.said and _last_intent(talk) in INTENTS):
        return None
    answer = await _answer(talk, talk.said, topic=topic)
    return _tell(talk, answer) if answer["slug"] == topic else None


async def _answer(
    talk: Talk, text: str, *, topic: str | None = None, chosen: str | None = None, about: str | None = None
) -> JSON:
    medicines = await own_medicines(talk)
    return await talk.api.post(
        "/api/knowledge/answer",
        {
            "text": text[:LONGEST_QUESTION],
            "language": talk.language,
            "topic": topic or talk.slot("topic"),
            "chosen": chosen,
            "about": about,
            "context": {
                "medicines": [{"name": medicine.name, "atc": medicine.atc} for medicine in medicines],
                "values": await readings.latest_values(talk),
            },
        },
    )


def _tell(talk: Talk, answer: JSON) -> Events:
    source = talk.text("knowledge.source", title=answer["title"], source=answer["source"], review=answer["review_by"])
    parts = [answer["text"], *answer["personal"], *answer["notes"], source]
    link = {"url": answer["link"], "label": talk.text("knowledge.read_more", title=answer["title"])}
    talk.tell("\n".join(parts), data={"kind": "link", **link, "rated_article": answer["slug"]})
    return [SlotSet("topic", answer["slug"])]


def _last_intent(talk: Talk) -> str | None:
    """Return what was understood in the turn before."""
    intents = [event["parse_data"]["intent"].get("name") for event in talk.tracker.events if event["event"] == "user"]
    return intents[-2] if len(intents) > 1 else None
