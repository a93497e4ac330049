"""What follows a red flag: what was started waits, the patient is asked how it goes, and then it goes on."""

import re
from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions import forms, questions, wishes
from actions.action import CareAction, Events
from actions.api import JSON
from actions.conversation import offer_again
from actions.safety import ALARMS, flagged
from actions.talk import Talk

WORDINGS = 4
"""How many ways there are to ask again; the first is not used twice."""
FIELD, OVER, DANGER = "red_flag", "over", "danger"
IS_OVER = re.compile(
    r"fortsätt|fått hjälp|hjälp(?:en)? (?:är|har|kom)|(?:ambulans|läkar|sköterska)\w* (?:är|har|kom)|"
    r"(?:faran|det) (?:är|har) (?:över|gått över|lugnt|bra nu|bättre)|mår (?:bra|bättre|fint)|känns bättre|"
    r"lugnt nu|gått över|"
    r"\b(?:är|kom|kommit) (?:uppe|upp|på benen)\b|\ballt är (?:bra|lugnt|över)\b|\bär allt (?:bra|lugnt|över)\b|"
    r"är (?:trygg|säker|i säkerhet)|har (?:ringt|pratat|talat)|"
    r"go on|continue|got help|have had help|help (?:is|has)|ambulance (?:is|has|came)|"
    r"feel (?:better|fine|good|great)|safe now|"
    r"(?:is|it's) over|i have called|i called|talked to",
    re.IGNORECASE,
)
ON_ITS_WAY = re.compile(
    r"\b(?:på väg|åker hit|rycker ut)\b(?! att)|(?<!\bjag )\b(?:kommer|är här) (?:snart|strax)\b(?! att)|"
    r"\bhar (?:nu )?ringt(?: (?:till )?(?:112|sos|dit|dem|dom|(?:efter )?(?:en )?ambulans\w*))?"
    r"(?=\s*(?:$|[.,!]|och\b|nu\b))|"
    r"\bon (?:its|the|their) way\b|\bcoming\b|\bcalled (?:112|an ambulance|them)\b",
    re.IGNORECASE,
)
IS_HERE = re.compile(
    r"\b(?:är|kom|kommit) (?:(?:nu|de|dom|hon|han|hjälpen) )*(?:här|hit|fram|hos (?:mig|oss))\b(?! (?:snart|strax))"
    r"|\bfått hjälp\b|\b(?:is|are) here\b|\bgot help\b",
    re.IGNORECASE,
)
WITH_ME = re.compile(
    r"^(?!.*\b(?:jag är|ensam|alone|i am|i'm)\b).*"
    r"\b(?:(?:är|sitter|kom|kommit|finns) (?:nu |också )?(?:här|hos mig|hit)|(?:is|are) (?:here|with me))\b",
    re.IGNORECASE,
)
AFTER_YES = {"ask_0": "safe", "ask_1": "company", "ask_2": "trusted"}
"""What is said to a yes after each of the questions to somebody with dark thoughts."""
IS_NOT = re.compile(r"\b(?:inte|ingen|inget|aldrig|not|no|never|nobody|haven't|hasn't|isn't|don't)\b", re.IGNORECASE)


class ActionRedFlag(CareAction):
    """Hears of a red flag that was answered before the engine; says nothing."""

    async def act(self, talk: Talk) -> Events:
        """Let what was started wait."""
        return flagged(talk, str(talk.entity("level")))


class ActionAfterRedFlag(CareAction):
    """Stays with the patient until help has been reached, asks once more, and returns to where the talk was."""

    async def act(self, talk: Talk) -> Events:
        """Answer what was said in the shadow of the red flag."""
        flag = talk.slot("red_flag")
        if flag["date"] != talk.patient["local_date"]:
            talk.say(f"safety.another_day_{flag['level']}")
            return [SlotSet("red_flag", None), FollowupAction(forms.serving(talk.intent))]
        if talk.intent in ALARMS and talk.intent != flag["level"]:
            return [FollowupAction(f"action_{talk.intent}")]
        if (heard := _hear_of_help(talk, flag)) is not None:
            return heard
        if talk.intent == "talk_to_human":
            return [FollowupAction("action_talk_to_human")]
        serving = forms.serving(talk.intent)
        if serving.endswith("_form") and serving != flag["form"] and not _is_report(talk):
            return _first(talk, flag)
        return _stay(talk, flag)


def _hear_of_help(talk: Talk, flag: JSON) -> Events | None:
    """Answer that help is on its way or has come, or that somebody is there; None when nothing of it was said."""
    if flag["level"] == "emergency" and _is_on_its_way(talk):
        return _say(talk, flag, "waiting")
    if _is_over(talk, flag):
        return _go_on(talk, flag) if flag["confirming"] else _confirm(talk, flag)
    if flag["level"] == "self_harm" and _is_with_somebody(talk):
        return _say(talk, flag, "company")
    return None


def _is_report(talk: Talk) -> bool:
    """Tell whether it is about how the patient is, which is no errand of its own now."""
    return talk.intent.startswith(("report_", "mood_"))


def _first(talk: Talk, flag: JSON) -> Events:
    """Keep a new errand for later, and ask how it goes."""
    talk.say(f"safety.first_{flag['level']}", choices=_choices(talk, flag["level"]))
    asked = flag | {"asked": flag["asked"] + 1, "confirming": flag["level"] == "self_harm"}
    return [SlotSet("red_flag", asked), SlotSet("offered_intent", talk.intent)]


def _is_over(talk: Talk, flag: JSON) -> bool:
    """Tell whether the patient says that help has been reached, or answers yes to that question."""
    chosen = questions.chosen_value(talk, FIELD)
    if chosen is not None:
        return bool(chosen == OVER)
    said = talk.said or ""
    if IS_NOT.search(said):
        return False
    asked_if_over = flag["confirming"] or (flag["level"] == "emergency" and flag["asked"] > 0)
    has_come = flag["level"] == "emergency" and IS_HERE.search(said)
    return bool(has_come or IS_OVER.search(said)) or (asked_if_over and talk.intent == "affirm")


def _is_on_its_way(talk: Talk) -> bool:
    """Tell whether help has been called for but is not there yet."""
    said = talk.said or ""
    return bool(ON_ITS_WAY.search(said)) and not IS_HERE.search(said) and not IS_NOT.search(said)


def _confirm(talk: Talk, flag: JSON) -> Events:
    """Ask once more before anything goes on."""
    talk.say(f"safety.confirm_{flag['level']}", choices=_choices(talk, flag["level"]))
    return [SlotSet("red_flag", flag | {"confirming": True})]


def _go_on(talk: Talk, flag: JSON) -> Events:
    """Return to where the talk was."""
    talk.say(f"safety.over_{flag['level']}")
    done = SlotSet("red_flag", None)
    if flag["form"]:
        return [done, SlotSet("offered_intent", None), FollowupAction(flag["form"])]
    if talk.slot("offered_intent"):
        return [done, *wishes.offer(talk, talk.slot("offered_intent"))]
    if talk.slot("open_offer"):
        offer_again(talk)
        return [done]
    talk.say("safety.what_now")
    return [done]


def _stay(talk: Talk, flag: JSON) -> Events:
    """Ask again, in other words each time; a no to the question about danger means 112 now."""
    if talk.intent in ("goodbye", "thank"):
        return _say(talk, flag, "goodbye")
    if questions.chosen_value(talk, FIELD) == DANGER or (talk.intent == "deny" and _asked_about_danger(flag)):
        return _say(talk, flag, "danger")
    if flag["level"] == "self_harm" and talk.intent == "affirm" and flag.get("said") in AFTER_YES:
        return _say(talk, flag, AFTER_YES[flag["said"]])
    asked = flag["asked"] if flag["asked"] < WORDINGS else 1 + flag["asked"] % (WORDINGS - 1)
    return _say(talk, flag, f"ask_{asked}")


def _asked_about_danger(flag: JSON) -> bool:
    """Tell whether a no says that there is danger: to somebody with dark thoughts not every question is about that."""
    return flag["level"] == "emergency" or flag["confirming"] or flag.get("said") == "ask_0"


def _is_with_somebody(talk: Talk) -> bool:
    said = talk.said or ""
    return bool(WITH_ME.search(said)) and not IS_NOT.search(said)


def _say(talk: Talk, flag: JSON, wording: str) -> Events:
    talk.say(
        f"safety.{flag['level']}_{wording}",
        choices=_choices(talk, flag["level"]),
        data={"kind": "red_flag", "level": flag["level"], "phones": PHONES[flag["level"]]},
    )
    return [SlotSet("red_flag", flag | {"asked": flag["asked"] + 1, "said": wording, "confirming": False})]


def _choices(talk: Talk, level: str) -> list[JSON]:
    named: dict[str, Any] = {OVER: f"safety.yes_{level}", DANGER: f"safety.no_{level}"}
    choices = [talk.choice(label, "inform", field=FIELD, value=value) for value, label in named.items()]
    return [*choices, talk.choice("common.human", "talk_to_human")]


PHONES = {"emergency": ["112", "1177"], "self_harm": ["90101", "112", "1177"]}
