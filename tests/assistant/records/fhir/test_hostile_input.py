"""Whatever is sent, the record answers with a refusal, never with a failure of its own."""

from contextlib import suppress
from copy import deepcopy
from itertools import product
from typing import Any

import pytest

from assistant.records.errors import InvalidResourceError
from assistant.records.fhir import checks, codes
from assistant.records.fhir.columns import derive
from assistant.records.models.base import utc_now
from tests.assistant.records.conftest import order, weight

PATIENT = {"reference": "Patient/anna"}
CONCEPT = {"coding": [{"system": codes.ROLE, "code": "doctor"}], "text": "x"}
TIMES = {"start": "2026-12-01T09:00:00+01:00", "end": "2026-12-01T09:30:00+01:00"}

SOUND: list[dict[str, Any]] = [
    weight(),
    order(),
    {
        "resourceType": "Patient",
        "identifier": [{"system": codes.PERSONNUMMER, "value": "194105129805"}],
        "name": [{"family": "A", "given": ["B"]}],
        "gender": "female",
        "birthDate": "1941-05-12",
        "active": True,
    },
    {"resourceType": "Practitioner", "name": [{"family": "A"}], "qualification": [{"code": CONCEPT}]},
    {"resourceType": "Condition", "code": CONCEPT, "subject": PATIENT, "clinicalStatus": CONCEPT},
    {"resourceType": "AllergyIntolerance", "code": CONCEPT, "patient": PATIENT},
    {"resourceType": "Schedule", "serviceType": [CONCEPT], "actor": [{"reference": "Practitioner/x"}]},
    {"resourceType": "Slot", "status": "free", "schedule": {"reference": "Schedule/x"}, **TIMES},
    {
        "resourceType": "Appointment",
        "status": "booked",
        "slot": [{"reference": "Slot/x"}],
        "participant": [{"actor": PATIENT, "status": "accepted", "type": [CONCEPT]}],
        "appointmentType": CONCEPT,
        "extension": [{"url": codes.HOLD_EXPIRES, "valueInstant": TIMES["start"]}],
        **TIMES,
    },
    {
        "resourceType": "Task",
        "status": "requested",
        "intent": "order",
        "priority": "urgent",
        "code": {"coding": [{"system": codes.TASK, "code": "alert"}]},
        "for": PATIENT,
        "focus": PATIENT,
        "authoredOn": TIMES["start"],
    },
    {"resourceType": "Communication", "status": "completed", "category": [CONCEPT], "subject": PATIENT},
    {
        "resourceType": "Consent",
        "status": "active",
        "scope": CONCEPT,
        "category": [CONCEPT],
        "patient": PATIENT,
        "policyRule": CONCEPT,
    },
    {
        "resourceType": "Provenance",
        "target": [PATIENT],
        "recorded": TIMES["start"],
        "agent": [{"who": {"display": "x"}}],
        "entity": [{"role": "source", "what": PATIENT}],
    },
]

JUNK: list[Any] = [
    None,
    "",
    " ",
    "x",
    "Patient/",
    "\x00",
    "\ud83d\ude00",
    0,
    -1,
    10**30,
    1e308,
    True,
    [],
    {},
    [None],
    [[]],
    [{}],
    {"a": 1},
]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """All places in a resource that can be overwritten."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, part in inner for place in [(*path, key), *places(part, (*path, key))]]


def overwritten(content: dict[str, Any], place: tuple[Any, ...], junk: Any) -> dict[str, Any]:
    changed: Any = deepcopy(content)
    holder = changed
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = junk
    return dict(changed)


@pytest.mark.parametrize("content", SOUND, ids=lambda one: one["resourceType"])
def test_a_sound_resource_is_taken(content: dict[str, Any]) -> None:
    derive(checks.prepare(content, now=utc_now()))


@pytest.mark.parametrize("content", SOUND, ids=lambda one: one["resourceType"])
def test_junk_anywhere_is_taken_or_refused(content: dict[str, Any]) -> None:
    anywhere = [place for place in places(content) if place != ("resourceType",)]
    for place, junk in product(anywhere, JUNK):
        with suppress(InvalidResourceError):
            derive(checks.prepare(overwritten(content, place, junk), now=utc_now()))
