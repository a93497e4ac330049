"""A doctor's decision about a proposed medication change: the only way by which a dose changes here.

All of it is one transaction: the signature, the new order, the end of the old one, the provenance, the task, the
recommendation, and what the patient is told. Either everything happened or nothing did.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records import audit, conversations, decision_texts, orders, repository
from assistant.records.access import Actor, check_patient
from assistant.records.errors import (
    AlreadyDecidedError,
    ForbiddenError,
    InvalidResourceError,
    NotFoundError,
    VersionConflictError,
)
from assistant.records.fhir import codes
from assistant.records.fhir.content import Content, reference_id
from assistant.records.models import (
    MedicationRequest,
    Message,
    PatientSettings,
    Practitioner,
    Recommendation,
    Task,
)
from assistant.records.models.base import utc_now
from assistant.records.reading import OPEN_TASKS
from assistant.records.repository import Stored

Choice = Literal["approve", "change", "reject"]
STATE_AFTER: dict[Choice, str] = {"approve": "approved", "change": "changed", "reject": "rejected"}
CLINIC = Actor(id="clinic", role="system")
PROPOSAL = "medication-proposal"


@dataclass(frozen=True)
class Dose:
    """A new dose: how it is said ("2,5 mg en gång om dagen"), and each single dose as a quantity."""

    text: str
    value: Decimal
    unit: str = "mg"


@dataclass(frozen=True)
class Signed:
    """What a decision brought about; `order` is None when the proposal was rejected."""

    task: Stored
    order: Stored | None
    message: Message


def sign_proposal(
    db: Session,
    *,
    task_id: str,
    practitioner: Actor,
    decision: Choice,
    expected_version: int,
    medication_request_id: str | None = None,
    dose: Dose | None = None,
    reason: str | None = None,
    now: datetime | None = None,
) -> Signed:
    """Decide a proposal once, in the name of the doctor who signs.

    Args:
        expected_version: the version of the task that the doctor looked at.
        medication_request_id: the active order whose dose is changed (approve, change).
        dose: the new dose (approve: lower than today's; change: any other).
        reason: why; needed to change or reject, and then told to the patient.

    Raises:
        NotFoundError: no such proposal for this doctor.
        ForbiddenError: only a doctor signs.
        VersionConflictError: the task changed after the doctor looked.
        AlreadyDecidedError: it has been decided.
        InvalidResourceError: the dose or the reason is missing or does not fit the decision.
    """
    moment = now or utc_now()
    task = _locked_proposal(db, task_id, practitioner, moment)
    doctor = _doctor(db, practitioner)
    if task.status not in OPEN_TASKS:
        raise AlreadyDecidedError
    if task.version != expected_version:
        raise VersionConflictError
    case = _Case(task=task, doctor=doctor, actor=practitioner, choice=decision, reason=_said(reason), now=moment)
    if decision != "approve" and case.reason is None:
        raise InvalidResourceError(problem="a change or a rejection needs a reason", expression="reason")
    if decision == "reject":
        return _reject(db, case)
    if medication_request_id is None or dose is None:
        raise InvalidResourceError(problem="an order and its new dose are needed", expression="dose")
    return _change_dose(db, case, medication_request_id, dose)


@dataclass(frozen=True)
class _Case:
    """One decision under way."""

    task: Task
    doctor: Practitioner
    actor: Actor
    choice: Choice
    reason: str | None
    now: datetime


def _change_dose(db: Session, case: _Case, order_id: str, dose: Dose) -> Signed:
    old = _active_order(db, order_id, case.task.patient_id)
    lowers = _check_dose(old.content, dose, case.choice)
    order = _replace_order(db, case, old, dose)
    _write_provenance(db, case, order)
    medicine = decision_texts.medicine_name(old.content)
    told = decision_texts.approved(_decision(db, case, medicine=medicine, dose_text=dose.text, lowers=lowers))
    task = _close(db, case, output=f"MedicationRequest/{order.id}")
    return Signed(task=task, order=order, message=_tell(db, case, told, order.id))


def _reject(db: Session, case: _Case) -> Signed:
    told = decision_texts.rejected(_decision(db, case))
    task = _close(db, case, output=None)
    return Signed(task=task, order=None, message=_tell(db, case, told, None))


def _decision(
    db: Session, case: _Case, *, medicine: str = "", dose_text: str = "", lowers: bool = False
) -> decision_texts.Decision:
    settings = db.get(PatientSettings, case.task.patient_id)
    return decision_texts.Decision(
        doctor=case.doctor.name,
        own_doctor=settings is not None and settings.doctor_id == case.doctor.id,
        medicine=medicine,
        dose_text=dose_text,
        lowers=lowers,
        reason=case.reason,
    )


def _replace_order(db: Session, case: _Case, old: MedicationRequest, dose: Dose) -> Stored:
    """Sign the order with its new dose, end the old one, and return the new."""
    content = _new_order(old, case.doctor, dose, case.now)
    signature_id = orders.sign(
        db,
        kind="clinic",
        order=content,
        practitioner_id=case.doctor.id,
        task_id=case.task.id,
        reason=case.reason,
        now=case.now,
    )
    ended = old.content | {"status": "stopped"}
    repository.replace(db, ended, actor=case.actor, now=case.now, reason=case.reason)
    return repository.insert(db, content, actor=case.actor, now=case.now, signature_id=signature_id)


def _locked_proposal(db: Session, task_id: str, practitioner: Actor, now: datetime) -> Task:
    task = db.get(Task, task_id, with_for_update=True, populate_existing=True)
    if task is None or task.code != PROPOSAL:
        raise NotFoundError
    check_patient(db, actor=practitioner, patient_id=task.patient_id, now=now)
    return task


def _doctor(db: Session, practitioner: Actor) -> Practitioner:
    doctor = db.get(Practitioner, practitioner.id) if practitioner.role == "practitioner" else None
    if doctor is None or doctor.role != "doctor":
        raise ForbiddenError
    return doctor


def _active_order(db: Session, order_id: str, patient_id: str) -> MedicationRequest:
    order = db.get(MedicationRequest, order_id, with_for_update=True, populate_existing=True)
    if order is None or order.patient_id != patient_id:
        raise NotFoundError
    if order.status != "active":
        raise InvalidResourceError(problem="that order is no longer active", expression="medication_request_id")
    return order


def _check_dose(old: Content, dose: Dose, decision: Choice) -> bool:
    """Make sure the new dose fits the decision, and return whether it is lower than today's."""
    present = dose_of(old)
    if present is None or present.unit != dose.unit or dose.value <= 0 or not dose.text.strip():
        raise InvalidResourceError(problem="the dose must be positive, in the order's unit", expression="dose")
    if dose.value == present.value or (decision == "approve" and dose.value > present.value):
        raise InvalidResourceError(problem="the dose must be lower than today's", expression="dose")
    return dose.value < present.value


def dose_of(order: Content) -> Dose | None:
    """Return the dose that an order states as a quantity, or None when it states none or several."""
    instructions = order.get("dosageInstruction", [])
    quantities = [
        rate["doseQuantity"] for one in instructions for rate in one.get("doseAndRate", []) if "doseQuantity" in rate
    ]
    if len(instructions) != 1 or len(quantities) != 1:
        return None
    quantity = quantities[0]
    return Dose(text=instructions[0].get("text", ""), value=Decimal(str(quantity["value"])), unit=quantity["code"])


def _new_order(old: MedicationRequest, doctor: Practitioner, dose: Dose, now: datetime) -> Content:
    kept = {key: value for key, value in old.content.items() if key not in ("id", "meta", "identifier")}
    instruction = old.content["dosageInstruction"][0]
    quantity = {"value": float(dose.value), "unit": dose.unit, "system": codes.UCUM, "code": dose.unit}
    concept = old.content["medicationCodeableConcept"]
    name = decision_texts.medicine_name(old.content).capitalize()
    return kept | {
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": concept | {"text": f"{name} {decision_texts.number(dose.value)} {dose.unit}"},
        "authoredOn": now.isoformat(),
        "requester": {"reference": f"Practitioner/{doctor.id}", "display": doctor.name},
        "priorPrescription": {"reference": f"MedicationRequest/{old.id}"},
        "dosageInstruction": [instruction | {"text": dose.text, "doseAndRate": [{"doseQuantity": quantity}]}],
    }


def _write_provenance(db: Session, case: _Case, order: Stored) -> None:
    doctor = {"reference": f"Practitioner/{case.doctor.id}", "display": case.doctor.name}
    content = {
        "resourceType": "Provenance",
        "target": [{"reference": f"MedicationRequest/{order.id}"}],
        "recorded": case.now.isoformat(),
        "agent": [_agent("verifier", doctor), _agent("assembler", {"type": "Device", "display": "ViGoR"})],
        "entity": [
            {"role": "source", "what": {"reference": f"Patient/{case.task.patient_id}"}},
            {"role": "derivation", "what": {"reference": f"Task/{case.task.id}"}},
        ],
    }
    repository.insert(db, content, actor=CLINIC, now=case.now)


def _agent(code: str, who: Content) -> Content:
    return {"type": {"coding": [{"system": codes.PROVENANCE_PARTICIPANT, "code": code}]}, "who": who}


def _close(db: Session, case: _Case, *, output: str | None) -> Stored:
    """Close the task, its proposal and its recommendation, and say in the log who decided."""
    rejected = case.choice == "reject"
    task = repository.replace(db, _closed_task(case, output), actor=case.actor, now=case.now, reason=case.reason)
    proposal_id = reference_id({"reference": case.task.focus}, "MedicationRequest")
    proposal = db.get(MedicationRequest, proposal_id) if proposal_id else None
    if proposal is not None:
        closed = proposal.content | {"status": "cancelled" if rejected else "completed"}
        repository.replace(db, closed, actor=case.actor, now=case.now)
    for recommendation in db.scalars(select(Recommendation).where(Recommendation.task_id == case.task.id)):
        recommendation.state, recommendation.decided_at = STATE_AFTER[case.choice], case.now
    db.flush()
    audit.record(
        db,
        actor=case.actor,
        action="decide" if rejected else "sign",
        entity=f"Task/{case.task.id}",
        patient_id=case.task.patient_id,
        reason=case.reason,
        details={"decision": case.choice, "order": output},
        now=case.now,
    )
    return task


def _closed_task(case: _Case, output: str | None) -> Content:
    content = case.task.content | {
        "status": "rejected" if case.choice == "reject" else "completed",
        "lastModified": case.now.isoformat(),
        "owner": {"reference": f"Practitioner/{case.doctor.id}", "display": case.doctor.name},
    }
    if case.reason:
        content["statusReason"] = {"text": case.reason}
    if output:
        content["output"] = [{"type": {"text": "order"}, "valueReference": {"reference": output}}]
    return content


def _tell(db: Session, case: _Case, told: dict[str, str], order_id: str | None) -> Message:
    """Send the decision to the patient: a Communication in the record and a message in the talk."""
    patient_id = case.task.patient_id
    settings = db.get(PatientSettings, patient_id)
    text = told["en" if settings and settings.language == "en" else "sv"]
    communication = repository.insert(db, _communication(case, text), actor=CLINIC, now=case.now)
    conversation = conversations.conversation_of(db, patient_id=patient_id)
    return conversations.append(
        db,
        conversation_id=conversation.id,
        sender="clinician",
        kind="decision",
        text=text,
        data={
            "decision": case.choice,
            "task_id": case.task.id,
            "communication_id": communication.id,
            "medication_request_id": order_id,
            "doctor": case.doctor.name,
        },
    )


def _communication(case: _Case, text: str) -> Content:
    patient = {"reference": f"Patient/{case.task.patient_id}"}
    return {
        "resourceType": "Communication",
        "identifier": [{"system": codes.IDEMPOTENCY, "value": f"decision-{case.task.id}"}],
        "status": "completed",
        "category": [{"coding": [{"system": codes.TASK, "code": PROPOSAL}]}],
        "subject": patient,
        "recipient": [patient],
        "sender": {"reference": f"Practitioner/{case.doctor.id}", "display": case.doctor.name},
        "sent": case.now.isoformat(),
        "about": [{"reference": f"Task/{case.task.id}"}],
        "payload": [{"contentString": text}],
    }


def _said(reason: str | None) -> str | None:
    return (reason or "").strip() or None
