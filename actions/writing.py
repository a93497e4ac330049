"""What the assistant writes into the care record: readings that the patient has told, and errands for the clinic."""

from datetime import datetime
from typing import Literal

from actions.api import JSON
from actions.talk import Talk

TASK_CODES = "https://vigor.example/CodeSystem/task"
DAILY_CODES = "https://vigor.example/CodeSystem/daily"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
CATEGORIES = "http://terminology.hl7.org/CodeSystem/observation-category"
SLEEP = "93832-4"
SURVEYS = frozenset({SLEEP, "55758-7", "44261-6", "44260-8", "48545-8"})
"""LOINC codes of what the patient rates or tells rather than measures: sleep, PHQ-2, PHQ-9, its ninth item, GDS-15."""
QUESTIONNAIRES = "https://vigor.example/Questionnaire"
ORIGIN = "Berättat av patienten"
"""How the record and the clinic's pages show that a value was told in the talk, not sent by a device."""

OPEN = ("requested", "received", "accepted", "ready", "in-progress", "on-hold")
"""States of a Task that the clinic has not closed."""
Priority = Literal["routine", "urgent", "asap", "stat"]


async def open_task(
    talk: Talk, code: str, description: str, *, priority: Priority = "routine", key: str | None = None
) -> str:
    """Open a Task for the clinic about this patient and return its id; the same turn, or form, opens it once.

    `description` is what the clinic reads, in Swedish. `key` tells apart two Tasks of one code in one turn.
    """
    task = await talk.api.create(
        {
            "resourceType": "Task",
            "status": "requested",
            "intent": "order",
            "priority": priority,
            "code": {"coding": [{"system": TASK_CODES, "code": code}]},
            "description": description,
            "for": {"reference": f"Patient/{talk.patient['patient_id']}"},
            "authoredOn": talk.patient["now"],
        },
        key=f"{talk.key}-{key or code}",
    )
    return str(task["id"])


async def waits_already(talk: Talk, code: str, beginning: str = "") -> bool:
    """Tell whether the clinic has an open Task of this code about the patient, whose description begins like this.

    The Task of this very turn or form does not count: what is sent again after trouble is sent.
    """
    found = await talk.api.search("Task", code=code, status=",".join(OPEN), _count=50)
    others = [
        task for task in found if f"{talk.key}-{code}" not in (one["value"] for one in task.get("identifier", ()))
    ]
    return any(task.get("description", "").startswith(beginning) for task in others)


async def store_observation(talk: Talk, code: str, value: JSON, *, at: datetime | None = None, note: str = "") -> JSON:
    """Store what the patient has told and return the Observation as the record keeps it, once for a turn or form.

    `code` is LOINC when it begins with a digit, else our own. `value` is the FHIR value, such as {"valueInteger": 4}.
    `at` is when it was true; default now.
    """
    own = not code[0].isdigit()
    category = "survey" if own or code in SURVEYS else "vital-signs"
    observation = {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": CATEGORIES, "code": category}]}],
        "code": {"coding": [{"system": DAILY_CODES if own else LOINC, "code": code}]},
        "subject": {"reference": f"Patient/{talk.patient['patient_id']}"},
        "performer": [{"reference": f"Patient/{talk.patient['patient_id']}"}],
        "device": {"display": ORIGIN},
        "effectiveDateTime": at.isoformat() if at else talk.patient["now"],
        **value,
    }
    return await talk.api.create(observation | ({"note": [{"text": note}]} if note else {}), key=f"{talk.key}-{code}")


async def store_questionnaire(talk: Talk, name: str, items: list[tuple[str, str, int]]) -> str:
    """Store a QuestionnaireResponse of (item, its words, its points), once for a form, and return its id."""
    patient = {"reference": f"Patient/{talk.patient['patient_id']}"}
    response = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{QUESTIONNAIRES}/{name}",
        "status": "completed",
        "subject": patient,
        "source": patient,
        "author": {"type": "Device", "display": ORIGIN},
        "authored": talk.patient["now"],
        "item": [
            {"linkId": number, "text": words, "answer": [{"valueInteger": points}]} for number, words, points in items
        ],
    }
    stored = await talk.api.create(response, key=f"{talk.key}-{name}")
    return str(stored["id"])


def quantity(value: float, unit: str) -> JSON:
    """Return a FHIR quantity in a UCUM unit."""
    return {"valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit}}
