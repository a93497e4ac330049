"""The copy a patient can take home."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records import conversations, demo, export
from assistant.records.access import Actor
from assistant.records.errors import RecordsError
from assistant.records.models import AuditEntry
from assistant.records.models.base import utc_now

ANNA = Actor(id="anna", role="patient", patient_id="anna")


@pytest.fixture
def record(db: Session) -> Session:
    """A record with the demo patients and something said."""
    demo.seed_into(db, now=utc_now())
    talk = conversations.conversation_of(db, patient_id="anna")
    conversations.append(db, conversation_id=talk.id, sender="patient", text="God morgon!")
    return db


def test_holds_the_patients_own_resources_and_talk_and_nobody_elses(record: Session) -> None:
    bundle = export.everything(record, actor=ANNA, patient_id="anna")

    resources = [entry["resource"] for entry in bundle["entry"]]
    types = {resource["resourceType"] for resource in resources}
    assert {"Patient", "Observation", "MedicationRequest", "Condition", "Communication"} <= types
    assert "bertil" not in str(resources)
    assert any(resource.get("payload") == [{"contentString": "God morgon!"}] for resource in resources)


def test_is_written_in_the_log_that_the_patient_can_read(record: Session) -> None:
    export.everything(record, actor=ANNA, patient_id="anna")
    record.commit()

    assert record.scalar(select(AuditEntry.id).where(AuditEntry.action == "export", AuditEntry.patient_id == "anna"))


def test_is_refused_to_another_patient(record: Session) -> None:
    with pytest.raises(RecordsError):
        export.everything(record, actor=Actor(id="elsa", role="patient", patient_id="elsa"), patient_id="anna")
