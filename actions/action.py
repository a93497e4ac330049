"""The base of our custom actions: opens the talk, answers calmly when something fails."""

import re
from abc import ABC, abstractmethod
from typing import Any

import httpx
import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import misunderstandings, texts, wishes
from actions.api import JSON, CareApiError
from actions.talk import Talk, turn_of

log = structlog.get_logger()
Events = list[JSON]


class CareAction(Action, ABC):
    """An action named after its class: `ActionAskWeight` is `action_ask_weight`."""

    def name(self) -> str:
        """Return the name in the domain."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Do the action; when an API fails, say so and lose nothing."""
        structlog.contextvars.bind_contextvars(conversation=tracker.sender_id, request=turn_of(tracker))
        language = "sv"
        try:
            talk = await Talk.begin(dispatcher, tracker)
            language = talk.language
            done = [*await self.act(talk), *self.afterwards(talk)]
            await misunderstandings.report(talk)
            return done
        except (CareApiError, httpx.HTTPError) as error:
            log.error("action_failed", action=self.name(), error=type(error).__name__, detail=_safe(error))
            dispatcher.utter_message(text=texts.text("common.trouble", language=language))
            return self.after_trouble(tracker)

    def afterwards(self, talk: Talk) -> Events:
        """Offer what else was asked for in the message that this action answers; after a red flag, ask how it goes."""
        answers = self.name() == f"action_{talk.intent}" and not talk.tracker.active_loop.get("name")
        flag = talk.slot("red_flag")
        if answers and flag and talk.intent != flag["level"]:
            talk.say(f"safety.remind_{flag['level']}")
            return []
        return wishes.offer(talk, wishes.second(talk)) if answers else []

    def after_trouble(self, tracker: Tracker) -> Events:
        """Return the events that leave the talk as it was."""
        return []

    @abstractmethod
    async def act(self, talk: Talk) -> Events:
        """Say and do what the action is for; return the events for the tracker."""


def _safe(error: Exception) -> dict[str, Any]:
    """Return what the operator may see of an error: no address, no text about a patient."""
    return {"status": error.status, "code": error.code} if isinstance(error, CareApiError) else {}
