"""One question of a form, and how an answer to it is heard in what the patient says or presses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from actions.api import JSON
from actions.talk import Talk

YES_NO = ("yes", "no")
SMALL_TALK = ("repeat", "thank", "greet")
ENDING = "(?:en|et|n|t|s)?"
"""A Swedish noun's definite form, or an English plural, still names the choice."""
COUNTED = (
    ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"),
    ("noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio"),
    ("nolla", "etta", "tvåa", "trea", "fyra", "femma", "sexa", "sjua", "åtta", "nia", "tia"),
    ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
)
UNWILLING = re.compile(r"vill inte|inte nu|helst inte|slipp|lat bli|rather not|not now|don't want")
REFUSAL = re.compile(rf"^(?:nej|na|nix|nope|no)\b|{UNWILLING.pattern}")
MARKS = str.maketrans("åäöé", "aaoe")
SCALE_WORDS = {word: number for words in COUNTED for number, word in enumerate(words)}


@dataclass(frozen=True)
class Question:
    """One thing to ask for.

    It is answered by one of `choices` (labelled by the text `<intent>.<name>_<choice>`), by an entity of the text named
    in `entities`, by a number from 0 to 10 (`scale`), by `keywords` (a choice and the expression that means it), or by
    the patient's own `words`; with `opening` the words that opened the form count. `expected` is what a bare number is
    then taken for: a kind of measurement, date or time. With `labels` its choices are labelled by `<intent>.<labels>_
    <choice>`; nothing but a wish to stop and the like interrupts a question that is `undisturbed`. Own
    words are at most `longest`.
    """

    name: str
    choices: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    keywords: tuple[tuple[str, str], ...] = ()
    scale: bool = False
    words: bool = False
    opening: bool = False
    expected: str | None = None
    labels: str | None = None
    undisturbed: bool = False
    longest: int | None = None

    def label(self, intent: str, choice: str) -> str:
        """Return the key of the text that labels a choice."""
        return f"{intent}.{self.labels or self.name}_{choice}"


def expectation(question: Question, labels: list[str]) -> JSON:
    """Return what the policy takes for an answer to the question: entities, own words, or words that match."""
    words = [*labels, *(SCALE_WORDS if question.scale else ())]
    patterns = [*([pattern_of(words)] if words else []), *(expression for _, expression in question.keywords)]
    return {
        "entities": list(question.entities),
        "words": question.words or question.undisturbed,
        "pattern": without_marks("|".join(patterns)),
    }


def pattern_of(words: list[str]) -> str:
    """Return the expression that finds any of the words in a text of small letters."""
    return rf"\b(?:{'|'.join(re.escape(word.casefold()) for word in words)}){ENDING}\b"


def heard(talk: Talk, form: str, question: Question, *, asked: bool) -> Any:
    """Return this turn's answer to a question: a choice, an entity, a number, a yes or no, own words; else None."""
    chosen = chosen_value(talk, f"{form}.{question.name}")
    if chosen is not None:
        return chosen
    found = next((value for entity in question.entities if (value := talk.entity(entity)) is not None), None)
    if found is not None or not asked:
        return found
    if question.choices == YES_NO and (meant := _yes_or_no(talk, question)) is not None:
        return meant
    if question.scale and (number := on_scale(talk)) is not None:
        return number
    if (named := named_choice(talk, form, question, talk.said or "")) is not None:
        return named
    too_long = question.longest is not None and len((talk.said or "").split()) > question.longest
    return talk.said if question.words and not too_long and not says_nothing(talk) else None


def _yes_or_no(talk: Talk, question: Question) -> str | None:
    """Return what is meant by words that a yes or a no may stand before, else the yes or the no itself."""
    meant = by_keyword(talk.said or "", question.keywords)
    return meant or {"affirm": "yes", "deny": "no"}.get(talk.intent)


def chosen_value(talk: Talk, field: str) -> Any:
    """Return the value of a quick reply for a field."""
    return talk.entity("value") if talk.entity("field") == field else None


def named_choice(talk: Talk, form: str, question: Question, said: str) -> str | None:
    """Return the choice of a question that these words name, by its label or by a keyword."""
    labels = {choice: talk.text(question.label(form, choice)) for choice in question.choices}
    return typed_label(said, labels) or by_keyword(said, question.keywords)


def typed_label(text: str, labels: dict[str, str]) -> str | None:
    """Return the choice whose label was written, in whole, or as a word of what was written."""
    said = text.casefold().strip(" .!?")
    exact = next((choice for choice, label in labels.items() if label.casefold() == said), None)
    within = (
        choice for choice, label in labels.items() if re.search(rf"\b{re.escape(label.casefold())}{ENDING}\b", said)
    )
    return exact or next(within, None)


def by_keyword(text: str, keywords: Sequence[tuple[str, str]]) -> str | None:
    """Return the first choice whose expression is found in a text."""
    said = without_marks(text.casefold())
    return next((choice for choice, expression in keywords if re.search(without_marks(expression), said)), None)


def without_marks(text: str) -> str:
    """Return a text or an expression without å, ä, ö and é, which many leave out when they write."""
    return text.translate(MARKS)


def says_nothing(talk: Talk) -> bool:
    """Tell whether a short yes or no, a thanks or the like was said, which is nobody's own words about something."""
    return talk.intent in ("affirm", "deny", "goodbye", *SMALL_TALK) and len((talk.said or "").split()) <= 3


def is_a_no(talk: Talk) -> bool:
    """Tell whether the question itself is refused, not answered with a word that denies something."""
    said = without_marks((talk.said or "").casefold())
    return talk.intent == "deny" and (not said or bool(REFUSAL.search(said)))


def on_scale(talk: Talk) -> int | None:
    """Return the one number from 0 to 10 that was said."""
    severity = talk.entity("severity")
    if isinstance(severity, int | float):
        return round(severity)
    said = (talk.said or "").casefold().replace("av tio", "").replace("av 10", "")
    for entity in (*talk.entities("duration"), *talk.entities("date")):
        said = said.replace(str(entity.get("text", "")).casefold(), " ")
    words = re.findall(r"\w+", said)
    found = [SCALE_WORDS[word] for word in words if word in SCALE_WORDS]
    return found[0] if len(found) == 1 else None
