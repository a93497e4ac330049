"""Questionnaires about mood, asked one question at a time when the patient has said yes to it.

The slot `paused_questionnaire` holds what has been begun: {"sets", "values", "date"}. The score goes to the clinic and
to the clinical rules; the patient is never told it as a diagnosis.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import yaml
from pydantic import BaseModel, ConfigDict
from rasa_sdk.events import ActiveLoop, SlotSet

from actions import safety
from actions.action import Events
from actions.api import JSON
from actions.forms import Form, Values, reset
from actions.questions import UNWILLING, YES_NO, Question, without_marks
from actions.talk import Talk
from actions.writing import open_task, store_observation, store_questionnaire

FILE = Path(__file__).with_name("questionnaires.yml")
SLOT = "paused_questionnaire"
MORE = "more"
MORE_FROM = 2
"""Points of PHQ-2 from which PHQ-9 is asked (rule low-mood)."""
OLDER = 65
"""Years from which GDS-15 is asked beside PHQ-9 (rule low-mood)."""
ITEM_9 = "phq_9"
"""Thoughts of death or self-harm: any answer above "not at all" is the self-harm path."""
OFTEN = (
    ("0", r"inte alls|aldrig|inget|inga|^nej\b|^nä\b|^0\b|noll|not at all|never|^no\b"),
    ("3", r"nästan (?:varje|alla|jämt)|varje dag|alla dagar|jämt|alltid|hela tiden|^3\b|^tre|every day|all the time"),
    ("2", r"hälften|de flesta|ofta|mest|^2\b|^två|more than half|most days|often"),
    ("1", r"flera|några|ibland|lite|någon|^1\b|^en\b|^ett\b|several|some|few|a little"),
)
PAUSE = re.compile(
    r"\bpaus|senare|en annan gång|orkar inte (?:fler|mer|svara)|räcker (?:nu|för)|\bpause|\blater\b", re.IGNORECASE
)


class Questionnaire(BaseModel):
    """The first `count` items of a group, the code of the score, items in which a no counts, items with a code."""

    model_config = ConfigDict(extra="forbid")

    items: str
    count: int
    code: str
    no_counts: tuple[int, ...] = ()
    item_codes: dict[int, str] = {}

    def fields(self) -> list[str]:
        """Return the names of its questions."""
        return [f"{self.items}_{number}" for number in range(1, self.count + 1)]

    def points(self, values: Values) -> list[int]:
        """Return the points of every answer, in order."""
        return [self._points(number, values[name]) for number, name in enumerate(self.fields(), 1)]

    def _points(self, number: int, answer: str) -> int:
        if answer in YES_NO:
            return int(answer == ("no" if number in self.no_counts else "yes"))
        return int(answer)


@lru_cache
def questionnaires() -> dict[str, Questionnaire]:
    """Return questionnaires.yml."""
    read = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {name: Questionnaire.model_validate(one) for name, one in read.items()}


def _often(number: int) -> Question:
    return Question(f"phq_{number}", choices=("0", "1", "2", "3"), keywords=OFTEN, labels="often", undisturbed=True)


class AnswerQuestionnaireForm(Form):
    """Asks the items, can be paused and taken up again, and sends the answers after a yes."""

    questions: ClassVar[tuple[Question, ...]] = (
        *(_often(number) for number in (1, 2)),
        Question(MORE, choices=YES_NO),
        *(_often(number) for number in range(3, 10)),
        *(Question(f"gds_{number}", choices=YES_NO, labels="yes_no", undisturbed=True) for number in range(1, 16)),
    )

    async def start(self, talk: Talk) -> Values | None:
        """Take up what was paused today, else begin what was agreed on."""
        begun = talk.slot(SLOT) or {}
        wanted = talk.entity("questionnaires")
        if begun.get("values") and begun["date"] == talk.patient["local_date"] and not wanted:
            talk.say("answer_questionnaire.resume")
            return {"sets": begun["sets"], **begun["values"]}
        sets = [str(wanted)] if wanted in questionnaires() else begun.get("sets") or ["phq-2"]
        talk.say(f"answer_questionnaire.begin_{sets[0]}")
        return {"sets": sets}

    async def read(self, talk: Talk, question: Question, values: Values, *, asked: str) -> Any:
        """Take no answer from words that refuse to answer ("nej, jag vill inte")."""
        refused = (
            question.undisturbed
            and talk.intent == "deny"
            and UNWILLING.search(without_marks((talk.said or "").casefold()))
        )
        return None if refused else await super().read(talk, question, values, asked=asked)

    def needed(self, values: Values) -> Sequence[Question]:
        """Return the items of the questionnaires; after a PHQ-2 that calls for it, whether more may be asked."""
        names = [name for one in values["sets"] for name in questionnaires()[one].fields()]
        names += [MORE] if MORE in values or _calls_for_more(values) else []
        return [question for question in self.questions if question.name in names]

    async def act(self, talk: Talk) -> Events:
        """Pause when that is asked for, whatever the question is."""
        state = talk.slot("form_answers") or {}
        if state.get("form") == self.intent() and PAUSE.search(talk.said or ""):
            return pause(talk, state)
        return await super().act(talk)

    async def prompt(self, talk: Talk, question: Question, values: Values) -> str:
        """Say how far it is, and introduce the next questionnaire."""
        text = await super().prompt(talk, question, values)
        group = next((one for one in values["sets"] if question.name in questionnaires()[one].fields()), None)
        if group is None:
            return text
        fields = questionnaires()[group].fields()
        number = fields.index(question.name) + 1
        progress = talk.text("answer_questionnaire.progress", number=number, count=len(fields), question=text)
        begins = number == 1 and group != values["sets"][0]
        return f"{talk.text(f'answer_questionnaire.begin_{group}')} {progress}" if begins else progress

    def misunderstood(self, talk: Talk, question: Question | None) -> str:
        """A yes to "how often" needs the how often."""
        if question is None or question.labels is None:
            return super().misunderstood(talk, question)
        return talk.text(f"answer_questionnaire.{'how_often' if question.labels == 'often' else 'yes_or_no'}")

    async def cut_short(self, talk: Talk, values: Values, found: Values) -> Events | None:
        """A yes to more questions adds them; go to the self-harm path at once when item 9 says so."""
        if found.get(MORE) == "yes":
            values["sets"] = for_age("phq-9", talk)
        if found.get(ITEM_9, "0") == "0":
            return None
        talk.say(
            "answer_questionnaire.item_9",
            choices=[talk.choice("common.human", "talk_to_human")],
            data={"kind": "red_flag", "level": "self_harm", "phones": ["90101", "112", "1177"]},
        )
        await open_task(
            talk,
            "red-flag",
            "Självskaderisk: patienten har i PHQ-9 svarat att sådana tankar finns (fråga 9). "
            "Patienten har fått rådet att ringa 90101, och 112 vid fara.",
            priority="stat",
        )
        return safety.flagged(talk, "self_harm")

    async def read_back(self, talk: Talk, values: Values) -> str:
        """Read every answer back, one a line."""
        words = await self.described(talk, values)
        lines = [
            talk.text(
                "answer_questionnaire.line",
                topic=talk.text(f"answer_questionnaire.field_{one.name}"),
                answer=words[one.name],
            )
            for one in self.needed(values)
            if one.name != MORE
        ]
        return talk.text("answer_questionnaire.read_back", answers="\n".join(lines))

    def declined(self, talk: Talk, state: JSON) -> Events:
        """A no that answers nothing pauses."""
        return pause(talk, state)

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Store the answers and their scores."""
        for name in values["sets"]:
            await _store(talk, name, values)
        talk.say("answer_questionnaire.done", choices=[talk.choice("common.human", "talk_to_human")])
        return None

    def done(self, talk: Talk, state: JSON) -> Events:
        """Forget what was paused."""
        return [SlotSet(SLOT, None), *super().done(talk, state)]


def pause(talk: Talk, state: JSON) -> Events:
    """Keep the answers until the patient goes on, and offer to drop them."""
    talk.say(
        "answer_questionnaire.paused",
        choices=[
            talk.choice("answer_questionnaire.go_on", "answer_questionnaire"),
            talk.choice("answer_questionnaire.drop", "inform", field=SLOT, value="drop"),
        ],
    )
    values = {name: value for name, value in state["values"].items() if name != "sets"}
    kept = {"sets": state["values"]["sets"], "values": values, "date": talk.patient["local_date"]}
    return [
        ActiveLoop(None),
        *reset(),
        SlotSet(SLOT, kept),
        SlotSet("offered_intent", AnswerQuestionnaireForm.intent()),
    ]


def drop(talk: Talk) -> Events:
    """Forget the answers."""
    talk.say("answer_questionnaire.dropped")
    return [SlotSet(SLOT, None), SlotSet("offered_intent", None)]


def for_age(questionnaire: str, talk: Talk) -> list[str]:
    """Return the questionnaires to ask when a rule asks for one: from 65 years GDS-15 as well."""
    age = talk.patient["age"]
    return [questionnaire, "gds-15"] if age is not None and age >= OLDER else [questionnaire]


def _calls_for_more(values: Values) -> bool:
    short = questionnaires()["phq-2"]
    answered = all(values.get(name) is not None for name in short.fields())
    return values["sets"] == ["phq-2"] and answered and sum(short.points(values)) >= MORE_FROM


async def _store(talk: Talk, name: str, values: Values) -> None:
    questionnaire = questionnaires()[name]
    points = questionnaire.points(values)
    items = [
        (str(number), talk.text(f"answer_questionnaire.ask_{field}"), one)
        for number, (field, one) in enumerate(zip(questionnaire.fields(), points, strict=True), 1)
    ]
    response = await store_questionnaire(talk, name, items)
    source = {"derivedFrom": [{"reference": f"QuestionnaireResponse/{response}"}]}
    await store_observation(talk, questionnaire.code, {"valueInteger": sum(points)} | source)
    for number, code in questionnaire.item_codes.items():
        await store_observation(talk, code, {"valueInteger": points[number - 1]} | source)
