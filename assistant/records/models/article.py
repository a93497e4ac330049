"""Articles of the knowledge base: every revision, who did what with it, and who signed."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from assistant.records.models.base import Base, new_id, utc_now


class StoredArticle(Base):
    """One article: how far its newest revision has come, and which revision readers see.

    `state` is that of the newest revision, `newest`: draft, review, approved, published or withdrawn. `published` is
    the number of the revision that readers see, also while a newer one is being written. An approved revision with
    `publish_at` is published when that moment comes. `version` counts every change, for optimistic locking.
    A trigger lets a revision be published only if it is signed or came with an import.
    """

    __tablename__ = "article"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'review', 'approved', 'published', 'withdrawn')", name="ck_article_state"),
        CheckConstraint("publish_at IS NULL OR state = 'approved'", name="ck_article_publish_at"),
    )

    slug: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    newest: Mapped[int]
    published: Mapped[int | None]
    published_at: Mapped[datetime | None]
    publish_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None]
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("practitioner.id"))
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(default=utc_now)


class ArticleRevision(Base):
    """What an article said at one time; append-only.

    `content` holds the fields of `knowledge.articles.Article` but for state and version. `author_id` is None for one
    that came with an import.
    """

    __tablename__ = "article_revision"

    slug: Mapped[str] = mapped_column(ForeignKey("article.slug"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]]
    content_sha256: Mapped[str]
    author_id: Mapped[str | None] = mapped_column(ForeignKey("practitioner.id"))
    written_at: Mapped[datetime] = mapped_column(default=utc_now)


class ArticleSignature(Base):
    """A medical reviewer's signature under one revision; append-only.

    The database refuses one by the revision's author, and one whose hash is not that of the revision.
    """

    __tablename__ = "article_signature"
    __table_args__ = (
        ForeignKeyConstraint(["slug", "number"], ["article_revision.slug", "article_revision.number"]),
        CheckConstraint("author_id IS DISTINCT FROM reviewer_id", name="ck_article_signature_two_people"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str]
    number: Mapped[int]
    author_id: Mapped[str | None] = mapped_column(ForeignKey("practitioner.id"))
    reviewer_id: Mapped[str] = mapped_column(ForeignKey("practitioner.id"))
    content_sha256: Mapped[str]
    comment: Mapped[str | None]
    signed_at: Mapped[datetime] = mapped_column(default=utc_now)


class ArticleEvent(Base):
    """Something that was done with an article, by whom and why; append-only, and announced to every process.

    kind: imported, created, saved, restored, taken, sent, returned, approved, scheduled, unscheduled, published or
    withdrawn. `actor_id` is None for what the service did by itself.
    """

    __tablename__ = "article_event"
    __table_args__ = (Index("ix_article_event_slug", "slug", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    slug: Mapped[str] = mapped_column(ForeignKey("article.slug"))
    number: Mapped[int]
    kind: Mapped[str]
    actor_id: Mapped[str | None] = mapped_column(ForeignKey("practitioner.id"))
    reason: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(default=utc_now)
