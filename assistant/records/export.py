"""A copy of everything the record holds about one patient."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records import audit
from assistant.records.access import Actor, check_patient
from assistant.records.fhir.content import Content
from assistant.records.models import RESOURCE_TYPES, Conversation, Message
from assistant.records.models.base import utc_now
from assistant.records.repository import as_stored


def everything(db: Session, *, actor: Actor, patient_id: str, now: datetime | None = None) -> Content:
    """Return a FHIR Bundle (collection) of the patient's resources, the talk with the assistant among them.

    The export is audited.

    Raises:
        ForbiddenError: the actor may not see this patient.
    """
    check_patient(db, actor=actor, patient_id=patient_id)
    entries = [{"resource": resource} for resource in (*_resources(db, patient_id), *_talk(db, patient_id))]
    audit.record(db, actor=actor, action="export", patient_id=patient_id, entity=f"Patient/{patient_id}")
    moment = (now or utc_now()).isoformat()
    return {"resourceType": "Bundle", "type": "collection", "timestamp": moment, "entry": entries}


def _resources(db: Session, patient_id: str) -> list[Content]:
    found: list[Content] = []
    for name, model in RESOURCE_TYPES.items():
        column: Any = model.id if name == "Patient" else getattr(model, "patient_id", None)
        if column is not None:
            rows = db.scalars(select(model).where(column == patient_id).order_by(model.last_updated, model.id))
            found += [as_stored(name, row).content for row in rows]
    return found


def _talk(db: Session, patient_id: str) -> list[Content]:
    """Return the messages of the talk as Communications."""
    query = select(Message).join(Conversation, Conversation.id == Message.conversation_id)
    messages = db.scalars(query.where(Conversation.patient_id == patient_id).order_by(Message.seq))
    return [
        {
            "resourceType": "Communication",
            "id": message.id,
            "status": "completed",
            "subject": {"reference": f"Patient/{patient_id}"},
            "sender": {"display": message.sender},
            "sent": message.created_at.isoformat(),
            "payload": [{"contentString": message.text}],
        }
        for message in messages
        if message.text
    ]
