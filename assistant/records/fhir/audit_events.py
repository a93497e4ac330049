"""The log as FHIR AuditEvents, for the patient and for staff with a care relation; nobody can write them here."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import Session

from assistant.records import audit
from assistant.records.access import Actor, in_reach, may_read
from assistant.records.errors import NotFoundError, SearchError
from assistant.records.fhir.content import Content
from assistant.records.fhir.search import compare_time
from assistant.records.models import AuditEntry

SEARCH_PARAMETERS = {"patient": "reference", "date": "date", "agent": "reference", "action": "token"}
ACTIONS = {
    "create": "C",
    "import": "C",
    "update": "U",
    "sign": "U",
    "decide": "U",
    "read": "R",
    "search": "R",
    "export": "R",
}
REST = {"system": "http://terminology.hl7.org/CodeSystem/audit-event-type", "code": "rest"}
MAX_COUNT = 500


def read(db: Session, *, entry_id: str, actor: Actor, now: datetime | None = None) -> Content:
    """Return one entry.

    Raises:
        NotFoundError: there is none, or none about this actor's patients.
    """
    if not entry_id.isdecimal() or len(entry_id) > 18:
        raise NotFoundError
    query = select(AuditEntry).where(AuditEntry.id == int(entry_id), _reach(actor, now))
    entry = db.scalar(query)
    if entry is None:
        raise NotFoundError
    _log(db, actor, "read", [entry], now)
    return _event(entry)


def search(
    db: Session, *, parameters: Iterable[tuple[str, str]], actor: Actor, now: datetime | None = None
) -> tuple[int, list[Content]]:
    """Return how many entries match, and the newest of them.

    Raises:
        SearchError: it cannot be answered as asked.
    """
    conditions = [_reach(actor, now)]
    count = 100
    for name, value in parameters:
        if name == "patient":
            conditions.append(AuditEntry.patient_id == value.removeprefix("Patient/"))
        elif name == "date":
            conditions.append(compare_time(AuditEntry.recorded, AuditEntry.recorded, value))
        elif name == "agent":
            conditions.append(AuditEntry.actor_id == value.rpartition("/")[2])
        elif name == "action":
            conditions.append(AuditEntry.action.in_([action for action, code in ACTIONS.items() if code == value]))
        elif name == "_count" and value.isdigit():
            count = min(int(value[:9]), MAX_COUNT)
        else:
            raise SearchError(problem=f"unknown parameter {name}")
    total = db.scalar(select(func.count()).select_from(AuditEntry).where(*conditions)) or 0
    newest = select(AuditEntry).where(*conditions).order_by(AuditEntry.id.desc()).limit(count)
    entries = list(db.scalars(newest))
    _log(db, actor, "search", entries, now)
    return total, [_event(entry) for entry in entries]


def _reach(actor: Actor, now: datetime | None) -> ColumnElement[bool]:
    return in_reach(actor, AuditEntry.patient_id, now) if may_read(actor, "AuditEvent") else false()


def _log(db: Session, actor: Actor, action: str, entries: list[AuditEntry], now: datetime | None) -> None:
    """Reading the log is itself in the log."""
    for patient_id in sorted({entry.patient_id for entry in entries if entry.patient_id}):
        audit.record(db, actor=actor, action=action, entity="AuditEvent", patient_id=patient_id, now=now)


def _event(entry: AuditEntry) -> Content:
    event: Content = {
        "resourceType": "AuditEvent",
        "id": str(entry.id),
        "type": REST,
        "subtype": [{"system": "https://vigor.example/CodeSystem/audit-action", "code": entry.action}],
        "action": ACTIONS.get(entry.action, "E"),
        "recorded": entry.recorded.isoformat(),
        "outcome": "0",
        "agent": [{"who": {"display": entry.actor_id}, "role": [{"text": entry.actor_role}], "requestor": True}],
        "source": {"observer": {"display": "ViGoR"}},
    }
    entities = [{"what": {"reference": f"Patient/{entry.patient_id}"}}] if entry.patient_id else []
    if entry.entity:
        entities.append({"what": {"display": entry.entity}})
    if entities:
        event["entity"] = entities
    if entry.reason:
        event["outcomeDesc"] = entry.reason
    return event
