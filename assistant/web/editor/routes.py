"""The addresses of the editors' workspace."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from assistant.web import sessions
from assistant.web.editor.access import EDITORIAL_ROLES, Editor
from assistant.web.pages import render
from assistant.web.sessions import Database

router = APIRouter(prefix="/editor", include_in_schema=False)


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
def show_articles(request: Request, editor: Editor) -> Response:
    """Show the articles."""
    return render(request, "editor/articles.html", me=editor, here="articles")
