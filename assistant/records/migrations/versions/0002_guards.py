"""Guards that hold whatever code writes: append-only log, signed orders, news of messages."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

AUDIT_IS_APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON signature
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

ACTIVE_ORDER_KEEPS_ITS_DOSE = """
CREATE FUNCTION require_new_signature() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'active' AND NEW.signature_id IS NOT DISTINCT FROM OLD.signature_id AND (
        OLD.status <> 'active'
        OR NEW.patient_id <> OLD.patient_id
        OR NEW.content -> 'dosageInstruction' IS DISTINCT FROM OLD.content -> 'dosageInstruction'
        OR NEW.content -> 'medicationCodeableConcept' IS DISTINCT FROM OLD.content -> 'medicationCodeableConcept'
        OR NEW.content -> 'medicationReference' IS DISTINCT FROM OLD.content -> 'medicationReference'
    ) THEN
        RAISE EXCEPTION 'medication_request % needs a new signature', NEW.id;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER active_order_keeps_its_dose BEFORE UPDATE ON medication_request
    FOR EACH ROW EXECUTE FUNCTION require_new_signature();
"""

MESSAGES_ARE_ANNOUNCED = """
CREATE FUNCTION announce_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('vigor_message', NEW.conversation_id || ':' || NEW.seq);
    RETURN NULL;
END $$;

CREATE TRIGGER announce AFTER INSERT ON message
    FOR EACH ROW EXECUTE FUNCTION announce_message();
"""


def upgrade() -> None:
    """Set the guards."""
    op.execute(AUDIT_IS_APPEND_ONLY)
    op.execute(ACTIVE_ORDER_KEEPS_ITS_DOSE)
    op.execute(MESSAGES_ARE_ANNOUNCED)


def downgrade() -> None:
    """Remove the guards."""
    op.execute("DROP FUNCTION announce_message() CASCADE")
    op.execute("DROP FUNCTION require_new_signature() CASCADE")
    op.execute("DROP FUNCTION refuse_change() CASCADE")
