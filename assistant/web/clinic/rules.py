"""The clinical rules in the clinic: what each says, its worked cases, and a new version from draft to signature."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from assistant.records.access import Actor
from assistant.records.errors import ForbiddenError, NotFoundError, VersionConflictError
from assistant.records.models import Practitioner, RuleSwitch, RuleVersion
from assistant.records.models.base import utc_now
from assistant.settings import get_settings
from assistant.web.clinic.access import Clinician, name_of
from assistant.web.clinic.patient_view import LEVELS
from assistant.web.pages import render
from assistant.web.sessions import Database
from scheduler import check, in_words, rulebook, versions
from scheduler.rule import Rule
from scheduler.rulebook import RuleBook

router = APIRouter(prefix="/clinic/rules", include_in_schema=False)
OUTCOMES = {"fires": "slår till", "silent": "tyst", "blocked": "blockerad", "instead": "andra ord i stället"}
KINDS = {
    "fires": "ska slå till",
    "just-not": "nätt och jämnt inte",
    "guarded": "undantag",
    "missing-data": "data saknas",
}
State = Literal["on", "off", "broken"]


@dataclass(frozen=True)
class Row:
    """A rule in the list; `rule` is None when it is broken or off and cannot be read."""

    rule_id: str
    rule: Rule | None
    state: State
    problem: str | None
    has_draft: bool


@router.get("")
def show_rules(request: Request, actor: Clinician, db: Database) -> Response:
    """Show every rule with its version, who has signed it, when it is to be reviewed and whether it is on."""
    book, off = rulebook.active(), versions.switched_off(db)
    rows = [_row(db, book, off, rule_id) for rule_id in versions.known_ids()]
    today = utc_now().astimezone(get_settings().zone).date()
    return _page(request, db, actor, "clinic/rules.html", rows=rows, levels=LEVELS, today=today)


@router.get("/{rule_id}")
def show_rule(request: Request, rule_id: str, actor: Clinician, db: Database) -> Response:
    """Show one rule, its worked cases, and its draft if there is one."""
    return _rule_page(request, db, actor, rule_id)


class DraftForm(BaseModel):
    """The text of a draft; `lock` is that of the draft on the page, None when there was none."""

    source: str = Field(max_length=versions.MOST_CHARACTERS)
    lock: int | None = None


@router.post("/{rule_id}/draft")
def save_draft(
    request: Request, rule_id: str, form: Annotated[DraftForm, Form()], actor: Clinician, db: Database
) -> Response:
    """Keep what was written, and show what is wrong with it."""
    try:
        versions.save(db, actor=actor, rule_id=rule_id, source=form.source, lock=form.lock, now=utc_now())
    except VersionConflictError:
        page = _rule_page(request, db, actor, rule_id, conflict=True, unsaved=form.source)
        page.status_code = 409
        return page
    return _back(rule_id)


@router.post("/{rule_id}/discard")
def discard_draft(rule_id: str, actor: Clinician, db: Database) -> Response:
    """Throw the draft away."""
    versions.discard(db, actor=actor, rule_id=rule_id, now=utc_now())
    return _back(rule_id)


@router.post("/{rule_id}/replay")
def replay_draft(request: Request, rule_id: str, actor: Clinician, db: Database) -> Response:
    """Play the version in force and the draft against stored days."""
    draft = versions.draft_of(db, rule_id)
    if draft is None:
        raise NotFoundError
    try:
        versions.replay_draft(db, draft, today=_today())
    except versions.UnfinishedDraftError as error:
        return _refused(request, db, actor, rule_id, error.text["sv"])
    return _back(rule_id)


@router.post("/{rule_id}/sign")
def sign_draft(
    request: Request, rule_id: str, actor: Clinician, db: Database, lock: Annotated[int, Form()]
) -> Response:
    """Put the draft in force; not by its author."""
    try:
        versions.sign(db, actor=actor, rule_id=rule_id, lock=lock, now=utc_now())
    except versions.UnfinishedDraftError as error:
        return _refused(request, db, actor, rule_id, error.text["sv"])
    except VersionConflictError:
        return _refused(request, db, actor, rule_id, "Utkastet har ändrats sedan du öppnade sidan. Läs det igen.")
    except ForbiddenError:
        return _refused(request, db, actor, rule_id, "Du har skrivit utkastet. Någon annan behöver signera det.")
    return _back(rule_id)


class SwitchForm(BaseModel):
    """Whether the rule is to be on, and why not."""

    to: Literal["on", "off"]
    reason: str = Field("", max_length=1000)


@router.post("/{rule_id}/switch")
def switch_rule(
    request: Request, rule_id: str, form: Annotated[SwitchForm, Form()], actor: Clinician, db: Database
) -> Response:
    """Switch a rule off, with a reason, or on again."""
    reason, on = form.reason.strip(), form.to == "on"
    if not on and not reason:
        return _refused(request, db, actor, rule_id, "Skriv varför regeln stängs av.")
    try:
        versions.switch(db, actor=actor, rule_id=rule_id, on=on, reason=reason, now=utc_now())
    except ForbiddenError:
        return _refused(request, db, actor, rule_id, "Larm om saknade mätvärden kan inte stängas av.")
    return _back(rule_id)


def _rule_page(request: Request, db: Session, actor: Actor, rule_id: str, **state: Any) -> Response:
    source = versions.source_of(db, rule_id)
    book = rulebook.active()
    row = _row(db, book, versions.switched_off(db), rule_id)
    rule = row.rule
    draft = versions.draft_of(db, rule_id)
    context = {
        "row": row,
        "rule": rule,
        "source": source,
        "draft": draft,
        "checked": versions.checked(draft) if draft else None,
        "author": db.get(Practitioner, draft.author_id) if draft else None,
        "proposed": draft.source if draft else _renumbered(source, versions.next_version(db, rule_id)),
        "when": list(in_words.sentences(rule, rule.when)) if rule else [],
        "unless": [(one, list(in_words.sentences(rule, one.when))) for one in rule.unless] if rule else [],
        "cases": check.case_results(book, rule_id) if rule and row.state == "on" else [],
        "earlier": [(one, db.get(Practitioner, one.signed_by)) for one in versions.earlier(db, rule_id)],
        "levels": LEVELS,
        "outcomes": OUTCOMES,
        "kinds": KINDS,
        "may_sign": draft is not None and draft.author_id != actor.id,
        **state,
    }
    return _page(request, db, actor, "clinic/rule.html", **context)


def _row(db: Session, book: RuleBook, off: dict[str, RuleSwitch], rule_id: str) -> Row:
    draft: RuleVersion | None = versions.draft_of(db, rule_id)
    problem = next((one.problem for one in book.broken if one.file == f"{rule_id}.yml"), None)
    if rule_id in off:
        reason = f"{off[rule_id].reason} ({name_of_id(db, off[rule_id].switched_off_by)})"
        return Row(rule_id, _readable(db, rule_id), "off", reason, draft is not None)
    if problem:
        return Row(rule_id, None, "broken", problem, draft is not None)
    return Row(rule_id, book.rule(rule_id).rule, "on", None, draft is not None)


def _readable(db: Session, rule_id: str) -> Rule | None:
    """Return a rule that is off, as its text says."""
    source = rulebook.Source(versions.source_of(db, rule_id), None)
    alone = rulebook.load(instead={rule_id: source})
    return next((one.rule for one in alone.rules if one.rule.id == rule_id), None)


def name_of_id(db: Session, practitioner_id: str) -> str:
    """Return a practitioner's name."""
    return db.get_one(Practitioner, practitioner_id).name


def _renumbered(source: str, version: int) -> str:
    """Return the text with the number of the next version."""
    lines = source.split("\n")
    return "\n".join(f"version: {version}" if line.startswith("version:") else line for line in lines)


def _refused(request: Request, db: Session, actor: Actor, rule_id: str, problem: str) -> Response:
    page = _rule_page(request, db, actor, rule_id, problem=problem)
    page.status_code = 422
    return page


def _back(rule_id: str) -> RedirectResponse:
    return RedirectResponse(f"/clinic/rules/{rule_id}", status_code=303)


def _today() -> date:
    return utc_now().astimezone(get_settings().zone).date()


def _page(request: Request, db: Session, actor: Actor, template: str, **context: Any) -> Response:
    return render(request, template, me=name_of(db, actor), here="rules", **context)
