"""`vigor rules check`: the schema, worked cases, contradicting advice, expired reviews and rules that cannot fire."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from assistant.records.models.base import utc_now
from assistant.settings import get_settings
from scheduler.casebook import frames_of
from scheduler.evaluate import Fired, evaluate, to_say
from scheduler.rule import Advice, Case, Rule
from scheduler.rulebook import RULES, RuleBook, load

SCHEMA = RULES / "rule.schema.json"


@dataclass(frozen=True)
class Finding:
    """Something wrong with a rule file. `error` findings fail the check; the others are told."""

    file: str
    problem: str
    error: bool = True


def check(folder: Path = RULES, *, today: date) -> list[Finding]:
    """Return everything that is wrong with the rules of a folder."""
    book = load(folder)
    findings = [Finding(broken.file, broken.problem) for broken in book.broken]
    findings += [finding for path in sorted(folder.glob("*.yml")) for finding in _schema_findings(path)]
    findings += _duplicate_titles(book)
    findings += _unknown_covers(book)
    findings += _case_findings(book)
    findings += _pair_findings(book)
    for compiled in book.rules:
        findings += _review_findings(compiled.rule, today)
        findings += _reachability(compiled.rule)
    return findings


@dataclass(frozen=True)
class CaseResult:
    """A worked case, what it expects, what came out, and what is wrong about that."""

    name: str
    kind: str
    expected: str
    outcome: str
    text: str
    problems: tuple[str, ...]


def case_results(book: RuleBook, rule_id: str) -> list[CaseResult]:
    """Run the worked cases of one rule.

    Raises:
        KeyError: there is no such working rule.
    """
    rule = book.rule(rule_id).rule
    frames = frames_of(rule.cases)
    results = []
    own: dict[str, list[Fired]] = {}
    for one in evaluate(frames, book):
        if one.rule.id == rule_id:
            own.setdefault(one.patient_id, []).append(one)
    for place, case in enumerate(rule.cases):
        theirs = frames.of_patients([str(place)])
        found = next(
            (one for one in own.get(str(place), []) if one.outcome == "blocked" or to_say([one], theirs)), None
        )
        outcome, said = (found.outcome, found.text["sv"]) if found else ("silent", "")
        results.append(CaseResult(case.name, case.kind, case.expect, outcome, said, tuple(_case_problems(case, found))))
    return results


def worked_cases(book: RuleBook) -> list[tuple[Rule, Case]]:
    """Return every worked case of every rule, in order."""
    return [(compiled.rule, case) for compiled in book.rules for case in compiled.rule.cases]


def schema() -> dict[str, Any]:
    """Return the JSON Schema of rule files, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Rule.model_json_schema(by_alias=True)}


def write_schema() -> None:
    """Write the JSON Schema beside the rules."""
    SCHEMA.write_text(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _schema_findings(path: Path) -> list[Finding]:
    try:
        content = json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str))
        jsonschema.validate(content, schema())
    except (jsonschema.ValidationError, yaml.YAMLError) as error:
        problem = error.message if isinstance(error, jsonschema.ValidationError) else str(error)
        return [Finding(path.name, f"does not follow the schema: {problem}")]
    return []


def _case_findings(book: RuleBook) -> list[Finding]:
    """Run every worked case through every rule: its own must say what it expects, and no two may contradict."""
    cases = worked_cases(book)
    if not cases:
        return []
    frames = frames_of([case for _, case in cases])
    fired: dict[int, list[Fired]] = {}
    for one in evaluate(frames, book):
        fired.setdefault(int(one.patient_id), []).append(one)
    findings = []
    for place, (rule, case) in enumerate(cases):
        theirs = frames.of_patients([str(place)])
        own = [one for one in fired.get(place, []) if one.rule.id == rule.id]
        found = next((one for one in own if one.outcome == "blocked" or to_say([one], theirs)), None)
        problems = [*_case_problems(case, found), *_contradictions(to_say(fired.get(place, []), theirs))]
        findings += [Finding(f"{rule.id}.yml", f"case '{case.name}': {problem}") for problem in problems]
    return findings


def _pair_findings(book: RuleBook) -> list[Finding]:
    """Let every two rules fire for one patient, by their worked cases together: what is said must not contradict."""
    firing = [(rule, case) for rule, case in worked_cases(book) if case.expect == "fires"]
    pairs = [
        (one, other, both)
        for place, (one, first) in enumerate(firing)
        for other, second in firing[place + 1 :]
        if _may_contradict(one, other) and (both := first.together(second)) is not None
    ]
    found: dict[tuple[str, str], str] = {}
    for start in range(0, len(pairs), PAIRS_AT_ONCE):
        some = pairs[start : start + PAIRS_AT_ONCE]
        frames = frames_of([both for _, _, both in some])
        said: dict[str, list[Fired]] = {}
        for fired in to_say(evaluate(frames, book), frames):
            said.setdefault(fired.patient_id, []).append(fired)
        for place, (one, other, _) in enumerate(some):
            for problem in _contradictions(said.get(str(place), [])):
                found.setdefault((one.id, other.id), problem)
    return [Finding(f"{one}.yml", f"together with {other}: {problem}") for (one, other), problem in found.items()]


PAIRS_AT_ONCE = 2000


def _may_contradict(one: Rule, other: Rule) -> bool:
    mine, theirs = ({advice for wording in rule.wordings for advice in wording.advice} for rule in (one, other))
    pairs = {frozenset({first, second}) for first in mine for second in theirs}
    return one.id != other.id and not pairs.isdisjoint(CONTRADICTIONS)


CONTRADICTIONS: tuple[frozenset[Advice], ...] = (
    frozenset({"drink-more", "drink-little"}),
    frozenset({"drink-more", "call-112"}),
    frozenset({"see-to-it-yourself", "call-112"}),
)
"""Advice that must not be given together. What a covered alert says is not said."""


def _contradictions(said: Sequence[Fired]) -> list[str]:
    told = [(one.rule.id, advice) for one in said if one.spoken for advice in one.advice]
    return [
        f"{one} says {first} while {other} says {second}"
        for place, (one, first) in enumerate(told)
        for other, second in told[place + 1 :]
        if frozenset({first, second}) in CONTRADICTIONS
    ]


def _unknown_covers(book: RuleBook) -> list[Finding]:
    known = {compiled.rule.id for compiled in book.rules}
    return [
        Finding(f"{compiled.rule.id}.yml", f"covers {other}, which is no working rule")
        for compiled in book.rules
        for other in compiled.rule.covers
        if other not in known
    ]


def _case_problems(case: Case, found: Fired | None) -> list[str]:
    outcome = found.outcome if found else "silent"
    if outcome != case.expect:
        return [f"expected {case.expect}, was {outcome}"]
    if found is None:
        return []
    problems = []
    if missing := set(case.guards) - set(found.guards):
        problems.append(f"not blocked by {', '.join(sorted(missing))}")
    if case.says and case.says not in found.text["sv"]:
        problems.append(f"does not say '{case.says}' but: {found.text['sv']}")
    if case.says_not and case.says_not in found.text["sv"]:
        problems.append(f"says '{case.says_not}'")
    return problems


def _review_findings(rule: Rule, today: date) -> list[Finding]:
    findings = []
    if rule.review_by < today:
        findings.append(Finding(f"{rule.id}.yml", f"its review expired on {rule.review_by}"))
    if rule.reviewer is None:
        findings.append(Finding(f"{rule.id}.yml", "no clinician has signed this version", error=False))
    return findings


def _reachability(rule: Rule) -> list[Finding]:
    """A rule none of whose cases fires, and a guard that none of them meets, cannot be trusted to be reachable."""
    findings = []
    if not any(case.expect == "fires" for case in rule.cases):
        findings.append(Finding(f"{rule.id}.yml", "no worked case makes it fire"))
    met = {guard for case in rule.cases for guard in case.guards}
    for guard in rule.unless:
        if guard.guard not in met:
            findings.append(Finding(f"{rule.id}.yml", f"no worked case meets the guard {guard.guard}", error=False))
    return findings


def _duplicate_titles(book: RuleBook) -> list[Finding]:
    titles: dict[str, str] = {}
    findings = []
    for compiled in book.rules:
        other = titles.setdefault(compiled.rule.title.sv, compiled.rule.id)
        if other != compiled.rule.id:
            findings.append(Finding(f"{compiled.rule.id}.yml", f"has the same title as {other}"))
    return findings


def failed(findings: Sequence[Finding]) -> bool:
    """Return whether any finding is an error."""
    return any(finding.error for finding in findings)


def main() -> int:
    """Print every finding and return the exit status: 1 when any is an error."""
    findings = check(today=utc_now().astimezone(get_settings().zone).date())
    for finding in findings:
        kind = "error" if finding.error else "note"
        sys.stdout.write(f"{finding.file}: {kind}: {finding.problem}\n")
    rules = load().rules
    cases = sum(len(compiled.rule.cases) for compiled in rules)
    sys.stdout.write(f"{len(rules)} rules, {cases} worked cases\n")
    return int(failed(findings))
