"""`vigor rules explain PATIENT RULE`: every value and every comparison, for one patient at one moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from scheduler import outcomes, rulebook
from scheduler.compile import CompiledRule, Scope
from scheduler.evaluate import evaluate, to_say
from scheduler.frames import Frames
from scheduler.inputs import inputs_used
from scheduler.rule import All, AnyOf, Compare, Condition, Not, SomeOf, Strict
from scheduler.rulebook import RuleBook

SIGNS = {"above": ">", "at_least": ">=", "below": "<", "at_most": "<="}


@dataclass(frozen=True)
class Line:
    """One condition: how deep it lies, what it says, and whether it holds (None: not known)."""

    depth: int
    text: str
    holds: bool | None


@dataclass(frozen=True)
class Explanation:
    """What a rule saw in one patient. outcome: silent, fires, blocked, instead, or resting (said too lately)."""

    rule_id: str
    version: int
    outcome: str
    values: dict[str, float | None]
    conditions: list[Line]
    guards: dict[str, list[Line]]
    readings: list[dict[str, Any]]


def explain(patient_id: str, rule_id: str, *, now: datetime | None = None, book: RuleBook | None = None) -> Explanation:
    """Explain a rule for one patient.

    Raises:
        KeyError: there is no such working rule, or no such patient.
    """
    book = book or rulebook.active()
    compiled = book.rule(rule_id)
    found = outcomes.read(patient_id, now=now, book=book)
    return explain_frames(found, compiled, book)


def explain_frames(found: Frames, compiled: CompiledRule, book: RuleBook) -> Explanation:
    """Explain a rule for the only patient of these frames."""
    rule = compiled.rule
    ids = found.patients["patient_id"].to_list()
    scope = Scope(book.compiler, rule)
    guards = {guard.guard: list(_walk(scope, guard.when, 0)) for guard in rule.unless}
    conditions = list(_walk(scope, rule.when, 0))
    wide = book.compiler.wide(found)
    return Explanation(
        rule_id=rule.id,
        version=rule.version,
        outcome=_outcome(found, rule.id, book),
        values=_values(wide, compiled),
        conditions=_decided(wide, conditions),
        guards={name: _decided(wide, lines) for name, lines in guards.items()},
        readings=inputs_used(rule, found.readings.sort("at"), book, of=ids).get(ids[0], []),
    )


def as_text(explanation: Explanation) -> str:
    """Write an explanation for a terminal."""
    lines = [f"{explanation.rule_id} version {explanation.version}: {explanation.outcome}", "values"]
    lines += [f"  {name} = {'unknown' if value is None else value}" for name, value in explanation.values.items()]
    lines += ["conditions", *_shown(explanation.conditions)]
    for name, guard in explanation.guards.items():
        lines += [f"blocked by {name}?", *_shown(guard)]
    lines += ["readings"]
    lines += [f"  {one['at']} {one['label']} {one['value']} {one['unit']}" for one in explanation.readings]
    return "\n".join(lines)


@dataclass(frozen=True)
class _Undecided:
    depth: int
    text: str
    expression: pl.Expr


def _walk(scope: Scope, condition: Condition, depth: int) -> Iterator[_Undecided]:
    yield _Undecided(depth, _say(condition), scope.condition(condition))
    match condition:
        case All():
            inner: tuple[Condition, ...] = condition.all
        case AnyOf():
            inner = condition.any
        case Not():
            inner = (condition.not_,)
        case SomeOf():
            inner = condition.some_of
        case _:
            return
    for part in inner:
        yield from _walk(scope, part, depth + 1)


def _values(wide: pl.DataFrame, compiled: CompiledRule) -> dict[str, float | None]:
    if not compiled.values:
        return {}
    return wide.select(expression.alias(name) for name, expression in compiled.values.items()).row(0, named=True)


def _decided(wide: pl.DataFrame, lines: list[_Undecided]) -> list[Line]:
    results = wide.select(line.expression.alias(str(place)) for place, line in enumerate(lines)).row(0)
    return [Line(line.depth, line.text, holds) for line, holds in zip(lines, results, strict=True)]


def _say(condition: Condition) -> str:
    match condition:
        case All():
            return "all of"
        case AnyOf():
            return "any of"
        case Not():
            return "not"
        case SomeOf():
            return f"at least {condition.at_least} of"
        case Compare():
            return " and ".join(f"{condition.value} {SIGNS[name]} {limit}" for name, limit in condition.limits.items())
        case _:
            return _plain(condition)


def _plain(condition: Strict) -> str:
    return ", ".join(f"{name} {value}" for name, value in condition.model_dump(exclude_defaults=True).items())


def _outcome(found: Frames, rule_id: str, book: RuleBook) -> str:
    fired = evaluate(found, book)
    mine = [one for one in fired if one.rule.id == rule_id]
    if not mine:
        return "silent"
    if mine[0].outcome == "blocked" or any(one.rule.id == rule_id for one in to_say(fired, found)):
        return mine[0].outcome
    return "resting"


def _shown(lines: list[Line]) -> list[str]:
    marks = {True: "yes", False: "no", None: "unknown"}
    return [f"  {'  ' * line.depth}{line.text}: {marks[line.holds]}" for line in lines]
