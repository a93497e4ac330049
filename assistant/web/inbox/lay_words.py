"""Adding a word that people use to the lexicon: one person proposes it, another approves it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assistant.records.errors import NotFoundError
from assistant.records.models import LayWord, Practitioner
from assistant.web.inbox.errors import DecidedError, LayWordKnownError, OwnWorkError, UnknownHeadwordError
from knowledge.lexicon import entries


def headwords() -> list[str]:
    """Return every headword of the lexicon."""
    return sorted({headword for _, headword in entries()}, key=str.casefold)


def waiting(db: Session) -> list[LayWord]:
    """Return those that nobody has decided on, the oldest first."""
    return list(db.scalars(select(LayWord).where(LayWord.state == "proposed").order_by(LayWord.proposed_at)))


def propose(db: Session, *, said: str, headword: str, editor: Practitioner, now: datetime) -> LayWord:
    """Propose that people who say this mean the headword.

    Raises:
        UnknownHeadwordError, LayWordKnownError
    """
    words = " ".join(said.lower().split())
    if headword not in headwords():
        raise UnknownHeadwordError
    if (words, headword) in entries():
        raise LayWordKnownError
    word = LayWord(said=words, headword=headword, proposed_by=editor.id, proposed_at=now)
    try:
        with db.begin_nested():
            db.add(word)
    except IntegrityError as error:
        raise LayWordKnownError from error
    return word


def decide(db: Session, *, word_id: str, approve: bool, editor: Practitioner, now: datetime) -> LayWord:
    """Approve or reject a proposed word.

    Raises:
        NotFoundError, DecidedError
        OwnWorkError: the editor has proposed it.
    """
    word = db.get(LayWord, word_id, with_for_update=True)
    if word is None:
        raise NotFoundError
    if word.state != "proposed":
        raise DecidedError
    if word.proposed_by == editor.id:
        raise OwnWorkError
    word.state = "approved" if approve else "rejected"
    word.decided_by, word.decided_at = editor.id, now
    return word
