"""What imported histories need, such as when an order changed and care plans; and rule versions made in the clinic."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SETTINGS_FOR_ALL = """
INSERT INTO patient_settings (
    patient_id, call_name, checkin_time, timezone, checkins_enabled, language, style,
    tastes, limits, agreed_readings, accessibility
)
SELECT id, coalesce(split_part(given, ' ', 1), ''), '07:30', 'Europe/Stockholm', true, 'sv', 'normal',
    '{}', '{}', '{}', '{}'
FROM patient ON CONFLICT DO NOTHING
"""
CHANGED = """
UPDATE medication_request SET changed_at = CASE WHEN status = 'active' THEN authored_on ELSE last_updated END
"""
LASTS = """
UPDATE medication_request SET lasts_until = left(content #>> '{dispenseRequest,validityPeriod,end}', 10)::date
WHERE content #>> '{dispenseRequest,validityPeriod,end}' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}'
"""
OF_A_PATIENT = ("goal", "care_plan", "care_team", "flag")
OF_DEVICES = ("device", "device_metric")


def upgrade() -> None:
    """Add the columns and tables, and give every patient settings."""
    op.add_column("medication_request", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("medication_request", sa.Column("lasts_until", sa.Date(), nullable=True))
    op.add_column("check_in", sa.Column("repeated_at", sa.DateTime(timezone=True), nullable=True))
    for table in OF_A_PATIENT:
        _resource_table(table, _patient(nullable=False), sa.Column("status", sa.Text(), nullable=False))
        op.create_index(f"ix_{table}_patient_id", table, ["patient_id"])
    for table in OF_DEVICES:
        _resource_table(table, _patient(nullable=True))
        op.create_index(f"ix_{table}_patient_id", table, ["patient_id"])
    op.create_table(
        "rule_version",
        sa.Column("rule_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replay", JSONB(), nullable=True),
        sa.Column("signed_by", sa.Text(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lock_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["practitioner.id"]),
        sa.ForeignKeyConstraint(["signed_by"], ["practitioner.id"]),
        sa.CheckConstraint("state = 'draft' OR signed_by IS NOT NULL", name="active_needs_signature"),
        sa.CheckConstraint("signed_by <> author_id", name="signed_by_another"),
        sa.PrimaryKeyConstraint("rule_id", "version"),
    )
    op.create_index(
        "uq_rule_version_active", "rule_version", ["rule_id"], unique=True, postgresql_where=sa.text("state = 'active'")
    )
    op.create_index(
        "uq_rule_version_draft", "rule_version", ["rule_id"], unique=True, postgresql_where=sa.text("state = 'draft'")
    )
    op.create_table(
        "rule_switch",
        sa.Column("rule_id", sa.Text(), nullable=False),
        sa.Column("switched_off_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["switched_off_by"], ["practitioner.id"]),
        sa.PrimaryKeyConstraint("rule_id"),
    )
    op.execute(SETTINGS_FOR_ALL)
    op.execute(CHANGED)
    op.execute(LASTS)


def downgrade() -> None:
    """Remove them; the settings stay."""
    op.drop_table("rule_switch")
    op.drop_table("rule_version")
    for table in (*OF_DEVICES, *OF_A_PATIENT):
        op.drop_table(table)
    op.drop_column("check_in", "repeated_at")
    op.drop_column("medication_request", "lasts_until")
    op.drop_column("medication_request", "changed_at")


def _resource_table(name: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("last_updated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(f"ix_{name}_last_updated", name, ["last_updated"])


def _patient(*, nullable: bool) -> sa.Column[object]:
    return sa.Column("patient_id", sa.Text(), nullable=nullable)
