"""General questions about health, food and the weather. What is not known is said to be so."""

from rasa_sdk.events import SlotSet

from actions import errands
from actions.action import CareAction, Events
from actions.talk import Talk

LONGEST_QUESTION = 2000


class ActionAskHealthQuestion(CareAction):
    """Answers from the knowledge base, with its source."""

    async def act(self, talk: Talk) -> Events:
        """Answer, or hand over to 1177."""
        if await errands.tell_if_asked(talk):
            return []
        if not talk.said:
            talk.say("knowledge.ask_away")
            return []
        answer = await talk.api.post(
            "/api/knowledge/answer",
            {"text": talk.said[:LONGEST_QUESTION], "language": talk.language, "topic": talk.slot("topic")},
        )
        if not answer["answered"]:
            talk.tell(answer["text"], choices=[talk.choice("common.human", "talk_to_human")])
            return []
        source = talk.text(
            "knowledge.source", title=answer["title"], source=answer["source"], review=answer["review_by"]
        )
        parts = [answer["text"], *answer["personal"], *answer["notes"], source]
        link = {"url": answer["link"], "label": talk.text("knowledge.read_more", title=answer["title"])}
        talk.tell("\n".join(parts), data={"kind": "link", **link})
        return [SlotSet("topic", answer["slug"])]


class ActionNutritionAdvice(ActionAskHealthQuestion):
    """Answers questions about food from the knowledge base."""


class ActionAskSlipRisk(CareAction):
    """Tells whether it is slippery outside."""

    async def act(self, talk: Talk) -> Events:
        """Say honestly that the weather is not known here, with the general advice."""
        talk.say("knowledge.no_weather")
        return []
