"""Versions of rules that are made in the clinic: drafted as YAML, checked, replayed, signed by somebody else."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

import yaml
from pydantic import ValidationError
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from assistant.records import audit
from assistant.records.access import Actor
from assistant.records.errors import ConflictError, ForbiddenError, NotFoundError, VersionConflictError
from assistant.records.models import Patient, RuleSwitch, RuleVersion
from scheduler import check, replay, rulebook
from scheduler.check import CaseResult
from scheduler.rule import Rule
from scheduler.rulebook import RULES, RuleBook, Source

REPLAY_DAYS = 14
REPLAY_PATIENTS = 2000
"""A draft is replayed over so many days of at most so many patients, those with the first ids."""
NEVER_OFF = frozenset({"reading-missing"})
"""Missing-data alerts cannot be switched off (catalogue of rules; JORFARTI000047720221)."""
MOST_CHARACTERS = 100_000


WORDS = {
    "extra_forbidden": "det ordet finns inte i en regel",
    "missing": "saknas",
    "float_parsing": "ska vara ett tal",
    "int_parsing": "ska vara ett heltal",
    "literal_error": "är inget av de ord som får stå här",
}
"""What the usual errors of the schema mean, in Swedish."""


@dataclass(frozen=True)
class Problem:
    """Something wrong with a draft; `line` counts from 1, None when it is of no one line."""

    line: int | None
    text: str


@dataclass(frozen=True)
class Checked:
    """A draft as it was found: its problems, its worked cases, and the book it would make."""

    problems: Sequence[Problem]
    cases: Sequence[CaseResult]
    book: RuleBook | None


class UnfinishedDraftError(ConflictError):
    """The draft cannot be signed yet."""

    id = "unfinished-draft"
    sv = "{problem}"
    en = "The draft cannot be signed yet: {problem}"


def source_of(db: Session, rule_id: str) -> str:
    """Return the text of the version in force.

    Raises:
        NotFoundError: there is no such rule.
    """
    path = RULES / f"{rule_id}.yml"
    if rule_id not in known_ids():
        raise NotFoundError
    signed = db.scalar(_of(rule_id).where(RuleVersion.state == "active"))
    return signed.source if signed else path.read_text(encoding="utf-8")


def known_ids() -> list[str]:
    """Return the ids of all rules, broken ones too."""
    return sorted(path.stem for path in RULES.glob("*.yml"))


def draft_of(db: Session, rule_id: str) -> RuleVersion | None:
    """Return the rule's draft, if there is one."""
    return db.scalar(_of(rule_id).where(RuleVersion.state == "draft"))


def earlier(db: Session, rule_id: str) -> list[RuleVersion]:
    """Return the versions that were signed in the clinic, newest first."""
    signed = _of(rule_id).where(RuleVersion.state != "draft")
    return list(db.scalars(signed.order_by(RuleVersion.version.desc())))


def next_version(db: Session, rule_id: str) -> int:
    """Return the number that a new version gets."""
    highest = db.scalar(
        select(RuleVersion.version)
        .where(RuleVersion.rule_id == rule_id, RuleVersion.state != "draft")
        .order_by(RuleVersion.version.desc())
    )
    of_file = yaml.safe_load((RULES / f"{rule_id}.yml").read_text(encoding="utf-8"))["version"]
    return max(highest or 0, int(of_file)) + 1


def save(db: Session, *, actor: Actor, rule_id: str, source: str, lock: int | None, now: datetime) -> RuleVersion:
    """Keep a draft, whole or not. Whoever saves last is its author.

    Raises:
        NotFoundError: no such rule.
        VersionConflictError: somebody else has changed it since `lock` was read.
    """
    source_of(db, rule_id)
    text = source.replace("\r\n", "\n")[:MOST_CHARACTERS]
    draft = draft_of(db, rule_id)
    if (draft.lock_version if draft else None) != lock:
        raise VersionConflictError
    if draft is None:
        draft = RuleVersion(rule_id=rule_id, version=next_version(db, rule_id), state="draft", author_id=actor.id)
        db.add(draft)
    draft.source, draft.author_id, draft.changed_at, draft.replay = text, actor.id, now, None
    db.flush()
    _record(db, actor, "update", draft, now)
    return draft


def discard(db: Session, *, actor: Actor, rule_id: str, now: datetime) -> None:
    """Throw the draft away."""
    draft = draft_of(db, rule_id)
    if draft is not None:
        _record(db, actor, "delete", draft, now)
        db.delete(draft)


def checked(draft: RuleVersion) -> Checked:
    """Check a draft as if it were in force."""
    try:
        node = yaml.compose(draft.source, Loader=yaml.SafeLoader)
        rule = Rule.model_validate(yaml.safe_load(draft.source))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return Checked([Problem(mark.line + 1 if mark else None, getattr(error, "problem", str(error)))], [], None)
    except ValidationError as error:
        return Checked(list(_at_their_lines(error, node)), [], None)
    problems = [
        Problem(_line(node, (field,)), f"{field} ska vara {wanted}")
        for field, given, wanted in (("id", rule.id, draft.rule_id), ("version", rule.version, draft.version))
        if given != wanted
    ]
    book = rulebook.load(instead={draft.rule_id: Source(draft.source, None)})
    problems += [Problem(None, one.problem) for one in book.broken if one.file == f"{draft.rule_id}.yml"]
    if problems:
        return Checked(problems, [], None)
    cases = check.case_results(book, draft.rule_id)
    lines = {one.name: _line(node, ("cases", place)) for place, one in enumerate(cases)}
    problems += [Problem(lines[one.name], f"Exempel ”{one.name}”: {text}") for one in cases for text in one.problems]
    return Checked(problems, cases, book)


def replay_draft(db: Session, draft: RuleVersion, *, today: date) -> None:
    """Replay the version in force and the draft over the same stored days, and keep both beside the draft.

    Raises:
        UnfinishedDraftError: it has problems.
    """
    found = checked(draft)
    if found.book is None or found.problems:
        raise UnfinishedDraftError(problem="Rätta felen innan du spelar upp utkastet mot historiken.")
    patient_ids = list(db.scalars(select(Patient.id).where(Patient.active).order_by(Patient.id).limit(REPLAY_PATIENTS)))
    first = today - timedelta(days=REPLAY_DAYS)
    last = today - timedelta(days=1)
    days: dict[str, Any] = {"first": first.isoformat(), "last": last.isoformat(), "patients": len(patient_ids)}
    for name, book in (("old", rulebook.load(instead=_in_force(db, draft.rule_id))), ("new", found.book)):
        days[name] = _replayed(draft.rule_id, book, first, last, patient_ids)
    draft.replay = days
    db.flush()


def sign(db: Session, *, actor: Actor, rule_id: str, lock: int, now: datetime) -> RuleVersion:
    """Put the draft in force; the version before is retired.

    Raises:
        NotFoundError: there is no draft.
        ForbiddenError: the author cannot sign their own draft.
        VersionConflictError: it has been changed since it was shown.
        UnfinishedDraftError: it has problems, or has not been replayed.
    """
    draft = draft_of(db, rule_id)
    if draft is None:
        raise NotFoundError
    if draft.author_id == actor.id:
        raise ForbiddenError
    if draft.lock_version != lock:
        raise VersionConflictError
    if checked(draft).problems:
        raise UnfinishedDraftError(problem="Utkastet har fel som ska rättas först.")
    if draft.replay is None:
        raise UnfinishedDraftError(problem="Spela upp utkastet mot historiken först.")
    before = db.scalar(_of(rule_id).where(RuleVersion.state == "active"))
    if before is not None:
        before.state = "retired"
        db.flush()
    draft.state, draft.signed_by, draft.signed_at = "active", actor.id, now
    db.flush()
    _record(db, actor, "sign", draft, now)
    return draft


def switched_off(db: Session) -> dict[str, RuleSwitch]:
    """Return the rules that somebody has switched off, by id."""
    return {one.rule_id: one for one in db.scalars(select(RuleSwitch))}


def switch(db: Session, *, actor: Actor, rule_id: str, on: bool, reason: str, now: datetime) -> None:
    """Switch a rule off, with a reason, or on again.

    Raises:
        NotFoundError: no such rule.
        ForbiddenError: it cannot be switched off.
    """
    source_of(db, rule_id)
    known = db.get(RuleSwitch, rule_id)
    if not on and rule_id in NEVER_OFF:
        raise ForbiddenError
    if on and known is not None:
        db.delete(known)
    if not on and known is None:
        db.add(RuleSwitch(rule_id=rule_id, switched_off_by=actor.id, reason=reason, at=now))
    action = "switch-on" if on else "switch-off"
    audit.record(db, actor=actor, action=action, entity=f"Rule/{rule_id}", reason=reason or None, now=now)


def _in_force(db: Session, rule_id: str) -> dict[str, Source]:
    return {rule_id: Source(source_of(db, rule_id), None)}


def _replayed(rule_id: str, book: RuleBook, first: date, last: date, patient_ids: Sequence[str]) -> dict[str, Any]:
    try:
        one = replay.replay(first=first, last=last, rule_id=rule_id, book=book, patient_ids=patient_ids)[0]
    except KeyError:
        return {}
    return {**asdict(one), "per_1000": round(one.per_1000, 2)}


def _of(rule_id: str) -> Select[RuleVersion]:
    return select(RuleVersion).where(RuleVersion.rule_id == rule_id)


def _record(db: Session, actor: Actor, action: str, version: RuleVersion, now: datetime) -> None:
    entity = f"Rule/{version.rule_id}|{version.version}"
    audit.record(db, actor=actor, action=action, entity=entity, now=now)


def _at_their_lines(error: ValidationError, node: yaml.Node | None) -> Iterator[Problem]:
    """Each place once: of a part that could be many things, pydantic tells why it is none of them."""
    told: set[int | None] = set()
    for one in error.errors(include_url=False, include_input=False, include_context=False):
        line = _line(node, one["loc"])
        if line not in told:
            told.add(line)
            where = ".".join(str(part) for part in one["loc"] if not (isinstance(part, str) and part[:1].isupper()))
            words = WORDS.get(one["type"], f"går inte att läsa ({one['msg']})")
            yield Problem(line, f"{where}: {words}" if where else words)


def _line(node: yaml.Node | None, place: Sequence[str | int]) -> int | None:
    """Return the line of a place in the text; names of alternatives, which stand in no text, are passed over."""
    for part in place:
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == part), node)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
    return None if node is None else node.start_mark.line + 1
