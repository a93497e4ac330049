"""All rule files of a folder, compiled together. A broken one switches itself off alone, loudly."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import structlog
import yaml
from pydantic import ValidationError

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


def load(folder: Path = RULES) -> RuleBook:
    """Read and compile every rule file of a folder."""
    rules, broken = _read(folder)
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
    """Return this process's rules, read once."""
    return load()


def _read(folder: Path) -> tuple[dict[str, Rule], list[BrokenRule]]:
    rules: dict[str, Rule] = {}
    broken: list[BrokenRule] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            rule = Rule.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
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
