"""The demo: five patients, their staff, their orders, free times, and readings that end today.

Personnummer follow the Swedish Tax Agency's published series for tests (birth numbers 980-989 for people born before
1990), so they belong to nobody. Nothing here is about a real person.
"""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from assistant.records import repository
from assistant.records.access import Actor
from assistant.records.database import session
from assistant.records.demo_readings import readings
from assistant.records.fhir import codes
from assistant.records.fhir.content import Content
from assistant.records.models import (
    CareRelation,
    CheckIn,
    Conversation,
    MedicationRequest,
    Observation,
    PatientSettings,
    ResourceVersion,
)
from assistant.records.models.base import utc_now
from assistant.settings import get_settings

IMPORTER = Actor(id="demo", role="system")
CHECKIN_TIME = time(7, 30)
LEAD = timedelta(minutes=10)
"""How long before a demo that starts earlier than the usual check-in the check-in is due."""
EVENING = time(21)
"""A demo that starts later has its check-in shortly before, as one that is late wakes nobody at night."""
SLOT_DAYS = 21
SLOT_LENGTH = timedelta(minutes=30)


class Staff(NamedTuple):
    """A member of staff; `patients` are those with whom they have a care relation."""

    id: str
    hsa_id: str
    given: str
    family: str
    role: str
    title: str
    patients: tuple[str, ...]


class Order(NamedTuple):
    """A medicine as ordered: name, ATC code, strength, how to take it, and how many days ago it was started."""

    name: str
    atc: str
    strength: float
    unit: str
    times_a_day: int
    text: str
    started_days_ago: int


class Person(NamedTuple):
    """A demo patient."""

    id: str
    given: str
    family: str
    gender: str
    born: date
    personnummer: str
    doctor: str
    height_cm: int
    conditions: tuple[tuple[str, str], ...]
    orders: tuple[Order, ...]
    settings: dict[str, Any]


STAFF = (
    Staff(
        "doctor-karin", "SE2321000131-E000000000101", "Karin", "Holm", "doctor", "läkare", ("anna", "bertil", "david")
    ),
    Staff("doctor-erik", "SE2321000131-E000000000102", "Erik", "Nyström", "doctor", "läkare", ("cecilia", "elsa")),
    Staff(
        "nurse-sara",
        "SE2321000131-E000000000103",
        "Sara",
        "Lind",
        "nurse",
        "sjuksköterska",
        ("anna", "bertil", "cecilia", "david", "elsa"),
    ),
    Staff("editor-eva", "SE2321000131-E000000000104", "Eva", "Berg", "editor", "redaktör", ()),
    Staff("reviewer-maria", "SE2321000131-E000000000105", "Maria", "Sand", "reviewer", "medicinsk granskare", ()),
)

DAILY_PRESSURE_AND_WEIGHT = {codes.WEIGHT: 7, codes.BLOOD_PRESSURE: 14}

PEOPLE = (
    Person(
        id="anna",
        given="Anna",
        family="Lundqvist",
        gender="female",
        born=date(1941, 5, 12),
        personnummer="194105129805",
        doctor="doctor-karin",
        height_cm=163,
        conditions=(("I10", "Högt blodtryck"),),
        orders=(
            Order("Amlodipin", "C08CA01", 5, "mg", 1, "1 tablett på morgonen", 500),
            Order("Ramipril", "C09AA05", 5, "mg", 1, "1 tablett på morgonen", 720),
        ),
        settings={"tastes": {"likes": ["jordgubbar"], "dislikes": [], "allergies": []}},
    ),
    Person(
        id="bertil",
        given="Bertil",
        family="Ek",
        gender="male",
        born=date(1954, 2, 17),
        personnummer="195402179815",
        doctor="doctor-karin",
        height_cm=178,
        conditions=(("I50.9", "Hjärtsvikt"),),
        orders=(
            Order("Furosemid", "C03CA01", 40, "mg", 1, "1 tablett på morgonen", 420),
            Order("Metoprolol", "C07AB02", 50, "mg", 1, "1 tablett på morgonen", 420),
        ),
        settings={"limits": {"fluid_restriction": True}},
    ),
    Person(
        id="cecilia",
        given="Cecilia",
        family="Åberg",
        gender="female",
        born=date(1958, 8, 23),
        personnummer="195808239809",
        doctor="doctor-erik",
        height_cm=168,
        conditions=(("E11.9", "Diabetes typ 2"), ("I10", "Högt blodtryck")),
        orders=(
            Order("Metformin", "A10BA02", 500, "mg", 2, "1 tablett morgon och kväll", 900),
            Order("Losartan", "C09CA01", 50, "mg", 1, "1 tablett på morgonen", 800),
        ),
        settings={"agreed_readings": {**DAILY_PRESSURE_AND_WEIGHT, codes.GLUCOSE: 7}},
    ),
    Person(
        id="david",
        given="David",
        family="Sjögren",
        gender="male",
        born=date(1947, 4, 9),
        personnummer="194704099813",
        doctor="doctor-karin",
        height_cm=175,
        conditions=(("J44.9", "KOL"), ("J22", "Luftvägsinfektion")),
        orders=(
            Order("Tiotropium", "R03BB04", 18, "ug", 1, "1 inhalation på morgonen", 640),
            Order("Doxycyklin", "J01AA02", 100, "mg", 1, "1 tablett om dagen", 3),
        ),
        settings={"limits": {"spo2_scale": 2}, "agreed_readings": {**DAILY_PRESSURE_AND_WEIGHT, codes.SPO2: 7}},
    ),
    Person(
        id="elsa",
        given="Elsa",
        family="Wikström",
        gender="female",
        born=date(1936, 6, 30),
        personnummer="193606309809",
        doctor="doctor-erik",
        height_cm=160,
        conditions=(),
        orders=(),
        settings={"style": "brief"},
    ),
)

DOCTOR_TIMES = (time(9), time(9, 30), time(10, 30), time(13), time(13, 30), time(14, 30))
NURSE_TIMES = (time(8, 30), time(9, 30), time(11), time(13, 30), time(15))
MODES = (("visit", "phone", "video"), ("visit",), ("phone", "video"))


def seed(now: datetime | None = None) -> None:
    """Write the demo into the record. Again the same day it changes nothing; on a later day the readings move along."""
    moment = (now or utc_now()).astimezone(UTC)
    with session() as db:
        seed_into(db, now=moment)


def seed_into(db: Session, *, now: datetime) -> None:
    """Write the demo in a transaction of the caller's."""
    repository.import_many(db, [_practitioner(one) for one in STAFF], actor=IMPORTER, now=now)
    _seed_times(db, now, get_settings().zone)
    for person in PEOPLE:
        _seed_person(db, person, now)


def untouched_anna(db: Session, *, now: datetime) -> str:
    """Return the id of an Anna whose morning nobody has begun today: the first one, else a new twin of hers."""
    today = now.astimezone(get_settings().zone).date()
    begun = set(
        db.scalars(select(CheckIn.patient_id).where(CheckIn.local_date == today, CheckIn.state != "ready"))
    ) | set(db.scalars(select(Conversation.patient_id).where(Conversation.last_seq > 0)))
    twin = next(person for number in itertools.count(1) if (person := _anna(number)).id not in begun)
    _seed_person(db, twin, now)
    return twin.id


def _anna(number: int) -> Person:
    """Return the first Anna or one of her twins, born some days later so that each has a test number of her own."""
    first = PEOPLE[0]
    if number == 1:
        return first
    born = first.born + timedelta(days=number - 1)
    digits = f"{born:%y%m%d}980"
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits)]
    check = -sum(product // 10 + product % 10 for product in doubled) % 10
    return first._replace(id=f"anna-{number}", born=born, personnummer=f"{born:%Y%m%d}980{check}")


def _seed_person(db: Session, person: Person, now: datetime) -> None:
    zone = get_settings().zone
    repository.import_many(db, [_patient(person)], actor=IMPORTER, now=now)
    repository.import_many(db, _conditions(person), actor=IMPORTER, now=now)
    _seed_relations(db, person, now)
    _seed_orders(db, person, now)
    _seed_settings(db, person, now.astimezone(zone))
    _seed_readings(db, person, now, zone)


def _seed_relations(db: Session, person: Person, now: datetime) -> None:
    """Relate the person to the staff who care for her, or for the one she is a twin of."""
    for staff in STAFF:
        cared_for = person.id.partition("-")[0] in staff.patients
        if cared_for and db.get(CareRelation, (person.id, staff.id)) is None:
            db.add(CareRelation(patient_id=person.id, practitioner_id=staff.id, since=now - timedelta(days=365)))
    db.flush()


def _seed_settings(db: Session, person: Person, now: datetime) -> None:
    """Write the patient's choices, with a check-in time that has passed, so that there is a morning to live through."""
    existing = db.get(PatientSettings, person.id)
    usual = existing.checkin_time if existing else CHECKIN_TIME
    shortly_before = max(now - LEAD, now.replace(hour=0, minute=0, second=0)).time()
    due = usual if usual <= now.time() < EVENING else shortly_before
    if existing:
        existing.checkin_time = due.replace(second=0, microsecond=0)
        return
    choices = {"agreed_readings": DAILY_PRESSURE_AND_WEIGHT, **person.settings}
    db.add(
        PatientSettings(
            patient_id=person.id,
            call_name=person.given,
            doctor_id=person.doctor,
            checkin_time=due.replace(second=0, microsecond=0),
            **choices,
        )
    )


def _seed_readings(db: Session, person: Person, now: datetime, zone: ZoneInfo) -> None:
    """Replace yesterday's telling of the story; the rest of the record stays."""
    theirs = Observation.identifier.startswith(f"{codes.READING_ID}|demo-{person.id}-")
    newest = db.scalar(select(func.max(Observation.effective_at)).where(theirs))
    if newest and newest.astimezone(zone).date() < now.astimezone(zone).date():
        old = select(Observation.id).where(theirs)
        db.execute(
            delete(ResourceVersion).where(
                ResourceVersion.resource_type == "Observation", ResourceVersion.resource_id.in_(old)
            )
        )
        db.execute(delete(Observation).where(theirs))
    height = _height(person, now)
    repository.import_many(db, [height, *readings(person.id, now=now, zone=zone)], actor=IMPORTER, now=now)


def _seed_orders(db: Session, person: Person, now: datetime) -> None:
    for order in person.orders:
        content = _order(person, order, now)
        if db.get(MedicationRequest, content["id"]) is None:
            repository.insert(db, content, actor=IMPORTER, now=now)


def _seed_times(db: Session, now: datetime, zone: ZoneInfo) -> None:
    today = now.astimezone(zone).date()
    for staff in STAFF:
        if staff.role in ("doctor", "nurse"):
            repository.import_many(db, [_schedule(staff)], actor=IMPORTER, now=now)
            repository.import_many(db, _slots(staff, today, zone), actor=IMPORTER, now=now)


def _practitioner(staff: Staff) -> Content:
    concept = {"coding": [{"system": codes.ROLE, "code": staff.role}], "text": staff.title}
    return {
        "resourceType": "Practitioner",
        "id": staff.id,
        "identifier": [{"system": codes.HSA_ID, "value": staff.hsa_id}],
        "name": [{"family": staff.family, "given": [staff.given]}],
        "qualification": [{"code": concept}],
    }


def _patient(person: Person) -> Content:
    return {
        "resourceType": "Patient",
        "id": person.id,
        "identifier": [{"system": codes.PERSONNUMMER, "value": person.personnummer}],
        "active": True,
        "name": [{"use": "official", "family": person.family, "given": [person.given]}],
        "gender": person.gender,
        "birthDate": person.born.isoformat(),
        "generalPractitioner": [{"reference": f"Practitioner/{person.doctor}"}],
    }


def _conditions(person: Person) -> list[Content]:
    return [
        {
            "resourceType": "Condition",
            "id": f"{person.id}-{code.lower().replace('.', '-')}",
            "clinicalStatus": {"coding": [{"system": codes.CONDITION_CLINICAL, "code": "active"}]},
            "code": {"coding": [{"system": codes.ICD10_SE, "code": code}], "text": name},
            "subject": {"reference": f"Patient/{person.id}"},
        }
        for code, name in person.conditions
    ]


def _order(person: Person, order: Order, now: datetime) -> Content:
    strength = f"{order.strength:g}".replace(".", ",")
    dose = {"value": order.strength, "unit": order.unit, "system": codes.UCUM, "code": order.unit}
    return {
        "resourceType": "MedicationRequest",
        "id": f"{person.id}-{order.name.lower()}",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {
            "coding": [{"system": codes.ATC, "code": order.atc, "display": order.name}],
            "text": f"{order.name} {strength} {order.unit}",
        },
        "subject": {"reference": f"Patient/{person.id}"},
        "authoredOn": (now - timedelta(days=order.started_days_ago)).isoformat(),
        "requester": {"reference": f"Practitioner/{person.doctor}"},
        "dosageInstruction": [
            {
                "text": order.text,
                "timing": {"repeat": {"frequency": order.times_a_day, "period": 1, "periodUnit": "d"}},
                "doseAndRate": [{"doseQuantity": dose}],
            }
        ],
    }


def _height(person: Person, now: datetime) -> Content:
    return {
        "resourceType": "Observation",
        "identifier": [{"system": codes.READING_ID, "value": f"{person.id}-height"}],
        "status": "final",
        "code": {"coding": [{"system": codes.LOINC, "code": codes.HEIGHT}]},
        "subject": {"reference": f"Patient/{person.id}"},
        "effectiveDateTime": (now - timedelta(days=200)).isoformat(),
        "valueQuantity": {"value": person.height_cm, "unit": "cm", "system": codes.UCUM, "code": "cm"},
    }


def _schedule(staff: Staff) -> Content:
    return {
        "resourceType": "Schedule",
        "id": f"schedule-{staff.id}",
        "active": True,
        "serviceType": [{"coding": [{"system": codes.ROLE, "code": staff.role}]}],
        "actor": [{"reference": f"Practitioner/{staff.id}", "display": f"{staff.given} {staff.family}"}],
    }


def _slots(staff: Staff, today: date, zone: ZoneInfo) -> list[Content]:
    """Free times on the weekdays of the coming three weeks; which modes a time offers goes round."""
    times = DOCTOR_TIMES if staff.role == "doctor" else NURSE_TIMES
    found = []
    for day in (today + timedelta(days=ahead) for ahead in range(1, SLOT_DAYS + 1)):
        if day.weekday() < 5:
            for place, at in enumerate(times):
                start = datetime.combine(day, at, zone)
                found.append(_slot(staff, start, MODES[(place + day.toordinal()) % len(MODES)]))
    return found


def _slot(staff: Staff, start: datetime, modes: tuple[str, ...]) -> Content:
    return {
        "resourceType": "Slot",
        "id": f"slot-{staff.id}-{start:%Y%m%d-%H%M}",
        "schedule": {"reference": f"Schedule/schedule-{staff.id}"},
        "status": "free",
        "serviceType": [
            {"coding": [{"system": codes.MODE, "code": mode, "display": codes.MODES[mode]}]} for mode in modes
        ],
        "start": start.isoformat(),
        "end": (start + SLOT_LENGTH).isoformat(),
    }
