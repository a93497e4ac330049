"""What each role may write."""

import pytest

from assistant.records import rights
from assistant.records.access import Actor
from assistant.records.errors import ForbiddenError, SignatureNeededError
from assistant.records.fhir import codes
from tests.assistant.records.conftest import ANNA, KARIN, REGION, ROUND, order

ASSISTANT = Actor(id="assistant", role="assistant", patient_id="anna")


def task(code: str) -> dict:
    return {"resourceType": "Task", "code": {"coding": [{"system": codes.TASK, "code": code}]}}


@pytest.mark.parametrize("actor", [ASSISTANT, KARIN, REGION])
def test_nobody_but_the_round_opens_a_medication_proposal(actor: Actor) -> None:
    with pytest.raises(ForbiddenError):
        rights.check_create(actor, task("medication-proposal"))
    rights.check_create(ROUND, task("medication-proposal"))
    rights.check_create(actor, task("callback"))


def test_a_proposal_is_closed_by_a_decision_only() -> None:
    with pytest.raises(ForbiddenError):
        rights.check_update(KARIN, task("medication-proposal"), task("medication-proposal") | {"status": "completed"})


@pytest.mark.parametrize("actor", [ANNA, ASSISTANT, KARIN, REGION])
def test_nobody_but_the_round_proposes_an_order(actor: Actor) -> None:
    with pytest.raises(SignatureNeededError):
        rights.check_create(actor, order(status="draft", intent="proposal"))


@pytest.mark.parametrize("resource_type", ["Patient", "Practitioner", "Slot", "Provenance", "Consent"])
def test_the_assistant_creates_little(resource_type: str) -> None:
    with pytest.raises(ForbiddenError):
        rights.check_create(ASSISTANT, {"resourceType": resource_type})


def test_a_patient_only_takes_a_free_slot() -> None:
    free = {"resourceType": "Slot", "id": "s", "status": "free", "start": "x"}
    rights.check_update(ANNA, free, free | {"status": "busy"})
    for old, new in (
        (free, free | {"status": "busy", "start": "y"}),
        (free | {"status": "busy"}, free),
        (free | {"status": "busy-unavailable"}, free | {"status": "busy"}),
    ):
        with pytest.raises(ForbiddenError):
            rights.check_update(ANNA, old, new)
