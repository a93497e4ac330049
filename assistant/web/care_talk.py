"""Check-ins, recommendations and decisions as they are told to the patient, and what is remembered of it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assistant.records import audit
from assistant.records.access import Actor
from assistant.records.errors import ConflictError, NotFoundError
from assistant.records.models import CheckIn, Conversation, Message, Recommendation

DECIDED = ("approved", "changed", "rejected")
SEEN_LIVE = timedelta(minutes=2)
"""A decision on the screen within this time of being made was seen as it came; later, the next check-in repeats it."""
MOST_SHOWN = 50


class OtherAnswerError(ConflictError):
    """The offer has been answered otherwise, or can no longer be answered."""

    id = "answered-otherwise"
    sv = "Det erbjudandet är redan besvarat."
    en = "That offer has already been answered."


def check_in_of(db: Session, *, patient_id: str, local_date: date) -> CheckIn | None:
    """Return the patient's check-in of that day."""
    query = select(CheckIn).where(CheckIn.patient_id == patient_id, CheckIn.local_date == local_date)
    return db.scalars(query).one_or_none()


def in_order(db: Session, check_in: CheckIn) -> list[Recommendation]:
    """Return the check-in's recommendations in the order of the talk."""
    ids = check_in.content.get("recommendation_ids", [])
    found = {one.id: one for one in db.scalars(select(Recommendation).where(Recommendation.id.in_(ids)))}
    return [found[one] for one in ids if one in found]


def mark_opened(db: Session, *, check_in: CheckIn, now: datetime) -> None:
    """Remember that the check-in was opened, and that earlier decisions were told with it."""
    if check_in.state == "ready":
        check_in.state, check_in.opened_at = "opened", now
    _mark_told(db, patient_id=check_in.patient_id, decided_before=now, now=now)


def mark_told(*, check_in: CheckIn, now: datetime) -> None:
    """Remember that all of the check-in was said."""
    if check_in.state in ("ready", "opened"):
        check_in.state, check_in.told_at = "told", now
        check_in.opened_at = check_in.opened_at or now


def recommendations(
    db: Session, *, patient_id: str, states: Sequence[str] = (), levels: Sequence[str] = ()
) -> list[Recommendation]:
    """Return the patient's recommendations, the newest day first, limited to these states and levels when given."""
    query = select(Recommendation).where(Recommendation.patient_id == patient_id)
    if states:
        query = query.where(Recommendation.state.in_(states))
    if levels:
        query = query.where(Recommendation.level.in_(levels))
    newest = query.order_by(Recommendation.local_date.desc(), Recommendation.created_at)
    return list(db.scalars(newest.limit(MOST_SHOWN)))


def recommendation_of(db: Session, *, patient_id: str, recommendation_id: str, lock: bool = False) -> Recommendation:
    """Return one of the patient's recommendations.

    Raises:
        NotFoundError: none such, or not this patient's.
    """
    found = db.get(Recommendation, recommendation_id, with_for_update=lock)
    if found is None or found.patient_id != patient_id:
        raise NotFoundError
    return found


def answer(db: Session, *, actor: Actor, recommendation_id: str, given: str, key: str, now: datetime) -> Recommendation:
    """Store the patient's answer to an offer; the same one again changes nothing.

    Raises:
        NotFoundError: none such.
        OtherAnswerError: it has been answered otherwise, or has expired.
    """
    found = recommendation_of(db, patient_id=actor.patient_id or "", recommendation_id=recommendation_id, lock=True)
    if found.state == given:
        return found
    if found.state != "open":
        raise OtherAnswerError
    found.state, found.decided_at = given, now
    db.flush()
    audit.record(
        db,
        actor=actor,
        action="answer",
        entity=f"Recommendation/{found.id}",
        patient_id=found.patient_id,
        details={"answer": given, "turn": key, "rule": found.rule_id, "version": found.rule_version},
        now=now,
    )
    return found


def untold_decisions(db: Session, *, patient_id: str) -> list[dict[str, Any]]:
    """Return the decisions that the patient was not there to hear: [{"id", "text"}], oldest first."""
    query = (
        select(Recommendation.id, Message.text)
        .join(Conversation, Conversation.patient_id == Recommendation.patient_id)
        .join(Message, Message.conversation_id == Conversation.id)
        .where(
            Recommendation.patient_id == patient_id,
            Recommendation.state.in_(DECIDED),
            Recommendation.told_at.is_(None),
            Message.kind == "decision",
            Message.data["task_id"].astext == Recommendation.task_id,
        )
        .order_by(Message.seq)
    )
    return [{"id": found, "text": {"sv": text, "en": text}} for found, text in db.execute(query)]


def mark_seen(db: Session, *, conversation: Conversation, seq: int, now: datetime) -> None:
    """Remember how far the patient has read, and which decisions were read as they came."""
    conversation.seen_seq = max(conversation.seen_seq, min(seq, conversation.last_seq))
    live = select(Message.data["task_id"].astext).where(
        Message.conversation_id == conversation.id,
        Message.kind == "decision",
        Message.seq <= conversation.seen_seq,
        Message.created_at > now - SEEN_LIVE,
    )
    db.execute(
        update(Recommendation)
        .where(Recommendation.task_id.in_(live), Recommendation.told_at.is_(None))
        .values(told_at=now, lock_version=Recommendation.lock_version + 1)
    )


def _mark_told(db: Session, *, patient_id: str, decided_before: datetime, now: datetime) -> None:
    db.execute(
        update(Recommendation)
        .where(
            Recommendation.patient_id == patient_id,
            Recommendation.state.in_(DECIDED),
            Recommendation.decided_at < decided_before,
            Recommendation.told_at.is_(None),
        )
        .values(told_at=now, lock_version=Recommendation.lock_version + 1)
    )
