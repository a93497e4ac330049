"""The articles of the knowledge base, their revisions, signatures and history."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

HISTORY_IS_APPEND_ONLY = "".join(
    f"""
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
    for table in ("article_revision", "article_signature", "article_event")
)

SIGNATURE_FITS_ITS_REVISION = """
CREATE FUNCTION check_article_signature() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM article_revision
        WHERE slug = NEW.slug AND number = NEW.number
          AND content_sha256 = NEW.content_sha256 AND author_id IS NOT DISTINCT FROM NEW.author_id
    ) THEN
        RAISE EXCEPTION 'the signature does not fit revision % of article %', NEW.number, NEW.slug;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER fits_its_revision BEFORE INSERT ON article_signature
    FOR EACH ROW EXECUTE FUNCTION check_article_signature();
"""

PUBLISHED_IS_SIGNED = """
CREATE FUNCTION require_article_signature() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.published IS NOT NULL
       AND (TG_OP = 'INSERT' OR NEW.published IS DISTINCT FROM OLD.published)
       AND NOT EXISTS (SELECT 1 FROM article_signature WHERE slug = NEW.slug AND number = NEW.published)
       AND NOT EXISTS (
           SELECT 1 FROM article_revision WHERE slug = NEW.slug AND number = NEW.published AND author_id IS NULL
       )
    THEN
        RAISE EXCEPTION 'revision % of article % is not signed', NEW.published, NEW.slug;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER published_is_signed BEFORE INSERT OR UPDATE ON article
    FOR EACH ROW EXECUTE FUNCTION require_article_signature();
"""

EVENTS_ARE_ANNOUNCED = """
CREATE FUNCTION announce_article() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('vigor_article', NEW.slug);
    RETURN NULL;
END $$;

CREATE TRIGGER announce AFTER INSERT ON article_event
    FOR EACH ROW EXECUTE FUNCTION announce_article();
"""


def upgrade() -> None:
    """Create the tables and their guards."""
    _create_article()
    _create_revision()
    _create_signature()
    _create_event()
    op.execute(HISTORY_IS_APPEND_ONLY)
    op.execute(SIGNATURE_FITS_ITS_REVISION)
    op.execute(PUBLISHED_IS_SIGNED)
    op.execute(EVENTS_ARE_ANNOUNCED)


def downgrade() -> None:
    """Remove them."""
    for table in ("article_event", "article_signature", "article_revision", "article"):
        op.drop_table(table)
    for function in ("announce_article", "require_article_signature", "check_article_signature"):
        op.execute(f"DROP FUNCTION {function}()")


def _create_article() -> None:
    op.create_table(
        "article",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("newest", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'review', 'approved', 'published', 'withdrawn')", name="ck_article_state"
        ),
        sa.CheckConstraint("publish_at IS NULL OR state = 'approved'", name="ck_article_publish_at"),
        sa.ForeignKeyConstraint(["owner_id"], ["practitioner.id"]),
        sa.PrimaryKeyConstraint("slug"),
    )


def _create_revision() -> None:
    op.create_table(
        "article_revision",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Text(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["practitioner.id"]),
        sa.ForeignKeyConstraint(["slug"], ["article.slug"]),
        sa.PrimaryKeyConstraint("slug", "number"),
    )


def _create_signature() -> None:
    op.create_table(
        "article_signature",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Text(), nullable=True),
        sa.Column("reviewer_id", sa.Text(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("author_id IS DISTINCT FROM reviewer_id", name="ck_article_signature_two_people"),
        sa.ForeignKeyConstraint(["author_id"], ["practitioner.id"]),
        sa.ForeignKeyConstraint(["reviewer_id"], ["practitioner.id"]),
        sa.ForeignKeyConstraint(["slug", "number"], ["article_revision.slug", "article_revision.number"]),
        sa.PrimaryKeyConstraint("id"),
    )


def _create_event() -> None:
    op.create_table(
        "article_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["practitioner.id"]),
        sa.ForeignKeyConstraint(["slug"], ["article.slug"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_article_event_slug", "article_event", ["slug", "id"])
