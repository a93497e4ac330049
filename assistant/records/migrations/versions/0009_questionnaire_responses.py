"""Answers to questionnaires."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "questionnaire_response",
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("questionnaire", sa.Text(), nullable=True),
        sa.Column("authored", sa.DateTime(timezone=True), nullable=True),
        sa.Column("identifier", sa.Text(), nullable=True),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("last_updated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("identifier"),
    )
    op.create_index("ix_questionnaire_response_last_updated", "questionnaire_response", ["last_updated"])
    op.create_index("ix_questionnaire_response_patient_id", "questionnaire_response", ["patient_id"])


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("questionnaire_response")
