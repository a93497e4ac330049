"""The migrated schema, and the guards that hold whatever code writes."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from assistant.records import audit, repository, schema
from assistant.records.models import AuditEntry, Base, MedicationRequest, Signature
from tests.assistant.records.conftest import ANNA


def test_migrated_schema_equals_the_models(sql_engine: Engine) -> None:
    def is_ours(name: str, kind: str, parents: object) -> bool:
        return kind != "table" or not name.startswith("procrastinate_")

    with sql_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_ours})
        assert compare_metadata(context, Base.metadata) == []


def test_upgrading_again_changes_nothing(sql_engine: Engine) -> None:
    schema.upgrade()


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET reason = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"]
)
def test_the_log_cannot_be_changed(db: Session, statement: str) -> None:
    audit.record(db, actor=ANNA, action="read")
    audit.write_pending(db)
    with pytest.raises(DBAPIError, match="append-only"):
        db.execute(text(statement))


def test_a_signature_cannot_be_changed(record: Session) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        record.execute(update(Signature).values(reason="x"))


def test_an_active_order_without_a_signature_is_refused(record: Session) -> None:
    with pytest.raises(IntegrityError, match="active_needs_signature"):
        record.execute(update(MedicationRequest).values(signature_id=None))


def test_a_proposal_cannot_be_active(record: Session) -> None:
    with pytest.raises(IntegrityError, match="active_is_an_order"):
        record.execute(update(MedicationRequest).values(intent="proposal"))


@pytest.mark.parametrize("part", ["dosageInstruction", "medicationCodeableConcept"])
def test_the_dose_of_an_active_order_needs_a_new_signature(record: Session, part: str) -> None:
    with pytest.raises(DBAPIError, match="needs a new signature"):
        record.execute(
            text(f"UPDATE medication_request SET content = content - '{part}' WHERE id = 'anna-amlodipin'")  # noqa: S608
        )


def test_a_stopped_order_cannot_be_made_active_by_its_old_signature(record: Session) -> None:
    anna = record.get_one(MedicationRequest, "anna-amlodipin")
    repository.replace(record, anna.content | {"status": "stopped"}, actor=ANNA)
    with pytest.raises(DBAPIError, match="needs a new signature"):
        record.execute(update(MedicationRequest).where(MedicationRequest.id == anna.id).values(status="active"))


def test_one_signature_is_never_under_two_orders(record: Session) -> None:
    signature_id = record.scalar(select(Signature.id))
    with pytest.raises(IntegrityError, match="signature_id"):
        record.execute(update(MedicationRequest).values(signature_id=signature_id))


def test_entries_get_their_numbers_in_order(db: Session) -> None:
    for action in ("read", "search"):
        audit.record(db, actor=ANNA, action=action, patient_id="somebody")
    audit.write_pending(db)
    actions = db.scalars(select(AuditEntry.action).where(AuditEntry.patient_id == "somebody").order_by(AuditEntry.id))
    assert list(actions) == ["read", "search"]
