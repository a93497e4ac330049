"""The addresses of the inboxes: questions, lay words and misunderstood utterances."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from assistant.records.errors import NotFoundError
from assistant.records.models import Utterance
from assistant.records.models.base import utc_now
from assistant.web.editor.access import Editor, current_editor
from assistant.web.inbox import lay_words, questions, utterances
from assistant.web.pages import render
from assistant.web.sessions import Database
from knowledge import service

router = APIRouter(prefix="/editor/inbox", include_in_schema=False)

Id = Annotated[str, Field(max_length=64)]


class Closing(BaseModel):
    """Questions that are done with."""

    ids: list[Id] = Field(min_length=1, max_length=questions.MOST)
    state: Literal["used", "dismissed"]


class Proposal(BaseModel):
    """A lay word and the headword that it means."""

    said: str = Field(min_length=2, max_length=80)
    headword: str = Field(min_length=1, max_length=80)


class Annotation(BaseModel):
    """What an utterance means. `entity` and `words` belong together in order; empty words mark nothing."""

    text: str = Field(min_length=1, max_length=300)
    intent: str = Field(max_length=64)
    entity: list[str] = Field([], max_length=8)
    words: list[Annotated[str, Field(max_length=100)]] = Field([], max_length=8)


@router.get("")
def show_questions(request: Request, me: Editor, db: Database) -> Response:
    """Show questions without a good answer, grouped by meaning once the search is ready."""
    index = service.built()
    inbox = questions.read(db, index.vectors if index else None)
    return render(request, "inbox/questions.html", me=me, here="inbox", inbox=inbox, headwords=lay_words.headwords())


@router.post("/questions")
def close_questions(me: Editor, db: Database, form: Annotated[Closing, Form()]) -> Response:
    """Take questions out of the inbox."""
    questions.close(db, ids=form.ids, state=form.state, editor=me, now=utc_now())
    return _to("/editor/inbox")


@router.get("/words")
def show_words(request: Request, me: Editor, db: Database) -> Response:
    """Show proposed lay words."""
    listed = lay_words.waiting(db)
    return render(request, "inbox/words.html", me=me, here="inbox", words=listed, headwords=lay_words.headwords())


@router.post("/words")
def propose_word(me: Editor, db: Database, form: Annotated[Proposal, Form()]) -> Response:
    """Propose a lay word."""
    lay_words.propose(db, said=form.said, headword=form.headword, editor=me, now=utc_now())
    return _to("/editor/inbox/words")


@router.post("/words/{word_id}")
def decide_on_word(
    word_id: Id, me: Editor, db: Database, decision: Annotated[Literal["approve", "reject"], Form()]
) -> Response:
    """Approve or reject a lay word that somebody else has proposed."""
    lay_words.decide(db, word_id=word_id, approve=decision == "approve", editor=me, now=utc_now())
    return _to("/editor/inbox/words")


@router.get("/utterances")
def show_utterances(request: Request, me: Editor, db: Database) -> Response:
    """Show what was misunderstood, and annotations that wait for a second person."""
    return render(
        request,
        "inbox/utterances.html",
        me=me,
        here="inbox",
        open_ones=utterances.waiting(db, "open"),
        annotated=utterances.waiting(db, "annotated"),
    )


@router.get("/utterances/{utterance_id}")
def show_utterance(request: Request, utterance_id: Id, me: Editor, db: Database) -> Response:
    """Show one utterance with the form for what it means."""
    utterance = db.get(Utterance, utterance_id)
    if utterance is None or utterance.text is None:
        raise NotFoundError
    return render(
        request,
        "inbox/utterance.html",
        me=me,
        here="inbox",
        utterance=utterance,
        intents=utterances.intents(),
        entities=utterances.ENTITIES,
    )


@router.post("/utterances/{utterance_id}/annotate")
def annotate(utterance_id: Id, me: Editor, db: Database, form: Annotated[Annotation, Form()]) -> Response:
    """Say what an utterance means."""
    marks = [(entity, words.strip()) for entity, words in zip(form.entity, form.words, strict=False) if words.strip()]
    utterances.annotate(
        db,
        utterance_id=utterance_id,
        text=form.text,
        intent=form.intent,
        entities=marks,
        editor=me,
        now=utc_now(),
    )
    return _to("/editor/inbox/utterances")


@router.post("/utterances/{utterance_id}/approve")
def approve(utterance_id: Id, me: Editor, db: Database) -> Response:
    """Approve another person's annotation."""
    utterances.approve(db, utterance_id=utterance_id, editor=me, now=utc_now())
    return _to("/editor/inbox/utterances")


@router.post("/utterances/{utterance_id}/dismiss", dependencies=[Depends(current_editor)])
def dismiss(utterance_id: Id, db: Database) -> Response:
    """Take an utterance out of the inbox."""
    utterances.dismiss(db, utterance_id=utterance_id)
    return _to("/editor/inbox/utterances")


def _to(page: str) -> Response:
    return RedirectResponse(page, status_code=303)
