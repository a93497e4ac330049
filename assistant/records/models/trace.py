"""Who saw and did what, and who signed."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assistant.records.models.base import Base, new_id, utc_now


class Signature(Base):
    """A practitioner's signature under one medication order.

    kind: clinic (decided here, `task_id` is the proposal) or imported (ordered in the source record system by that
    practitioner). `content_sha256` binds it to the order's content. A proposal is signed at most once.
    """

    __tablename__ = "signature"
    __table_args__ = (UniqueConstraint("task_id"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    practitioner_id: Mapped[str] = mapped_column(ForeignKey("practitioner.id"))
    task_id: Mapped[str | None]
    content_sha256: Mapped[str]
    reason: Mapped[str | None]
    signed_at: Mapped[datetime] = mapped_column(default=utc_now)


class AuditEntry(Base):
    """One access or act, append-only (a trigger refuses update and delete), chained by hash.

    action: read, search, create, update, decide, sign, export, login ... `actor_role`: patient, practitioner,
    assistant (on behalf of the patient in a talk), round or system. Each entry's hash covers the one before it of the
    same patient.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_patient_chain", "patient_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    recorded: Mapped[datetime] = mapped_column(default=utc_now, index=True)
    actor_id: Mapped[str]
    actor_role: Mapped[str]
    patient_id: Mapped[str | None]
    action: Mapped[str]
    entity: Mapped[str | None]
    reason: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    request_id: Mapped[str | None]
    hash: Mapped[str]
