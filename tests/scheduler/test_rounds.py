"""Who gets a check-in when, and what is in it."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from assistant.records.database import session
from assistant.records.fhir import codes
from assistant.records.models import CheckIn, MedicationRequest, Provenance, Recommendation, Task
from scheduler import rounds
from tests.scheduler.people import add_patient, add_pressure, add_reading, annas_morning, local, mornings

TODAY = date(2026, 11, 21)
MORNING = local(TODAY, 8)


def check_ins(db: Session, patient_id: str) -> list[CheckIn]:
    return list(db.scalars(select(CheckIn).where(CheckIn.patient_id == patient_id).order_by(CheckIn.local_date)))


def recommendations(db: Session, patient_id: str) -> list[Recommendation]:
    return list(db.scalars(select(Recommendation).where(Recommendation.patient_id == patient_id)))


class TestAnnasMorning:
    @pytest.fixture
    def anna(self, care: str) -> str:
        with session() as db:
            anna = annas_morning(db, TODAY)
        rounds.run_round(MORNING)
        return anna

    def test_says_weight_then_pressure_then_offer(self, anna: str) -> None:
        with session() as db:
            [check_in] = check_ins(db, anna)
            said = [db.get_one(Recommendation, one) for one in check_in.content["recommendation_ids"]]
        assert [(one.rule_id, one.level, one.state) for one in said] == [
            ("weight-loss-5d", "advise", "shown"),
            ("pressure-falling-on-treatment", "propose", "proposed"),
            ("three-signals-visit", "offer", "open"),
        ]
        assert "näringsdryck med smak av jordgubb" in said[0].text["sv"]
        assert "från 61,4 kg till 60,4 kg" in said[0].text["sv"]
        assert "Fortsätt ta dina mediciner som vanligt" in said[1].text["sv"]
        assert said[2].text["sv"].endswith("Vill du att jag hjälper dig att boka en tid med din läkare?")

    def test_greets_and_tells_how_she_slept(self, anna: str) -> None:
        with session() as db:
            [check_in] = check_ins(db, anna)
        assert check_in.content["opening"]["sv"] == "God morgon, Anna!"
        assert check_in.content["sleep"]["sv"] == "Du sov gott i natt, 7 timmar och 40 minuter."

    def test_proposes_to_her_doctor_and_orders_nothing(self, anna: str) -> None:
        with session() as db:
            proposal = db.scalars(
                select(MedicationRequest).where(
                    MedicationRequest.patient_id == anna, MedicationRequest.intent == "proposal"
                )
            ).one()
            task = db.scalars(select(Task).where(Task.patient_id == anna)).one()
            provenance = db.scalars(
                select(Provenance).where(Provenance.target == f"MedicationRequest/{proposal.id}")
            ).one()
            [recommendation] = [one for one in recommendations(db, anna) if one.level == "propose"]
        assert (proposal.status, proposal.signature_id) == ("draft", None)
        assert "Amlodipin 5 mg, Ramipril 5 mg" in proposal.content["medicationCodeableConcept"]["text"]
        assert "dosageInstruction" not in proposal.content
        assert (task.code, task.status, task.focus) == (
            "medication-proposal",
            "requested",
            f"MedicationRequest/{proposal.id}",
        )
        assert task.owner_id is not None
        assert recommendation.task_id == task.id
        assert provenance.content["agent"][0]["type"]["coding"][0]["code"] == "assembler"

    def test_keeps_the_readings_it_used(self, anna: str) -> None:
        with session() as db:
            by_rule = {one.rule_id: one for one in recommendations(db, anna)}
        assert [one["value"] for one in by_rule["weight-loss-5d"].inputs] == [61.4, 61.2, 61.1, 60.8, 60.6, 60.4]
        pressure = by_rule["pressure-falling-on-treatment"].inputs
        assert {"label": "Blodtryck", "value": "118/70", "unit": "mm Hg"}.items() <= pressure[-1].items()
        assert {one["label"] for one in by_rule["three-signals-visit"].inputs} == {"Vikt", "Blodtryck", "Mående"}

    def test_proposes_no_second_time_while_one_is_open(self, anna: str) -> None:
        with session() as db:
            for at, value in mornings(TODAY + timedelta(days=1), [117]):
                add_pressure(db, anna, value, 69, at)
        rounds.run_round(MORNING + timedelta(days=1))
        with session() as db:
            assert len(check_ins(db, anna)) == 2
            assert [one.rule_id for one in recommendations(db, anna) if one.level == "propose"] == [
                "pressure-falling-on-treatment"
            ]

    def test_tells_a_decision_she_has_not_seen(self, anna: str) -> None:
        with session() as db:
            [proposal] = [one for one in recommendations(db, anna) if one.level == "propose"]
            proposal.state, proposal.decided_at, proposal.told_at = "approved", MORNING + timedelta(hours=3), MORNING
        rounds.run_round(MORNING + timedelta(days=1))
        with session() as db:
            assert check_ins(db, anna)[1].content["decision_ids"] == [proposal.id]


class TestWhoIsDue:
    def test_comes_at_the_time_they_chose(self, care: str) -> None:
        with session() as db:
            patient = add_patient(db, checkin_time=time(7, 30))
        rounds.run_round(local(TODAY, 7, 29))
        with session() as db:
            assert check_ins(db, patient) == []
        rounds.run_round(local(TODAY, 7, 30))
        with session() as db:
            assert len(check_ins(db, patient)) == 1

    def test_comes_once_a_day(self, care: str) -> None:
        with session() as db:
            patient = add_patient(db)
        for hour in (8, 9, 23):
            rounds.run_round(local(TODAY, hour))
        rounds.run_round(local(TODAY + timedelta(days=1), 8))
        with session() as db:
            assert [one.local_date for one in check_ins(db, patient)] == [TODAY, TODAY + timedelta(days=1)]

    def test_follows_the_clock_where_the_patient_is(self, care: str) -> None:
        with session() as db:
            abroad = add_patient(db, timezone="America/New_York", checkin_time=time(7, 30))
        rounds.run_round(datetime(2026, 11, 21, 12, 29, tzinfo=UTC))
        with session() as db:
            assert check_ins(db, abroad) == []
        rounds.run_round(datetime(2026, 11, 21, 12, 30, tzinfo=UTC))
        with session() as db:
            assert [one.due_at for one in check_ins(db, abroad)] == [datetime(2026, 11, 21, 12, 30, tzinfo=UTC)]

    def test_uses_their_own_date_across_the_date_line(self, care: str) -> None:
        with session() as db:
            east = add_patient(db, timezone="Pacific/Auckland", checkin_time=time(7, 30))
        rounds.run_round(datetime(2026, 11, 21, 19, 0, tzinfo=UTC))
        with session() as db:
            assert [one.local_date for one in check_ins(db, east)] == [date(2026, 11, 22)]

    def test_pause_and_switching_off_are_respected(self, care: str) -> None:
        with session() as db:
            paused = add_patient(db, paused_until=TODAY + timedelta(days=1))
            off = add_patient(db, checkins_enabled=False)
        rounds.run_round(local(TODAY, 12))
        with session() as db:
            assert check_ins(db, paused) == check_ins(db, off) == []
        rounds.run_round(local(TODAY + timedelta(days=1), 12))
        with session() as db:
            assert len(check_ins(db, paused)) == 1

    def test_unknown_time_zone_falls_back_and_harms_nobody(self, care: str) -> None:
        with session() as db:
            lost, other = add_patient(db, timezone="Mars/Olympus"), add_patient(db)
        rounds.run_round(MORNING)
        with session() as db:
            assert len(check_ins(db, lost)) == len(check_ins(db, other)) == 1

    def test_named_patients_come_whatever_their_clock_says(self, care: str) -> None:
        with session() as db:
            early, other = add_patient(db), add_patient(db)
        for _ in range(2):
            rounds.run_round(local(TODAY, 3), patient_ids=[early])
        with session() as db:
            assert (len(check_ins(db, early)), len(check_ins(db, other))) == (1, 0)


class TestDaylightSaving:
    @pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
    @pytest.mark.parametrize("chosen", [time(2, 30), time(7, 30)])
    def test_comes_exactly_once_on_the_days_clocks_change(self, care: str, day: date, chosen: time) -> None:
        with session() as db:
            patient = add_patient(db, checkin_time=chosen)
        midnight = local(day, 0).astimezone(UTC)
        for half_hours in range(46 if day.month == 3 else 50):
            rounds.run_round(midnight + timedelta(minutes=30 * half_hours))
        with session() as db:
            [check_in] = check_ins(db, patient)
        assert check_in.local_date == day
        if chosen == time(7, 30):
            assert check_in.due_at == local(day, 7, 30)

    @pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
    def test_counts_calendar_days_and_not_hours(self, care: str, day: date) -> None:
        with session() as db:
            patient = add_patient(db)
            for at, value in mornings(day, [61.4, 61.2, 61.1, 60.8, 60.6, 60.4]):
                add_reading(db, patient, codes.WEIGHT, value, at)
        rounds.run_round(local(day, 8))
        with session() as db:
            [advice] = recommendations(db, patient)
        assert [one["value"] for one in advice.inputs] == [61.4, 61.2, 61.1, 60.8, 60.6, 60.4]


class TestTwoRoundsAtOnce:
    def test_write_one_check_in_each(self, care: str) -> None:
        with session() as db:
            patients = [annas_morning(db, TODAY) for _ in range(3)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(rounds.run_round, [MORNING] * 4))
        with session() as db:
            for patient in patients:
                assert len(check_ins(db, patient)) == 1
                assert len(recommendations(db, patient)) == 3
                tasks = db.scalar(select(func.count()).select_from(Task).where(Task.patient_id == patient))
                assert tasks == 1

    def test_queue_each_patient_once(self, care: str) -> None:
        with session() as db:
            patients = {add_patient(db) for _ in range(7)}
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(rounds.defer_round, [MORNING] * 4))
        with session() as db:
            queued = db.scalars(text("SELECT args FROM procrastinate_jobs WHERE status = 'todo'")).all()
        waiting = [one for args in queued for one in args["patient_ids"]]
        assert sorted(waiting) == sorted(patients), json.dumps(waiting)


def test_missing_sleep_is_said_to_be_missing(care: str) -> None:
    with session() as db:
        patient = add_patient(db)
        add_reading(db, patient, codes.SLEEP, 8, local(TODAY - timedelta(days=1), 6))
    rounds.run_round(MORNING)
    with session() as db:
        [check_in] = check_ins(db, patient)
    assert check_in.content["sleep"]["sv"] == "Jag vet inte hur du sov i natt."
