"""The tables of the care record, one module a concern. All times are UTC; all ids are text."""

from assistant.records.models.article import ArticleEvent, ArticleRevision, ArticleSignature, StoredArticle
from assistant.records.models.base import Base
from assistant.records.models.care import CareRelation, PatientSettings
from assistant.records.models.conversation import Conversation, Message
from assistant.records.models.learning import HeardQuestion, LayWord, Utterance
from assistant.records.models.reminder import Reminder
from assistant.records.models.resources import (
    RESOURCE_TYPES,
    AllergyIntolerance,
    Appointment,
    CarePlan,
    CareTeam,
    Communication,
    Condition,
    Consent,
    Device,
    DeviceMetric,
    Flag,
    Goal,
    MedicationRequest,
    Observation,
    Patient,
    Practitioner,
    Provenance,
    QuestionnaireResponse,
    Resource,
    ResourceVersion,
    Schedule,
    Slot,
    Task,
)
from assistant.records.models.round import CheckIn, Heartbeat, Recommendation, RoundFailure
from assistant.records.models.rules import RuleSwitch, RuleVersion
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
    "CarePlan",
    "CareRelation",
    "CareTeam",
    "CheckIn",
    "Communication",
    "Condition",
    "Consent",
    "Conversation",
    "Device",
    "DeviceMetric",
    "Flag",
    "Goal",
    "HeardQuestion",
    "Heartbeat",
    "LayWord",
    "MedicationRequest",
    "Message",
    "Observation",
    "Patient",
    "PatientSettings",
    "Practitioner",
    "Provenance",
    "QuestionnaireResponse",
    "Recommendation",
    "Reminder",
    "Resource",
    "ResourceVersion",
    "RoundFailure",
    "RuleSwitch",
    "RuleVersion",
    "Schedule",
    "Signature",
    "Slot",
    "StoredArticle",
    "Task",
    "Utterance",
]
