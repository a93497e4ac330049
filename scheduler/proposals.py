"""What a fired rule asks of the clinic: a medication proposal to sign, or an alert to act on.

Nothing here makes an order. A proposal is a MedicationRequest with intent `proposal` and status `draft`; only
`assistant.records.signing` makes an active one, with a clinician's signature.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.records.fhir import codes
from assistant.records.models.base import new_id
from scheduler.evaluate import Fired

Content = dict[str, Any]

RULE_URL = f"{codes.OWN}/rules"
RECOMMENDATION_ID = f"{codes.OWN}/id/recommendation"
DEVICE: Content = {
    "type": "Device",
    "display": "ViGoR",
    "identifier": {"system": f"{codes.OWN}/id/device", "value": "round"},
}
"""Who assembled it: a machine."""


@dataclass(frozen=True)
class ClinicCase:
    """A fired rule that the clinic has to act on. `key` makes its Task recognisable if it is written again."""

    fired: Fired
    doctor_id: str | None
    key: str
    now: datetime


def proposal(case: ClinicCase, *, medicines: list[Content]) -> list[Content]:
    """Return the proposal, its Provenance and the Task for the patient's doctor, the Task last.

    Args:
        medicines: the active orders that the rule is about: [{"medication_request_id", "atc", "name"}].

    Raises:
        ValueError: the rule proposes nothing.
    """
    proposed = _proposal(case, medicines)
    task = _task(case, code="medication-proposal", priority="routine")
    task["focus"] = {"reference": f"MedicationRequest/{proposed['id']}"}
    return [proposed, _provenance(case, proposed["id"]), task]


def alert(case: ClinicCase) -> Content:
    """Return an urgent Task for the clinic."""
    return _task(case, code="alert", priority="urgent")


def _proposal(case: ClinicCase, medicines: list[Content]) -> Content:
    fired = case.fired
    if fired.rule.proposal is None:
        raise ValueError(fired.rule.id)
    text = fired.rule.proposal.text.sv
    names = ", ".join(medicine["name"] or medicine["atc"] for medicine in medicines)
    concerned = [{"reference": f"MedicationRequest/{medicine['medication_request_id']}"} for medicine in medicines]
    return {
        "resourceType": "MedicationRequest",
        "id": new_id(),
        "status": "draft",
        "intent": "proposal",
        "medicationCodeableConcept": {"text": f"{text}: {names}" if names else text},
        "subject": {"reference": f"Patient/{fired.patient_id}"},
        "authoredOn": case.now.isoformat(),
        "requester": DEVICE,
        "instantiatesCanonical": [_canonical(fired)],
        "reasonCode": [{"text": fired.why["sv"]}],
        "supportingInformation": concerned + _observations(fired),
    }


def _provenance(case: ClinicCase, proposal_id: str) -> Content:
    fired = case.fired
    assembler = {"coding": [{"system": codes.PROVENANCE_PARTICIPANT, "code": "assembler"}]}
    sources = [{"reference": f"Patient/{fired.patient_id}"}, *_observations(fired)]
    return {
        "resourceType": "Provenance",
        "target": [{"reference": f"MedicationRequest/{proposal_id}"}],
        "recorded": case.now.isoformat(),
        "policy": [_canonical(fired)],
        "agent": [{"type": assembler, "who": DEVICE}],
        "entity": [{"role": "source", "what": what} for what in sources],
    }


def _task(case: ClinicCase, *, code: str, priority: str) -> Content:
    fired = case.fired
    task: Content = {
        "resourceType": "Task",
        "id": new_id(),
        "identifier": [{"system": RECOMMENDATION_ID, "value": case.key}],
        "instantiatesCanonical": _canonical(fired),
        "status": "requested",
        "intent": "proposal",
        "priority": priority,
        "code": {"coding": [{"system": codes.TASK, "code": code}], "text": fired.title["sv"]},
        "description": fired.why["sv"],
        "for": {"reference": f"Patient/{fired.patient_id}"},
        "authoredOn": case.now.isoformat(),
        "requester": DEVICE,
    }
    if case.doctor_id:
        task["owner"] = {"reference": f"Practitioner/{case.doctor_id}"}
    return task


def _canonical(fired: Fired) -> str:
    return f"{RULE_URL}/{fired.rule.id}|{fired.rule.version}"


def _observations(fired: Fired) -> list[Content]:
    return [{"reference": f"Observation/{one['observation']}"} for one in fired.inputs]
