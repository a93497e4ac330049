"""The small things of a talk: greetings, thanks, yes and no, why, help, and what to do when we did not understand."""

from typing import Any

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions import booking, errand_status, forms, knowledge, questionnaires, safety, texts
from actions.action import CareAction, Events
from actions.api import JSON, CareApiError
from actions.check_in import start_if_waiting
from actions.talk import Talk

OFFER_LASTS = 3
"""Messages, the yes among them, after which an offer of a second wish has lapsed."""


class ActionGreet(CareAction):
    """Greets; the first greeting of the day leads into the check-in."""

    async def act(self, talk: Talk) -> Events:
        """Tell the check-in if it waits, else greet."""
        told = await start_if_waiting(talk)
        if told is not None:
            return told
        talk.say("conversation.greet", name=talk.patient["call_name"])
        return []


class ActionAffirm(CareAction):
    """A yes outside a form: to the check-in that waits, or to the open offer."""

    async def act(self, talk: Talk) -> Events:
        """Accept what was asked; when nothing was, ask what the yes is about."""
        second = talk.slot("offered_intent")
        if second and _is_lately_offered(talk.tracker.events):
            return [SlotSet("offered_intent", None), FollowupAction(forms.serving(second))]
        offer = talk.slot("open_offer")
        if offer:
            return await accept(talk, offer)
        told = await start_if_waiting(talk)
        if told is not None:
            return told
        if only_choice := _only_choice_asked(talk.tracker.events):
            return [FollowupAction(forms.serving(only_choice))]
        talk.say("conversation.affirm_what", choices=main_choices(talk))
        return []


class ActionDeny(CareAction):
    """A no outside a form is respected."""

    async def act(self, talk: Talk) -> Events:
        """Decline the open offer, or leave it at that."""
        offer = None if talk.slot("offered_intent") else talk.slot("open_offer")
        if not offer:
            talk.say("conversation.deny")
            return [SlotSet("check_in_waits", None), SlotSet("offered_intent", None), *forms.reset()]
        await _answer(talk, offer, "declined")
        talk.say("check_in.declined")
        return [SlotSet("open_offer", None)]


async def accept(talk: Talk, offer: str) -> Events:
    """Accept an offer and start what its rule follows it up with: a booking, a questionnaire, a renewal."""
    closed = SlotSet("open_offer", None)
    accepted = await _answer(talk, offer, "accepted")
    if accepted is None:
        return [closed]
    talk.say("check_in.accepted")
    follow_up = accepted["follow_up"]
    if follow_up["action"] == "questionnaire":
        begun = {"sets": questionnaires.for_age(follow_up["questionnaire"], talk)}
        return [closed, SlotSet(questionnaires.SLOT, begun), FollowupAction("answer_questionnaire_form")]
    if follow_up["action"] == "renew":
        return [closed, FollowupAction("renew_prescription_form")]
    return [closed, SlotSet("booking_role", follow_up["role"] or "doctor"), FollowupAction("book_appointment_form")]


async def _answer(talk: Talk, recommendation: str, answer: str) -> JSON | None:
    """Store the answer and return the recommendation; one that was already given otherwise is said, None returned."""
    try:
        stored = await talk.api.post(
            f"/api/assistant/recommendations/{recommendation}/answer", {"answer": answer, "key": talk.turn}
        )
    except CareApiError as error:
        if error.status != 409:
            raise
        talk.say("check_in.already_answered")
        return None
    return stored


class ActionAskWhy(CareAction):
    """Shows the readings, the rule and the source behind a recommendation."""

    async def act(self, talk: Talk) -> Events:
        """Explain the one asked about, else those of today's check-in."""
        asked = talk.entity("recommendation")
        explained = [str(asked)] if asked else await _todays(talk)
        if not explained:
            talk.say("recommendation.nothing_to_explain")
        for recommendation in explained:
            await _explain(talk, recommendation)
        if talk.slot("open_offer"):
            offer_again(talk)
        return []


def offer_again(talk: Talk) -> None:
    """Ask again about the offer that is open."""
    yes, no = talk.choice("common.yes_please", "affirm"), talk.choice("common.no_thanks", "deny")
    talk.say("check_in.offer_again", choices=[yes, no])


async def _todays(talk: Talk) -> list[str]:
    """Return the ids of today's recommendations in the order they were told."""
    found = await talk.api.get("/api/assistant/recommendations")
    today = talk.patient["local_date"]
    return [str(one["id"]) for one in reversed(found["recommendations"]) if one["local_date"] == today]


async def _explain(talk: Talk, recommendation: str) -> None:
    why = await talk.api.get(f"/api/assistant/recommendations/{recommendation}/why")
    evidence = why["evidence"]
    talk.say(
        "recommendation.why",
        title=talk.in_language(why["title"]),
        text=talk.in_language(why["text"]),
        rule=why["rule"]["id"],
        version=why["rule"]["version"],
        source=evidence.get("source", ""),
        data={"kind": "readings", "readings": why["readings"], "rule": why["rule"], "evidence": evidence},
    )


class ActionAskRecommendationStatus(CareAction):
    """Tells what has become of the proposals to the clinic, and of the patient's own errands."""

    async def act(self, talk: Talk) -> Events:
        """Say the state of every errand and every proposal, the newest first."""
        found = await talk.api.get("/api/assistant/recommendations", level="propose")
        told = await errand_status.tell_errands(talk)
        if not found["recommendations"] and not told:
            talk.say("recommendation.no_proposals")
        for recommendation in found["recommendations"][:3]:
            talk.say(f"recommendation.state_{recommendation['state']}", title=talk.in_language(recommendation["title"]))
        return []


class ActionStop(CareAction):
    """Gives up what was started."""

    async def act(self, talk: Talk) -> Events:
        """Leave any form and forget what it had; the answers to a questionnaire are kept for a while."""
        state = talk.slot("form_answers") or {}
        if state.get("form") == questionnaires.AnswerQuestionnaireForm.intent() and talk.tracker.active_loop.get(
            "name"
        ):
            return questionnaires.pause(talk, state)
        talk.say("conversation.stopped" if talk.tracker.active_loop.get("name") else "conversation.nothing_to_stop")
        closed = [ActiveLoop(None), SlotSet("open_offer", None), SlotSet("offered_intent", None)]
        return [*closed, *forms.reset(), *booking.reset()]


class ActionRepeat(CareAction):
    """Says the last thing again."""

    async def act(self, talk: Talk) -> Events:
        """Repeat what was said in the turn before."""
        for text in _last_said(talk.tracker.events):
            talk.tell(text)
        return []


class ActionAskAgain(CareAction):
    """Says nothing, so that the form whose question got no answer puts it again."""

    async def act(self, talk: Talk) -> Events:
        """Leave everything as it is."""
        return []


class ActionSimplify(CareAction):
    """Says the last thing in plainer words."""

    async def act(self, talk: Talk) -> Events:
        """Say the plain wording where the texts have one, else the same in short sentences on lines of their own.

        In a form, say how it can be answered; it asks again itself. Somebody who speaks English and asks for Swedish
        wants the other language.
        """
        if talk.language != "sv" and "svensk" in (talk.said or "").casefold():
            return [FollowupAction("action_change_language")]
        if talk.tracker.active_loop.get("name"):
            talk.say("forms.explained")
            return []
        for text in _last_said(talk.tracker.events):
            talk.tell(texts.plain(text, language=talk.language))
        talk.say("conversation.simplified", choices=[talk.choice("common.human", "talk_to_human")])
        return []


def _is_lately_offered(events: list[JSON]) -> bool:
    """Tell whether a second wish was offered a few messages ago; later a yes is to something else."""
    said = [place for place, event in enumerate(events) if event["event"] == "user"]
    lately = events[said[-OFFER_LASTS] :] if len(said) >= OFFER_LASTS else events
    return any(event["event"] == "slot" and event["name"] == "offered_intent" for event in lately)


def _only_choice_asked(events: list[JSON]) -> str | None:
    """Return the intent of the one choice that the last question had ("Vill du boka en?"), to which a yes is enough."""
    last = next((event for event in reversed(events) if event["event"] == "bot" and event.get("text")), None)
    choices = ((last or {}).get("data") or {}).get("buttons") or []
    if last is None or len(choices) != 1 or not last["text"].endswith("?"):
        return None
    return str(choices[0]["payload"]).removeprefix("/").partition("{")[0]


def _last_said(events: list[dict[str, Any]]) -> list[str]:
    """Return the assistant's texts of the last turn that had any."""
    said: list[str] = []
    for event in reversed(events):
        if event["event"] == "user" and said:
            break
        if event["event"] == "bot" and event.get("text"):
            said.insert(0, event["text"])
    return said


class ActionRephrase(CareAction):
    """Not understood: rephrase, then choices, then a human."""

    async def act(self, talk: Talk) -> Events:
        """Take it as more about the article just read, else help a little more with each misunderstanding in a row."""
        answered = await knowledge.follow_up(talk)
        if answered is not None:
            return answered
        if await errand_status.tell_if_asked(talk):
            return []
        times = _misunderstood_in_a_row(talk.tracker.events)
        if times >= 2:
            talk.say(
                "conversation.rephrase_human",
                choices=[talk.choice("common.human", "talk_to_human"), *main_choices(talk)],
            )
        elif times == 1:
            talk.say("conversation.rephrase_choices", choices=main_choices(talk))
        else:
            talk.say("conversation.rephrase")
        return []


def _misunderstood_in_a_row(events: list[dict[str, Any]]) -> int:
    """Return how many turns before this one were not understood either."""
    intents = [event["parse_data"]["intent"].get("name") for event in events if event["event"] == "user"]
    count = 0
    for intent in reversed(intents[:-1]):
        if intent != "nlu_fallback":
            break
        count += 1
    return count


def main_choices(talk: Talk) -> list[dict[str, Any]]:
    """Return the things patients ask for most, as choices."""
    return [
        talk.choice("conversation.choice_values", "ask_overview"),
        talk.choice("conversation.choice_book", "book_appointment"),
        talk.choice("conversation.choice_medicines", "list_medications"),
    ]


class ActionInform(CareAction):
    """A choice whose question is no longer open."""

    async def act(self, talk: Talk) -> Events:
        """Say so; that nothing is urgent, or that answers shall go, is never too late."""
        if talk.entity("field") == questionnaires.SLOT:
            return questionnaires.drop(talk)
        calm = talk.entity("field") == safety.CALM
        talk.say("safety.what_now" if calm else "conversation.choice_too_late", choices=main_choices(talk))
        return []


class ActionGoodbye(CareAction):
    """Says goodbye."""

    async def act(self, talk: Talk) -> Events:
        """Say goodbye; an open form waits for another time."""
        talk.say("conversation.goodbye", name=talk.patient["call_name"])
        form = talk.tracker.active_loop.get("name")
        if form is None:
            return []
        waits = SlotSet("offered_intent", form.removesuffix("_form"))
        return [ActiveLoop(None), SlotSet("requested_slot", None), waits]


class ActionThank(CareAction):
    """Answers thanks."""

    async def act(self, talk: Talk) -> Events:
        """Answer thanks."""
        talk.say("conversation.thank")
        return []


class ActionHelp(CareAction):
    """Tells what the assistant can do."""

    async def act(self, talk: Talk) -> Events:
        """Tell, with choices; in a form, how it can be answered."""
        if talk.tracker.active_loop.get("name"):
            talk.say("forms.explained")
            return []
        talk.say("conversation.help", choices=[*main_choices(talk), talk.choice("common.human", "talk_to_human")])
        return []


class ActionAskBot(CareAction):
    """Says that it is a machine, and who answers for it."""

    async def act(self, talk: Talk) -> Events:
        """Say it."""
        talk.say("conversation.about_me", choices=[talk.choice("common.human", "talk_to_human")])
        return []


class ActionOutOfScope(CareAction):
    """Says what it does not do."""

    async def act(self, talk: Talk) -> Events:
        """Say so, with what it does do."""
        talk.say(
            "conversation.out_of_scope", choices=[*main_choices(talk), talk.choice("common.human", "talk_to_human")]
        )
        return []
