"""Deciding, signing and acknowledging: what a clinician does with a task."""

from sqlalchemy.orm import Session

from assistant.records import repository
from assistant.records.access import Actor
from assistant.records.errors import AlreadyDecidedError
from assistant.records.models import Task
from assistant.records.models.base import utc_now
from assistant.records.reading import OPEN_TASKS
from assistant.records.signing import Signed, sign_proposal
from assistant.web.clinic.proposal import Decision


def sign(db: Session, *, actor: Actor, task_id: str, version: int, decision: Decision) -> Signed:
    """Carry out the decision in the clinician's name.

    Raises:
        RecordsError: it was not carried out; somebody else may have been first.
    """
    return sign_proposal(
        db,
        task_id=task_id,
        practitioner=actor,
        decision=decision.choice,
        expected_version=version,
        medication_request_id=decision.option.order_id if decision.option else None,
        dose=decision.dose,
        reason=decision.reason,
    )


def acknowledge(db: Session, *, actor: Actor, task: Task) -> None:
    """Take the task as read and dealt with, in the clinician's name.

    Raises:
        AlreadyDecidedError: somebody else has done so.
    """
    db.refresh(task, with_for_update=True)
    if task.status not in OPEN_TASKS or task.code == "medication-proposal":
        raise AlreadyDecidedError
    content = task.content | {
        "id": task.id,
        "status": "completed",
        "owner": {"reference": f"Practitioner/{actor.id}"},
        "lastModified": utc_now().isoformat(),
    }
    repository.replace(db, content, actor=actor)
