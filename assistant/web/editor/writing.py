"""Writing: a new article, changes to one, and what is checked as it is written."""

from typing import Annotated

from fastapi import APIRouter, File, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from assistant.records.models import Practitioner
from assistant.web.editor.access import Editor, SizedRoute
from assistant.web.editor.form import (
    AUDIENCES,
    GROUPS,
    ArticleForm,
    begin,
    fill,
    read_file,
    understand,
    with_more,
)
from assistant.web.editor.pages import now, show, stored, today
from assistant.web.sessions import Database
from knowledge import checks, rendering
from knowledge.articles import MAX_BYTES, TOO_LONG
from knowledge.editorial import overview, store, workflow
from knowledge.editorial.comparison import differences
from knowledge.errors import ArticleChangedError, ArticleExistsError, ArticleTooLargeError, BrokenArticleError
from knowledge.readability import lix

router = APIRouter(route_class=SizedRoute)

Filled = Annotated[ArticleForm, Form()]
Suggested = Annotated[str, Query(max_length=300)]
MAX_REASON = 2000


@router.get("/new")
def show_new(
    request: Request, me: Editor, title: Suggested = "", question: Suggested = "", lay_word: Suggested = ""
) -> Response:
    """Show the form of a new article; an inbox may suggest its title, a question or a lay word."""
    form = begin(author=me.name, today=today(), title=title, question=question, lay_word=lay_word)
    return _form_page(request, me, form, is_new=True)


@router.post("/new")
def create(request: Request, form: Filled, me: Editor, db: Database) -> Response:
    """Keep a new article as a draft."""
    try:
        understood = understand(form)
        if understood.article is None:
            return _form_page(request, me, form, is_new=True, faults=understood.faults)
        reason = form.reason[:MAX_REASON]
        workflow.create(db, article=understood.article, editor=me, now=now(), reason=reason)
    except (ArticleExistsError, ArticleTooLargeError) as error:
        return _form_page(request, me, form, is_new=True, faults={"": error.text["sv"]}, status=error.status)
    return RedirectResponse(f"/editor/articles/{understood.article.slug}", status_code=303)


@router.post("/new/file")
def create_from_file(request: Request, file: Annotated[bytes, File()], me: Editor, db: Database) -> Response:
    """Keep the article in a Markdown file as a draft."""
    try:
        article = read_file(file)
        workflow.create(db, article=article, editor=me, now=now(), reason="Från en fil")
    except (ArticleExistsError, ArticleTooLargeError, BrokenArticleError) as error:
        form = begin(author=me.name, today=today(), title="", question="", lay_word="")
        return _form_page(request, me, form, is_new=True, faults={"": error.text["sv"]}, status=error.status)
    return RedirectResponse(f"/editor/articles/{article.slug}", status_code=303)


@router.get("/articles/{slug}/edit")
def show_edit(
    *, request: Request, slug: str, me: Editor, db: Database, question: Suggested = "", lay_word: Suggested = ""
) -> Response:
    """Show the newest version in the form; an inbox may suggest a question or a lay word."""
    form = fill(store.newest(db, slug), version=stored(db, slug).version)
    more = with_more(form, question=question, lay_word=lay_word)
    return _form_page(request, me, more, state=stored(db, slug).state)


@router.post("/articles/{slug}/edit")
def save(request: Request, slug: str, form: Filled, me: Editor, db: Database) -> Response:
    """Keep the changes as a new version, or show what stands in the way together with what was written."""
    form = form.model_copy(update={"slug": slug})
    state = stored(db, slug).state
    try:
        understood = understand(form)
    except ArticleTooLargeError as error:
        return _form_page(request, me, form, state=state, faults={"": error.text["sv"]}, status=error.status)
    if understood.article is None:
        return _form_page(request, me, form, state=state, faults=understood.faults)
    try:
        workflow.save(
            db,
            article=understood.article,
            editor=me,
            version=form.version,
            now=now(),
            reason=form.reason[:MAX_REASON],
        )
    except ArticleChangedError:
        return _conflict(request, db, me, form)
    return RedirectResponse(f"/editor/articles/{slug}", status_code=303)


@router.post("/check")
def check(request: Request, form: Filled, me: Editor) -> Response:
    """Return the preview and everything that should be mended, for the page that is being written."""
    try:
        understood = understand(form)
    except ArticleTooLargeError as error:
        return show(request, me, "check.html", faults=[error.text["sv"]], status=error.status)
    found = checks.problems(understood.article, today=today()) if understood.article else []
    return show(
        request,
        me,
        "check.html",
        html=rendering.html(form.body),
        levels={"Texten": round(lix(form.body)), "Den upplästa texten": round(lix(form.spoken))},
        limit=checks.MAX_LIX,
        faults=list(understood.faults.values()),
        problems=found,
    )


def _conflict(request: Request, db: Session, me: Practitioner, form: ArticleForm) -> Response:
    """Show both texts; saving once more puts this one on top of the other, which stays in the history."""
    theirs = store.newest(db, form.slug)
    last = overview.history(db, form.slug)[0]
    mine = understand(form).article
    return _form_page(
        request,
        me,
        form.model_copy(update={"version": stored(db, form.slug).version}),
        status=ArticleChangedError.status,
        conflict={"theirs": theirs, "last": last, "differences": differences(theirs, mine) if mine else []},
    )


def _form_page(
    request: Request,
    me: Practitioner,
    form: ArticleForm,
    *,
    is_new: bool = False,
    state: str = "",
    faults: dict[str, str] | None = None,
    conflict: dict[str, object] | None = None,
    status: int = 200,
) -> Response:
    return show(
        request,
        me,
        "edit.html",
        here="new" if is_new else "articles",
        status=422 if faults and status == 200 else status,
        form=form,
        is_new=is_new,
        state=state,
        faults=faults or {},
        conflict=conflict,
        groups=GROUPS,
        audiences=AUDIENCES,
        limit=MAX_BYTES,
        too_long=TOO_LONG,
    )
