"""How the patient is, in their own words: symptoms, sleep and mood, asked shortly and stored after a yes."""

from datetime import date
from typing import Any, ClassVar

from actions import swedish
from actions.action import Events
from actions.api import JSON
from actions.forms import Form, Values, go_back, reset
from actions.questions import Question
from actions.talk import Talk
from actions.writing import SLEEP, open_task, quantity, store_observation

STRONG = 8
"""From this strength of a symptom, of 10, the clinic is told at once. Our default until a clinician decides."""
LONELY = "loneliness"
PAINS = frozenset(
    {"pain", "stomach-ache", "chest-pain", "back-pain", "leg-pain", "joint-pain", "muscle-pain", "headache", "hip-pain"}
)
"""Pains that the clinical rules know as severe from the strength above."""
REPORTS = {"shortness-of-breath": "breathlessness", "phlegm": "sputum"}
"""Symptoms that the clinical rules know by another code of our own code system."""
SINCE = Question(
    "since",
    choices=("today", "yesterday", "days", "weeks"),
    entities=("date", "duration"),
    keywords=(("weeks", r"\blänge\b|for (?:a )?long"),),
    words=True,
    expected="since",
    longest=6,
)


class ReportSymptomForm(Form):
    """Asks what it is, since when and how strong."""

    questions: ClassVar[tuple[Question, ...]] = (
        Question("what", entities=("symptom",), words=True, opening=True),
        SINCE,
        Question("strength", scale=True),
    )

    async def read(self, talk: Talk, question: Question, values: Values, *, asked: str) -> Any:
        """Keep the patient's words beside the symptom's code; take strength from a number with "av 10" at any time."""
        found = await super().read(talk, question, values, asked=asked)
        if question.name == "what" and found is not None:
            return {"code": talk.entity("symptom"), "words": talk.said or str(found)} if asked in ("", "what") else None
        if question.name == "strength" and found is None and isinstance(talk.entity("severity"), int | float):
            return round(talk.entity("severity"))
        return since_in_words(talk, found) if question.name == "since" else found

    def words_told_anew(self, talk: Talk, values: Values) -> Values:
        """Other words may mean another symptom."""
        told = super().words_told_anew(talk, values)
        return {"what": {"code": talk.entity("symptom"), "words": told["what"]}} if told else {}

    async def described(self, talk: Talk, values: Values) -> dict[str, str]:
        """Say the symptom in the patient's own words."""
        words = values["what"]["words"] if "what" in values else ""
        return {**await super().described(talk, values), "what": words}

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Store it, and tell the clinic when it is strong."""
        described = await self.described(talk, values)
        code = values["what"]["code"] or "symptom"
        note = f"{described['what']} (sedan: {described['since']})"
        await store_observation(talk, REPORTS.get(code, code), {"valueInteger": values["strength"]}, note=note)
        if code in PAINS and values["strength"] >= STRONG:
            await store_observation(talk, "severe-pain", {"valueInteger": values["strength"]}, note=note)
        talk.say("report_symptom.stored")
        if values["strength"] >= STRONG:
            strength = f"{values['strength']} av 10"
            await open_task(talk, "alert", f"Patienten har ett starkt besvär, {strength}: ”{note}”", priority="urgent")
            talk.say("report_symptom.strong")
        else:
            talk.say("report_symptom.advice", choices=[talk.choice("common.human", "talk_to_human")])
        return None


def since_in_words(talk: Talk, found: Any) -> str | None:
    """Return since when, as a choice or in words."""
    if isinstance(found, dict) and "unit" in found:
        return talk.text(f"report_symptom.for_{found['unit']}", count=swedish.number(found["value"], talk.language))
    if isinstance(found, dict):
        return swedish.day(date.fromisoformat(found["from"]), talk.language)
    days_long = isinstance(found, str) and len(found) == len("2026-11-21") and found[4:5] == "-"
    return swedish.day(date.fromisoformat(found), talk.language) if days_long else found


class ReportSleepForm(Form):
    """Asks for hours or for how it was."""

    questions: ClassVar[tuple[Question, ...]] = (
        Question(
            "night",
            choices=("good", "fair", "bad"),
            entities=("measurement", "duration"),
            keywords=(
                (
                    "bad",
                    r"dålig|usel|urus|kass|jobbig|hemsk|illa|knappt|inte sov|sov inte|vaken|en blund|"
                    r"badly|poorly|terribl|awake",
                ),
                ("fair", r"sådär|så där|hyfsat|halvbra|okej|so-so|fair"),
                ("good", r"\bbra\b|gott|som en stock|djupt|utmärkt|well\b|great"),
            ),
            opening=True,
            expected="sleep",
        ),
    )

    async def read(self, talk: Talk, question: Question, values: Values, *, asked: str) -> Any:
        """Return the hours as a number, or the quality."""
        found = await super().read(talk, question, values, asked=asked)
        if not isinstance(found, dict):
            return found
        if found.get("kind", "sleep") != "sleep" or found["unit"] not in ("h", "min"):
            return None
        return found["value"] if found["unit"] == "h" else round(found["value"] / 60, 2)

    async def check(self, talk: Talk, name: str, value: Any) -> Any:
        """Refuse nights that are longer than a day."""
        if isinstance(value, str) or 0 <= value <= 24:
            return value
        talk.say("report_sleep.too_long")
        return None

    async def described(self, talk: Talk, values: Values) -> dict[str, str]:
        """Say hours as hours."""
        night = values.get("night")
        if isinstance(night, int | float):
            return {"night": talk.text("report_sleep.hours", hours=swedish.number(night, talk.language))}
        return await super().described(talk, values)

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Store hours as sleep duration, quality under our own code."""
        night = values["night"]
        if isinstance(night, str):
            await store_observation(talk, "sleep-quality", {"valueCodeableConcept": {"coding": [{"code": night}]}})
        else:
            await store_observation(talk, SLEEP, quantity(night, "h"))
        talk.say("report_sleep.stored_bad" if night == "bad" else "report_sleep.stored")
        return None


class MoodGoodForm(Form):
    """Rejoices, and asks for a number."""

    questions: ClassVar[tuple[Question, ...]] = (Question("score", scale=True),)

    async def start(self, talk: Talk) -> Values | None:
        """Answer the feeling first."""
        talk.say(f"{self.intent()}.warm")
        return {}

    def declined(self, talk: Talk, state: JSON) -> Events:
        """A number need not be given."""
        talk.say(f"{self.intent()}.declined", choices=self.help_offered(talk))
        return [*reset(), *go_back(talk, state)]

    def help_offered(self, talk: Talk) -> list[JSON]:
        """Return the choices after the number."""
        return []

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Store the number."""
        await store_observation(talk, "mood", quantity(values["score"], "{score}"))
        if talk.entity("symptom") == LONELY:
            await store_observation(talk, LONELY, {"valueBoolean": True})
        talk.say(f"{self.intent()}.stored", choices=self.help_offered(talk))
        return None


class MoodLowForm(MoodGoodForm):
    """Comforts, asks for a number, and offers a human or a time."""

    def help_offered(self, talk: Talk) -> list[JSON]:
        """Offer a human, a time, or two questions that tell the clinic more."""
        return [
            talk.choice("common.human", "talk_to_human"),
            talk.choice("care.book", "book_appointment"),
            talk.choice("mood_low.two_questions", "answer_questionnaire", questionnaires="phq-2"),
        ]
