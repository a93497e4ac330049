"""What is done with an article, one address a step: take over, send, send back, sign, publish, withdraw, restore."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from assistant.records.models import Practitioner
from assistant.settings import get_settings
from assistant.web.editor.access import Editor
from assistant.web.editor.article import article_page
from assistant.web.editor.pages import now
from assistant.web.sessions import Database
from knowledge.editorial import workflow
from knowledge.errors import ArticleNotFoundError, KnowledgeError, MomentPassedError

router = APIRouter(prefix="/articles/{slug}")

MAX_REASON = 2000


class StepForm(BaseModel):
    """What a step needs. `version` is that of the article on the page; `at` is a local time, empty for now."""

    version: int
    reason: str = ""
    at: str = ""
    number: int = 0


Filled = Annotated[StepForm, Form()]
Step = Callable[..., object]


@router.post("/take")
def take(request: Request, slug: str, form: Filled, me: Editor, db: Database) -> Response:
    """Answer for the article from now on."""
    return _do(request, db, me, workflow.take, slug=slug, form=form)


@router.post("/send")
def send(request: Request, slug: str, form: Filled, me: Editor, db: Database) -> Response:
    """Ask for medical review."""
    return _do(request, db, me, workflow.send_to_review, slug=slug, form=form)


@router.post("/return")
def send_back(request: Request, slug: str, form: Filled, me: Editor, db: Database) -> Response:
    """Send it back to its author."""
    return _do(request, db, me, partial(workflow.send_back, reason=form.reason[:MAX_REASON]), slug=slug, form=form)


@router.post("/approve")
def approve(request: Request, slug: str, form: Filled, me: Editor, db: Database) -> Response:
    """Sign it."""
    return _do(
        request, db, me, partial(workflow.approve, comment=form.reason[:MAX_REASON] or None), slug=slug, form=form
    )


@router.post("/publish")
def publish(request: Request, slug: str, form: Filled, me: Editor, db: Database) -> Response:
    """Let readers see it, now or at a time."""
    return _do(request, db, me, partial(_publish, at=form.at), slug=slug, form=form)


@router.post("/unschedule")
def unschedule(request: Request, slug: str, form: Filled, me: Editor, db: Database) -> Response:
    """Do not publish by itself after all."""
    return _do(request, db, me, workflow.unschedule, slug=slug, form=form)


@router.post("/withdraw")
def withdraw(request: Request, slug: str, form: Filled, me: Editor, db: Database) -> Response:
    """Take it away from readers at once."""
    return _do(request, db, me, partial(workflow.withdraw, reason=form.reason[:MAX_REASON]), slug=slug, form=form)


@router.post("/restore")
def restore(request: Request, slug: str, form: Filled, me: Editor, db: Database) -> Response:
    """Make an old version the newest draft."""
    return _do(request, db, me, partial(workflow.restore, number=form.number), slug=slug, form=form)


def _do(request: Request, db: Session, me: Practitioner, step: Step, *, slug: str, form: StepForm) -> Response:
    """Take the step and show the article, or show it with what stood in the way."""
    try:
        step(db, slug=slug, editor=me, version=form.version, now=now())
    except ArticleNotFoundError:
        raise
    except KnowledgeError as error:
        return article_page(request, db, me, slug, problem=error)
    return RedirectResponse(f"/editor/articles/{slug}", status_code=303)


def _publish(db: Session, *, slug: str, editor: Practitioner, version: int, now: datetime, at: str) -> object:
    moment = _local_time(slug, at) if at.strip() else None
    return workflow.publish(db, slug=slug, editor=editor, version=version, now=now, at=moment)


def _local_time(slug: str, text: str) -> datetime:
    """Read what a browser's field for date and time sends, as the editors' own time."""
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=get_settings().zone)
    except ValueError as error:
        raise MomentPassedError(slug) from error
