"""Forms: what is asked before something is done, one question at a time, with a read-back and a yes at the end.

A form is one action, `validate_<intent>_form`, that Rasa runs at every turn of the form: it takes what was said in any
order, asks what is missing, reads back, and after the yes does what the form is for. A later answer replaces an earlier
one and is read back again. What has been answered is in the slot `form_answers`; what the open question can be answered
with is in the slot `expected`, by which the policy tells an answer from a digression.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions import safety, wishes
from actions.action import CareAction, Events
from actions.api import JSON
from actions.questions import (
    SMALL_TALK,
    YES_NO,
    Question,
    chosen_value,
    expectation,
    heard,
    is_a_no,
    named_choice,
    on_scale,
    pattern_of,
    typed_label,
    without_marks,
)
from actions.talk import Talk

Values = dict[str, Any]

CONFIRM, CHANGE, LEAVE = "confirmed", "change", "leave"
"""Open questions that every form has: the yes to the read-back, what to change, whether to give up."""
MISSES_UNTIL_HUMAN = 2
FEWEST_WORDS_TOLD = 4
LEADING_NO = re.compile(r"^(?:nej|nä|no)\b[\s,.]*", re.IGNORECASE)
CORRECTION = re.compile(r"\S.*\bmenade?\b|\butan\b|\bska(?:ll)? (?:det )?(?:sta|vara)\b|\bi meant?\b")
"""A short correction of what was told: "onsdag menade jag"."""
DISCONTENT = re.compile(
    r"vill (?:jag )?inte|behovs (?:det )?inte|inte skicka|skicka inte|strunta|angra|hoppa over|stammer inte"
    r"|^(?:nej\W+)?(?:det|sa|nu)? ?(?:ar|blev|var|blir) (?:helt |alldeles )?fel\W*$"
    r"|(?:do not|don't) (?:want|send)|not (?:right|needed)|wrong\W*$"
)
"""A no in many words, which is nothing to put in place of what was told."""


class Form(CareAction, ABC):
    """Base of all forms: `ReportSymptomForm` belongs to the intent report_symptom and has its texts there."""

    questions: ClassVar[tuple[Question, ...]]

    @classmethod
    def intent(cls) -> str:
        """Return the intent that opens the form."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__.removesuffix("Form")).lower()

    def name(self) -> str:
        """Return the name of the action that Rasa runs at every turn of the form."""
        return f"validate_{self.intent()}_form"

    async def start(self, talk: Talk) -> Values | None:
        """Return what is known from the beginning; None, with the reason said, when there is nothing to ask for."""
        return {}

    def needed(self, values: Values) -> Sequence[Question]:
        """Return the questions that must be answered, given what has been."""
        return self.questions

    async def read(self, talk: Talk, question: Question, values: Values, *, asked: str) -> Any:
        """Return this turn's answer to a question, or None. `asked` names the open one, "" when the form opens."""
        is_asked = question.name == asked or (not asked and question.opening)
        return heard(talk, self.intent(), question, asked=is_asked)

    def expects(self, question: Question | None, values: Values) -> str | None:
        """Return what a bare number is taken for at a question, or at the read-back.

        A form that asks since when may have that day corrected at any question.
        """
        open_ones = [question] if question else self.questions
        asked = next((one.expected for one in open_ones if one.expected), None)
        return asked or ("since" if any(one.expected == "since" for one in self.questions) else None)

    async def check(self, talk: Talk, name: str, value: Any) -> Any:
        """Return the value to keep; None, with the reason said, when it cannot be taken."""
        return value

    def without(self, values: Values, name: str) -> Values:
        """Return the answers without the one that is to be changed."""
        return {field: value for field, value in values.items() if field != name}

    async def cut_short(self, talk: Talk, values: Values, found: Values) -> Events | None:
        """Do what cannot wait for more questions; return the events when the form thereby is over, or waits.

        `found` is what was answered in this turn.
        """
        return None

    async def prompt(self, talk: Talk, question: Question, values: Values) -> str:
        """Return the words of a question."""
        return talk.text(f"{self.intent()}.ask_{question.name}", **await self.described(talk, values))

    def misunderstood(self, talk: Talk, question: Question | None) -> str:
        """Return what is said before a question that got no answer is asked again."""
        return talk.text("forms.not_understood")

    async def choices(self, talk: Talk, question: Question, values: Values) -> list[JSON]:
        """Return the quick replies to a question."""
        labels = [talk.text(question.label(self.intent(), one)) for one in question.choices]
        return [
            self.option(talk, question.name, one, label) for one, label in zip(question.choices, labels, strict=True)
        ]

    async def described(self, talk: Talk, values: Values) -> dict[str, str]:
        """Return the words for what has been answered, for the read-back."""
        asked = {question.name: question for question in self.questions}
        return {
            name: talk.text(asked[name].label(self.intent(), str(value)))
            if name in asked and value in asked[name].choices
            else str(value)
            for name, value in values.items()
            if isinstance(value, str | int | float)
        }

    async def read_back(self, talk: Talk, values: Values) -> str:
        """Return the sentence that asks for the yes."""
        return talk.text(f"{self.intent()}.read_back", **await self.described(talk, values))

    @abstractmethod
    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Do what the form is for and say so. Return what remains to be asked for, None when all is done."""

    def option(self, talk: Talk, name: str, value: str, label: str | None = None) -> JSON:
        """Return a quick reply that answers the question `name` with `value`."""
        title = f"={label}" if label else f"{self.intent()}.{name}_{value}"
        return talk.choice(title, "inform", field=f"{self.intent()}.{name}", value=value)

    async def act(self, talk: Talk) -> Events:
        """Take what was said and go on."""
        state = talk.slot("form_answers") or {}
        told_anew = state.get("offered") and talk.intent == self.intent()
        fresh = state.get("form") != self.intent() or told_anew
        if fresh:
            begun = await self.start(talk)
            if begun is None:
                return self.done(talk, self._begin(talk, {}, known=state))
            state = self._begin(talk, begun, known=state)
        talk.key = state["key"]
        if served_otherwise(talk.tracker, f"{self.intent()}_form") or (not fresh and await self.aside(talk)):
            if not fresh:
                talk.say("forms.back")
            return await self._go_on(talk, state)
        return await self._take(talk, state, asked="" if fresh else str(talk.slot("requested_slot")))

    def _begin(self, talk: Talk, values: Values, *, known: JSON) -> JSON:
        """Return the state of a form that opens; the one that was open, `known` of our kind, waits until it is done."""
        waiting = known if not known.get("offered") else None
        booking_was_open = _open_before(talk.tracker, f"{self.intent()}_form") == "book_appointment_form"
        return {
            "form": self.intent(),
            "values": values,
            "misses": 0,
            "key": talk.turn,
            "also": wishes.second(talk, served=self.intent()),
            "interrupted": {"form": "book_appointment"} if booking_was_open else waiting or None,
        }

    async def aside(self, talk: Talk) -> bool:
        """Answer a question that the form itself understands, in the middle of it; return whether there was one."""
        return False

    def after_trouble(self, tracker: Tracker) -> Events:
        """Keep the form where it was, so that the same answer can be given again."""
        kept = ("form_answers", "requested_slot")
        return [SlotSet(name, tracker.get_slot(name)) for name in kept]

    async def _take(self, talk: Talk, state: JSON, *, asked: str) -> Events:
        """Take the answers of this turn; without any, see what else the turn says to the open question."""
        if asked == LEAVE and talk.intent == "affirm":
            talk.say("conversation.stopped")
            return reset()
        missing = next((one.name for one in self.needed(state["values"]) if one.name not in state["values"]), "")
        found, refused = await self._found(talk, state["values"], missing if asked == LEAVE else asked)
        state["values"] |= found
        if found and (events := await self.cut_short(talk, state["values"], found)) is not None:
            return [SlotSet("form_answers", state), *events]
        if found or refused or asked in ("", LEAVE) or talk.intent in SMALL_TALK or talk.entity("field") == safety.CALM:
            return await self._go_on(talk, state | {"misses": 0})
        return await self._without_answer(talk, state, asked)

    async def _without_answer(self, talk: Talk, state: JSON, asked: str) -> Events:
        if asked in (CONFIRM, CHANGE) and talk.intent == "affirm":
            return await (self._submit if asked == CONFIRM else self._go_on)(talk, state)
        anew = {**self.words_told_anew(talk, state["values"]), **self.chosen_anew(talk, state["values"])}
        if asked in (CONFIRM, CHANGE) and anew:
            return await self._go_on(talk, state | {"values": state["values"] | anew, "misses": 0})
        if asked == CONFIRM and talk.intent == "deny":
            return await self._ask_change(talk, state)
        if asked == CHANGE and (name := self._to_change(talk)):
            return await self._go_on(talk, state | {"values": self.without(state["values"], name)})
        if is_a_no(talk):
            return self.declined(talk, state)
        return await self._missed(talk, state)

    async def _found(self, talk: Talk, values: Values, asked: str) -> tuple[Values, bool]:
        """Return the answers of this turn, and whether one was refused with a reason."""
        found: Values = {}
        refused = False
        for question in self.questions:
            value = await self.read(talk, question, values, asked=asked)
            if value is not None:
                kept = await self.check(talk, question.name, value)
                refused = refused or kept is None
                found |= {} if kept is None else {question.name: kept}
        return found, refused

    async def _go_on(self, talk: Talk, state: JSON, *, lead: str = "") -> Events:
        values = state["values"]
        question = next((one for one in self.needed(values) if values.get(one.name) is None), None)
        if question is None:
            text = await self.read_back(talk, values)
            talk.tell(
                f"{lead} {text}".strip(),
                choices=[talk.choice("forms.accept", "affirm"), talk.choice("forms.change", "deny")],
            )
            return _ask(state, CONFIRM, self._correctable(values))
        shown = await self.choices(talk, question, values)
        text = await self.prompt(talk, question, values)
        human = [talk.choice("common.human", "talk_to_human")] if state["misses"] >= MISSES_UNTIL_HUMAN else []
        talk.tell(f"{lead} {text}".strip(), choices=[*shown, *human])
        expected = expectation(question, [one["title"] for one in shown])
        return _ask(state, question.name, expected | {"kind": self.expects(question, values)})

    def _correctable(self, values: Values) -> JSON:
        """Return what can correct the answers at the read-back."""
        entities = [entity for question in self.questions for entity in question.entities]
        return {"entities": entities, "kind": self.expects(None, values)}

    async def _submit(self, talk: Talk, state: JSON) -> Events:
        remaining = await self.submit(talk, state["values"])
        if remaining is None:
            return self.done(talk, state)
        return await self._go_on(talk, state | {"values": remaining, "misses": 0})

    def done(self, talk: Talk, state: JSON) -> Events:
        """Close the form, then offer to go on with one that it interrupted, or what else was asked for."""
        return [*reset(), *go_back(talk, state)]

    async def _ask_change(self, talk: Talk, state: JSON) -> Events:
        fields = [one.name for one in self.needed(state["values"])]
        options = [self.option(talk, CHANGE, name, talk.text(f"{self.intent()}.field_{name}")) for name in fields]
        talk.say("forms.ask_change", choices=[*options, talk.choice("forms.give_up", "stop")])
        labels = [one["title"] for one in options]
        return _ask(state, CHANGE, self._correctable(state["values"]) | {"pattern": without_marks(pattern_of(labels))})

    def words_told_anew(self, talk: Talk, values: Values) -> Values:
        """Return what was told in place of the earlier words, where the form has but one question for own words."""
        of_words = [one.name for one in self.questions if one.words and not one.choices]
        told = LEADING_NO.sub("", talk.said or "")
        said = without_marks(told.casefold())
        longer = (len(told.split()) >= FEWEST_WORDS_TOLD or CORRECTION.search(said)) and not DISCONTENT.search(said)
        return {of_words[0]: told} if len(of_words) == 1 and longer and self._to_change(talk) is None else {}

    def chosen_anew(self, talk: Talk, values: Values) -> Values:
        """Return the choices or the number named in place of those given, "nej, vågen"; a yes changes nothing."""
        told = LEADING_NO.sub("", talk.said or "")
        if talk.intent == "affirm" or not told or self._to_change(talk) is not None:
            return {}
        scales = [one.name for one in self.questions if one.scale and values.get(one.name) is not None]
        if scales and (number := on_scale(talk)) is not None:
            return {scales[0]: number}
        made = [one for one in self.questions if one.choices and one.choices != YES_NO and values.get(one.name)]
        named = {one.name: named_choice(talk, self.intent(), one, told) for one in made}
        return {name: choice for name, choice in named.items() if choice not in (None, values[name])}

    def _to_change(self, talk: Talk) -> str | None:
        labels = {one.name: talk.text(f"{self.intent()}.field_{one.name}") for one in self.questions}
        chosen = chosen_value(talk, f"{self.intent()}.{CHANGE}")
        return str(chosen) if chosen in labels else typed_label(talk.said or "", labels)

    def declined(self, talk: Talk, state: JSON) -> Events:
        """Respect a no to a question: ask whether to give up the whole."""
        talk.say("forms.ask_leave", choices=[talk.choice("forms.leave", "affirm"), talk.choice("forms.stay", "deny")])
        return _ask(state, LEAVE, {})

    async def _missed(self, talk: Talk, state: JSON) -> Events:
        misses = state["misses"] + 1
        asked = next((one for one in self.questions if one.name == talk.slot("requested_slot")), None)
        lead = talk.text("forms.human") if misses >= MISSES_UNTIL_HUMAN else self.misunderstood(talk, asked)
        return await self._go_on(talk, state | {"misses": misses}, lead=lead)


def serving(intent: str) -> str:
    """Return the form or the action that serves an intent."""
    with_forms = {"book_appointment", *(form.intent() for form in _all_forms(Form))}
    return f"{intent}_form" if intent in with_forms else f"action_{intent}"


def _all_forms(base: Any) -> list[type[Form]]:
    return [form for direct in base.__subclasses__() for form in (direct, *_all_forms(direct))]


def go_back(talk: Talk, state: JSON) -> Events:
    """Return the events after a form: the offer to go on with the one it interrupted, else of a second wish."""
    interrupted = state.get("interrupted")
    if not interrupted:
        return wishes.offer(talk, state.get("also"))
    also = interrupted.get("also") or state.get("also")
    kept = [SlotSet("form_answers", interrupted | {"also": also, "offered": True})] if "values" in interrupted else []
    return [*kept, *wishes.resume(talk, interrupted["form"])]


def _open_before(tracker: Tracker, form: str) -> str | None:
    """Return the form that was open when this one began."""
    opened = [event.get("name") for event in tracker.events if event["event"] == "active_loop"]
    before = opened[:-1] if opened and opened[-1] == form else opened
    return before[-1] if before else None


def reset() -> Events:
    """Return the events that close any form of this kind."""
    return [SlotSet(name, None) for name in ("form_answers", "expected", "requested_slot")]


def _ask(state: JSON, name: str, expected: JSON) -> Events:
    return [
        SlotSet("form_answers", state),
        SlotSet("expected", expected | {"form": state["form"]}),
        SlotSet("requested_slot", name),
    ]


def served_otherwise(tracker: Tracker, form: str) -> bool:
    """Tell whether another action has already answered this turn: a digression, or what led into the form."""
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return False
        if event["event"] == "action" and event.get("name") not in (form, "action_listen", "action_extract_slots"):
            return True
    return False
