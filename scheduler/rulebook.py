"""All rule files of a folder, compiled together. A broken one switches itself off alone, loudly."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import structlog
import yaml
from pydantic import ValidationError
from sqlalchemy import select

from assistant.records.database import session
from assistant.records.models import Practitioner, RuleSwitch, RuleVersion
from scheduler.compile import CompiledRule, Compiler, RuleCompileError
from scheduler.rule import Rule

RULES = Path(__file__).parent / "rules"
log = structlog.get_logger()


@dataclass(frozen=True)
class BrokenRule:
    """A rule that is switched off, and why."""

    file: str
    problem: str


@dataclass(frozen=True)
class RuleBook:
    """The rules that work, compiled to share one wide frame, and those that do not."""

    rules: Sequence[CompiledRule]
    compiler: Compiler
    broken: Sequence[BrokenRule]

    def rule(self, rule_id: str) -> CompiledRule:
        """Return one working rule.

        Raises:
            KeyError: there is none of that id.
        """
        for compiled in self.rules:
            if compiled.rule.id == rule_id:
                return compiled
        raise KeyError(rule_id)


@dataclass(frozen=True)
class Source:
    """The text of a rule version that takes the place of the file, and who has signed it."""

    text: str
    reviewer: str | None


def load(
    folder: Path = RULES, *, instead: Mapping[str, Source] | None = None, without: Collection[str] = ()
) -> RuleBook:
    """Read and compile every rule file of a folder.

    Args:
        instead: by rule id, other versions than those of the files.
        without: ids of rules that somebody has switched off.
    """
    rules, broken = _read(folder, instead or {})
    rules = {name: rule for name, rule in rules.items() if rule.id not in without}
    while True:
        book, failed = _compile(rules, broken)
        if not failed:
            break
        broken += failed
        rules = {name: rule for name, rule in rules.items() if name not in {one.file for one in failed}}
    for one in broken:
        log.error("rule_switched_off", file=one.file, problem=one.problem)
    return book


@lru_cache
def current() -> RuleBook:
    """Return the rules of the files, read once."""
    return load()


def active() -> RuleBook:
    """Return the rules in force: the files', with the versions that were signed in the clinic and without what is off.

    Read anew when any of them has changed; otherwise kept.
    """
    with session() as db:
        signed = select(RuleVersion.rule_id, RuleVersion.source, Practitioner.name).join(
            Practitioner, Practitioner.id == RuleVersion.signed_by
        )
        rows = db.execute(signed.where(RuleVersion.state == "active").order_by(RuleVersion.rule_id))
        versions = tuple((rule_id, Source(text, name)) for rule_id, text, name in rows)
        off = tuple(db.scalars(select(RuleSwitch.rule_id).order_by(RuleSwitch.rule_id)))
    return _kept(versions, off) if versions or off else current()


@lru_cache(maxsize=2)
def _kept(versions: tuple[tuple[str, Source], ...], off: tuple[str, ...]) -> RuleBook:
    return load(instead=dict(versions), without=off)


def _read(folder: Path, instead: Mapping[str, Source]) -> tuple[dict[str, Rule], list[BrokenRule]]:
    rules: dict[str, Rule] = {}
    broken: list[BrokenRule] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            source = instead.get(path.stem)
            text = source.text if source else path.read_text(encoding="utf-8")
            rule = Rule.model_validate(yaml.safe_load(text))
            if source and source.reviewer:
                rule = rule.model_copy(update={"reviewer": source.reviewer})
            if rule.id != path.stem:
                raise RuleCompileError(rule.id, f"is in the file {path.name}")
            rules[path.name] = rule
        except (ValidationError, ValueError, yaml.YAMLError, OSError) as error:
            broken.append(BrokenRule(path.name, str(error)))
    return rules, broken


def _compile(rules: dict[str, Rule], broken: list[BrokenRule]) -> tuple[RuleBook, list[BrokenRule]]:
    """Compile what is there; a rule that refers to a broken one is broken too."""
    compiler = Compiler(rules.values())
    compiled: list[CompiledRule] = []
    failed: list[BrokenRule] = []
    for name, rule in rules.items():
        try:
            compiled.append(compiler.compile(rule))
        except RuleCompileError as error:
            failed.append(BrokenRule(name, str(error)))
    return RuleBook(rules=compiled, compiler=compiler, broken=broken), failed
