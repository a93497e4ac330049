"""What happens next in a talk: deterministic, the same cost in the 500th turn as in the first.

An intent leads to the form or the action that carries its name: `book_appointment` to `book_appointment_form`,
`ask_weight` to `action_ask_weight`, `EXTERNAL_check_in` to `action_check_in`. What has no form or action of its own is
decided by Rasa's rules. A form that is filled in leads to `action_submit_<form>`. Inside a form every other intent is a
digression: it is served, and then the form asks its question again. After a red flag nothing new is begun until the
patient has said that help has been reached: what would begin it, and all that is not a clear question, leads to
`action_after_red_flag`.
"""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.dialogue.answers import (
    expected,
    is_bare_answer,
    is_mere_value,
    is_nothing_but_the_answer,
    is_question,
    says_whom_or_how,
    tells,
)

EXTERNAL_PREFIX = "EXTERNAL_"
ALARMS = ("emergency", "self_harm")
AFTER_RED_FLAG = "action_after_red_flag"
ASK_AGAIN = "action_ask_again"
"""Rasa never predicts a form that has just got no answer; after this action, which says nothing, it asks again."""
TOLD = {
    "ask_weight": "weight",
    "ask_blood_pressure": "blood_pressure",
    "ask_pulse": "pulse",
    "ask_oxygen": "oxygen",
    "ask_temperature": "temperature",
    "ask_glucose": "glucose",
}
"""What a question about a kind of value is told to be when the message holds such a value and is no question."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class CarePolicy(RulePolicy):
    """Chooses the next action by the names of intents, forms and actions, and by rules for the rest."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return Rasa's rule settings and ours.

        `answers`: intents that answer a form's question rather than leave it; `always_served`: those that interrupt it
        whatever their confidence; `asked_again`: those after which a form that got no answer puts its question again;
        `digression_threshold`: the least confidence at which the others do. Where a form asks for the patient's own
        words, only `beside_own_words` and plain questions interrupt it, and only with the higher threshold, which also
        goes for leaving one form for another, and for what is no plain question after a red flag. `no_errand`: intents
        that say nothing of their own after a red flag, and are answered as part of it.
        """
        return {
            **RulePolicy.get_default_config(),
            "answers": ["affirm", "deny", "repeat", "thank", "greet", "inform", "nlu_fallback"],
            "asked_again": ["affirm", "deny", "repeat"],
            "always_served": ["stop", "emergency", "self_harm", "talk_to_human"],
            "beside_own_words": [
                "stop",
                "goodbye",
                "talk_to_human",
                "simplify",
                "help",
                "change_language",
                "accessibility_setting",
            ],
            "digression_threshold": 0.5,
            "beside_own_words_threshold": 0.7,
            "no_errand": [
                "talk_to_human",
                "ask_overview",
                "repeat",
                "affirm",
                "deny",
                "stop",
                "greet",
                "thank",
                "goodbye",
                "help",
                "inform",
                "out_of_scope",
            ],
        }

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Predict the next action with certainty."""
        action = self._next_action(tracker, domain)
        if action is None:
            return super().predict_action_probabilities(tracker, domain, rule_only_data, **kwargs)
        return self._prediction(self._prediction_result(action, tracker, domain))

    def _next_action(self, tracker: DialogueStateTracker, domain: Domain) -> str | None:
        default_action, _ = self._find_action_from_default_actions(tracker)
        if default_action:
            return default_action
        form = tracker.active_loop_name
        if tracker.latest_action_name != ACTION_LISTEN_NAME:
            return self._after_an_action(tracker, domain)
        if form and tracker.is_active_loop_rejected and self._asks_nothing_else(tracker, domain):
            return ASK_AGAIN
        if form and not tracker.is_active_loop_rejected and not self._is_digression(tracker, domain):
            return form
        if tracker.get_slot("red_flag") and not self._is_clear_question(tracker, domain):
            return AFTER_RED_FLAG
        return self._served_by(tracker, domain)

    def _asks_nothing_else(self, tracker: DialogueStateTracker, domain: Domain) -> bool:
        """Tell whether a message that gave the open form no answer is about that form all the same."""
        own = self._served_by(tracker, domain) == tracker.active_loop_name
        return own or self._intent(tracker) in self.config["asked_again"]

    def _is_clear_question(self, tracker: DialogueStateTracker, domain: Domain) -> bool:
        """Tell whether the message asks for something that can be answered at once, whatever else is going on."""
        name, served = self._intent(tracker), self._served_by(tracker, domain)
        if name.startswith(EXTERNAL_PREFIX):
            return True
        if served is None or served.endswith("_form") or name in (*self.config["no_errand"], *ALARMS):
            return False
        threshold = "digression_threshold" if is_question(tracker) else "beside_own_words_threshold"
        sure: bool = tracker.latest_message.intent.get("confidence", 0.0) >= self.config[threshold]
        return sure

    @staticmethod
    def _after_an_action(tracker: DialogueStateTracker, domain: Domain) -> str:
        form, done = tracker.active_loop_name, tracker.latest_action_name
        if form:
            return ACTION_LISTEN_NAME if done == form else form
        submit = f"action_submit_{done}"
        return submit if submit in domain.action_names_or_texts else ACTION_LISTEN_NAME

    @staticmethod
    def _intent(tracker: DialogueStateTracker) -> str:
        message = tracker.latest_message
        return message.parse_data.get("first_request") or message.intent.get("name") or ""

    def _is_digression(self, tracker: DialogueStateTracker, domain: Domain) -> bool:
        intent, name = tracker.latest_message.intent, self._intent(tracker)
        served = self._served_by(tracker, domain)
        is_answer = name in self.config["answers"] or is_nothing_but_the_answer(tracker, domain)
        if is_answer or served in (None, tracker.active_loop_name):
            return False
        if name.startswith(EXTERNAL_PREFIX) or name in ALARMS:
            return True
        if expected(tracker).get("words"):
            sure = intent.get("confidence", 0.0) >= self.config["beside_own_words_threshold"]
            return sure and (name in self.config["beside_own_words"] or is_question(tracker))
        if name in self.config["always_served"]:
            return name != "talk_to_human" or not says_whom_or_how(tracker, domain)
        to_a_form = (served or "").endswith("_form")
        threshold = "beside_own_words_threshold" if to_a_form else "digression_threshold"
        sure = intent.get("confidence", 0.0) >= self.config[threshold]
        return sure and not is_bare_answer(tracker, domain) and not (to_a_form and is_mere_value(tracker))

    def _served_by(self, tracker: DialogueStateTracker, domain: Domain) -> str | None:
        name = self._intent(tracker).removeprefix(EXTERNAL_PREFIX)
        name = "report_measurement" if tells(tracker, TOLD.get(name)) else name
        candidates = (f"{name}_form", f"action_{name}")
        return next((candidate for candidate in candidates if candidate in domain.action_names_or_texts), None)
