"""Versions of clinical rules that are made in the clinic; the first version of each is a file."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.records.models.base import Base, utc_now


class RuleVersion(Base):
    """A version of a rule. state: draft -> active -> retired; at most one draft and one active version a rule.

    `source` is the YAML text. `replay` holds what old and new would have said on stored history, seen before signing.
    Nobody signs a version of their own. `lock_version` guards against two people changing it at once.
    """

    __tablename__ = "rule_version"
    __table_args__ = (
        CheckConstraint("state = 'draft' OR signed_by IS NOT NULL", name="active_needs_signature"),
        CheckConstraint("signed_by <> author_id", name="signed_by_another"),
        Index("uq_rule_version_active", "rule_id", unique=True, postgresql_where=text("state = 'active'")),
        Index("uq_rule_version_draft", "rule_id", unique=True, postgresql_where=text("state = 'draft'")),
    )

    rule_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    author_id: Mapped[str] = mapped_column(ForeignKey("practitioner.id"))
    changed_at: Mapped[datetime] = mapped_column(default=utc_now)
    replay: Mapped[dict[str, Any] | None]
    signed_by: Mapped[str | None] = mapped_column(ForeignKey("practitioner.id"))
    signed_at: Mapped[datetime | None]
    lock_version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": lock_version}  # noqa: RUF012 - SQLAlchemy reads it from the class


class RuleSwitch(Base):
    """A rule that a clinician has switched off, with the reason; removed when it is switched on again."""

    __tablename__ = "rule_switch"

    rule_id: Mapped[str] = mapped_column(primary_key=True)
    switched_off_by: Mapped[str] = mapped_column(ForeignKey("practitioner.id"))
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=utc_now)
