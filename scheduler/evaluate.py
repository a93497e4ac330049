"""Which rules fire for which patients: the one evaluator, for a patient in a talk and for a shard of a region."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import polars as pl
import structlog

from scheduler import texts
from scheduler.compile import CompiledRule
from scheduler.frames import Frames
from scheduler.inputs import inputs_used
from scheduler.rule import Advice, Guard, Measured, Rule, Wording, Words
from scheduler.rulebook import RuleBook
from scheduler.vocabulary import LEVELS_IN_ORDER_OF_TALK, SIGNALS, Level

log = structlog.get_logger()

Outcome = Literal["fires", "blocked", "instead"]
DECIDED = ("approved", "changed", "rejected")
EMERGENCY: Advice = "call-112"
"""Who must call 112 now hears nothing else of the rules."""
KEPT_THOUGH_LEFT_OUT: tuple[Level, ...] = ("alert", "propose")
NAMED = ("call_name", "flavour", "reading", "device", "doubtful_reading", "prescription")
"""Words of the patient's own that a text can hold."""


@dataclass(frozen=True)
class Fired:
    """A rule whose conditions hold for a patient, and what came of it.

    `outcome` is fires, blocked (nothing is said) or instead (the rule's other wording is). `guards` names what blocked.
    `inputs` are the readings used: [{"label", "value", "unit", "at", "signal", "observation"}]. `spoken` is false for
    an alert that goes to the clinic while another says to the patient what to do.
    """

    patient_id: str
    rule: Rule
    outcome: Outcome
    level: Level
    title: texts.Text
    text: texts.Text
    why: texts.Text
    guards: tuple[str, ...]
    values: dict[str, float | None]
    inputs: list[dict[str, Any]]
    advice: tuple[str, ...] = ()
    spoken: bool = True

    @property
    def is_proposal(self) -> bool:
        """Whether a clinician has to sign something."""
        return self.outcome == "fires" and self.level == "propose"


def evaluate(frames: Frames, book: RuleBook) -> list[Fired]:
    """Return every rule whose conditions hold, blocked ones included, patient by patient in the order of the talk."""
    wide = book.compiler.wide(frames, only_needed=True)
    holding = _holding(wide, book)
    anyone = pl.col("patient_id").is_in({one for ids in holding.values() for one in ids})
    readings = frames.readings.filter(anyone).sort("at")
    found: list[Fired] = []
    for compiled in book.rules:
        if ids := holding.get(compiled.rule.id):
            try:
                rows = wide.filter(pl.col("patient_id").is_in(ids))
                found += _fired(compiled, rows, inputs_used(compiled.rule, readings, book, of=ids))
            except SWITCHED_OFF_BY as error:
                _switch_off(compiled, error)
    return sorted(found, key=lambda one: (one.patient_id, *_place_in_talk(one)))


SWITCHED_OFF_BY = (pl.exceptions.PolarsError, ArithmeticError, KeyError, ValueError)


def _switch_off(compiled: CompiledRule, error: Exception) -> None:
    log.error("rule_switched_off", rule=compiled.rule.id, problem=repr(error))


def _holding(wide: pl.DataFrame, book: RuleBook) -> dict[str, list[str]]:
    """Return whom each rule's conditions hold for: all rules in one pass, or one by one when some rule fails."""
    try:
        held = _hold(wide, book.rules)
    except SWITCHED_OFF_BY:
        held = {}
        for compiled in book.rules:
            try:
                held |= _hold(wide, [compiled])
            except SWITCHED_OFF_BY as error:
                _switch_off(compiled, error)
    return held


def _hold(wide: pl.DataFrame, rules: Sequence[CompiledRule]) -> dict[str, list[str]]:
    conditions = [compiled.when.alias(compiled.rule.id) for compiled in rules]
    held = wide.lazy().select("patient_id", *conditions).collect()
    ids = held["patient_id"]
    return {compiled.rule.id: ids.filter(held[compiled.rule.id]).to_list() for compiled in rules}


def to_say(fired: Iterable[Fired], frames: Frames) -> list[Fired]:
    """Return what is said today, in order: no blocked rule, nothing during its cool-down, nothing said by another.

    What another rule covers, or what can wait while help is called, is left out when it is advice or an offer; an alert
    stays, for the clinic, unspoken.
    """
    earlier: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in frames.history.iter_rows(named=True):
        earlier.setdefault((row["patient_id"], row["rule_id"]), []).append(row)
    rested = [
        one
        for one in fired
        if one.outcome != "blocked" and not _resting(one, earlier.get((one.patient_id, one.rule.id), []))
    ]
    covered = {(one.patient_id, other) for one in rested if one.outcome == "fires" for other in one.rule.covers}
    emergencies = {one.patient_id for one in rested if EMERGENCY in one.advice}

    def is_left_out(one: Fired) -> bool:
        waits = one.patient_id in emergencies and EMERGENCY not in one.advice
        return waits or (one.patient_id, one.rule.id) in covered

    return [
        replace(one, spoken=False) if one.level == "alert" and is_left_out(one) else one
        for one in rested
        if one.level in KEPT_THOUGH_LEFT_OUT or not is_left_out(one)
    ]


def _fired(compiled: CompiledRule, rows: pl.DataFrame, inputs: dict[str, list[dict[str, Any]]]) -> list[Fired]:
    columns = [
        pl.col("patient_id", "style"),
        *(pl.col(name if name in rows.columns else f"{name}_sv").fill_null("").alias(f"{name} sv") for name in NAMED),
        *(pl.col(name if name in rows.columns else f"{name}_en").fill_null("").alias(f"{name} en") for name in NAMED),
        *(guard.alias(f"guard {name}") for name, guard in compiled.guards.items()),
        *(wording.alias(f"wording {place}") for place, wording in enumerate(compiled.wordings)),
        *(value.alias(f"value {name}") for name, value in compiled.values.items()),
    ]
    return [
        _outcome(compiled.rule, row, inputs.get(row["patient_id"], []))
        for row in rows.select(columns).iter_rows(named=True)
    ]


def _outcome(rule: Rule, row: dict[str, Any], inputs: list[dict[str, Any]]) -> Fired:
    guards = [guard for guard in rule.unless if row[f"guard {guard.guard}"]]
    outcome = _what_guards_leave(guards)
    wording = rule.instead if outcome == "instead" and rule.instead else _wording(rule, row)
    level = wording.level or rule.level
    values = {name: row[f"value {name}"] for name in rule.values}
    names: dict[str, texts.Text] = {name: {"sv": row[f"{name} sv"], "en": row[f"{name} en"]} for name in NAMED}

    def filled(words: Words) -> texts.Text:
        return texts.fill(words, rule=rule, values=values, names=names)

    return Fired(
        patient_id=row["patient_id"],
        rule=rule,
        outcome=outcome,
        level=level,
        title=filled(wording.title or rule.title),
        text=filled(wording.brief if row["style"] == "brief" else wording.text),
        why=filled(rule.why),
        guards=tuple(guard.guard for guard in guards),
        values=values,
        inputs=inputs,
        advice=wording.advice,
    )


def _what_guards_leave(guards: Sequence[Guard]) -> Outcome:
    if not guards:
        return "fires"
    return "instead" if all(guard.then == "instead" for guard in guards) else "blocked"


def _wording(rule: Rule, row: dict[str, Any]) -> Wording:
    return next(wording for place, wording in enumerate(rule.wordings) if row[f"wording {place}"])


def _place_in_talk(one: Fired) -> tuple[int, int, str]:
    """Alerts first, offers last; within a level, what the rule's signal is decides: weight before pressure."""
    signals = list(SIGNALS)
    first = min(
        (signals.index(value.of) for value in one.rule.values.values() if isinstance(value, Measured)),
        default=len(signals),
    )
    return LEVELS_IN_ORDER_OF_TALK.index(one.level), first, one.rule.id


def _resting(one: Fired, earlier: Iterable[dict[str, Any]]) -> bool:
    """Whether it has been said too lately: cool-down, an undecided proposal, or one decided within the cool-down."""
    for row in earlier:
        if row["state"] == "proposed":
            return True
        if one.rule.again_on_new and _is_newer(one.inputs, row["created_at"]):
            continue
        if 0 <= row["days_ago"] <= one.rule.cool_down:
            return True
        if row["state"] in DECIDED and (row["decided_days_ago"] or 0) <= one.rule.cool_down:
            return True
    return False


def _is_newer(inputs: Sequence[dict[str, Any]], said: datetime) -> bool:
    return any(datetime.fromisoformat(one["at"]) > said for one in inputs)
