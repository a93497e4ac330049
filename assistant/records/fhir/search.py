"""Search parameters of each resource type. This table answers searches and writes the CapabilityStatement."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from assistant.records.errors import SearchError
from assistant.records.fhir import codes
from assistant.records.models import (
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
    Schedule,
    Slot,
    Task,
)
from assistant.settings import get_settings

Column = InstrumentedAttribute[Any]
Condition_ = ColumnElement[bool]
Match = Callable[[str], Condition_]
Kind = Literal["token", "date", "reference", "string"]


@dataclass(frozen=True)
class Parameter:
    """One search parameter: how a single value becomes a condition, and the column it sorts by, if it does."""

    name: str
    kind: Kind
    match: Match
    sort_by: Column | None = None


def condition(resource_type: str, name: str, value: str) -> Condition_:
    """Return the condition for one `name=value` of a search; commas in the value mean "or".

    Raises:
        SearchError: we do not know the parameter or cannot read the value.
    """
    base, _, modifier = name.partition(":")
    parameter = PARAMETERS[resource_type].get(base)
    if parameter is None:
        raise SearchError(problem=f"unknown parameter {base}")
    if modifier not in ("", "not") or (modifier == "not" and parameter.kind != "token"):
        raise SearchError(problem=f"unknown modifier {modifier}")
    matched = or_(*(parameter.match(one) for one in value.split(",")))
    return not_(matched) if modifier == "not" else matched


def sorting(resource_type: str, value: str) -> tuple[Column, bool]:
    """Return the column to sort by and whether it descends."""
    descending = value.startswith("-")
    parameter = PARAMETERS[resource_type].get(value.removeprefix("-"))
    if parameter is None or parameter.sort_by is None:
        raise SearchError(problem=f"cannot sort by {value}")
    return parameter.sort_by, descending


def _token(name: str, column: Column, element: str | None = None, *, many: bool = False) -> Parameter:
    """A code in `column`; with `element`, code systems and further codings are looked for in the content."""

    def match(value: str) -> Condition_:
        system, bar, code = value.rpartition("|")
        if element is None or not bar:
            return (
                column == code
                if element is None
                else or_(column == code, _has_coding(column, element, many, {"code": code}))
            )
        return _has_coding(column, element, many, {"system": system, "code": code})

    return Parameter(name, "token", match)


def _has_coding(column: Column, element: str, many: bool, coding: dict[str, str]) -> Condition_:
    concept = {"coding": [{key: part for key, part in coding.items() if part}]}
    has: Condition_ = column.class_.content.contains({element: [concept] if many else concept})
    return has


def _identifier(column: Column) -> Parameter:
    def match(value: str) -> Condition_:
        system, bar, number = value.rpartition("|")
        wanted = {"system": system, "value": number} if bar else {"value": number}
        has: Condition_ = column.class_.content.contains({"identifier": [wanted]})
        return or_(column == value, has)

    return Parameter("identifier", "token", match)


def _personnummer(value: str) -> Condition_:
    system, bar, number = value.rpartition("|")
    if bar and system not in (codes.PERSONNUMMER, codes.PERSONNUMMER_INERA):
        raise SearchError(problem="identifier is searched by personnummer only")
    return Patient.personnummer == number


def _reference(name: str, column: Column, resource_type: str) -> Parameter:
    return Parameter(name, "reference", lambda value: column == value.removeprefix(f"{resource_type}/"))


def _string(name: str, column: Column) -> Parameter:
    return Parameter(name, "string", lambda value: column.istartswith(value, autoescape=True))


def _date(name: str, column: Column, end: Column | None = None) -> Parameter:
    return Parameter(name, "date", lambda value: compare_time(column, end or column, value), sort_by=column)


PREFIXED = re.compile(r"(eq|ne|gt|lt|ge|le|sa|eb)?(\d.*)", re.DOTALL)


def compare_time(start_column: Column, end_column: Column, value: str) -> Condition_:
    parts = PREFIXED.fullmatch(value)
    if parts is None:
        raise SearchError(problem="a date is written like ge2026-11-21")
    start, end = period(parts[2])
    within = and_(start_column >= start, start_column < end)
    conditions: dict[str, Condition_] = {
        "eq": within,
        "ne": not_(within),
        "gt": end_column >= end,
        "sa": start_column >= end,
        "lt": start_column < start,
        "eb": end_column < start,
        "ge": end_column >= start,
        "le": start_column < end,
    }
    return conditions[parts[1] or "eq"]


def period(text: str) -> tuple[datetime, datetime]:
    """Return the half-open span that a FHIR date of any precision covers, in the clock of people unless it says.

    Raises:
        SearchError: it is no date.
    """
    try:
        if re.fullmatch(r"\d{4}", text):
            year = int(text)
            return _midnight(date(year, 1, 1)), _midnight(date(year + 1, 1, 1))
        if re.fullmatch(r"\d{4}-\d{2}", text):
            first = date.fromisoformat(f"{text}-01")
            return _midnight(first), _midnight((first + timedelta(days=31)).replace(day=1))
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            first = date.fromisoformat(text)
            return _midnight(first), _midnight(first + timedelta(days=1))
        return _moment(text)
    except (ValueError, OverflowError) as error:
        raise SearchError(problem="that is not a date") from error


MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?P<seconds>:\d{2}(?P<fraction>\.\d{1,6})?)?(?:Z|[+ -]\d{2}:\d{2})?")


def _moment(text: str) -> tuple[datetime, datetime]:
    """A time to the minute, the second or finer; a plus sign may have become a space on its way here."""
    parts = MOMENT.fullmatch(text)
    if parts is None:
        raise ValueError
    start = datetime.fromisoformat(text.replace(" ", "+"))
    if start.tzinfo is None:
        start = start.replace(tzinfo=get_settings().zone)
    width = timedelta(minutes=1)
    if parts["seconds"]:
        width = timedelta(microseconds=1) if parts["fraction"] else timedelta(seconds=1)
    return start.astimezone(UTC), (start + width).astimezone(UTC)


def _midnight(of: date) -> datetime:
    return datetime.combine(of, time(), get_settings().zone).astimezone(UTC)


def _category(value: str) -> Condition_:
    system, bar, code = value.rpartition("|")
    coding = {"system": system, "code": code} if bar else {"code": code}
    return Observation.content.contains({"category": [{"coding": [coding]}]})


def _slot_role(value: str) -> Condition_:
    of_role: Select[str] = select(Schedule.id).where(Schedule.role == value.rpartition("|")[2])
    return Slot.schedule_id.in_(of_role)


def _slot_mode(value: str) -> Condition_:
    has: Condition_ = func.jsonb_exists(Slot.modes, value.rpartition("|")[2])
    return has


def _participant(value: str) -> Condition_:
    kind, _, identity = value.rpartition("/")
    if kind == "Patient":
        return Appointment.patient_id == identity
    if kind == "Practitioner":
        return Appointment.practitioner_id == identity
    return or_(Appointment.patient_id == identity, Appointment.practitioner_id == identity)


def _table(model: type[Resource], *own: Parameter) -> dict[str, Parameter]:
    common = (
        Parameter("_id", "token", lambda value: model.id == value),
        Parameter(
            "_lastUpdated",
            "date",
            lambda value: compare_time(model.last_updated, model.last_updated, value),
            model.last_updated,
        ),
    )
    return {parameter.name: parameter for parameter in (*common, *own)}


def _of_patient(column: Column, *names: str) -> Iterable[Parameter]:
    return (_reference(name, column, "Patient") for name in ("patient", *names))


PARAMETERS: dict[str, dict[str, Parameter]] = {
    "Patient": _table(
        Patient,
        Parameter("identifier", "token", _personnummer),
        _string("family", Patient.family),
        _string("given", Patient.given),
        _token("gender", Patient.gender),
    ),
    "Practitioner": _table(
        Practitioner,
        _string("name", Practitioner.name),
        Parameter("role", "token", lambda value: Practitioner.role == value.rpartition("|")[2]),
    ),
    "Observation": _table(
        Observation,
        *_of_patient(Observation.patient_id, "subject"),
        _token("code", Observation.code, "code"),
        Parameter("category", "token", _category),
        _token("status", Observation.status),
        _identifier(Observation.identifier),
        _date("date", Observation.effective_at),
    ),
    "Condition": _table(
        Condition,
        *_of_patient(Condition.patient_id, "subject"),
        _token("code", Condition.code, "code"),
        _token("clinical-status", Condition.clinical_status, "clinicalStatus"),
    ),
    "AllergyIntolerance": _table(AllergyIntolerance, *_of_patient(AllergyIntolerance.patient_id)),
    "MedicationRequest": _table(
        MedicationRequest,
        *_of_patient(MedicationRequest.patient_id, "subject"),
        _token("status", MedicationRequest.status),
        _token("intent", MedicationRequest.intent),
        _token("code", MedicationRequest.atc, "medicationCodeableConcept"),
        _date("authoredon", MedicationRequest.authored_on),
    ),
    "Schedule": _table(
        Schedule,
        _reference("actor", Schedule.practitioner_id, "Practitioner"),
        Parameter("role", "token", lambda value: Schedule.role == value.rpartition("|")[2]),
    ),
    "Slot": _table(
        Slot,
        _reference("schedule", Slot.schedule_id, "Schedule"),
        _token("status", Slot.status),
        _date("start", Slot.starts_at),
        Parameter("role", "token", _slot_role),
        Parameter("mode", "token", _slot_mode),
        Parameter("service-type", "token", _slot_mode),
    ),
    "Appointment": _table(
        Appointment,
        *_of_patient(Appointment.patient_id),
        Parameter("actor", "reference", _participant),
        _reference("slot", Appointment.slot_id, "Slot"),
        _token("status", Appointment.status),
        _token("mode", Appointment.mode),
        _token("appointment-type", Appointment.mode, "appointmentType"),
        _identifier(Appointment.identifier),
        _date("date", Appointment.starts_at),
    ),
    "Task": _table(
        Task,
        *_of_patient(Task.patient_id, "subject"),
        _reference("owner", Task.owner_id, "Practitioner"),
        _token("status", Task.status),
        _token("code", Task.code, "code"),
        _token("priority", Task.priority),
        Parameter("focus", "reference", lambda value: Task.focus == value),
        _identifier(Task.identifier),
        _date("authored-on", Task.authored_on),
        Parameter(
            "modified",
            "date",
            lambda value: compare_time(Task.last_updated, Task.last_updated, value),
            Task.last_updated,
        ),
    ),
    "Communication": _table(
        Communication,
        *_of_patient(Communication.patient_id, "subject"),
        _token("status", Communication.status),
        _token("category", Communication.category, "category", many=True),
        _identifier(Communication.identifier),
        _date("sent", Communication.sent),
    ),
    "QuestionnaireResponse": _table(
        QuestionnaireResponse,
        *_of_patient(QuestionnaireResponse.patient_id, "subject"),
        _token("status", QuestionnaireResponse.status),
        Parameter("questionnaire", "reference", lambda value: QuestionnaireResponse.questionnaire == value),
        Parameter("identifier", "token", lambda value: QuestionnaireResponse.identifier == value),
        _date("authored", QuestionnaireResponse.authored),
    ),
    "Consent": _table(
        Consent,
        *_of_patient(Consent.patient_id),
        _token("status", Consent.status),
        _token("category", Consent.category, "category", many=True),
    ),
    "Provenance": _table(
        Provenance,
        *_of_patient(Provenance.patient_id),
        Parameter("target", "reference", lambda value: Provenance.target == value),
        _date("recorded", Provenance.recorded),
    ),
    "Goal": _table(Goal, *_of_patient(Goal.patient_id, "subject"), _token("lifecycle-status", Goal.status)),
    "CarePlan": _table(CarePlan, *_of_patient(CarePlan.patient_id, "subject"), _token("status", CarePlan.status)),
    "CareTeam": _table(CareTeam, *_of_patient(CareTeam.patient_id, "subject"), _token("status", CareTeam.status)),
    "Flag": _table(Flag, *_of_patient(Flag.patient_id, "subject")),
    "Device": _table(Device, *_of_patient(Device.patient_id)),
    "DeviceMetric": _table(DeviceMetric),
}
