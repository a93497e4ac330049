"""What use teaches: questions without a good answer, new lay words, misunderstood utterances. No patient is in here.

Texts come here cleaned (assistant/web/inbox/cleaning.py); None stands for one that was withheld. `key` is a hash, so
that what is told twice is kept once and leads nowhere.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.records.models.base import Base, new_id, utc_now


class HeardQuestion(Base):
    """A question that nothing answered, or an answer that was judged.

    kind: unanswered, low_rated or helped (which keeps no text). `slug` is the article that answered.
    state: open, used (an article or a lay word came of it) or dismissed.
    """

    __tablename__ = "heard_question"
    __table_args__ = (
        CheckConstraint("kind IN ('unanswered', 'low_rated', 'helped')", name="ck_heard_question_kind"),
        CheckConstraint("state IN ('open', 'used', 'dismissed')", name="ck_heard_question_state"),
        Index("ix_heard_question_open", "heard_on", postgresql_where=text("state = 'open'")),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    text: Mapped[str | None]
    slug: Mapped[str | None]
    heard_on: Mapped[date]
    state: Mapped[str] = mapped_column(default="open")
    closed_by: Mapped[str | None] = mapped_column(ForeignKey("practitioner.id"))
    closed_at: Mapped[datetime | None]


class LayWord(Base):
    """What people say for a headword of the lexicon. Search uses it once a second person has approved it.

    state: proposed, approved or rejected.
    """

    __tablename__ = "lay_word"
    __table_args__ = (
        UniqueConstraint("said", "headword"),
        CheckConstraint("state IN ('proposed', 'approved', 'rejected')", name="ck_lay_word_state"),
        CheckConstraint("decided_by <> proposed_by", name="ck_lay_word_two_people"),
        CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name="ck_lay_word_decided"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    said: Mapped[str]
    headword: Mapped[str]
    state: Mapped[str] = mapped_column(default="proposed")
    proposed_by: Mapped[str] = mapped_column(ForeignKey("practitioner.id"))
    proposed_at: Mapped[datetime] = mapped_column(default=utc_now)
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("practitioner.id"))
    decided_at: Mapped[datetime | None]


class Utterance(Base):
    """Something that was misunderstood, and what it should have been understood as.

    reason: fallback, unsure, rephrased or rejected. state: open, annotated, approved or dismissed. `entities` is
    [{"entity", "text"}]; each text stands in the utterance.
    """

    __tablename__ = "utterance"
    __table_args__ = (
        CheckConstraint("reason IN ('fallback', 'unsure', 'rephrased', 'rejected')", name="ck_utterance_reason"),
        CheckConstraint("state IN ('open', 'annotated', 'approved', 'dismissed')", name="ck_utterance_state"),
        CheckConstraint("approved_by <> annotated_by", name="ck_utterance_two_people"),
        CheckConstraint(
            "state <> 'approved' OR (intent IS NOT NULL AND approved_by IS NOT NULL)", name="ck_utterance_approved"
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(unique=True)
    reason: Mapped[str]
    text: Mapped[str | None]
    understood_as: Mapped[str]
    confidence: Mapped[float]
    suggested: Mapped[str | None]
    heard_on: Mapped[date]
    state: Mapped[str] = mapped_column(default="open")
    intent: Mapped[str | None]
    entities: Mapped[list[Any]] = mapped_column(default=list)
    annotated_by: Mapped[str | None] = mapped_column(ForeignKey("practitioner.id"))
    annotated_at: Mapped[datetime | None]
    approved_by: Mapped[str | None] = mapped_column(ForeignKey("practitioner.id"))
    approved_at: Mapped[datetime | None]
