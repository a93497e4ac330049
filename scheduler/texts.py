"""Numbers and sentences as people read them, in Swedish and English."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from string import Formatter
from typing import Any, Literal

from scheduler import news2
from scheduler.rule import (
    Bmi,
    Difference,
    Measured,
    News2,
    PatientFact,
    PatientLimit,
    Percent,
    ReportCount,
    Rule,
    Value,
    Words,
)
from scheduler.vocabulary import SIGNALS

Language = Literal["sv", "en"]
Text = dict[str, str]
LANGUAGES: tuple[Language, ...] = ("sv", "en")
UNKNOWN = {"sv": "okänt", "en": "unknown"}

GOOD_SLEEP_H = 7.0
LITTLE_SLEEP_H = 5.0
"""Little sleep is that of the rule poor-sleep; good sleep is ours, without a source."""


@dataclass(frozen=True)
class Number:
    """A named value in a sentence: "{now}" gives "60,4 kg" and "{now:bare}" gives "60,4"."""

    value: float | None
    unit: str
    decimals: int
    language: Language

    def __format__(self, spec: str) -> str:
        if self.value is None:
            return UNKNOWN[self.language]
        shown = number(self.value, decimals=self.decimals, language=self.language)
        return shown if spec == "bare" or not self.unit else f"{shown} {self.unit}"


@dataclass(frozen=True)
class Missing:
    """Parameters of NEWS2 that are not known, in a sentence: "andning och vakenhet"."""

    bits: float | None
    language: Language

    def __format__(self, spec: str) -> str:
        names = [words[LANGUAGES.index(self.language)] for words in news2.names_of(self.bits or 0)]
        head, last = ", ".join(names[:-1]), names[-1:]
        return JOINTS[self.language].join([head, *last] if head else last)


def number(value: float, *, decimals: int, language: Language = "sv") -> str:
    """Write a number with this language's decimal mark."""
    shown = f"{value:.{decimals}f}"
    return shown.replace(".", ",").replace("-", "−") if language == "sv" else shown


def fill(words: Words, *, rule: Rule, values: Mapping[str, float | None], names: Mapping[str, Text]) -> Text:
    """Put the rule's named values, and names such as the call name, into a sentence.

    Raises:
        KeyError: the sentence has a name that the rule does not define.
    """
    return {language: _fill(getattr(words, language), rule, values, names, language) for language in LANGUAGES}


@lru_cache(maxsize=4096)
def sleep_sentence(hours: float | None) -> Text:
    """Say how last night's sleep was; honest when nothing is known of it."""
    if hours is None:
        return {"sv": "Jag vet inte hur du sov i natt.", "en": "I do not know how you slept last night."}
    length = {language: _hours_and_minutes(hours, language) for language in LANGUAGES}
    if hours >= GOOD_SLEEP_H:
        return {"sv": f"Du sov gott i natt, {length['sv']}.", "en": f"You slept well last night, {length['en']}."}
    if hours >= LITTLE_SLEEP_H:
        return {"sv": f"Du sov {length['sv']} i natt.", "en": f"You slept {length['en']} last night."}
    return {"sv": f"Du sov lite i natt, {length['sv']}.", "en": f"You slept little last night, {length['en']}."}


def greeting(call_name: str, local: datetime) -> Text:
    """Greet by the hour of the patient's own clock."""
    if 4 <= local.hour < 10:
        sv, en = "God morgon", "Good morning"
    elif local.hour >= 18:
        sv, en = "God kväll", "Good evening"
    else:
        sv, en = "Hej", "Hello"
    return {"sv": f"{sv}, {call_name}!", "en": f"{en}, {call_name}!"}


def _fill(
    template: str, rule: Rule, values: Mapping[str, float | None], names: Mapping[str, Text], language: Language
) -> str:
    shown: dict[str, Any] = {name: text[language] for name, text in names.items()}
    for name in _names_in(template) & rule.values.keys():
        value = rule.values[name]
        if isinstance(value, News2) and value.news2 == "missing":
            shown[name] = Missing(values.get(name), language)
            continue
        unit, decimals = _shape(rule, value)
        shown[name] = Number(values.get(name), unit, decimals, language)
    return template.format_map(shown).strip()


@lru_cache(maxsize=2048)
def _names_in(template: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)


def _shape(rule: Rule, value: Value) -> tuple[str, int]:
    unit, decimals = _natural_shape(rule, value)
    return (
        unit if value.unit is None else value.unit,
        decimals if value.decimals is None else value.decimals,
    )


def _natural_shape(rule: Rule, value: Value) -> tuple[str, int]:
    match value:
        case Percent() | Measured(measure="fall_percent" | "change_percent"):
            return "%", 1
        case Measured(measure="count" | "days_with" | "days_since"):
            return "", 0
        case PatientFact() | News2() | PatientLimit() | ReportCount():
            return "", 0
        case Bmi():
            return "", 1
        case Measured():
            signal = SIGNALS[value.of]
            return signal.unit, signal.decimals
        case Difference():
            return _shape(rule, rule.values[value.minus[0]])


def _hours_and_minutes(hours: float, language: Language) -> str:
    whole, minutes = divmod(round(hours * 60), 60)
    words = UNITS_OF_TIME[language]
    said = [
        f"{count} {one if count == 1 else many}" for count, (one, many) in zip((whole, minutes), words, strict=True)
    ]
    shown = [text for text, count in zip(said, (whole, minutes), strict=True) if count]
    return JOINTS[language].join(shown or said[1:])


UNITS_OF_TIME: dict[Language, tuple[tuple[str, str], tuple[str, str]]] = {
    "sv": (("timme", "timmar"), ("minut", "minuter")),
    "en": (("hour", "hours"), ("minute", "minutes")),
}
JOINTS: dict[Language, str] = {"sv": " och ", "en": " and "}
