"""What we check beyond the shape of FHIR, and how a resource is put in order before it is stored."""

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

from assistant.records.errors import InvalidResourceError
from assistant.records.fhir import codes, equivalents
from assistant.records.fhir.columns import derive, effective_at, loinc_codes, observation_code
from assistant.records.fhir.content import Content, code_in, extension_value, first_code, instant
from assistant.records.fhir.units import MEASURES, Measure

CLOCK_SKEW = timedelta(minutes=5)
"""How far ahead of ours a device's clock may be; our choice."""
MAX_WEIGHT_JUMP = 0.05
"""Share of body weight that no body gains or loses within a day (policy, "Values")."""
DECIMALS = 4
"""Digits kept after a unit conversion."""

STATUSES: dict[str, frozenset[str]] = {
    "Observation": frozenset(
        ["registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown"]
    ),
    "MedicationRequest": frozenset(
        ["active", "on-hold", "cancelled", "completed", "entered-in-error", "stopped", "draft", "unknown"]
    ),
    "Slot": frozenset(["busy", "free", "busy-unavailable", "busy-tentative", "entered-in-error"]),
    "Appointment": frozenset(
        [
            "proposed",
            "pending",
            "booked",
            "arrived",
            "fulfilled",
            "cancelled",
            "noshow",
            "entered-in-error",
            "checked-in",
            "waitlist",
        ]
    ),
    "Task": frozenset(
        [
            "draft",
            "requested",
            "received",
            "accepted",
            "rejected",
            "ready",
            "cancelled",
            "in-progress",
            "on-hold",
            "failed",
            "completed",
            "entered-in-error",
        ]
    ),
    "Communication": frozenset(
        ["preparation", "in-progress", "not-done", "on-hold", "stopped", "completed", "entered-in-error", "unknown"]
    ),
    "CarePlan": frozenset(["draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"]),
    "CareTeam": frozenset(["proposed", "active", "suspended", "inactive", "entered-in-error"]),
    "Flag": frozenset(["active", "inactive", "entered-in-error"]),
    "QuestionnaireResponse": frozenset(["in-progress", "completed", "amended", "entered-in-error", "stopped"]),
    "Consent": frozenset(["draft", "proposed", "active", "rejected", "inactive", "entered-in-error"]),
}
"""The required status codes of FHIR R4, which the model classes do not enforce."""

INTENTS: dict[str, frozenset[str]] = {
    "MedicationRequest": frozenset(
        ["proposal", "plan", "order", "original-order", "reflex-order", "filler-order", "instance-order", "option"]
    ),
    "Task": frozenset(
        [
            "unknown",
            "proposal",
            "plan",
            "order",
            "original-order",
            "reflex-order",
            "filler-order",
            "instance-order",
            "option",
        ]
    ),
}
PRIORITIES = frozenset(["routine", "urgent", "asap", "stat"])
GENDERS = frozenset(["male", "female", "other", "unknown"])
WITHOUT_TIMES = frozenset({"proposed", "cancelled", "waitlist"})
WITH_CANCELATION_REASON = frozenset({"cancelled", "noshow"})


def prepare(content: Content, *, now: datetime) -> Content:
    """Return a checked copy with readings in our units and doubtful readings marked.

    Raises:
        InvalidResourceError: it may not be stored.
    """
    prepared = deepcopy(content)
    _check_shape(prepared)
    _check_codes(prepared)
    check = CHECKS.get(prepared["resourceType"])
    if check:
        check(prepared, now)
    derive(prepared)
    return prepared


def mark_doubtful(content: Content, reason: str) -> None:
    """Mark a reading as one that is kept and shown but never used; `reason` is out-of-range or jump."""
    content.setdefault("extension", []).append({"url": codes.DOUBTFUL, "valueCode": reason})
    content.setdefault("interpretation", []).append({"coding": [{"system": codes.QUALITY, "code": "doubtful"}]})


def is_jump(*, previous: float, value: float, days: float = 1.0) -> bool:
    """Say whether a weight differs from one taken so many days before by more than any body changes."""
    return abs(value - previous) > MAX_WEIGHT_JUMP * days * previous


def _check_shape(content: Content) -> None:
    if not _is_fhir_json(content):
        raise InvalidResourceError(problem="FHIR JSON has no null, no empty value and no NUL character")
    try:
        get_fhir_model_class(content["resourceType"]).model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InvalidResourceError(problem=f"{where}: {first['msg']}", expression=where) from error


def _is_fhir_json(value: Any) -> bool:
    """Say whether there is a value everywhere: what is not known is left out, never null or empty."""
    if isinstance(value, dict):
        return bool(value) and all(_is_fhir_json(part) for part in value.values())
    if isinstance(value, list):
        return bool(value) and all(_is_fhir_json(part) for part in value)
    return value is not None and value != "" and not (isinstance(value, str) and "\x00" in value)


def _check_codes(content: Content) -> None:
    resource_type = content["resourceType"]
    _one_of(content, "status", STATUSES.get(resource_type))
    _one_of(content, "intent", INTENTS.get(resource_type))
    if "priority" in content and resource_type in ("Task", "MedicationRequest", "Communication"):
        _one_of(content, "priority", PRIORITIES)
    if "gender" in content:
        _one_of(content, "gender", GENDERS)


def _one_of(content: Content, field: str, allowed: frozenset[str] | None) -> None:
    if allowed is not None and content.get(field) not in allowed:
        raise InvalidResourceError(problem=f"{field} must be one of {', '.join(sorted(allowed))}", expression=field)


def _check_observation(content: Content, now: datetime) -> None:
    if effective_at(content) > now + CLOCK_SKEW:
        raise InvalidResourceError(problem="a reading cannot be from the future", expression="effective")
    _forget_doubt(content)
    code = observation_code(content)
    if code == codes.BLOOD_PRESSURE:
        _check_pressure(content)
    elif code == equivalents.ACVPU:
        _check_consciousness(content)
    elif code in MEASURES and not _is_answered(content):
        _check_quantity(content, content, MEASURES[code], field="valueQuantity")


def _is_answered(content: Content) -> bool:
    """Say whether an item of a questionnaire has an answer instead of a number."""
    return first_code(content.get("valueCodeableConcept")) in equivalents.SCORE_OF_ANSWER


def _check_consciousness(content: Content) -> None:
    answer = first_code(content.get("valueCodeableConcept")) or content.get("valueString")
    if answer not in equivalents.LEVELS:
        raise InvalidResourceError(problem="consciousness is A, C, V, P or U", expression="value")


def _check_pressure(content: Content) -> None:
    """Check a panel of both pressures, or one pressure that stands alone."""
    given = loinc_codes(content)
    position = next((equivalents.POSITION_OF[code] for code in given if code in equivalents.POSITION_OF), None)
    for component in content.get("component", []):
        if code_in(component["code"], codes.LOINC) == equivalents.BODY_POSITION:
            said = code_in(component.get("valueCodeableConcept"), equivalents.SNOMED)
            position = equivalents.POSITIONS.get(said or "")
    if position and not any(one.get("url") == codes.BODY_POSITION for one in content.get("extension", [])):
        concept = {"coding": [{"system": equivalents.SNOMED, "code": position}]}
        content.setdefault("extension", []).append({"url": codes.BODY_POSITION, "valueCodeableConcept": concept})
    if "component" not in content and equivalents.SYSTOLIC_ALONE.intersection(given):
        _check_quantity(content, content, MEASURES[codes.SYSTOLIC], field="valueQuantity")
    elif "component" not in content and equivalents.DIASTOLIC_ALONE.intersection(given):
        _check_quantity(content, content, MEASURES[codes.DIASTOLIC], field="valueQuantity")
    else:
        _check_blood_pressure(content)


def _forget_doubt(content: Content) -> None:
    """Doubt is ours to judge at every write, so what came along is dropped."""
    for field, keep in (
        ("extension", lambda one: one.get("url") != codes.DOUBTFUL),
        ("interpretation", lambda one: code_in(one, codes.QUALITY) is None),
    ):
        kept = [one for one in content.pop(field, []) if keep(one)]
        if kept:
            content[field] = kept


def _check_blood_pressure(content: Content) -> None:
    values: dict[str, float] = {}
    for index, component in enumerate(content.get("component", [])):
        code = code_in(component["code"], codes.LOINC)
        if code in (codes.SYSTOLIC, codes.DIASTOLIC):
            field = f"component[{index}].valueQuantity"
            values[code] = _check_quantity(content, component, MEASURES[code], field=field)
    if set(values) != {codes.SYSTOLIC, codes.DIASTOLIC}:
        raise InvalidResourceError(problem="a blood pressure needs systolic and diastolic", expression="component")
    if values[codes.DIASTOLIC] >= values[codes.SYSTOLIC] and not _is_doubtful(content):
        mark_doubtful(content, "out-of-range")


def _check_quantity(content: Content, holder: Content, measure: Measure, *, field: str) -> float:
    """Convert the quantity in `holder` to our unit, mark the reading if no body has such a value, and return it."""
    if measure.unit == "{score}" and isinstance(holder.get("valueInteger"), int):
        holder["valueQuantity"] = {"value": holder.pop("valueInteger"), "system": codes.UCUM, "code": measure.unit}
    quantity = holder.get("valueQuantity")
    value = (quantity or {}).get("value")
    if quantity is None or isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidResourceError(problem="the value is missing", expression=field)
    unit = quantity.get("code") if quantity.get("system") == codes.UCUM else None
    if unit != measure.unit:
        value = _converted(content, quantity, measure, unit, field)
    quantity.update({"value": value, "unit": measure.shown, "system": codes.UCUM, "code": measure.unit})
    if not measure.low <= value <= measure.high and not _is_doubtful(content):
        mark_doubtful(content, "out-of-range")
    return float(value)


def _converted(content: Content, quantity: Content, measure: Measure, unit: str | None, field: str) -> float:
    convert = measure.convert.get(unit or "")
    if convert is None:
        problem = (
            f"this reading is counted in {measure.unit} (UCUM), not in {unit or quantity.get('unit') or 'nothing'}"
        )
        raise InvalidResourceError(problem=problem, expression=field)
    content.setdefault("extension", []).append({"url": codes.ORIGINAL_VALUE, "valueQuantity": dict(quantity)})
    return round(convert(quantity["value"]), DECIMALS)


def _is_doubtful(content: Content) -> bool:
    return extension_value(content, codes.DOUBTFUL, "valueCode") is not None


def _check_appointment(content: Content, _now: datetime) -> None:
    """The invariants app-1 to app-4 of FHIR R4 Appointment."""
    status = content["status"]
    for participant in content["participant"]:
        if not participant.get("type") and not participant.get("actor"):
            raise InvalidResourceError(
                problem="app-1: a participant needs a type or an actor", expression="participant"
            )
    has_start, has_end = "start" in content, "end" in content
    if has_start != has_end:
        raise InvalidResourceError(problem="app-2: start and end come together", expression="start")
    if not has_start and status not in WITHOUT_TIMES:
        raise InvalidResourceError(problem="app-3: this status needs start and end", expression="start")
    if "cancelationReason" in content and status not in WITH_CANCELATION_REASON:
        raise InvalidResourceError(
            problem="app-4: only a cancelled one has a reason for it", expression="cancelationReason"
        )
    _check_order(content)


def _check_order(content: Content, _now: datetime | None = None) -> None:
    start, end = instant(content.get("start"), "start"), instant(content.get("end"), "end")
    if start and end and start >= end:
        raise InvalidResourceError(problem="it ends before it starts", expression="end")


def _check_patient(content: Content, _now: datetime) -> None:
    for identifier in content.get("identifier", []):
        if identifier.get("system") == codes.PERSONNUMMER_INERA:
            identifier["system"] = codes.PERSONNUMMER
        if identifier.get("system") == codes.PERSONNUMMER and not is_personnummer(identifier.get("value", "")):
            raise InvalidResourceError(problem="this is not a personnummer of 12 digits", expression="identifier")


def is_personnummer(number: str) -> bool:
    """Say whether twelve digits have a right check digit (the Luhn sum over the last ten)."""
    if len(number) != 12 or not (number.isascii() and number.isdigit()):
        return False
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(number[2:])]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def _check_task(content: Content, _now: datetime) -> None:
    code = code_in(content.get("code"), codes.TASK)
    if code is not None and code not in codes.TASK_CODES:
        raise InvalidResourceError(problem=f"task code must be one of {', '.join(codes.TASK_CODES)}", expression="code")


def _check_medication(content: Content, _now: datetime) -> None:
    """Put the medicine into the order itself: signatures and rules read it there."""
    reference = (content.get("medicationReference") or {}).get("reference")
    if reference is None:
        return
    inside = {f"#{one.get('id')}": one for one in content.get("contained", [])}
    named = inside.get(reference, {}).get("code")
    if named is None:
        raise InvalidResourceError(problem="the order must name its medicine itself", expression="medicationReference")
    content["medicationCodeableConcept"] = named
    del content["medicationReference"]
    kept = [one for one in content.pop("contained") if f"#{one.get('id')}" != reference]
    if kept:
        content["contained"] = kept


CHECKS: dict[str, Callable[[Content, datetime], None]] = {
    "Observation": _check_observation,
    "Appointment": _check_appointment,
    "Slot": _check_order,
    "MedicationRequest": _check_medication,
    "Patient": _check_patient,
    "Task": _check_task,
}
