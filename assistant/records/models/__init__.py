"""The tables of the care record, one module a concern. All times are UTC; all ids are text."""

from assistant.records.models.article import ArticleEvent, ArticleRevision, ArticleSignature, StoredArticle
from assistant.records.models.base import Base
from assistant.records.models.care import CareRelation, PatientSettings
from assistant.records.models.conversation import Conversation, Message
from assistant.records.models.reminder import Reminder
from assistant.records.models.resources import (
    RESOURCE_TYPES,
    AllergyIntolerance,
    Appointment,
    Communication,
    Condition,
    Consent,
    MedicationRequest,
    Observation,
    Patient,
    Practitioner,
    Provenance,
    Resource,
    ResourceVersion,
    Schedule,
    Slot,
    Task,
)
from assistant.records.models.round import CheckIn, Heartbeat, Recommendation, RoundFailure
from assistant.records.models.trace import AuditEntry, Signature

__all__ = [
    "RESOURCE_TYPES",
    "AllergyIntolerance",
    "Appointment",
    "ArticleEvent",
    "ArticleRevision",
    "ArticleSignature",
    "AuditEntry",
    "Base",
    "CareRelation",
    "CheckIn",
    "Communication",
    "Condition",
    "Consent",
    "Conversation",
    "Heartbeat",
    "MedicationRequest",
    "Message",
    "Observation",
    "Patient",
    "PatientSettings",
    "Practitioner",
    "Provenance",
    "Recommendation",
    "Reminder",
    "Resource",
    "ResourceVersion",
    "RoundFailure",
    "Schedule",
    "Signature",
    "Slot",
    "StoredArticle",
    "Task",
]
