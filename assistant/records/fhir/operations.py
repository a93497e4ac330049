"""The booking operations of IHE ITI Scheduling over HTTP: Parameters in, `assistant.records.scheduling` behind."""

from collections.abc import Callable
from typing import Any, cast, get_args

from sqlalchemy.orm import Session

from assistant.records import scheduling
from assistant.records.access import Actor, check_patient, may_read
from assistant.records.errors import ForbiddenError, InvalidResourceError
from assistant.records.fhir import codes
from assistant.records.fhir.content import Content
from assistant.records.fhir.search import period

Values = dict[str, Any]
Operation = Callable[[Session, Actor, Values], Content]
DEFAULT_COUNT = 50


def values_of(parameters: Content) -> Values:
    """Return the parameters by name: plain values, ids instead of references, values instead of identifiers."""
    if parameters.get("resourceType") != "Parameters":
        raise InvalidResourceError(problem="Parameters are expected", expression="resourceType")
    given = parameters.get("parameter", [])
    if not isinstance(given, list) or not all(
        isinstance(one, dict) and isinstance(one.get("name"), str) for one in given
    ):
        raise InvalidResourceError(problem="a parameter needs a name", expression="parameter")
    return {one["name"]: _plain(one) for one in given}


def find(db: Session, _actor: Actor, values: Values) -> Content:
    """`$find`: start, end, role, mode, practitioner, _count; a searchset Bundle of proposed Appointments."""
    start, end = (period(_text(values, name))[0] for name in ("start", "end"))
    count = values.get("_count", DEFAULT_COUNT)
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        raise InvalidResourceError(problem="_count is a whole number", expression="_count")
    total, proposals = scheduling.find(
        db,
        start=start,
        end=end,
        role=_choice(values, "role", codes.PRACTITIONER_ROLES),
        mode=_choice(values, "mode", codes.MODES),
        practitioner_id=_optional_text(values, "practitioner"),
        count=count,
    )
    entries = [{"resource": proposal, "search": {"mode": "match"}} for proposal in proposals]
    return {"resourceType": "Bundle", "type": "searchset", "total": total, "entry": entries}


def hold(db: Session, actor: Actor, values: Values) -> Content:
    """`$hold`: slot, mode, identifier, comment; the pending Appointment."""
    stored = scheduling.hold(
        db,
        slot_id=_text(values, "slot"),
        mode=_text(values, "mode"),
        identifier=_text(values, "identifier"),
        comment=_optional_text(values, "comment"),
        actor=actor,
        patient_id=_patient(db, actor, values),
    )
    return stored.content


def book(db: Session, actor: Actor, values: Values) -> Content:
    """`$book`: action, appointment or slot with mode and identifier; a Bundle with the one Appointment."""
    action = values.get("action", "create")
    if action not in get_args(scheduling.Action):
        raise InvalidResourceError(problem="action is create, modify or cancel", expression="action")
    stored = scheduling.book(
        db,
        action=cast(scheduling.Action, action),
        appointment_id=_optional_text(values, "appointment"),
        slot_id=_optional_text(values, "slot"),
        mode=_choice(values, "mode", codes.MODES),
        identifier=_optional_text(values, "identifier"),
        comment=_optional_text(values, "comment"),
        actor=actor,
        patient_id=_patient(db, actor, values),
    )
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": stored.content}]}


OPERATIONS: dict[str, Operation] = {"find": find, "hold": hold, "book": book}


def _plain(parameter: Content) -> Any:
    value = next((value for key, value in parameter.items() if key.startswith("value")), None)
    if isinstance(value, dict):
        value = value.get("reference") or value.get("value") or value.get("code")
        return value.rpartition("/")[2] if isinstance(value, str) else value
    return value


def _text(values: Values, name: str) -> str:
    value = _optional_text(values, name)
    if value is None:
        raise InvalidResourceError(problem=f"{name} is missing", expression=name)
    return value


def _optional_text(values: Values, name: str) -> str | None:
    value = values.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not value or "\x00" in value:
        raise InvalidResourceError(problem=f"{name} is a text", expression=name)
    for resource_type in ("Slot", "Appointment", "Patient", "Practitioner"):
        value = value.removeprefix(f"{resource_type}/")
    return value


def _choice(values: Values, name: str, allowed: dict[str, str]) -> str | None:
    value = values.get(name)
    if value is not None and value not in allowed:
        raise InvalidResourceError(problem=f"{name} is one of {', '.join(allowed)}", expression=name)
    return value


def _patient(db: Session, actor: Actor, values: Values) -> str:
    """Return whose time it is: the patient's own, or for staff the one they name and care for."""
    named = _optional_text(values, "patient")
    patient_id = actor.patient_id or named
    if patient_id is None:
        raise InvalidResourceError(problem="patient is missing", expression="patient")
    if named not in (None, patient_id) or not may_read(actor, "Appointment"):
        raise ForbiddenError
    check_patient(db, actor=actor, patient_id=patient_id)
    return patient_id
