"""Tasks that the chat opens for the clinic."""

from sqlalchemy.orm import Session

from assistant.records import repository
from assistant.records.access import Actor
from assistant.records.errors import ConflictError
from assistant.records.fhir import codes
from assistant.records.models.base import utc_now


def open_task(
    db: Session,
    *,
    patient_id: str,
    code: str,
    priority: str,
    identifier: str,
    description: str,
    inputs: dict[str, str] | None = None,
) -> None:
    """Open a Task about this patient, unless one with the same identifier is there already.

    `description` is what the clinic reads, in Swedish; `inputs` are named codes that say what caused it.
    """
    content = {
        "resourceType": "Task",
        "identifier": [{"system": codes.IDEMPOTENCY, "value": identifier}],
        "status": "requested",
        "intent": "order",
        "priority": priority,
        "code": {"coding": [{"system": codes.TASK, "code": code}]},
        "description": description,
        "for": {"reference": f"Patient/{patient_id}"},
        "authoredOn": utc_now().isoformat(),
        "input": [{"type": {"text": name}, "valueCode": value} for name, value in (inputs or {}).items() if value],
    }
    if not content["input"]:
        del content["input"]
    try:
        repository.insert(db, content, actor=Actor(id="assistant", role="assistant", patient_id=patient_id))
    except ConflictError:
        return
