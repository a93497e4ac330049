"""Finding, holding and booking times: never two in one slot, never lost, never doubled."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from assistant.records import repository, scheduling
from assistant.records.access import Actor
from assistant.records.database import session
from assistant.records.errors import (
    ConflictError,
    HoldExpiredError,
    InvalidResourceError,
    NotFoundError,
    SlotTakenError,
)
from assistant.records.fhir import codes
from assistant.records.models import Appointment, Slot
from assistant.records.models.base import utc_now
from assistant.settings import get_settings
from tests.assistant.records.conftest import ANNA, KARIN, REGION

CLIENTS = 50
BERTIL = Actor(id="bertil", role="patient", patient_id="bertil")


@pytest.fixture
def free(record: Session) -> list[Slot]:
    """Two free times of doctors with visits, in order."""
    slots = record.scalars(
        select(Slot)
        .where(Slot.status == "free", func.jsonb_exists(Slot.modes, "visit"))
        .order_by(Slot.starts_at, Slot.id)
    )
    return list(slots)[:2]


def hold(record: Session, slot: Slot, key: str = "k1", actor: Actor = ANNA, now: datetime | None = None) -> str:
    assert actor.patient_id
    stored = scheduling.hold(
        record, slot_id=slot.id, mode="visit", identifier=key, actor=actor, patient_id=actor.patient_id, now=now
    )
    return stored.id


def status(record: Session, slot: Slot) -> str:
    return record.scalars(select(Slot.status).where(Slot.id == slot.id)).one()


def found(record: Session, **filters: str) -> list[str]:
    start = utc_now()
    total, proposals = scheduling.find(record, start=start, end=start + timedelta(days=30), count=500, **filters)
    assert total == len(proposals)
    return [proposal["slot"][0]["reference"].removeprefix("Slot/") for proposal in proposals]


def test_found_times_are_free_and_fit(record: Session) -> None:
    offered = [record.get_one(Slot, slot_id) for slot_id in found(record, role="nurse", mode="video")]
    assert offered
    assert all(
        slot.status == "free" and "video" in slot.modes and slot.schedule_id == "schedule-nurse-sara"
        for slot in offered
    )


def test_the_patients_own_doctor_can_be_asked_for(record: Session) -> None:
    offered = found(record, role="doctor", practitioner_id="doctor-karin")
    assert offered
    assert all(slot_id.startswith("slot-doctor-karin-") for slot_id in offered)


def test_past_times_are_not_found(record: Session) -> None:
    now = utc_now()
    total, _ = scheduling.find(
        record, start=now, end=now + timedelta(days=60), now=now + timedelta(days=40), role="doctor"
    )
    assert total == 0


def test_a_held_time_is_found_by_nobody_until_it_expires(record: Session, free: list[Slot]) -> None:
    hold(record, free[0])
    assert status(record, free[0]) == "busy-tentative"
    assert free[0].id not in found(record)
    later = utc_now() + timedelta(minutes=get_settings().hold_minutes, seconds=1)
    assert scheduling.release_expired_holds(record, now=later) == 1
    assert status(record, free[0]) == "free"
    assert free[0].id in found(record)


def test_an_expired_hold_is_taken_over(record: Session, free: list[Slot]) -> None:
    mine = hold(record, free[0])
    later = utc_now() + timedelta(minutes=get_settings().hold_minutes, seconds=1)
    hold(record, free[0], key="k2", actor=BERTIL, now=later)
    with pytest.raises(HoldExpiredError):
        scheduling.book(record, actor=ANNA, patient_id="anna", appointment_id=mine, now=later)


def test_a_held_time_cannot_be_held_by_another(record: Session, free: list[Slot]) -> None:
    hold(record, free[0])
    with pytest.raises(SlotTakenError):
        hold(record, free[0], key="k2", actor=BERTIL)


def test_holding_again_with_the_same_key_is_the_same_hold(record: Session, free: list[Slot]) -> None:
    assert hold(record, free[0]) == hold(record, free[0])


def test_one_key_is_not_for_two_times_or_two_patients(record: Session, free: list[Slot]) -> None:
    hold(record, free[0])
    with pytest.raises(ConflictError):
        hold(record, free[1])
    with pytest.raises(ConflictError):
        hold(record, free[0], actor=BERTIL)


def test_holding_another_time_lets_the_first_go(record: Session, free: list[Slot]) -> None:
    hold(record, free[0])
    hold(record, free[1], key="k2")
    assert [status(record, slot) for slot in free] == ["free", "busy-tentative"]


def test_a_mode_the_time_does_not_offer_is_refused(record: Session) -> None:
    slot = record.scalars(select(Slot).where(~func.jsonb_exists(Slot.modes, "visit"))).first()
    assert slot
    with pytest.raises(InvalidResourceError):
        hold(record, slot)


def test_a_held_time_is_booked_once_however_often_confirmed(record: Session, free: list[Slot]) -> None:
    held = hold(record, free[0])
    booked = [scheduling.book(record, actor=ANNA, patient_id="anna", appointment_id=held) for _ in range(2)]
    assert {one.id for one in booked} == {held}
    assert booked[0].content["status"] == "booked"
    assert booked[1].version == booked[0].version
    assert status(record, free[0]) == "busy"


def test_a_time_is_booked_directly_once(record: Session, free: list[Slot]) -> None:
    ids = {
        scheduling.book(record, actor=ANNA, patient_id="anna", slot_id=free[0].id, mode="visit", identifier="direct").id
        for _ in range(2)
    }
    assert len(ids) == 1


def test_a_moved_appointment_frees_its_old_time(record: Session, free: list[Slot]) -> None:
    held = hold(record, free[0])
    scheduling.book(record, actor=ANNA, patient_id="anna", appointment_id=held)
    for _ in range(2):
        moved = scheduling.book(
            record, actor=ANNA, patient_id="anna", action="modify", appointment_id=held, slot_id=free[1].id
        )
    assert moved.id == held
    assert moved.content["start"] == free[1].starts_at.isoformat()
    assert [status(record, slot) for slot in free] == ["free", "busy"]


def test_a_cancelled_appointment_frees_its_time(record: Session, free: list[Slot]) -> None:
    held = hold(record, free[0])
    scheduling.book(record, actor=ANNA, patient_id="anna", appointment_id=held)
    for _ in range(2):
        gone = scheduling.book(record, actor=ANNA, patient_id="anna", action="cancel", appointment_id=held)
    assert gone.content["status"] == "cancelled"
    assert status(record, free[0]) == "free"


def test_another_patients_appointment_is_not_found(record: Session, free: list[Slot]) -> None:
    held = hold(record, free[0])
    with pytest.raises(NotFoundError):
        scheduling.book(record, actor=BERTIL, patient_id="bertil", action="cancel", appointment_id=held)


def test_staff_book_for_their_patient(record: Session, free: list[Slot]) -> None:
    booked = scheduling.book(
        record, actor=KARIN, patient_id="anna", slot_id=free[0].id, mode="visit", identifier="staff"
    )
    assert booked.content["participant"][0]["actor"]["reference"] == "Patient/anna"


class TestRace:
    """Many clients, one time; with real, committed transactions."""

    @pytest.fixture
    def contested(self, sql_engine: Engine) -> tuple[str, list[str]]:
        """One free time, so far ahead that no other test meets it, and a patient for each client."""
        mark = uuid4().hex[:8]
        start = datetime(2090, 1, 2, 9, tzinfo=UTC)
        patients = [f"race-{mark}-{number}" for number in range(CLIENTS)]
        with session() as db:
            staff = {
                "resourceType": "Practitioner",
                "id": f"race-{mark}",
                "name": [{"family": "Test", "given": ["Tävling"]}],
                "qualification": [{"code": {"coding": [{"system": codes.ROLE, "code": "doctor"}]}}],
            }
            calendar = {
                "resourceType": "Schedule",
                "id": f"race-{mark}",
                "serviceType": [{"coding": [{"system": codes.ROLE, "code": "doctor"}]}],
                "actor": [{"reference": f"Practitioner/race-{mark}"}],
            }
            slot = {
                "resourceType": "Slot",
                "id": f"race-{mark}",
                "schedule": {"reference": f"Schedule/race-{mark}"},
                "status": "free",
                "serviceType": [{"coding": [{"system": codes.MODE, "code": "visit"}]}],
                "start": start.isoformat(),
                "end": (start + timedelta(minutes=30)).isoformat(),
            }
            for content in (staff, calendar, slot):
                repository.insert(db, content, actor=REGION)
            repository.import_many(db, [{"resourceType": "Patient", "id": one} for one in patients], actor=REGION)
        return str(slot["id"]), patients

    def test_fifty_clients_get_exactly_one_booking(self, contested: tuple[str, list[str]]) -> None:
        slot_id, patients = contested
        start = Barrier(CLIENTS)

        def book(patient_id: str) -> bool:
            actor = Actor(id=patient_id, role="patient", patient_id=patient_id)
            start.wait()
            try:
                with session() as db:
                    scheduling.book(
                        db, actor=actor, patient_id=patient_id, slot_id=slot_id, mode="visit", identifier=patient_id
                    )
            except SlotTakenError:
                return False
            return True

        with ThreadPoolExecutor(CLIENTS) as pool:
            results = list(pool.map(book, patients))
        assert sum(results) == 1
        with session() as db:
            live = select(func.count()).select_from(Appointment).where(Appointment.slot_id == slot_id)
            assert db.scalar(live) == 1

    def test_one_client_that_repeats_itself_fifty_times_books_once(self, contested: tuple[str, list[str]]) -> None:
        slot_id, patients = contested
        actor = Actor(id=patients[0], role="patient", patient_id=patients[0])

        def book(_attempt: int) -> str:
            with session() as db:
                held = scheduling.hold(
                    db, slot_id=slot_id, mode="visit", identifier=patients[0], actor=actor, patient_id=actor.id
                )
            with session() as db:
                return scheduling.book(db, actor=actor, patient_id=actor.id, appointment_id=held.id).id

        with ThreadPoolExecutor(CLIENTS) as pool:
            assert len(set(pool.map(book, range(CLIENTS)))) == 1
