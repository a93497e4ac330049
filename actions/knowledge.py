"""General questions about health, food and the weather. What is not known is said to be so."""

from typing import Any

from actions import errands
from actions.action import CareAction, Events
from actions.api import CareApiError
from actions.talk import Talk


async def asked(talk: Talk, path: str, **parameters: str) -> dict[str, Any] | None:
    """Return the answer of a part that may not have one, or may not be there; None then. Raises CareApiError."""
    try:
        return await talk.api.get(path, **parameters)
    except CareApiError as error:
        if error.status != 404:
            raise
        return None


class ActionAskHealthQuestion(CareAction):
    """Answers from the knowledge base, with its source."""

    async def act(self, talk: Talk) -> Events:
        """Answer, or hand over to 1177."""
        if await errands.tell_if_asked(talk):
            return []
        if not talk.said:
            talk.say("knowledge.ask_away")
            return []
        answer = await asked(talk, "/api/knowledge/answer", text=talk.said)
        if answer is None or not answer.get("text"):
            talk.say("knowledge.no_answer", choices=[talk.choice("common.human", "talk_to_human")])
            return []
        text = answer["text"]
        talk.tell(
            text if isinstance(text, str) else talk.in_language(text),
            data={"kind": "answer", "sources": answer.get("sources", [])},
        )
        return []


class ActionNutritionAdvice(ActionAskHealthQuestion):
    """Answers questions about food from the knowledge base."""


class ActionAskSlipRisk(CareAction):
    """Tells whether it is slippery outside."""

    async def act(self, talk: Talk) -> Events:
        """Say the risk if the weather is known, and the general advice if not."""
        risk = await asked(talk, "/api/assistant/slip-risk")
        if risk is None:
            talk.say("knowledge.no_weather")
            return []
        talk.tell(talk.in_language(risk["text"]), data={"kind": "slip_risk", "level": risk.get("level")})
        return []
