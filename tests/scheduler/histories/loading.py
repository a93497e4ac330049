"""Patient histories as data: how a short note becomes FHIR resources, the way a record system would send them.

Days are relative to the history's own today, times are local (Europe/Stockholm).
"""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import yaml

TODAY = date(2026, 10, 15)
ZONE = ZoneInfo("Europe/Stockholm")
HISTORIES = Path(__file__).parent
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
DAILY = "https://vigor.example/CodeSystem/daily"
LIMIT = "https://vigor.example/CodeSystem/limit"
SYSTEMS = {"icd": "urn:oid:1.2.752.116.1.1.1", "sct": "http://snomed.info/sct"}
DOCTOR, PATIENT = "urn:uuid:doctor", "urn:uuid:patient"

Json = dict[str, Any]


def histories() -> list[Json]:
    """Return every history of the folder."""
    return [one for path in sorted(HISTORIES.glob("*.yml")) for one in yaml.safe_load(path.read_text(encoding="utf-8"))]


def moment(day: int, clock: str = "06:30") -> datetime:
    """Return a local time of a day."""
    return datetime.combine(TODAY + timedelta(days=day), time.fromisoformat(clock), ZONE)


def bundle(history: Json) -> Json:
    """Return the history as one transaction, a patient and her doctor first."""
    resources: list[tuple[str | None, Json]] = [(DOCTOR, _doctor()), (PATIENT, _patient(history))]
    for part, make in PARTS.items():
        resources += [(None, made) for one in history.get(part, []) for made in make(one)]
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [_entry(resource, full_url) for full_url, resource in resources],
    }


def _entry(resource: Json, full_url: str | None) -> Json:
    entry = {"resource": resource, "request": {"method": "POST", "url": resource["resourceType"]}}
    return entry | ({"fullUrl": full_url} if full_url else {})


def _doctor() -> Json:
    role = {"system": "https://vigor.example/CodeSystem/role", "code": "doctor"}
    return {
        "resourceType": "Practitioner",
        "identifier": [{"system": "urn:oid:1.2.752.29.4.19", "value": f"SE-{uuid4().hex}"}],
        "name": [{"family": "Ek", "given": ["Maria"]}],
        "qualification": [{"code": {"coding": [role], "text": "läkare"}}],
    }


def _patient(history: Json) -> Json:
    return {
        "resourceType": "Patient",
        "identifier": [{"system": "https://record.example/patient", "value": uuid4().hex}],
        "name": [{"family": "Lind", "given": ["Rut"]}],
        "birthDate": str(history.get("born", "1941-03-02")),
        "generalPractitioner": [{"reference": DOCTOR}],
        **history.get("patient", {}),
    }


def _condition(note: Any) -> list[Json]:
    given = note if isinstance(note, dict) else {"icd": note}
    system, code = next((SYSTEMS[name], given[name]) for name in SYSTEMS if name in given)
    status = {
        "system": "http://terminology.hl7.org/CodeSystem/condition-clinical",
        "code": given.get("status", "active"),
    }
    return [
        {
            "resourceType": "Condition",
            "code": {"coding": [{"system": system, "code": code}]},
            "subject": {"reference": PATIENT},
        }
        | ({} if given.get("status") == "none" else {"clinicalStatus": {"coding": [status]}})
    ]


def _order(note: Json) -> list[Json]:
    """`day`: when it was written; `stopped`: the day on which it ended; `lasts`: days handed out."""
    order: Json = {
        "resourceType": "MedicationRequest",
        "status": "stopped" if "stopped" in note else "active",
        "intent": "order",
        "medicationCodeableConcept": {
            "coding": [{"system": "http://www.whocc.no/atc", "code": note["atc"]}],
            "text": note.get("name", note["atc"]),
        },
        "subject": {"reference": PATIENT},
        "requester": {"reference": DOCTOR},
        "authoredOn": moment(note.get("day", -400), "09:00").isoformat(),
    }
    if "stopped" in note:
        until = {"end": moment(note["stopped"], "09:00").isoformat()}
        order["dosageInstruction"] = [{"timing": {"repeat": {"boundsPeriod": until}}}]
    if "lasts" in note:
        order["dispenseRequest"] = {"expectedSupplyDuration": note["lasts"] | {"system": UCUM}}
    return [order]


def _reading(note: Json) -> list[Json]:
    """`values` by day: one value, several, or pairs of pressure; `at`, `every` minutes apart; `status`, `device` ..."""
    made = []
    for day, given in note["values"].items():
        for place, value in enumerate(given if _is_several(note, given) else [given]):
            at = moment(day, note.get("at", "06:30")) + timedelta(minutes=place * note.get("every", 1))
            made.append(_observation(note, value, at))
    return made


def _is_several(note: Json, given: Any) -> bool:
    return isinstance(given, list) and (str(note["loinc"]) != "85354-9" or isinstance(given[0], list))


def _observation(note: Json, value: Any, at: datetime) -> Json:
    observation: Json = {
        "resourceType": "Observation",
        "status": note.get("status", "final"),
        "code": {"coding": [{"system": LOINC, "code": str(note["loinc"])}]},
        "subject": {"reference": PATIENT},
        "effectiveDateTime": at.isoformat(),
    }
    if "device" in note:
        observation["device"] = {"display": note["device"]}
    if "position" in note:
        code = {"standing": "10904000", "lying": "40199007"}[note["position"]]
        concept = {"coding": [{"system": SYSTEMS["sct"], "code": code}]}
        url = "http://hl7.org/fhir/StructureDefinition/observation-bodyPosition"
        observation["extension"] = [{"url": url, "valueCodeableConcept": concept}]
    if isinstance(value, list):
        observation["component"] = [
            {"code": {"coding": [{"system": LOINC, "code": code}]}, "valueQuantity": _quantity(one, "mm[Hg]")}
            for code, one in zip(("8480-6", "8462-4"), value, strict=True)
        ]
    elif isinstance(value, str):
        observation["valueCodeableConcept"] = {"coding": [{"code": value}]}
    else:
        observation["valueQuantity"] = _quantity(value, note["unit"])
    return observation


def _quantity(value: float, unit: str) -> Json:
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


def _report(note: Json) -> list[Json]:
    """One observation for each day that something was told: `code` of ours, or `sct`; `answer` when it has one."""
    system, code = (DAILY, note["code"]) if "code" in note else (SYSTEMS["sct"], note["sct"])
    value: Json = {"valueInteger": 5}
    if "answer" in note:
        value = {"valueCodeableConcept": {"coding": [{"code": note["answer"]}]}}
    if "is" in note:
        value = {"valueBoolean": note["is"]}
    return [
        {
            "resourceType": "Observation",
            "status": note.get("status", "final"),
            "code": {"coding": [{"system": system, "code": code}]},
            "subject": {"reference": PATIENT},
            "effectiveDateTime": moment(day, note.get("at", "07:00")).isoformat(),
        }
        | value
        for day in note["days"]
    ]


def _flag(code: str) -> list[Json]:
    concept = {"coding": [{"system": LIMIT, "code": code}]}
    return [{"resourceType": "Flag", "status": "active", "code": concept, "subject": {"reference": PATIENT}}]


def _plan(agreed: Json) -> list[Json]:
    """Readings agreed, by LOINC code: times a week."""
    activity = [
        {
            "detail": {
                "status": "in-progress",
                "code": {"coding": [{"system": LOINC, "code": str(code)}]},
                "scheduledTiming": {"repeat": {"frequency": times, "period": 1, "periodUnit": "wk"}},
            }
        }
        for code, times in agreed.items()
    ]
    subject = {"subject": {"reference": PATIENT}}
    return [{"resourceType": "CarePlan", "status": "active", "intent": "plan", "activity": activity, **subject}]


def _goal(note: Json) -> list[Json]:
    measure = {"coding": [{"system": LOINC, "code": str(note["loinc"])}]}
    target = {
        "measure": measure,
        "detailRange": {end: _quantity(note[end], "mm[Hg]") for end in ("low", "high") if end in note},
    }
    return [
        {
            "resourceType": "Goal",
            "lifecycleStatus": "active",
            "description": {"text": "Mål"},
            "subject": {"reference": PATIENT},
            "target": [target],
        }
    ]


def _questionnaire(note: Json) -> list[Json]:
    items = [{"linkId": f"/{code}", "answer": [{"valueInteger": value}]} for code, value in note["answers"].items()]
    return [
        {
            "resourceType": "QuestionnaireResponse",
            "status": note.get("status", "completed"),
            "subject": {"reference": PATIENT},
            "authored": moment(note["day"], "10:00").isoformat(),
            "item": items,
        }
    ]


def _allergy(word: str) -> list[Json]:
    return [{"resourceType": "AllergyIntolerance", "patient": {"reference": PATIENT}, "code": {"text": word}}]


PARTS = {
    "conditions": _condition,
    "orders": _order,
    "readings": _reading,
    "reports": _report,
    "flags": _flag,
    "plans": _plan,
    "goals": _goal,
    "answers": _questionnaire,
    "allergies": _allergy,
    "resources": lambda resource: [resource | {"subject": {"reference": PATIENT}}],
}
"""Each part of a history, and how one note of it becomes resources."""
