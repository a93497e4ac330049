"""FHIR R4 resources. `content` is the whole resource; the other columns are what we search, join and constrain on.

The columns are derived from `content` in one place, `assistant.records.fhir.columns`, at every write.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from assistant.records.models.base import Base, new_id, utc_now


class Resource(Base):
    """A FHIR resource: its id, its version (the ETag) and its content without meta.versionId and meta.lastUpdated."""

    __abstract__ = True

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    last_updated: Mapped[datetime] = mapped_column(default=utc_now, index=True)
    content: Mapped[dict[str, Any]]


class OfPatient:
    """Mixin for resources in one patient's compartment."""

    @declared_attr
    def patient_id(cls) -> Mapped[str]:  # noqa: N805 - SQLAlchemy calls it on the class
        return mapped_column(ForeignKey("patient.id"), index=True)


class Patient(Resource):
    """A person cared for. `personnummer` has 12 digits."""

    __tablename__ = "patient"

    personnummer: Mapped[str | None] = mapped_column(unique=True)
    family: Mapped[str | None]
    given: Mapped[str | None]
    gender: Mapped[str | None]
    birth_date: Mapped[date | None]
    active: Mapped[bool] = mapped_column(default=True)


class Practitioner(Resource):
    """A member of staff. `role` is doctor, nurse, editor, reviewer (of articles, medically) or operator.

    `title` is the Swedish job title.
    """

    __tablename__ = "practitioner"

    hsa_id: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    title: Mapped[str]


class Observation(OfPatient, Resource):
    """A reading. `value` is in `unit` (UCUM); blood pressure has systolic and diastolic (mm[Hg]) instead.

    A doubtful reading (outside human range, or a jump no body makes) is kept and shown as such but never used. The
    index by patient, code and time holds all that the round needs, so that it reads one patient in one place.
    """

    __tablename__ = "observation"
    __table_args__ = (
        Index(
            "ix_observation_patient_code_time",
            "patient_id",
            "code",
            "effective_at",
            postgresql_include=["value", "systolic", "diastolic", "unit", "origin", "doubtful", "status", "id"],
        ),
        Index(
            "ix_observation_pressure_with_extension",
            "patient_id",
            "effective_at",
            postgresql_where=text("code = '85354-9' AND content ? 'extension'"),
        ),
        Index("ix_observation_effective_at", "effective_at"),
    )

    code: Mapped[str]
    status: Mapped[str]
    effective_at: Mapped[datetime]
    value: Mapped[float | None]
    unit: Mapped[str | None]
    value_code: Mapped[str | None]
    systolic: Mapped[float | None]
    diastolic: Mapped[float | None]
    origin: Mapped[str | None]
    identifier: Mapped[str | None] = mapped_column(unique=True)
    doubtful: Mapped[bool] = mapped_column(default=False)
    doubtful_reason: Mapped[str | None]


class Condition(OfPatient, Resource):
    """A diagnosis (ICD-10-SE)."""

    __tablename__ = "condition"

    code: Mapped[str]
    clinical_status: Mapped[str]


class AllergyIntolerance(OfPatient, Resource):
    """An allergy or intolerance; `substance` in plain words."""

    __tablename__ = "allergy_intolerance"

    substance: Mapped[str]


class MedicationRequest(OfPatient, Resource):
    """A prescription, or a proposal for one.

    `changed_at`: when it was started, changed or stopped; None: not known. `lasts_until`: the last day that it is valid
    or that what was handed out suffices for.
    An active order needs a signature of its own: the constraints hold whatever code writes the row.
    """

    __tablename__ = "medication_request"
    __table_args__ = (
        CheckConstraint("status <> 'active' OR signature_id IS NOT NULL", name="active_needs_signature"),
        CheckConstraint("status <> 'active' OR intent IN ('order', 'instance-order')", name="active_is_an_order"),
    )

    status: Mapped[str]
    intent: Mapped[str]
    atc: Mapped[str | None] = mapped_column(index=True)
    authored_on: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    lasts_until: Mapped[date | None]
    signature_id: Mapped[str | None] = mapped_column(ForeignKey("signature.id"), unique=True)


class Schedule(Resource):
    """The bookable calendar of one practitioner."""

    __tablename__ = "schedule"

    practitioner_id: Mapped[str] = mapped_column(ForeignKey("practitioner.id"))
    role: Mapped[str]


class Slot(Resource):
    """A bookable time. `modes` lists visit, phone and/or video."""

    __tablename__ = "slot"
    __table_args__ = (Index("ix_slot_status_starts_at", "status", "starts_at"),)

    schedule_id: Mapped[str] = mapped_column(ForeignKey("schedule.id"))
    status: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    modes: Mapped[list[Any]] = mapped_column(default=list)


class Appointment(OfPatient, Resource):
    """A held (pending) or booked time. At most one live appointment a slot: the last line against double booking."""

    __tablename__ = "appointment"
    __table_args__ = (
        Index(
            "uq_appointment_live_slot", "slot_id", unique=True, postgresql_where=text("status IN ('pending', 'booked')")
        ),
    )

    status: Mapped[str]
    slot_id: Mapped[str | None] = mapped_column(ForeignKey("slot.id"))
    practitioner_id: Mapped[str | None] = mapped_column(ForeignKey("practitioner.id"))
    mode: Mapped[str | None]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    identifier: Mapped[str | None] = mapped_column(unique=True)
    hold_expires_at: Mapped[datetime | None]


class Task(OfPatient, Resource):
    """Something the clinic has to do. `focus` is "MedicationRequest/<id>" or the like."""

    __tablename__ = "task"
    __table_args__ = (Index("ix_task_status_priority", "status", "priority"),)

    status: Mapped[str]
    code: Mapped[str]
    priority: Mapped[str] = mapped_column(default="routine")
    owner_id: Mapped[str | None]
    focus: Mapped[str | None]
    identifier: Mapped[str | None] = mapped_column(unique=True)
    authored_on: Mapped[datetime] = mapped_column(default=utc_now)


class Communication(OfPatient, Resource):
    """A message from the clinic to the patient."""

    __tablename__ = "communication"

    status: Mapped[str]
    category: Mapped[str | None]
    sent: Mapped[datetime | None]
    identifier: Mapped[str | None] = mapped_column(unique=True)


class QuestionnaireResponse(OfPatient, Resource):
    """Answers to the questionnaire at the address `questionnaire`; sums that rules read are observations."""

    __tablename__ = "questionnaire_response"

    status: Mapped[str]
    questionnaire: Mapped[str | None]
    authored: Mapped[datetime | None]
    identifier: Mapped[str | None] = mapped_column(unique=True)


class Consent(OfPatient, Resource):
    """A consent or a block (spärr)."""

    __tablename__ = "consent"

    status: Mapped[str]
    category: Mapped[str]


class Provenance(Resource):
    """Who made or verified a resource. `target` is "Type/id"."""

    __tablename__ = "provenance"

    target: Mapped[str] = mapped_column(index=True)
    patient_id: Mapped[str | None] = mapped_column(ForeignKey("patient.id"), index=True)
    recorded: Mapped[datetime]


class Goal(OfPatient, Resource):
    """A limit or aim that a clinician has set for the patient; see `assistant.records.agreements`."""

    __tablename__ = "goal"

    status: Mapped[str]


class CarePlan(OfPatient, Resource):
    """What has been agreed with the patient, such as which readings and how often."""

    __tablename__ = "care_plan"

    status: Mapped[str]


class CareTeam(OfPatient, Resource):
    """Who cares for the patient: its practitioners have a care relation."""

    __tablename__ = "care_team"

    status: Mapped[str]


class Flag(OfPatient, Resource):
    """Something about the patient that rules must heed, such as a fluid restriction."""

    __tablename__ = "flag"

    status: Mapped[str]


class Device(Resource):
    """A device that takes readings; `patient_id` when it is lent to one patient."""

    __tablename__ = "device"

    patient_id: Mapped[str | None] = mapped_column(ForeignKey("patient.id"), index=True)


class DeviceMetric(Resource):
    """What a device measures and how it is calibrated; kept for whoever looks after it, no rule reads it."""

    __tablename__ = "device_metric"

    patient_id: Mapped[str | None] = mapped_column(ForeignKey("patient.id"), index=True)


class ResourceVersion(Base):
    """Every version of every resource, for vread and history."""

    __tablename__ = "resource_version"

    resource_type: Mapped[str] = mapped_column(primary_key=True)
    resource_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    last_updated: Mapped[datetime]
    content: Mapped[dict[str, Any]]


RESOURCE_TYPES: dict[str, type[Resource]] = {
    cls.__name__: cls
    for cls in (
        Patient,
        Practitioner,
        Observation,
        Condition,
        AllergyIntolerance,
        MedicationRequest,
        Schedule,
        Slot,
        Appointment,
        Task,
        Communication,
        Consent,
        Provenance,
        Goal,
        CarePlan,
        CareTeam,
        Flag,
        QuestionnaireResponse,
        Device,
        DeviceMetric,
    )
}
