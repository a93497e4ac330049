"""What the editors' pages share."""

from datetime import date, datetime
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from assistant.records.models import Practitioner, StoredArticle
from assistant.records.models.base import utc_now
from assistant.settings import get_settings
from assistant.web.pages import render
from knowledge.editorial import workflow
from knowledge.errors import ArticleNotFoundError

COUNTED = {
    "draft": "utkast",
    "review": "på granskning",
    "approved": "godkända",
    "published": "publicerade",
    "withdrawn": "indragna",
}
"""The states of several articles."""
STEPS = {
    "imported": "Inläst från fil",
    "created": "Påbörjad",
    "saved": "Sparad",
    "restored": "Återställd",
    "taken": "Övertagen",
    "sent": "Skickad till granskning",
    "returned": "Skickad tillbaka",
    "approved": "Godkänd och signerad",
    "scheduled": "Publicering planerad",
    "unscheduled": "Planerad publicering stoppad",
    "published": "Publicerad",
    "withdrawn": "Indragen",
}


def show(request: Request, me: Practitioner, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """Return one of the editors' pages."""
    shown = {"me": me, "states": workflow.STATES, "counted": COUNTED, "steps": STEPS, "today": today(), **context}
    page = render(request, f"editor/{template}", **shown)
    page.status_code = status
    return page


def stored(db: Session, slug: str) -> StoredArticle:
    """Return an article's place in the workflow.

    Raises:
        ArticleNotFoundError: there is no such article.
    """
    found = db.get(StoredArticle, slug)
    if found is None:
        raise ArticleNotFoundError(slug)
    return found


def now() -> datetime:
    """Return the present moment."""
    return utc_now()


def today() -> date:
    """Return the present day where the editors are."""
    return utc_now().astimezone(get_settings().zone).date()
