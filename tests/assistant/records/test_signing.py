"""A doctor's decision: everything that follows from it, exactly once."""

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records import conversations, orders, signing
from assistant.records.access import Actor
from assistant.records.errors import (
    AlreadyDecidedError,
    ForbiddenError,
    InvalidResourceError,
    NotFoundError,
    VersionConflictError,
)
from assistant.records.models import (
    AuditEntry,
    Communication,
    MedicationRequest,
    PatientSettings,
    Provenance,
    Recommendation,
    Signature,
    Task,
)
from assistant.records.models.base import utc_now
from assistant.records.signing import Dose, Signed
from tests.assistant.records.conftest import ANNA, ERIK, KARIN, SARA, propose

HALF = Dose(text="2,5 mg en gång om dagen", value=Decimal("2.5"))


@pytest.fixture
def task_id(record: Session) -> str:
    """A proposal for Anna with the recommendation behind it."""
    task = propose(record)
    record.add(
        Recommendation(
            patient_id="anna",
            rule_id="pressure-falling-on-treatment",
            rule_version=1,
            local_date=utc_now().date(),
            level="propose",
            state="proposed",
            title={},
            text={},
            why={},
            inputs=[],
            evidence={},
            task_id=task.id,
        )
    )
    record.flush()
    return task.id


def approve(record: Session, task_id: str, actor: Actor = KARIN, **changes: object) -> Signed:
    given = {
        "task_id": task_id,
        "practitioner": actor,
        "decision": "approve",
        "expected_version": 1,
        "medication_request_id": "anna-amlodipin",
        "dose": HALF,
    } | changes
    return signing.sign_proposal(record, **given)  # type: ignore[arg-type]


def proposal_of(record: Session, task_id: str) -> MedicationRequest:
    focus = record.get_one(Task, task_id).focus
    assert focus
    return record.get_one(MedicationRequest, focus.removeprefix("MedicationRequest/"))


def test_approval_replaces_the_order_under_the_doctors_signature(record: Session, task_id: str) -> None:
    signed = approve(record, task_id)
    assert signed.order
    new = record.get_one(MedicationRequest, signed.order.id)
    old = record.get_one(MedicationRequest, "anna-amlodipin")
    signature = record.get_one(Signature, new.signature_id)
    assert (new.status, old.status, proposal_of(record, task_id).status) == ("active", "stopped", "completed")
    assert new.content["priorPrescription"] == {"reference": "MedicationRequest/anna-amlodipin"}
    assert new.content["medicationCodeableConcept"]["text"] == "Amlodipin 2,5 mg"
    assert new.content["dosageInstruction"][0]["doseAndRate"][0]["doseQuantity"]["value"] == 2.5
    assert (signature.kind, signature.practitioner_id, signature.task_id) == ("clinic", "doctor-karin", task_id)
    assert signature.content_sha256 == orders.fingerprint(new.content)


def test_approval_closes_task_and_recommendation_with_provenance_and_log(record: Session, task_id: str) -> None:
    signed = approve(record, task_id)
    assert signed.order
    record.commit()
    assert record.get_one(Task, task_id).status == "completed"
    recommendation = record.scalars(select(Recommendation).where(Recommendation.task_id == task_id)).one()
    assert recommendation.state == "approved"
    provenance = record.scalars(
        select(Provenance).where(Provenance.target == f"MedicationRequest/{signed.order.id}")
    ).one()
    assert [one["type"]["coding"][0]["code"] for one in provenance.content["agent"]] == ["verifier", "assembler"]
    actions = record.scalars(select(AuditEntry.action).where(AuditEntry.entity == f"Task/{task_id}"))
    assert "sign" in set(actions)


def test_the_patient_is_told_in_the_talk_and_in_the_record(record: Session, task_id: str) -> None:
    signed = approve(record, task_id)
    told = conversations.messages_since(record, conversation_id=signed.message.conversation_id, seq=0)
    assert [(one.kind, one.sender) for one in told] == [("decision", "clinician")]
    assert told[0].text.startswith(
        "Din läkare Karin Holm har bestämt att sänka dosen av amlodipin till 2,5 mg en gång om dagen."
    )
    sent = record.scalars(select(Communication).where(Communication.patient_id == "anna")).one()
    assert sent.content["payload"][0]["contentString"] == told[0].text


def test_the_patient_is_told_in_their_language(record: Session, task_id: str) -> None:
    record.get_one(PatientSettings, "anna").language = "en"
    assert approve(record, task_id).message.text.startswith("Your doctor Karin Holm has decided to lower")


def test_a_rejection_changes_no_order_and_gives_the_reason(record: Session, task_id: str) -> None:
    signed = approve(record, task_id, decision="reject", reason="Jag vill se en vecka till först.")
    assert signed.order is None
    assert record.get_one(MedicationRequest, "anna-amlodipin").status == "active"
    assert (record.get_one(Task, task_id).status, proposal_of(record, task_id).status) == ("rejected", "cancelled")
    assert "Jag vill se en vecka till först." in signed.message.text
    assert "precis som förut" in signed.message.text
    assert record.scalars(select(Signature).where(Signature.task_id == task_id)).first() is None


def test_a_change_needs_a_reason_and_may_go_to_another_order(record: Session, task_id: str) -> None:
    dose = Dose(text="1,25 mg en gång om dagen", value=Decimal("1.25"))
    with pytest.raises(InvalidResourceError):
        approve(record, task_id, decision="change", medication_request_id="anna-ramipril", dose=dose)
    approve(record, task_id, decision="change", medication_request_id="anna-ramipril", dose=dose, reason="Hellre denna")
    recommendation = record.scalars(select(Recommendation).where(Recommendation.task_id == task_id)).one()
    assert recommendation.state == "changed"
    assert record.get_one(MedicationRequest, "anna-ramipril").status == "stopped"


def test_nothing_is_signed_twice(record: Session, task_id: str) -> None:
    approve(record, task_id)
    with pytest.raises(AlreadyDecidedError):
        approve(record, task_id, expected_version=2)
    with pytest.raises(AlreadyDecidedError):
        approve(record, task_id, decision="reject", reason="nej")


def test_a_decision_on_an_old_view_is_refused(record: Session, task_id: str) -> None:
    with pytest.raises(VersionConflictError):
        approve(record, task_id, expected_version=9)


@pytest.mark.parametrize(
    ("actor", "error"),
    [(SARA, ForbiddenError), (ERIK, NotFoundError), (ANNA, ForbiddenError)],
    ids=["a nurse", "a doctor without care relation", "the patient"],
)
def test_only_the_patients_doctor_signs(record: Session, task_id: str, actor: Actor, error: type[Exception]) -> None:
    with pytest.raises(error):
        approve(record, task_id, actor=actor)


@pytest.mark.parametrize(
    "dose",
    [
        None,
        Dose(text="5 mg", value=Decimal(5)),
        Dose(text="10 mg", value=Decimal(10)),
        Dose(text="0", value=Decimal(0)),
        Dose(text="2,5 g", value=Decimal("2.5"), unit="g"),
        Dose(text=" ", value=Decimal("2.5")),
    ],
)
def test_an_approved_dose_is_lower_than_todays_in_its_unit(record: Session, task_id: str, dose: Dose | None) -> None:
    with pytest.raises(InvalidResourceError):
        approve(record, task_id, dose=dose)


@pytest.mark.parametrize("order_id", ["bertil-furosemid", "nothing"])
def test_another_patients_order_is_not_found(record: Session, task_id: str, order_id: str) -> None:
    with pytest.raises(NotFoundError):
        approve(record, task_id, medication_request_id=order_id)


def test_a_rejection_without_a_reason_is_refused(record: Session, task_id: str) -> None:
    with pytest.raises(InvalidResourceError):
        approve(record, task_id, decision="reject", reason="  ")
