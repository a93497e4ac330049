"""An index that holds all that the round reads of a patient, so that it need not visit the table row by row."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NAME = "ix_observation_patient_code_time"
KEY = ["patient_id", "code", "effective_at"]
IN_INDEX = ["value", "systolic", "diastolic", "unit", "origin", "doubtful", "status", "id"]
WITH_EXTENSION = "ix_observation_pressure_with_extension"


def upgrade() -> None:
    """Make the indexes, and let the table be vacuumed often enough for them to be read alone."""
    op.execute("UPDATE observation SET origin = left(origin, 200) WHERE length(origin) > 200")
    op.execute("UPDATE observation SET unit = left(unit, 200) WHERE length(unit) > 200")
    op.drop_index(NAME, table_name="observation")
    op.create_index(NAME, "observation", KEY, postgresql_include=IN_INDEX)
    op.create_index(
        WITH_EXTENSION,
        "observation",
        ["patient_id", "effective_at"],
        postgresql_where=sa.text("code = '85354-9' AND content ? 'extension'"),
    )
    op.execute("ALTER TABLE observation SET (autovacuum_vacuum_insert_scale_factor = 0.02)")


def downgrade() -> None:
    """Go back to the narrow index."""
    op.execute("ALTER TABLE observation RESET (autovacuum_vacuum_insert_scale_factor)")
    op.drop_index(WITH_EXTENSION, table_name="observation")
    op.drop_index(NAME, table_name="observation")
    op.create_index(NAME, "observation", KEY)
