"""The rules as data: read from the YAML files beside this module, checked, and made ready for matching."""

import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.safety.red_flags.normalise import canonical

FOLDER = Path(__file__).parent
Level = Literal["emergency", "self_harm"]
Reason = Literal["negated", "past", "hypothetical", "question", "fiction", "idiom", "resolved", "usual"]
Place = Literal["call_112", "emergency_department", "self_harm"]
EVERY_REASON: tuple[Reason, ...] = (
    "negated",
    "past",
    "hypothetical",
    "question",
    "fiction",
    "idiom",
    "resolved",
    "usual",
)
MARKERS: tuple[str, ...] = (
    "negation",
    "negation_narrow",
    "past",
    "died",
    "preterite",
    "hypothetical",
    "question",
    "fiction",
    "reader",
    "idiom",
    "joking",
    "resolved",
    "usual",
    "present",
    "relapse",
    "other_person",
    "myself",
)
"""Concepts of `language.yml` that the code knows by name."""


class Strict(BaseModel):
    """A part of a rule file; an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Measured(Strict):
    """A value that is a sign in itself: a number said near one of the words, within the limits."""

    words: str
    at_least: float
    below: float
    source: str


class Bilingual(Strict):
    """A text in the two languages of the fixed texts."""

    sv: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Rule(Strict):
    """One red flag: which concepts together mean it, and what cancels it."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    level: Level
    title: Bilingual
    patterns: tuple[str, ...] = Field(min_length=1)
    unless: tuple[str, ...] = ()
    cancelled_by: tuple[Reason, ...] = EVERY_REASON
    place: Place = "call_112"
    in_progress: bool = False
    about_writer: bool = False
    advice: Bilingual | None = None
    source: str = Field(min_length=1)
    approver: str = Field(min_length=1)
    review_by: date


class RuleFile(Strict):
    """One file of rules with the concepts they speak of; approver and review date hold for each of its rules."""

    approver: str
    review_by: date
    concepts: dict[str, tuple[str, ...]] = {}
    lasting: tuple[str, ...] = ()
    measured: dict[str, Measured] = {}
    rules: tuple[Rule, ...]

    @model_validator(mode="before")
    @classmethod
    def _sign_rules(cls, content: dict[str, Any]) -> dict[str, Any]:
        signature = {key: content[key] for key in ("approver", "review_by")}
        return {**content, "rules": [signature | rule for rule in content["rules"]]}


class Statement(Strict):
    """A subject and its verb begin a new statement even without punctuation, unless one of `after` stands before."""

    subjects: frozenset[str]
    verbs: frozenset[str]
    after: frozenset[str]


class Language(Strict):
    """Knowledge of the languages that is no rule: spoken forms, fillers, words never taken for misspellings."""

    spoken: dict[str, str]
    fillers: tuple[str, ...]
    intensifiers: tuple[str, ...]
    lookalikes: tuple[str, ...]
    numbers: dict[str, float]
    clause_openers: tuple[str, ...]
    clause_openers_before_subject: tuple[str, ...]
    circumstance_openers: frozenset[str]
    subjects: tuple[str, ...]
    statement: Statement
    concepts: dict[str, tuple[str, ...]]


class Pattern(Strict):
    """Concepts that must occur together.

    `a + b`: in one sentence; `a ++ b`: also in different sentences; `a > b`: in this order, close together.

    `a @3` holds only in a message of at most three words.
    """

    rule: Rule
    concepts: tuple[str, ...]
    wide: bool
    ordered: bool
    most_words: int | None


class RuleBook(Strict):
    """All rules and all knowledge of language, checked against each other."""

    language: Language
    concepts: dict[str, tuple[str, ...]]
    lasting: frozenset[str]
    measured: dict[str, Measured]
    rules: tuple[Rule, ...]
    patterns: tuple[Pattern, ...]

    @model_validator(mode="after")
    def _check(self) -> "RuleBook":
        known = self.concepts.keys() | self.measured.keys()
        named = {name for pattern in self.patterns for name in pattern.concepts}
        named |= {name for rule in self.rules for name in rule.unless}
        named |= {one.words for one in self.measured.values()} | set(self.lasting) | set(MARKERS)
        if missing := named - known:
            raise ValueError(f"rules name concepts that no file defines: {sorted(missing)}")
        ids = [rule.id for rule in self.rules]
        if len(ids) != len(set(ids)):
            raise ValueError("two rules have the same id")
        return self


@lru_cache
def rule_book() -> RuleBook:
    """Read and check every rule file.

    Raises:
        pydantic.ValidationError: a file is wrong; the service must not start without its red flags.
    """
    language = Language.model_validate(_yaml(FOLDER / "language.yml"))
    paths = sorted(path for path in FOLDER.glob("*.yml") if path.name != "language.yml")
    files = [RuleFile.model_validate(_yaml(path)) for path in paths]
    concepts = dict(language.concepts)
    for file in files:
        if twice := concepts.keys() & file.concepts.keys():
            raise ValueError(f"concepts defined twice: {sorted(twice)}")
        concepts.update(file.concepts)
    rules = tuple(rule for file in files for rule in file.rules)
    return RuleBook(
        language=language,
        concepts=concepts,
        lasting=frozenset(name for file in files for name in file.lasting),
        measured={name: one for file in files for name, one in file.measured.items()},
        rules=rules,
        patterns=tuple(_pattern(rule, text) for rule in rules for text in rule.patterns),
    )


@lru_cache
def spoken_forms() -> dict[str, tuple[str, ...]]:
    """Return what each spoken or dialect form stands for, word by word."""
    forms = rule_book().language.spoken
    return {canonical(form): tuple(written.split()) for form, written in forms.items()}


@lru_cache
def fillers() -> frozenset[str]:
    """Return words that carry nothing and are skipped."""
    return frozenset(canonical(word) for word in rule_book().language.fillers)


def _pattern(rule: Rule, text: str) -> Pattern:
    body, _, words = text.partition("@")
    names = tuple(name.strip() for name in re.split(r"\++|>", body))
    most_words = int(words) if words else None
    return Pattern(rule=rule, concepts=names, wide="++" in body, ordered=">" in body, most_words=most_words)


def _yaml(path: Path) -> object:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
