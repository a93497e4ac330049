"""Where the talk tells what it could not answer or understand. What is kept is cleaned first, and leads to nobody."""

import hashlib
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from assistant.records.access import Actor, may_be_used
from assistant.records.errors import ForbiddenError
from assistant.records.models import HeardQuestion, Utterance
from assistant.records.models.base import new_id, utc_now
from assistant.settings import get_settings
from assistant.web.assistant_api import Assistant
from assistant.web.inbox.cleaning import cleaned
from assistant.web.inbox.people import names_around
from assistant.web.sessions import Database

router = APIRouter(prefix="/api/assistant/learning", tags=["assistant"])

Intent = Annotated[str, Field(pattern=r"^[A-Za-z_]{1,64}$")]


class Said(BaseModel):
    """What the patient wrote in a turn; `key` is the turn, and telling of it twice keeps it once."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(min_length=1, max_length=128)
    text: str = Field(min_length=1, max_length=2000)


class Misunderstood(Said):
    """What it was taken for, and why that is doubted. `suggested` is the intent of the same wish in other words."""

    reason: Literal["fallback", "unsure", "rephrased", "rejected"]
    understood_as: Intent
    confidence: float = Field(ge=0, le=1)
    suggested: Intent | None = None


@router.post("/unanswered", status_code=204)
def keep_unanswered(said: Said, actor: Assistant, db: Database) -> None:
    """Keep a question that no article answered."""
    keep_question(db, patient_id=_patient_id(actor), key=said.key, kind="unanswered", text=said.text, slug=None)


@router.post("/misunderstood", status_code=204)
def keep_misunderstood(said: Misunderstood, actor: Assistant, db: Database) -> None:
    """Keep an utterance that was not understood, or learn more about one that is kept already."""
    if not may_be_used(db, use="quality", patient_id=_patient_id(actor)):
        return
    told = insert(Utterance).values(
        id=new_id(),
        key=hashed(said.key),
        text=cleaned(said.text, names=names_around(db, _patient_id(actor))),
        reason=said.reason,
        understood_as=said.understood_as,
        confidence=said.confidence,
        suggested=said.suggested,
        heard_on=utc_now().astimezone(get_settings().zone).date(),
        entities=[],
        state="open",
    )
    suggested = func.coalesce(told.excluded.suggested, Utterance.suggested)
    db.execute(
        told.on_conflict_do_update(
            index_elements=[Utterance.key], set_={"reason": told.excluded.reason, "suggested": suggested}
        )
    )


def keep_question(db: Session, *, patient_id: str, key: str, kind: str, text: str | None, slug: str | None) -> None:
    """Keep a question, cleaned, once; nothing of a patient who has said no to that use."""
    if not may_be_used(db, use="quality", patient_id=patient_id):
        return
    told = insert(HeardQuestion).values(
        id=new_id(),
        key=hashed(f"{kind}:{key}"),
        kind=kind,
        text=None if text is None else cleaned(text, names=names_around(db, patient_id)),
        slug=slug,
        heard_on=utc_now().astimezone(get_settings().zone).date(),
        state="open",
    )
    db.execute(told.on_conflict_do_nothing(index_elements=[HeardQuestion.key]))


def hashed(key: str) -> str:
    """Return what tells two keys apart and leads back to neither without our secret."""
    secret = get_settings().session_secret.get_secret_value()
    return hashlib.sha256(f"{secret}:{key}".encode()).hexdigest()


def _patient_id(actor: Actor) -> str:
    if actor.patient_id is None:
        raise ForbiddenError
    return actor.patient_id
