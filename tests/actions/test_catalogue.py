"""The domain, the actions and the texts agree: every intent is served, every text exists in both languages."""

import re
import string
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions import forms, texts
from actions.forms import CHANGE, Form
from actions.questions import Question
from actions.server import Executor
from assistant.settings import ROOT

DOMAIN = ROOT / "assistant" / "dialogue" / "domain"
OWN_INTENTS = {"inform", "answer_questionnaire", "EXTERNAL_check_in", "EXTERNAL_red_flag", "nlu_fallback"}
USED = re.compile(r'(?:\.say|\.text|\.choice|texts\.text)\(\s*"([a-z_]+\.[a-z_0-9]+)"')


def domain(section: str) -> list[Any]:
    """All of one section, whichever file it stands in."""
    parts = [
        yaml.safe_load(path.read_text(encoding="utf-8")).get(section) or [] for path in sorted(DOMAIN.glob("*.yml"))
    ]
    return [name for part in parts for one in part for name in (one if isinstance(one, dict) else [one])]


def all_forms() -> list[type[Form]]:
    """Every form that a patient can be in, the bases of several left out."""
    executor = Executor()
    executor.register_package("actions")
    return [form for form in forms._all_forms(Form) if hasattr(form, "questions")]


def placeholders(text: str | list[str]) -> set[str]:
    wordings = text if isinstance(text, list) else [text]
    return {name for wording in wordings for _, name, _, _ in string.Formatter().parse(wording) if name}


def test_every_intent_has_a_form_or_an_action() -> None:
    intents = set(domain("intents")) - OWN_INTENTS
    served = {*domain("forms"), *domain("actions")}
    assert len(intents) == 61
    assert [one for one in sorted(intents) if not served & {f"{one}_form", f"action_{one}"}] == []


def test_every_action_of_the_domain_exists() -> None:
    executor = Executor()
    executor.register_package("actions")
    assert [one for one in domain("actions") if one not in executor.actions] == []


def test_every_form_of_ours_stands_in_the_domain() -> None:
    actions, in_domain = domain("actions"), domain("forms")
    for form in all_forms():
        assert f"{form.intent()}_form" in in_domain
        assert f"validate_{form.intent()}_form" in actions


def test_both_languages_have_the_same_texts_with_the_same_values() -> None:
    swedish, english = texts.catalogue("sv"), texts.catalogue("en")
    assert swedish.keys() == english.keys()
    differing = [key for key in swedish if placeholders(swedish[key]) != placeholders(english[key])]
    assert differing == []


def test_every_text_that_is_named_in_the_code_exists() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in Path(ROOT / "actions").glob("*.py"))
    named = set(USED.findall(code))
    assert len(named) > 100
    assert named - texts.catalogue("sv").keys() == set()


@pytest.mark.parametrize("form", all_forms(), ids=lambda form: form.intent())
def test_every_question_of_a_form_has_its_texts(form: type[Form]) -> None:
    known = texts.catalogue("sv").keys()
    needed = {key for question in form.questions for key in texts_of(form, question)}
    assert needed - known == set()
    assert any(key.startswith(f"{form.intent()}.read_back") for key in known)


def texts_of(form: type[Form], question: Question) -> set[str]:
    never_asked = question.name == "day" and form.intent() == "report_measurement"
    asked = set() if never_asked else {f"{form.intent()}.ask_{question.name}"}
    labels = {question.label(form.intent(), choice) for choice in question.choices}
    return {*asked, *labels, f"{form.intent()}.field_{question.name}"}


def test_no_field_has_the_name_of_an_open_question_that_every_form_has() -> None:
    names = {question.name for form in all_forms() for question in form.questions}
    assert not names & {CHANGE, forms.CONFIRM, forms.LEAVE}


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_plain_wordings_are_found_again_from_what_was_said(language: str) -> None:
    said = texts.text("readings.latest_down", language=language, was="x", value="1", when="nu", since="y", before="2")
    assert texts.plain(said, language=language) == texts.text(
        "readings.latest_down_plain", language=language, was="x", value="1", before="2"
    )


def test_a_text_without_a_plain_wording_is_said_a_sentence_a_line_without_asides() -> None:
    assert texts.plain("Ta det lugnt (som alltid). Ring 1177.", language="sv") == "Ta det lugnt.\nRing 1177."
