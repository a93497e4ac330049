"""What each role may write. Reading is bounded by the patient's compartment alone (`assistant.records.access`)."""

from assistant.records import sharing
from assistant.records.access import Actor
from assistant.records.errors import ForbiddenError, InvalidResourceError, SignatureNeededError
from assistant.records.fhir import codes
from assistant.records.fhir.content import Content, code_in, reference_id

CLINICAL = frozenset(
    {
        *("Observation", "Condition", "AllergyIntolerance", "Task", "Communication", "Appointment", "Consent"),
        *("Goal", "CarePlan", "Flag", "QuestionnaireResponse"),
    }
)
REGISTER = frozenset({"Patient", "Practitioner", "MedicationRequest", "CareTeam", "Device", "DeviceMetric"})
"""What the region's record system alone brings."""
CALENDAR = frozenset({"Schedule", "Slot"})

MAY_CREATE: dict[str, frozenset[str]] = {
    "patient": frozenset({"Observation", "Appointment"}),
    "assistant": frozenset({"Observation", "QuestionnaireResponse", "Task", "Appointment"}),
    "practitioner": CLINICAL | CALENDAR,
    "round": frozenset({"MedicationRequest", "Task", "Communication", "Provenance"}),
    "system": CLINICAL | CALENDAR | REGISTER | {"Provenance"},
    **dict.fromkeys(sharing.READS, frozenset[str]()),
}
MAY_UPDATE: dict[str, frozenset[str]] = {
    "patient": frozenset({"Slot"}),
    "assistant": frozenset({"Slot"}),
    "practitioner": CLINICAL | CALENDAR,
    "round": frozenset({"MedicationRequest", "Task"}),
    "system": CLINICAL | CALENDAR | REGISTER,
    **dict.fromkeys(sharing.READS, frozenset[str]()),
}


def check_create(actor: Actor, content: Content) -> None:
    """Let through what this actor may create.

    Raises:
        ForbiddenError, SignatureNeededError: not this one.
    """
    resource_type = content["resourceType"]
    if resource_type == "MedicationRequest":
        _check_order(actor, content)
    if resource_type == "Task":
        _check_proposal_task(actor, content)
    if resource_type not in MAY_CREATE[actor.role]:
        raise ForbiddenError
    if resource_type == "Appointment" and content["status"] == "pending":
        raise InvalidResourceError(problem="a time is held by $hold only", expression="status")


def check_update(actor: Actor, old: Content, new: Content) -> None:
    """Let through what this actor may change into what.

    Raises:
        ForbiddenError, SignatureNeededError: not this one.
    """
    resource_type = new["resourceType"]
    if resource_type == "MedicationRequest":
        _check_order(actor, new)
        _check_order(actor, old)
    if resource_type == "Task":
        _check_proposal_task(actor, old)
        _check_proposal_task(actor, new)
    if resource_type not in MAY_UPDATE[actor.role]:
        raise ForbiddenError
    if resource_type == "Slot" and actor.role in ("patient", "assistant"):
        _check_takes_slot(old, new)


def _check_order(actor: Actor, content: Content) -> None:
    """Only the round proposes; only the region's record system brings orders, active ones by a named practitioner."""
    proposed = content["intent"] == "proposal"
    if actor.role == "round" and proposed and content["status"] in ("draft", "cancelled"):
        return
    ordered_by = reference_id(content.get("requester"), "Practitioner")
    if actor.role == "system" and not proposed and (content["status"] != "active" or ordered_by):
        return
    raise SignatureNeededError


def _check_proposal_task(actor: Actor, content: Content) -> None:
    """A medication proposal is opened by the round and closed by a decision (`assistant.records.signing`) only."""
    if code_in(content.get("code"), codes.TASK) == "medication-proposal" and actor.role != "round":
        raise ForbiddenError


def _check_takes_slot(old: Content, new: Content) -> None:
    if old["status"] != "free" or new["status"] != "busy" or _without_status(old) != _without_status(new):
        raise ForbiddenError


def _without_status(content: Content) -> Content:
    return {key: value for key, value in content.items() if key not in ("status", "meta")}
