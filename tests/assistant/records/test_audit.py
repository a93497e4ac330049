"""The log: complete, in chains, and telling when it has been tampered with."""

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from assistant.records import audit, repository
from assistant.records.models import AuditEntry
from tests.assistant.records.conftest import ANNA, KARIN, ROUND, weight


def entries(db: Session, patient_id: str) -> list[AuditEntry]:
    return list(db.scalars(select(AuditEntry).where(AuditEntry.patient_id == patient_id).order_by(AuditEntry.id)))


def test_every_read_search_and_write_is_logged(record: Session) -> None:
    record.commit()
    before = len(entries(record, "anna"))
    stored = repository.create(record, weight(), actor=ANNA)
    repository.read(record, resource_type="Observation", resource_id=stored.id, actor=KARIN)
    repository.search(record, resource_type="Condition", parameters=[], actor=KARIN)
    record.commit()
    made = entries(record, "anna")[before:]
    assert [(one.actor_id, one.action, one.entity) for one in made] == [
        ("anna", "create", f"Observation/{stored.id}"),
        ("doctor-karin", "read", f"Observation/{stored.id}"),
        ("doctor-karin", "search", "Condition"),
    ]
    assert entries(record, "bertil")[-1].action == "search"


def test_the_chain_of_a_patient_holds(record: Session) -> None:
    for _ in range(3):
        repository.read(record, resource_type="Patient", resource_id="anna", actor=ANNA)
    record.commit()
    assert audit.first_broken(record, patient_id="anna") is None


def test_thousands_of_chains_at_once_take_few_locks(record: Session) -> None:
    for number in range(2 * audit.LOCKS):
        audit.record(record, actor=ROUND, action="evaluate", patient_id=f"one of many {number}")
    audit.write_pending(record)
    held = text(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = :class AND pid = pg_backend_pid()"
    )
    assert 0 < (record.scalar(held, {"class": audit.LOCK_CLASS}) or 0) <= audit.LOCKS
    assert audit.first_broken(record, patient_id="one of many 0") is None


def test_a_changed_entry_breaks_the_chain(record: Session) -> None:
    repository.read(record, resource_type="Patient", resource_id="anna", actor=ANNA)
    record.commit()
    broken = entries(record, "anna")[-1].id
    record.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER append_only"))
    record.execute(text("UPDATE audit_entry SET actor_id = 'other' WHERE id = :id"), {"id": broken})
    assert audit.first_broken(record, patient_id="anna") == broken


def test_what_was_rolled_back_is_not_logged(record: Session) -> None:
    record.commit()
    before = len(entries(record, "anna"))
    repository.create(record, weight(), actor=ANNA)
    record.rollback()
    record.commit()
    assert len(entries(record, "anna")) == before


def test_a_savepoint_that_was_rolled_back_takes_only_its_own_entries(record: Session) -> None:
    record.commit()
    before = len(entries(record, "anna"))
    repository.read(record, resource_type="Patient", resource_id="anna", actor=ANNA)
    savepoint = record.begin_nested()
    repository.create(record, weight(), actor=ANNA)
    savepoint.rollback()
    record.commit()
    assert [one.action for one in entries(record, "anna")[before:]] == ["read"]
