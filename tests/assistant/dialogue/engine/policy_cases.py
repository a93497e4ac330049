"""What happens next in a talk, turn by turn, on the real domain and real trackers."""

import unittest
from typing import Any

from assistant.dialogue.serve import leave_out_what_is_not_served

leave_out_what_is_not_served()

from rasa.engine.graph import ExecutionContext, GraphSchema  # noqa: E402 - after TensorFlow has been left out
from rasa.engine.storage.resource import Resource  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import (  # noqa: E402
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402

from assistant.dialogue.policy import CarePolicy  # noqa: E402

DOMAIN = Domain.load("assistant/dialogue/domain")
POLICY = CarePolicy(CarePolicy.get_default_config(), None, Resource("policy"), ExecutionContext(GraphSchema({})))
LISTEN = ActionExecuted("action_listen")
FORM = "report_symptom_form"


def said(intent: str, text: str = "ord", confidence: float = 0.9, *entities: str) -> UserUttered:
    """A message as the pipeline has understood it."""
    found = [{"entity": name, "value": "x"} for name in entities]
    return understood(intent, text, confidence, found)


def naming(intent: str, text: str, **values: str) -> UserUttered:
    """A message in which these words are entities."""
    spans = {name: (text.index(words), text.index(words) + len(words)) for name, words in values.items()}
    found = [{"entity": name, "value": "x", "start": start, "end": end} for name, (start, end) in spans.items()]
    return understood(intent, text, 0.9, found)


def understood(intent: str, text: str, confidence: float, found: list[dict[str, Any]]) -> UserUttered:
    """A message with its intent and entities."""
    return UserUttered(text, {"name": intent, "confidence": confidence}, found)


def after(*events: Any) -> str | None:
    """The action that follows these events."""
    tracker = DialogueStateTracker.from_events("anna", [LISTEN, *events], slots=DOMAIN.slots)
    return POLICY._next_action(tracker, DOMAIN)


def in_form(*events: Any, expected: dict[str, Any] | None = None) -> str | None:
    """The action that follows these events while the symptom form is open and waits for an answer."""
    told = SlotSet("expected", {"form": "report_symptom", **(expected or {})})
    return after(ActiveLoop(FORM), SlotSet("requested_slot", "since"), told, LISTEN, *events)


class AnIntent(unittest.TestCase):
    def test_leads_to_the_action_of_its_name(self) -> None:
        assert after(said("ask_weight")) == "action_ask_weight"

    def test_leads_to_the_form_of_its_name(self) -> None:
        assert after(said("book_appointment")) == "book_appointment_form"

    def test_of_an_event_leads_to_the_action_without_the_prefix(self) -> None:
        assert after(said("EXTERNAL_check_in")) == "action_check_in"

    def test_that_is_none_of_ours_is_left_to_the_rules(self) -> None:
        assert after(said("nlu_fallback")) is None

    def test_that_has_been_served_is_followed_by_listening(self) -> None:
        assert after(said("ask_weight"), ActionExecuted("action_ask_weight")) == "action_listen"


def in_booking(asked: str, *events: Any) -> str | None:
    """The action that follows these events while the booking asks for this slot."""
    return after(ActiveLoop("book_appointment_form"), SlotSet("requested_slot", asked), LISTEN, *events)


class AForm(unittest.TestCase):
    def test_takes_an_answer(self) -> None:
        for intent in ("inform", "affirm", "deny", "repeat"):
            assert in_form(said(intent)) == FORM

    def test_listens_after_it_has_asked(self) -> None:
        assert in_form(said("inform"), ActionExecuted(FORM)) == "action_listen"

    def test_is_left_for_a_question_and_comes_back(self) -> None:
        assert in_form(said("ask_weight")) == "action_ask_weight"
        assert in_form(said("ask_weight"), ActionExecuted("action_ask_weight")) == FORM

    def test_is_not_left_for_a_guess(self) -> None:
        assert in_form(said("ask_weight", confidence=0.4)) == FORM

    def test_is_left_at_once_for_stop_a_human_and_an_emergency(self) -> None:
        for intent in ("stop", "talk_to_human", "emergency", "self_harm"):
            assert in_form(said(intent, confidence=0.3)) == f"action_{intent}"

    def test_takes_a_few_words_that_hold_what_was_asked_for(self) -> None:
        found = in_form(said("book_appointment", "på tisdag", 0.9, "date"), expected={"entities": ["date"]})
        assert found == FORM

    def test_takes_a_day_that_is_all_that_was_said_whatever_it_was_taken_for(self) -> None:
        day = {"entity": "date", "value": "2026-11-17", "start": 6, "end": 14}
        sure = {"name": "emergency", "confidence": 0.9}
        expected = {"entities": ["date"]}
        assert in_form(UserUttered("sedan i fredag", sure, [day]), expected=expected) == FORM
        more = UserUttered("blöder i fredag", sure, [{**day, "start": 7, "end": 15}])
        assert in_form(more, expected=expected) == "action_emergency"

    def test_takes_words_that_match_a_choice(self) -> None:
        assert in_form(said("ask_sleep", "några dagar"), expected={"pattern": r"nagra dagar"}) == FORM

    def test_leaves_a_long_message_to_what_it_asks_even_if_it_holds_an_answer(self) -> None:
        words = "jag skulle vilja boka en tid på tisdag"
        found = in_form(said("book_appointment", words, 0.9, "date"), expected={"entities": ["date"]})
        assert found == "book_appointment_form"

    def test_that_asks_for_own_words_is_left_only_for_a_sure_stop_and_the_like(self) -> None:
        own_words = {"words": True}
        assert in_form(said("ask_weight"), expected=own_words) == FORM
        assert in_form(said("stop", confidence=0.5), expected=own_words) == FORM
        assert in_form(said("stop", confidence=0.8), expected=own_words) == "action_stop"
        assert in_form(said("self_harm", confidence=0.5), expected=own_words) == "action_self_harm"

    def test_takes_whom_to_meet_where_that_is_asked_and_does_not_call_a_human(self) -> None:
        for text in ("sköterskan", "en sköterskan tack"):
            answer = naming("talk_to_human", text, role="sköterskan")
            assert in_booking("booking_role", answer) == "book_appointment_form", text

    def test_calls_a_human_who_is_asked_for_at_another_question(self) -> None:
        wish = naming("talk_to_human", "sköterskan", role="sköterskan")
        assert in_booking("booking_time", wish) == "action_talk_to_human"
        wish = naming("talk_to_human", "kan en sköterskan ringa mig", role="sköterskan")
        assert in_booking("booking_role", wish) == "action_talk_to_human"

    def test_is_not_left_for_another_form_by_a_mere_value(self) -> None:
        assert in_form(naming("report_side_effect", "Amlodipin", medicine="Amlodipin")) == FORM
        assert in_form(naming("change_checkin_time", "vid halv nio", time="halv nio")) == FORM

    def test_is_left_when_something_is_told_about_the_medicine_that_it_asks_for(self) -> None:
        told = naming("report_side_effect", "Alvedon gör mig så trött", medicine="Alvedon")
        assert in_form(told, expected={"entities": ["medicine"]}) == "report_side_effect_form"
        answer = naming("report_side_effect", "det var väl Alvedon", medicine="Alvedon")
        assert in_form(answer, expected={"entities": ["medicine"]}) == FORM

    def test_hears_no_alarm_in_the_mere_day_that_it_asked_for(self) -> None:
        day = naming("emergency", "sedan i tisdags", date="i tisdags")
        assert in_form(day, expected={"entities": ["date"], "words": True}) == FORM
        more = naming("emergency", "kan inte andas sedan i tisdags", date="i tisdags")
        assert in_form(more, expected={"entities": ["date"], "words": True}) == "action_emergency"

    def test_that_got_no_answer_asks_again(self) -> None:
        for intent in ("affirm", "repeat", "report_symptom"):
            found = in_form(said(intent), ActionExecutionRejected(FORM))
            assert found == "action_ask_again", intent

    def test_that_is_filled_leads_to_its_submit(self) -> None:
        done = (ActionExecuted("book_appointment_form"), ActiveLoop(None))
        assert (
            after(ActiveLoop("book_appointment_form"), LISTEN, said("affirm"), *done)
            == "action_submit_book_appointment_form"
        )

    def test_of_another_expectation_does_not_count(self) -> None:
        found = in_form(said("ask_weight"), expected={"form": "report_fall", "words": True})
        assert found == "action_ask_weight"


class AfterARedFlag(unittest.TestCase):
    flag = SlotSet("red_flag", {"level": "emergency"})

    def next(self, intent: str, confidence: float = 0.9) -> str | None:
        return after(self.flag, said(intent, confidence=confidence))

    def test_nothing_new_is_begun(self) -> None:
        for intent in ("book_appointment", "report_symptom", "mood_good"):
            assert self.next(intent) == "action_after_red_flag", intent

    def test_small_words_and_what_is_not_understood_are_about_it(self) -> None:
        for intent in ("affirm", "deny", "stop", "greet", "inform", "nlu_fallback", "emergency", "self_harm", "help"):
            assert self.next(intent) == "action_after_red_flag", intent

    def test_not_having_heard_and_how_all_is_are_about_it(self) -> None:
        for intent in ("repeat", "ask_overview"):
            assert self.next(intent) == "action_after_red_flag", intent

    def test_a_clear_question_is_served(self) -> None:
        assert self.next("ask_weight") == "action_ask_weight"

    def test_a_guess_is_not_served(self) -> None:
        assert self.next("ask_weight", 0.4) == "action_after_red_flag"

    def test_a_guess_that_asks_nothing_is_no_clear_question(self) -> None:
        assert self.next("list_contacts", 0.6) == "action_after_red_flag"

    def test_another_one_is_heard(self) -> None:
        assert self.next("EXTERNAL_red_flag") == "action_red_flag"


if __name__ == "__main__":
    unittest.main()
