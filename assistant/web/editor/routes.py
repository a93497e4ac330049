"""The start of the editors' workspace: login and the list of articles."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from assistant.web import sessions
from assistant.web.editor import article, steps, trial, writing
from assistant.web.editor.access import EDITORIAL_ROLES, Editor
from assistant.web.editor.pages import show, today
from assistant.web.pages import render
from assistant.web.sessions import Database
from knowledge.editorial import overview

router = APIRouter(prefix="/editor", include_in_schema=False)
for part in (article, steps, trial, writing):
    router.include_router(part.router)


@router.get("/login")
def show_login(request: Request, db: Database) -> Response:
    """Show who can log in; only demonstrations have such a page."""
    return render(request, "editor/login.html", staff=sessions.demo_staff(db, EDITORIAL_ROLES))


@router.post("/login")
def log_in(request: Request, db: Database, practitioner: Annotated[str, Form(max_length=64)]) -> RedirectResponse:
    """Log in as a demo member of staff."""
    sessions.log_in_demo_staff(request, db, staff_id=practitioner)
    return RedirectResponse("/editor", status_code=303)


@router.post("/logout")
def log_out(request: Request) -> RedirectResponse:
    """Log out."""
    sessions.log_out(request, role="practitioner")
    return RedirectResponse("/editor/login", status_code=303)


@router.get("")
def show_articles(
    *,
    request: Request,
    me: Editor,
    db: Database,
    q: Annotated[str, Query(max_length=200)] = "",
    state: Annotated[str, Query(max_length=20)] = "",
    mine: bool = False,
    due: bool = False,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Show the articles that fit, those past their review date first."""
    wanted = overview.Filter(text=q, state=state, owner_id=me.id if mine else "", due=due)
    found = overview.read(db, wanted=wanted, today=today(), page=page)
    more = page * overview.PAGE < found.found
    return show(
        request, me, "articles.html", here="articles", wanted=wanted, mine=mine, overview=found, page=page, more=more
    )
