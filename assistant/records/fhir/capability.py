"""What the API can do, written from the tables that it works by, so that it cannot lie."""

from assistant.records.fhir import search
from assistant.records.fhir.audit_events import SEARCH_PARAMETERS as AUDIT_PARAMETERS
from assistant.records.fhir.content import Content
from assistant.records.fhir.operations import OPERATIONS
from assistant.records.models import RESOURCE_TYPES

PUBLISHED = "2026-11-21"
INTERACTIONS = ("read", "vread", "history-instance", "search-type", "create", "update")
READ_ONLY = ("read", "search-type")


def statement() -> Content:
    """Return the CapabilityStatement."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": PUBLISHED,
        "kind": "instance",
        "implementation": {"description": "ViGoR, not for clinical use until a care provider has validated it"},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [
            {
                "mode": "server",
                "security": {"description": "Bearer token; a patient's own record, or a documented care relation."},
                "resource": [*(_resource(resource_type) for resource_type in RESOURCE_TYPES), _audit_event()],
                "interaction": [{"code": "transaction"}],
            }
        ],
    }


def _resource(resource_type: str) -> Content:
    described: Content = {
        "type": resource_type,
        "interaction": [{"code": code} for code in INTERACTIONS],
        "versioning": "versioned-update",
        "readHistory": True,
        "updateCreate": True,
        "conditionalCreate": True,
        "searchParam": [
            {"name": parameter.name, "type": parameter.kind} for parameter in search.PARAMETERS[resource_type].values()
        ],
    }
    if resource_type == "Appointment":
        described["operation"] = [
            {
                "name": name,
                "definition": f"https://profiles.ihe.net/ITI/Scheduling/OperationDefinition/appointment-{name}",
            }
            for name in OPERATIONS
        ]
    return described


def _audit_event() -> Content:
    return {
        "type": "AuditEvent",
        "interaction": [{"code": code} for code in READ_ONLY],
        "searchParam": [{"name": name, "type": kind} for name, kind in AUDIT_PARAMETERS.items()],
    }
