"""The pages of one article: where it stands, what differs between versions, and how a patient sees it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from assistant.records.models import Practitioner
from assistant.web.editor.access import Editor, current_editor
from assistant.web.editor.pages import show, stored, today
from assistant.web.pages import render
from assistant.web.sessions import Database
from knowledge import checks
from knowledge.api import page
from knowledge.editorial import links, overview, store
from knowledge.editorial.comparison import differences
from knowledge.errors import KnowledgeError

router = APIRouter(prefix="/articles/{slug}")

Number = Annotated[int, Query(ge=1, le=1_000_000)]


@router.get("")
def show_article(request: Request, slug: str, me: Editor, db: Database) -> Response:
    """Show where the article stands, what can be done with it, and its history."""
    return article_page(request, db, me, slug)


@router.get("/preview", dependencies=[Depends(current_editor)])
def show_as_patient(request: Request, slug: str, db: Database, number: Number | None = None) -> Response:
    """Show a version, the newest if none is named, as a patient would see it."""
    article = store.revision(db, slug, number) if number else store.newest(db, slug)
    return render(request, "article.html", article=page(article), preview=True)


@router.get("/compare")
def compare(*, request: Request, slug: str, me: Editor, db: Database, old: Number, new: Number) -> Response:
    """Show what differs between two versions."""
    found = differences(store.revision(db, slug, old), store.revision(db, slug, new))
    title = store.newest(db, slug).title
    listed = overview.versions(db, slug)
    return show(
        request, me, "compare.html", slug=slug, title=title, old=old, new=new, differences=found, versions=listed
    )


@router.post("/links")
def check_links(request: Request, slug: str, me: Editor, db: Database) -> Response:
    """Ask every link of the newest version, and show the article with those that lead nowhere."""
    return article_page(request, db, me, slug, dead_links=links.dead(links.of(store.newest(db, slug))))


def article_page(
    request: Request,
    db: Session,
    me: Practitioner,
    slug: str,
    *,
    problem: KnowledgeError | None = None,
    dead_links: list[links.Dead] | None = None,
) -> Response:
    """Show the article; `problem` says what could not be done, `dead_links` is None when they were not asked."""
    kept, newest = stored(db, slug), store.newest(db, slug)
    return show(
        request,
        me,
        "article.html",
        status=problem.status if problem else 200,
        kept=kept,
        article=newest,
        owner=db.get(Practitioner, kept.owner_id) if kept.owner_id else None,
        problems=checks.problems(newest, today=today()),
        overdue=kept.published is not None and store.get(db, slug).overdue(today()),
        versions=overview.versions(db, slug),
        history=overview.history(db, slug),
        problem=problem.text["sv"] if problem else None,
        dead_links=dead_links,
    )
