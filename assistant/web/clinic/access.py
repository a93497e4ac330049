"""Who among the staff may open whom, and what is noted when they may not."""

from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from assistant.records import audit
from assistant.records.access import Actor, has_care_relation
from assistant.records.database import session
from assistant.records.errors import ForbiddenError, NotFoundError
from assistant.records.models import Practitioner, Task
from assistant.web.errors import NoCareRelationError
from assistant.web.sessions import CurrentPractitioner

CLINICAL_ROLES = ("doctor", "nurse")


def current_clinician(request: Request, practitioner: CurrentPractitioner) -> Actor:
    """Return who is logged in as an actor on the record.

    Raises:
        ForbiddenError: staff whose role is not clinical.
    """
    if practitioner.role not in CLINICAL_ROLES:
        raise ForbiddenError
    return Actor(id=practitioner.id, role="practitioner", request_id=request.state.request_id)


Clinician = Annotated[Actor, Depends(current_clinician)]


def check_care_relation(db: Session, *, actor: Actor, patient_id: str) -> None:
    """Let the clinician through to this patient.

    Raises:
        NoCareRelationError: there is no care relation, or no such patient; the attempt is audited.
    """
    if has_care_relation(db, practitioner_id=actor.id, patient_id=patient_id):
        return
    with session() as own:
        audit.record(own, actor=actor, action="denied", entity=f"Patient/{patient_id}", reason="no care relation")
    raise NoCareRelationError


def task_for(db: Session, *, actor: Actor, task_id: str) -> Task:
    """Return a task about a patient whom the clinician cares for.

    Raises:
        NotFoundError, NoCareRelationError: none such, or not theirs.
    """
    task = db.get(Task, task_id)
    if task is None:
        raise NotFoundError
    check_care_relation(db, actor=actor, patient_id=task.patient_id)
    return task


def name_of(db: Session, actor: Actor) -> Practitioner:
    """Return the practitioner behind the actor."""
    return db.get_one(Practitioner, actor.id)
