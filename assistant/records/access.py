"""Who is asking, and whose record they may see.

A patient, or the assistant speaking with one, reaches that patient only. Staff reach the patients with whom they have
a care relation. The region's record system and the round reach all. Who reads for other care, quality or research
reaches those whose consents permit it (`assistant.records.sharing`). Where the answer is no, the record looks empty:
nobody learns that a patient exists.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Literal, cast, get_args
from uuid import uuid4

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session
from starlette.requests import HTTPConnection

from assistant.records import sharing
from assistant.records.errors import NotFoundError, UnauthenticatedError
from assistant.records.models import CareRelation, Conversation, Patient
from assistant.records.models.base import utc_now
from assistant.settings import get_settings

Role = Literal["patient", "assistant", "practitioner", "system", "round", "other-care", "quality", "research"]
TokenRole = Literal["patient", "practitioner", "system", "other-care", "quality", "research"]

TOKEN_LIFETIME = timedelta(minutes=15)
ALGORITHM = "HS256"
AUDIENCE = "vigor-fhir"
REQUEST_ID = re.compile(r"[\w-]{1,64}")


def new_request_id() -> str:
    """Return a fresh id that follows one request through logs and audit."""
    return str(uuid4())


@dataclass(frozen=True)
class Actor:
    """Who acts. `patient_id` is set for a patient and for the assistant in that patient's talk."""

    id: str
    role: Role
    patient_id: str | None = None
    request_id: str = field(default_factory=new_request_id)


def issue_token(
    *, subject: str, role: TokenRole, lifetime: timedelta = TOKEN_LIFETIME, now: datetime | None = None
) -> str:
    """Return a signed bearer token for the FHIR API; `subject` is the patient's, practitioner's or system's id."""
    issued = now or utc_now()
    claims = {"sub": subject, "role": role, "aud": AUDIENCE, "iat": issued, "exp": issued + lifetime}
    return jwt.encode({"alg": ALGORITHM}, claims, _key())


def actor_from_request(db: Session, request: HTTPConnection, *, now: datetime | None = None) -> Actor:
    """Return who sent this request.

    Raises:
        UnauthenticatedError: no bearer token, or one that is forged, expired or for something else.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise UnauthenticatedError
    request_id = request_id_of(request)
    actions_secret = get_settings().actions_secret.get_secret_value()
    if actions_secret and compare_digest(token.encode(), actions_secret.encode()):
        return _assistant(db, request.headers.get("X-Conversation-Id", ""), request_id)
    return _token_holder(token, request_id, now or utc_now())


def request_id_of(request: HTTPConnection) -> str:
    """Return the id this request came with, or a fresh one that it keeps."""
    if not hasattr(request.state, "request_id"):
        given = request.headers.get("X-Request-Id", "")
        request.state.request_id = given if REQUEST_ID.fullmatch(given) else new_request_id()
    kept: str = request.state.request_id
    return kept


def check_patient(db: Session, *, actor: Actor, patient_id: str, now: datetime | None = None) -> None:
    """Let the actor through to this patient's record.

    Raises:
        NotFoundError: it is not for this actor, whether or not the patient exists.
    """
    if actor.role in ("system", "round"):
        return
    if actor.role == "practitioner" and has_care_relation(db, practitioner_id=actor.id, patient_id=patient_id, now=now):
        return
    if actor.role in ("patient", "assistant") and actor.patient_id == patient_id:
        return
    if actor.role in sharing.READS and may_be_used(db, use=actor.role, patient_id=patient_id):
        return
    raise NotFoundError


def may_be_used(db: Session, *, use: str, patient_id: str) -> bool:
    """Say whether there is such a patient, whose consents permit the use (one of `sharing.READS`)."""
    return db.scalar(select(Patient.id).where(Patient.id == patient_id, sharing.permitted(use, Patient.id))) is not None


def may_read(actor: Actor, resource_type: str) -> bool:
    """Say whether resources of this type are for the actor at all; bounds are for other uses than the care."""
    return resource_type in sharing.READS.get(actor.role, {resource_type})


def has_care_relation(db: Session, *, practitioner_id: str, patient_id: str, now: datetime | None = None) -> bool:
    """Say whether a documented care relation holds now."""
    relation = select(CareRelation).where(
        CareRelation.practitioner_id == practitioner_id, CareRelation.patient_id == patient_id, _holds(now or utc_now())
    )
    return db.scalar(relation) is not None


def in_reach(
    actor: Actor,
    patient_column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    now: datetime | None = None,
) -> ColumnElement[bool]:
    """Return the condition that keeps a query within what the actor may see."""
    if actor.role in ("system", "round"):
        return true()
    if actor.role == "practitioner":
        theirs = select(CareRelation.patient_id).where(
            CareRelation.practitioner_id == actor.id, _holds(now or utc_now())
        )
        return patient_column.in_(theirs)
    if actor.role in sharing.READS:
        return sharing.permitted(actor.role, patient_column)
    return patient_column == actor.patient_id


def _holds(now: datetime) -> ColumnElement[bool]:
    return (CareRelation.since <= now) & or_(CareRelation.until.is_(None), CareRelation.until > now)


def _assistant(db: Session, conversation_id: str, request_id: str) -> Actor:
    patient_id = db.scalar(select(Conversation.patient_id).where(Conversation.id == conversation_id))
    if patient_id is None:
        raise UnauthenticatedError
    return Actor(id="assistant", role="assistant", patient_id=patient_id, request_id=request_id)


def _token_holder(token: str, request_id: str, now: datetime) -> Actor:
    try:
        claims = jwt.decode(token, _key(), algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError) as error:
        raise UnauthenticatedError from error
    role, subject = claims.get("role"), claims.get("sub")
    expired = claims.get("exp", 0) <= now.timestamp()
    if claims.get("aud") != AUDIENCE or role not in get_args(TokenRole) or not isinstance(subject, str) or expired:
        raise UnauthenticatedError
    patient_id = subject if role == "patient" else None
    return Actor(id=subject, role=cast(Role, role), patient_id=patient_id, request_id=request_id)


def _key() -> OctKey:
    return OctKey.import_key(get_settings().session_secret.get_secret_value())
