"""Learning from use: questions without a good answer, lay words, misunderstood utterances."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "heard_question",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("slug", sa.Text(), nullable=True),
        sa.Column("heard_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('unanswered', 'low_rated', 'helped')", name="ck_heard_question_kind"),
        sa.CheckConstraint("state IN ('open', 'used', 'dismissed')", name="ck_heard_question_state"),
        sa.ForeignKeyConstraint(["closed_by"], ["practitioner.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index(
        "ix_heard_question_open", "heard_question", ["heard_on"], postgresql_where=sa.text("state = 'open'")
    )
    op.create_table(
        "lay_word",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("headword", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('proposed', 'approved', 'rejected')", name="ck_lay_word_state"),
        sa.CheckConstraint("decided_by <> proposed_by", name="ck_lay_word_two_people"),
        sa.CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name="ck_lay_word_decided"),
        sa.ForeignKeyConstraint(["proposed_by"], ["practitioner.id"]),
        sa.ForeignKeyConstraint(["decided_by"], ["practitioner.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("said", "headword"),
    )
    op.create_table(
        "utterance",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("understood_as", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("suggested", sa.Text(), nullable=True),
        sa.Column("heard_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("intent", sa.Text(), nullable=True),
        sa.Column("entities", postgresql.JSONB(), nullable=False),
        sa.Column("annotated_by", sa.Text(), nullable=True),
        sa.Column("annotated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reason IN ('fallback', 'unsure', 'rephrased', 'rejected')", name="ck_utterance_reason"),
        sa.CheckConstraint("state IN ('open', 'annotated', 'approved', 'dismissed')", name="ck_utterance_state"),
        sa.CheckConstraint("approved_by <> annotated_by", name="ck_utterance_two_people"),
        sa.CheckConstraint(
            "state <> 'approved' OR (intent IS NOT NULL AND approved_by IS NOT NULL)", name="ck_utterance_approved"
        ),
        sa.ForeignKeyConstraint(["annotated_by"], ["practitioner.id"]),
        sa.ForeignKeyConstraint(["approved_by"], ["practitioner.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )


def downgrade() -> None:
    """Remove them."""
    for table in ("utterance", "lay_word", "heard_question"):
        op.drop_table(table)
