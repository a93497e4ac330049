"""What the rules ask for can really be told: each report has somebody who writes it."""

import re

import yaml

from assistant.records.fhir.equivalents import SYMPTOM_OF_SNOMED
from assistant.settings import ROOT
from scheduler import rulebook
from scheduler.inputs import parts
from scheduler.rule import OnDays, ReportCount, Reported, ReportedLately
from scheduler.vocabulary import REPORT_ALIASES, REPORTS, SLEEP_QUALITY_CODE

WRITTEN = re.compile(r'store_observation\(\s*talk,\s*(?:f?"([\w{}\[\]\'-]+)"|(LONELY))')
FROM_THE_RECORD_ONLY = {
    "consciousness-alert": "a nurse's answer, as A of ACVPU",
    "consciousness-impaired": "a nurse's or relative's answer, as C, V, P or U",
    "fall-cannot-rise": "in the chat this is a red flag: 112 and a task at once",
    "oxygen-treatment": "a flow in the record",
    "stool": "a diary of the home care",
}


def told_in_the_chat() -> set[str]:
    symptoms = yaml.safe_load((ROOT / "nlu_data" / "lookup" / "symptoms.yml").read_text(encoding="utf-8"))
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "actions").glob("*.py"))
    written = {found or "loneliness" for found, _ in WRITTEN.findall(sources)}
    assert {"fall", "side-effect", SLEEP_QUALITY_CODE} <= written
    if any(one.startswith("medication-{") for one in written):
        written.add("medication-forgotten")
    codes = {REPORT_ALIASES.get(code, code) for code in {*symptoms, *written}}
    return codes | ({"slept-badly"} if SLEEP_QUALITY_CODE in codes else set())


def asked_by_rules() -> set[str]:
    asked: set[str] = set()
    for compiled in rulebook.current().rules:
        rule = compiled.rule
        conditions = [rule.when, *(guard.when for guard in rule.unless), *(one.if_ for one in rule.wordings if one.if_)]
        for part in (part for condition in conditions for part in parts(condition)):
            if isinstance(part, Reported | OnDays):
                asked |= set(part.reported)
            if isinstance(part, ReportedLately):
                asked |= set(part.reported_since_round)
        asked |= {code for value in rule.values.values() if isinstance(value, ReportCount) for code in value.of}
    return asked


def test_every_report_that_a_rule_asks_for_is_written_by_somebody() -> None:
    assert asked_by_rules() - told_in_the_chat() - FROM_THE_RECORD_ONLY.keys() == set()


def test_what_is_from_the_record_only_is_not_told_in_the_chat_after_all() -> None:
    assert FROM_THE_RECORD_ONLY.keys() & told_in_the_chat() == set()


def test_symptoms_in_snomed_ct_lead_to_reports() -> None:
    assert set(SYMPTOM_OF_SNOMED.values()) - set(REPORTS) == set()
