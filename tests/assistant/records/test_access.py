"""Who is asking, and whose record they may see."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session
from starlette.requests import Request

from assistant.records import access, conversations
from assistant.records.access import Actor
from assistant.records.errors import NotFoundError, UnauthenticatedError
from assistant.records.models import CareRelation
from assistant.records.models.base import utc_now
from assistant.settings import get_settings
from tests.assistant.records.conftest import ANNA, ERIK, KARIN, REGION


def request_with(**headers: str) -> Request:
    raw = [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": raw, "state": {}})


def test_a_token_names_its_holder(db: Session) -> None:
    token = access.issue_token(subject="anna", role="patient")
    actor = access.actor_from_request(db, request_with(Authorization=f"Bearer {token}", X_Request_Id="abc"))
    assert (actor.id, actor.role, actor.patient_id, actor.request_id) == ("anna", "patient", "anna", "abc")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x.y.z", "Basic abc", "Bearer åäö"])
def test_no_or_a_false_token_is_nobody(db: Session, header: str) -> None:
    request = Request({"type": "http", "headers": [(b"authorization", header.encode("latin-1"))], "state": {}})
    with pytest.raises(UnauthenticatedError):
        access.actor_from_request(db, request)


def test_an_expired_token_is_nobody(db: Session) -> None:
    token = access.issue_token(subject="anna", role="patient", now=utc_now() - timedelta(hours=1))
    with pytest.raises(UnauthenticatedError):
        access.actor_from_request(db, request_with(Authorization=f"Bearer {token}"))


def test_the_assistant_acts_for_the_patient_of_its_conversation_only(record: Session) -> None:
    conversation = conversations.conversation_of(record, patient_id="anna")
    bearer = f"Bearer {get_settings().actions_secret.get_secret_value()}"
    actor = access.actor_from_request(record, request_with(Authorization=bearer, X_Conversation_Id=conversation.id))
    assert (actor.role, actor.patient_id) == ("assistant", "anna")
    with pytest.raises(UnauthenticatedError):
        access.actor_from_request(record, request_with(Authorization=bearer, X_Conversation_Id="unknown"))


def test_a_request_id_that_could_break_a_log_line_is_replaced() -> None:
    assert access.request_id_of(request_with(X_Request_Id="bad id{}")) != "bad id{}"


def test_staff_reach_patients_with_a_care_relation(record: Session) -> None:
    access.check_patient(record, actor=KARIN, patient_id="anna")
    with pytest.raises(NotFoundError):
        access.check_patient(record, actor=ERIK, patient_id="anna")


def test_an_ended_care_relation_gives_no_access(record: Session) -> None:
    record.get_one(CareRelation, ("anna", "doctor-karin")).until = utc_now()
    record.flush()
    with pytest.raises(NotFoundError):
        access.check_patient(record, actor=KARIN, patient_id="anna")


@pytest.mark.parametrize("patient_id", ["bertil", "nobody"])
def test_another_patient_looks_like_no_patient(record: Session, patient_id: str) -> None:
    with pytest.raises(NotFoundError):
        access.check_patient(record, actor=ANNA, patient_id=patient_id)


def test_the_region_reaches_all(record: Session) -> None:
    access.check_patient(record, actor=REGION, patient_id="elsa")


def test_a_practitioner_named_like_a_patient_is_not_that_patient(record: Session) -> None:
    with pytest.raises(NotFoundError):
        access.check_patient(record, actor=Actor(id="anna", role="practitioner"), patient_id="anna")
