"""The box in which an editor tries a question: what would be answered, and why."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from assistant.records.models import Practitioner
from assistant.safety import red_flags
from assistant.settings import get_settings
from assistant.web.editor.access import Editor
from assistant.web.editor.pages import now, show
from assistant.web.sessions import Database
from knowledge.api import ReadyIndex
from knowledge.editorial import store, trial
from knowledge.search import MAX_QUESTION_CHARS

router = APIRouter(prefix="/try")


@router.get("")
def show_box(request: Request, me: Editor, db: Database, slug: Annotated[str, Query(max_length=80)] = "") -> Response:
    """Show the box; `slug` names an article whose newest version is to be among the published ones."""
    return _page(request, db, me, slug=slug)


@router.post("")
def ask(
    *,
    request: Request,
    me: Editor,
    db: Database,
    index: ReadyIndex,
    question: Annotated[str, Form(max_length=2000)] = "",
    slug: Annotated[str, Form(max_length=80)] = "",
) -> Response:
    """Answer the question, and say how the answer came about."""
    asked = question.strip()[:MAX_QUESTION_CHARS]
    if not asked:
        return _page(request, db, me, slug=slug)
    draft = store.newest(db, slug) if slug else None
    tried = trial.ask(asked, index=index, draft=draft, now=now(), zone=get_settings().zone)
    return _page(request, db, me, slug=slug, question=asked, trial=tried, alarm=red_flags.check(asked))


def _page(request: Request, db: Session, me: Practitioner, *, slug: str, **result: Any) -> Response:
    draft = store.newest(db, slug) if slug else None
    return show(request, me, "try.html", here="try", slug=slug, draft=draft, **result)
