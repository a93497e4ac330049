"""What the record says that has been agreed with a patient, as the settings that the round and the talk go by.

A new patient has safe settings at once: greeted at half past seven, in Swedish unless the record says English. The
named doctor, and a care team, have a care relation. Flags and goals set the limits that rules heed; a care plan sets
which readings are expected.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records import audit
from assistant.records.access import Actor
from assistant.records.fhir import codes
from assistant.records.fhir.columns import observation_code
from assistant.records.fhir.content import Content, code_in, codings, extension_value, reference_id
from assistant.records.models import CareRelation, PatientSettings, Practitioner
from assistant.records.models.base import utc_now

OPERATOR = Actor(id="operator", role="system")
CHECKIN_TIME = time(7, 30)
TIME_ZONE = "http://hl7.org/fhir/StructureDefinition/timezone"
LIMIT = f"{codes.OWN}/CodeSystem/limit"
FLAGS: dict[str, tuple[str, Any]] = {
    "spo2-scale-2": ("spo2_scale", 2),
    "oxygen": ("oxygen", True),
    "fluid-restriction": ("fluid_restriction", True),
    "dysphagia": ("dysphagia", True),
    "protein-restriction": ("protein_restriction", True),
    "kidney-diet": ("kidney_diet", True),
    "diabetes-diet": ("diabetes_diet", True),
    "immune-suppression": ("immune_suppression", True),
}
"""Codes of `LIMIT` that a Flag may carry, and the limit that an active one sets."""
GOALS: dict[str, str] = {codes.SYSTOLIC: "systolic", codes.DIASTOLIC: "diastolic"}
LIVING_GOALS = frozenset({"accepted", "active", "planned"})
WEEK_IN: dict[str, float] = {"h": 168, "d": 7, "wk": 1, "mo": 7 / 30}
"""How many of a UCUM unit of time a week has."""


def follow(db: Session, content: Content, *, actor: Actor, now: datetime) -> None:
    """Let the settings follow a resource that has just been written."""
    carry_out = FOLLOWED.get(content["resourceType"])
    if carry_out:
        carry_out(db, content, now)
        because = {"because": f"{content['resourceType']}/{content['id']}"}
        patient_id = content["id"] if content["resourceType"] == "Patient" else _subject(content)
        audit.record(
            db, actor=actor, action="update", entity="PatientSettings", patient_id=patient_id, details=because, now=now
        )


def shown(db: Session, patient_id: str) -> dict[str, Any]:
    """Return the settings by name, and who has a care relation."""
    settings = db.get_one(PatientSettings, patient_id)
    related = select(CareRelation.practitioner_id).where(CareRelation.patient_id == patient_id)
    return {
        **{column.key: getattr(settings, column.key) for column in PatientSettings.__mapper__.column_attrs},
        "care": sorted(db.scalars(related)),
    }


def change(db: Session, patient_id: str, changes: Mapping[str, str]) -> None:
    """Change settings as an operator writes them; an empty value takes away a limit, an agreed reading or a pause.

    Raises:
        ValueError: no such setting, or no such value.
    """
    settings = db.get_one(PatientSettings, patient_id, with_for_update=True)
    for name, value in changes.items():
        group, _, inner = name.partition(".")
        if group == "limits" and inner:
            settings.limits = _merged(settings.limits, {inner: json.loads(value) if value else None})
        elif group == "agreed" and inner:
            agreed = {inner: float(value) if value else None}
            settings.agreed_readings = _merged(settings.agreed_readings, agreed)
        elif name in ("doctor", "care"):
            _relate_named(db, settings, name, value)
        elif name in CHANGED:
            setattr(settings, name, CHANGED[name](value))
        else:
            raise ValueError(f"there is no setting named {name}")
    details = {"changed": sorted(changes)}
    audit.record(db, actor=OPERATOR, action="update", entity="PatientSettings", patient_id=patient_id, details=details)


def _relate_named(db: Session, settings: PatientSettings, name: str, practitioner_id: str) -> None:
    if db.get(Practitioner, practitioner_id) is None:
        raise ValueError(f"there is no practitioner {practitioner_id}")
    if name == "doctor":
        settings.doctor_id = practitioner_id
    _relate(db, settings.patient_id, [practitioner_id], utc_now())


def _one_of(*allowed: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"{value} is not one of {', '.join(sorted(allowed)[:20])}")
        return value

    return read


CHANGED: dict[str, Callable[[str], Any]] = {
    "call_name": str,
    "checkin_time": time.fromisoformat,
    "timezone": _one_of(*available_timezones()),
    "language": _one_of("sv", "en"),
    "style": _one_of("normal", "brief"),
    "checkins_enabled": lambda value: _one_of("true", "false")(value) == "true",
    "paused_until": lambda value: date.fromisoformat(value) if value else None,
}
"""The settings that an operator may set, and how each is read."""


def _patient(db: Session, content: Content, now: datetime) -> None:
    doctors = list(_practitioners(db, content.get("generalPractitioner", [])))
    settings = db.get(PatientSettings, content["id"])
    if settings is None:
        settings = PatientSettings(
            patient_id=content["id"],
            call_name=_call_name(content),
            checkin_time=CHECKIN_TIME,
            language=_language(content),
            timezone=_zone(content),
        )
        db.add(settings)
    if doctors and settings.doctor_id is None:
        settings.doctor_id = doctors[0]
    _relate(db, content["id"], doctors, now)


def _care_team(db: Session, content: Content, now: datetime) -> None:
    members = [one.get("member", {}) for one in content.get("participant", [])]
    if content["status"] == "active":
        _relate(db, _subject(content), list(_practitioners(db, members)), now)


def _flag(db: Session, content: Content, _now: datetime) -> None:
    limit = FLAGS.get(code_in(content.get("code"), LIMIT) or "")
    if limit:
        name, value = limit
        _set_limits(db, _subject(content), {name: value if content["status"] == "active" else None})


def _goal(db: Session, content: Content, _now: datetime) -> None:
    living = content["lifecycleStatus"] in LIVING_GOALS
    limits: dict[str, Any] = {}
    for target in content.get("target", []):
        signal = GOALS.get(code_in(target.get("measure"), codes.LOINC) or "")
        span = target.get("detailRange") or {"high": target.get("detailQuantity")}
        for end in ("low", "high"):
            quantity = span.get(end) or {}
            if signal and quantity.get("code") == "mm[Hg]":
                limits[f"{signal}_{end}"] = quantity["value"] if living else None
    _set_limits(db, _subject(content), limits)


def _care_plan(db: Session, content: Content, _now: datetime) -> None:
    agreed: dict[str, float | None] = {}
    for activity in content.get("activity", []):
        detail = activity.get("detail") or {}
        times = _times_a_week(detail.get("scheduledTiming") or {})
        if times is not None and codings(detail.get("code")):
            holds = content["status"] == "active" and detail.get("status") not in ("cancelled", "stopped", "completed")
            agreed[observation_code(detail)] = times if holds else None
    settings = db.get(PatientSettings, _subject(content))
    if settings is not None and agreed:
        settings.agreed_readings = _merged(settings.agreed_readings, agreed)


FOLLOWED: dict[str, Callable[[Session, Content, datetime], None]] = {
    "Patient": _patient,
    "CareTeam": _care_team,
    "Flag": _flag,
    "Goal": _goal,
    "CarePlan": _care_plan,
}


def _times_a_week(timing: Content) -> float | None:
    repeat = timing.get("repeat") or {}
    week = WEEK_IN.get(repeat.get("periodUnit", ""))
    if week is None or not repeat.get("period"):
        return None
    return round(float(repeat.get("frequency", 1) * week / repeat["period"]), 3)


def _set_limits(db: Session, patient_id: str, limits: dict[str, Any]) -> None:
    settings = db.get(PatientSettings, patient_id)
    if settings is not None and limits:
        settings.limits = _merged(settings.limits, limits)


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Return the old with the new; None takes away."""
    return {name: value for name, value in (old | new).items() if value is not None}


def _relate(db: Session, patient_id: str, practitioner_ids: list[str], now: datetime) -> None:
    db.flush()
    for practitioner_id in practitioner_ids:
        if db.get(CareRelation, (patient_id, practitioner_id)) is None:
            db.add(CareRelation(patient_id=patient_id, practitioner_id=practitioner_id, since=now))
    db.flush()


def _practitioners(db: Session, references: list[Content]) -> Iterator[str]:
    """Return those of the people referred to whom we know."""
    for reference in references:
        practitioner_id = reference_id(reference, "Practitioner")
        if practitioner_id and db.get(Practitioner, practitioner_id) is not None:
            yield practitioner_id


def _call_name(content: Content) -> str:
    """Return what to call the patient: a usual name or nickname, else the first given name."""
    names = content.get("name") or [{}]
    name = next((one for one in names if one.get("use") in ("nickname", "usual")), names[0])
    given = name.get("given") or [name.get("text", "").partition(" ")[0]]
    return str(given[0])


def _language(content: Content) -> str:
    """Return English when that is the preferred or only language, else Swedish."""
    spoken = content.get("communication", [])
    preferred = [one for one in spoken if one.get("preferred")] or spoken
    first = codings((preferred or [{}])[0].get("language"))
    return "en" if first and first[0]["code"].split("-")[0] == "en" else "sv"


def _zone(content: Content) -> str:
    zone = extension_value(content, TIME_ZONE, "valueCode")
    return zone if zone in available_timezones() else "Europe/Stockholm"


def _subject(content: Content) -> str:
    return reference_id(content["subject"], "Patient") or ""
