"""The columns beside a resource's content, derived from it in this one place at every write."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from assistant.records.errors import InvalidResourceError
from assistant.records.fhir import codes, equivalents
from assistant.records.fhir.content import (
    Content,
    code_in,
    code_in_any,
    codings,
    day,
    extension_value,
    first_code,
    first_identifier,
    identifier_in,
    instant,
    reference_id,
)

Columns = dict[str, Any]


def derive(content: Content) -> Columns:
    """Return the columns of a resource whose content has passed `assistant.records.fhir.checks`."""
    return DERIVERS[content["resourceType"]](content)


def patient_id_of(content: Content) -> str | None:
    """Return whose record the resource belongs to, or None for a resource of no patient."""
    if content["resourceType"] == "Patient":
        return content.get("id")
    patient_id: str | None = derive(content).get("patient_id")
    return patient_id


def display_name(content: Content) -> str:
    """Return a person's name as it is written: text, else given and family."""
    name = (content.get("name") or [{}])[0]
    return name.get("text") or " ".join([*name.get("given", []), name.get("family", "")]).strip()


def _patient(content: Content) -> Columns:
    name = (content.get("name") or [{}])[0]
    return {
        "personnummer": identifier_in(content, codes.PERSONNUMMER, codes.PERSONNUMMER_INERA),
        "family": name.get("family"),
        "given": " ".join(name.get("given", [])) or None,
        "gender": content.get("gender"),
        "birth_date": day(content.get("birthDate"), "birthDate"),
        "active": content.get("active", True) and not _is_dead(content),
    }


def _is_dead(content: Content) -> bool:
    return bool(content.get("deceasedBoolean")) or "deceasedDateTime" in content


def _practitioner(content: Content) -> Columns:
    concepts = [one["code"] for one in content.get("qualification", [])]
    role = next((code for code in (code_in(concept, codes.ROLE) for concept in concepts) if code), None)
    if role not in codes.PRACTITIONER_ROLES:
        raise InvalidResourceError(problem="a practitioner needs one of our roles", expression="qualification")
    title = next((one.get("text") for one in concepts if code_in(one, codes.ROLE)), None)
    return {
        "hsa_id": identifier_in(content, codes.HSA_ID),
        "name": display_name(content),
        "role": role,
        "title": title or codes.PRACTITIONER_ROLES[role].lower(),
    }


def _observation(content: Content) -> Columns:
    quantity = content.get("valueQuantity", {})
    code = observation_code(content)
    value, answer = quantity.get("value", content.get("valueInteger")), _answer(content)
    alone = loinc_codes(content) if code == codes.BLOOD_PRESSURE and "component" not in content else []
    pressure = {
        codes.SYSTOLIC: value if equivalents.SYSTOLIC_ALONE.intersection(alone) else None,
        codes.DIASTOLIC: value if equivalents.DIASTOLIC_ALONE.intersection(alone) else None,
    } | {
        code: component.get("valueQuantity", {}).get("value")
        for component in content.get("component", [])
        for code in (codes.SYSTOLIC, codes.DIASTOLIC)
        if code_in(component["code"], codes.LOINC) == code
    }
    doubt = extension_value(content, codes.DOUBTFUL, "valueCode")
    return {
        "patient_id": _subject(content),
        "code": code,
        "status": content["status"],
        "effective_at": effective_at(content),
        "value": None if alone else equivalents.SCORE_OF_ANSWER.get(answer or "", value),
        "unit": None if alone else _short(quantity.get("code")),
        "value_code": answer if code != equivalents.ACVPU else equivalents.LEVELS.get(answer or ""),
        "systolic": pressure.get(codes.SYSTOLIC),
        "diastolic": pressure.get(codes.DIASTOLIC),
        "origin": _short(_device(content.get("device") or {})),
        "identifier": first_identifier(content),
        "doubtful": doubt is not None,
        "doubtful_reason": doubt,
    }


MOST_INDEXED = 200
"""Characters of a text that an index holds beside its key; an entry must fit in a third of a page."""


def _short(text: str | None) -> str | None:
    return text and text[:MOST_INDEXED]


def observation_code(content: Content) -> str:
    """Return the code that we file a reading or report under: the same for all codes that mean the same.

    A code of ours or of LOINC goes before one of SNOMED CT; oxygen saturation has the code of the core profile.
    """
    given = [(one.get("system"), one["code"]) for one in codings(content["code"])]
    for wanted in (codes.LOINC, codes.DAILY, equivalents.SNOMED):
        for system, code in given:
            if system == wanted and (filed := equivalents.filed_under(system, code)):
                return filed
    return str(_required(first_code(content["code"]), "code"))


def loinc_codes(content: Content) -> list[str]:
    """Return the LOINC codes of a reading."""
    return [one["code"] for one in codings(content["code"]) if one.get("system") == codes.LOINC]


def _answer(content: Content) -> str | None:
    return first_code(content.get("valueCodeableConcept")) or content.get("valueString")


def _device(device: Content) -> str | None:
    """Return what a reading came from: the device's name, else what it is referred to by."""
    return device.get("display") or device.get("reference") or (device.get("identifier") or {}).get("value")


def effective_at(content: Content) -> datetime:
    """Return when a reading was true; of a period, its end."""
    given = (
        content.get("effectiveDateTime")
        or content.get("effectiveInstant")
        or (content.get("effectivePeriod") or {}).get("end")
    )
    moment: datetime = _required(instant(given, "effective"), "effective")
    return moment


def _condition(content: Content) -> Columns:
    concept = content.get("code")
    snomed = code_in(concept, equivalents.SNOMED)
    icd10 = code_in_any(concept, codes.ICD10_SYSTEMS) or equivalents.ICD10_OF_SNOMED.get(snomed or "")
    return {
        "patient_id": _subject(content),
        "code": icd10 or _required(first_code(concept), "code"),
        "clinical_status": _clinical_status(content),
    }


def _clinical_status(content: Content) -> str:
    """Return whether the diagnosis holds; one that is said to have ended or to be wrong does not, others do."""
    if code_in(content.get("verificationStatus"), codes.CONDITION_VERIFICATION) in ("refuted", "entered-in-error"):
        return "inactive"
    given = code_in(content.get("clinicalStatus"), codes.CONDITION_CLINICAL)
    ended = any(field.startswith("abatement") for field in content)
    return given or ("resolved" if ended else "active")


def _allergy(content: Content) -> Columns:
    concept = content.get("code") or {}
    named = concept.get("text") or next((one.get("display") for one in concept.get("coding", [])), None)
    return {
        "patient_id": _required(reference_id(content.get("patient"), "Patient"), "patient"),
        "substance": _required(named or first_code(concept), "code"),
    }


def _medication_request(content: Content) -> Columns:
    authored = instant(content.get("authoredOn"), "authoredOn")
    ended = _bounds_end(content) or authored
    return {
        "patient_id": _subject(content),
        "status": content["status"],
        "intent": content["intent"],
        "atc": code_in_any(content.get("medicationCodeableConcept"), codes.ATC_SYSTEMS),
        "authored_on": authored,
        "changed_at": authored if content["status"] == "active" else ended,
        "lasts_until": lasts_until(content, authored),
    }


def _bounds_end(content: Content) -> datetime | None:
    """Return when the patient was to stop, if the dosage says so with a time."""
    ends = [
        dosage.get("timing", {}).get("repeat", {}).get("boundsPeriod", {}).get("end")
        for dosage in content.get("dosageInstruction", [])
    ]
    moments = [instant(end, "dosageInstruction") for end in ends if end and "T" in end]
    return max(filter(None, moments), default=None)


def lasts_until(content: Content, authored: datetime | None) -> date | None:
    """Return the last day of a prescription: its end, else as far as what was handed out and its refills go."""
    dispense = content.get("dispenseRequest") or {}
    end = day((dispense.get("validityPeriod") or {}).get("end"), "dispenseRequest.validityPeriod.end")
    supply = dispense.get("expectedSupplyDuration") or {}
    days = DAYS_IN.get(supply.get("code") or supply.get("unit") or "d")
    if end or days is None or authored is None or not isinstance(supply.get("value"), int | float):
        return end
    times = 1 + dispense.get("numberOfRepeatsAllowed", 0)
    return authored.date() + timedelta(days=min(int(supply["value"] * days * times), MOST_SUPPLY_DAYS))


DAYS_IN = {"d": 1, "day": 1, "days": 1, "dag": 1, "dagar": 1, "wk": 7, "mo": 30, "a": 365}
"""Days in a UCUM unit of time; a month of supply is taken as the shorter 30 days."""
MOST_SUPPLY_DAYS = 3650


def _schedule(content: Content) -> Columns:
    actors = [reference_id(actor, "Practitioner") for actor in content["actor"]]
    roles = [code for code in (code_in(concept, codes.ROLE) for concept in content.get("serviceType", [])) if code]
    return {
        "practitioner_id": _required(next(filter(None, actors), None), "actor"),
        "role": _required(next(iter(roles), None), "serviceType"),
    }


def _slot(content: Content) -> Columns:
    return {
        "schedule_id": _required(reference_id(content["schedule"], "Schedule"), "schedule"),
        "status": content["status"],
        "starts_at": _required(instant(content["start"], "start"), "start"),
        "ends_at": _required(instant(content["end"], "end"), "end"),
        "modes": [
            code for code in (code_in(concept, codes.MODE) for concept in content.get("serviceType", [])) if code
        ],
    }


def _appointment(content: Content) -> Columns:
    actors = [participant.get("actor") for participant in content["participant"]]
    patients = {found for actor in actors if (found := reference_id(actor, "Patient"))}
    if len(patients) != 1:
        raise InvalidResourceError(problem="an appointment is for exactly one patient", expression="participant")
    slots = [reference_id(slot, "Slot") for slot in content.get("slot", [])]
    if len(slots) > 1:
        raise InvalidResourceError(problem="an appointment takes at most one slot", expression="slot")
    return {
        "patient_id": patients.pop(),
        "status": content["status"],
        "slot_id": next(iter(slots), None),
        "practitioner_id": next((found for actor in actors if (found := reference_id(actor, "Practitioner"))), None),
        "mode": code_in(content.get("appointmentType"), codes.MODE),
        "starts_at": instant(content.get("start"), "start"),
        "ends_at": instant(content.get("end"), "end"),
        "identifier": first_identifier(content),
        "hold_expires_at": instant(extension_value(content, codes.HOLD_EXPIRES, "valueInstant"), "extension"),
    }


def _task(content: Content) -> Columns:
    columns = {
        "patient_id": _required(reference_id(content.get("for"), "Patient"), "for"),
        "status": content["status"],
        "code": _required(code_in(content.get("code"), codes.TASK), "code"),
        "priority": content.get("priority", "routine"),
        "owner_id": reference_id(content.get("owner"), "Practitioner"),
        "focus": (content.get("focus") or {}).get("reference"),
        "identifier": first_identifier(content),
    }
    authored = instant(content.get("authoredOn"), "authoredOn")
    return columns | ({"authored_on": authored} if authored else {})


def _communication(content: Content) -> Columns:
    return {
        "patient_id": _subject(content),
        "status": content["status"],
        "category": first_code(next(iter(content.get("category", [])), None)),
        "sent": instant(content.get("sent"), "sent"),
        "identifier": first_identifier(content),
    }


def _questionnaire_response(content: Content) -> Columns:
    identifier = content.get("identifier")
    return {
        "patient_id": _subject(content),
        "status": content["status"],
        "questionnaire": content.get("questionnaire"),
        "authored": instant(content.get("authored"), "authored"),
        "identifier": first_identifier({"identifier": [identifier]}) if identifier else None,
    }


def _consent(content: Content) -> Columns:
    return {
        "patient_id": _required(reference_id(content.get("patient"), "Patient"), "patient"),
        "status": content["status"],
        "category": _required(first_code(content["category"][0]), "category"),
    }


def _provenance(content: Content) -> Columns:
    targets = [target.get("reference") for target in content["target"]]
    patients = [reference_id(entity.get("what"), "Patient") for entity in content.get("entity", [])]
    return {
        "target": _required(next(filter(None, targets), None), "target"),
        "patient_id": next(filter(None, patients), None),
        "recorded": _required(instant(content["recorded"], "recorded"), "recorded"),
    }


def _about_patient(content: Content) -> Columns:
    return {
        "patient_id": _subject(content),
        "status": _required(content.get("status") or content.get("lifecycleStatus"), "status"),
    }


def _device_of_patient(content: Content) -> Columns:
    return {"patient_id": reference_id(content.get("patient"), "Patient")}


def _subject(content: Content) -> str:
    patient_id: str = _required(reference_id(content.get("subject"), "Patient"), "subject")
    return patient_id


def _required(value: Any, field: str) -> Any:
    if value is None:
        raise InvalidResourceError(problem=f"{field} is missing", expression=field)
    return value


DERIVERS: dict[str, Callable[[Content], Columns]] = {
    "Patient": _patient,
    "Practitioner": _practitioner,
    "Observation": _observation,
    "Condition": _condition,
    "AllergyIntolerance": _allergy,
    "MedicationRequest": _medication_request,
    "Schedule": _schedule,
    "Slot": _slot,
    "Appointment": _appointment,
    "Task": _task,
    "Communication": _communication,
    "QuestionnaireResponse": _questionnaire_response,
    "Consent": _consent,
    "Provenance": _provenance,
    **dict.fromkeys(("Goal", "CarePlan", "CareTeam", "Flag"), _about_patient),
    "Device": _device_of_patient,
    "DeviceMetric": lambda _content: {"patient_id": None},
}
