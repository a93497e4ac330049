"""Login and logout of staff, the same for the clinic and the editors."""

from collections.abc import Collection
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from assistant.web import sessions
from assistant.web.pages import render
from assistant.web.sessions import Database


def routes(home: str, *, roles: Collection[str]) -> APIRouter:
    """Return the addresses of the login below a workspace's `home`, for staff who have one of the roles."""
    router = APIRouter()

    @router.get("/login")
    def show_login(request: Request, db: Database) -> Response:
        """Show who can log in; only demonstrations have such a page."""
        return render(request, f"{home.strip('/')}/login.html", home=home, staff=sessions.demo_staff(db, roles))

    @router.post("/login")
    def log_in(request: Request, db: Database, practitioner: Annotated[str, Form(max_length=64)]) -> RedirectResponse:
        """Log in as a demo member of staff."""
        sessions.log_in_demo_staff(request, db, staff_id=practitioner)
        return RedirectResponse(home, status_code=303)

    @router.post("/logout")
    def log_out(request: Request) -> RedirectResponse:
        """Log out."""
        sessions.log_out(request, role="practitioner")
        return RedirectResponse(f"{home}/login", status_code=303)

    return router
