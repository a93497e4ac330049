"""The start of the editors' workspace: login and the list of articles."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from assistant.web import staff_login
from assistant.web.editor import article, steps, trial, writing
from assistant.web.editor.access import EDITORIAL_ROLES, Editor
from assistant.web.editor.pages import show, today
from assistant.web.sessions import Database
from knowledge.editorial import overview

router = APIRouter(prefix="/editor", include_in_schema=False)
router.include_router(staff_login.routes("/editor", roles=EDITORIAL_ROLES))
for part in (article, steps, trial, writing):
    router.include_router(part.router)


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
