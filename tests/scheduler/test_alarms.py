"""Late check-ins become deviations, a silent round an alarm, and downtime no storm."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select, text
from structlog.testing import capture_logs

from assistant.records.database import session
from assistant.records.fhir import codes
from assistant.records.models import CheckIn, Recommendation, RoundFailure, Task
from scheduler import alarms, jobs, rounds, shard
from tests.scheduler.people import add_patient, add_reading, local, mornings

TODAY = date(2026, 11, 21)


def deviations(patient_id: str) -> list[Task]:
    with session() as db:
        return list(db.scalars(select(Task).where(Task.patient_id == patient_id, Task.code == "deviation")))


@pytest.fixture
def anna(care: str) -> str:
    with session() as db:
        return add_patient(db, checkin_time=time(7, 30))


class TestDeadline:
    def test_raises_one_deviation_for_a_check_in_that_is_late_and_closes_it_when_it_comes(self, anna: str) -> None:
        assert alarms.watch_check_ins(local(TODAY, 7, 44)) == 0
        for minute in (50, 51):
            assert alarms.watch_check_ins(local(TODAY, 7, minute)) == 1
        [task] = deviations(anna)
        assert (task.status, task.priority) == ("requested", "asap")
        rounds.run_round(local(TODAY, 8))
        assert alarms.watch_check_ins(local(TODAY, 8, 1)) == 0
        [task] = deviations(anna)
        assert task.status == "completed"

    def test_an_outage_is_one_alarm_and_no_tasks(self, anna: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(alarms, "OUTAGE_FROM", 1)
        with capture_logs() as logged:
            alarms.watch_check_ins(local(TODAY, 8))
        assert deviations(anna) == []
        assert [(one["event"], one["outage"]) for one in logged] == [("check_ins_late", True)]


class TestDeadMan:
    def test_alarms_when_no_round_has_run(self, care: str) -> None:
        now = local(TODAY, 7)
        rounds.defer_round(now)
        assert alarms.watch_rounds(now + timedelta(minutes=4))
        with capture_logs() as logged:
            assert not alarms.watch_rounds(now + timedelta(minutes=6))
        assert [(one["event"], one["silent_s"], one["log_level"]) for one in logged] == [("no_round", 360, "error")]
        assert not alarms.readiness(now + timedelta(minutes=6))["runs"]

    def test_readiness_tells_of_late_and_failing_patients(self, anna: str) -> None:
        detail = alarms.readiness(local(TODAY, 9))
        assert (detail["patients_late"], detail["shards_waiting"]) == (1, 0)


class TestCatchUp:
    def test_queues_no_more_than_the_workers_can_take_and_the_newest_first(
        self, care: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rounds, "MOST_SHARDS_WAITING", 2)
        for module in (rounds, shard):
            monkeypatch.setattr(module, "SHARD_SIZE", 1)
        with session() as db:
            by_hour = {hour: add_patient(db, checkin_time=time(hour)) for hour in (6, 7, 8, 9)}
        assert rounds.defer_round(local(TODAY, 12)) == 2
        with session() as db:
            queued = db.scalars(text("SELECT args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")).all()
            assert jobs.waiting(db) == 2
        assert [args["patient_ids"] for args in queued] == [[by_hour[9]], [by_hour[8]]]
        assert rounds.defer_round(local(TODAY, 12, 1)) == 0

    def test_a_check_in_that_comes_at_night_does_not_open_by_itself_but_the_rules_have_looked(self, anna: str) -> None:
        with session() as db:
            for at, value in mornings(TODAY, [61.4, 61.2, 61.1, 60.8, 60.6, 60.4]):
                add_reading(db, anna, codes.WEIGHT, value, at)
        rounds.run_round(local(TODAY, 22))
        with session() as db:
            assert db.scalars(select(CheckIn.state).where(CheckIn.patient_id == anna)).one() == "late"
            assert db.scalars(select(Recommendation.rule_id).where(Recommendation.patient_id == anna)).all()

    @pytest.mark.parametrize(
        ("now", "chosen", "quiet"),
        [
            (time(22), time(7, 30), True),
            (time(5, 59), time(4), False),
            (time(20, 59), time(7, 30), False),
            (time(3), time(7, 30), True),
        ],
    )
    def test_quiet_hours_give_way_to_a_time_that_was_chosen(self, now: time, chosen: time, quiet: bool) -> None:
        assert shard.is_quiet(now, chosen=chosen) == quiet


class TestSpread:
    @pytest.fixture
    def many(self, care: str) -> list[str]:
        with session() as db:
            return [add_patient(db, checkin_time=time(7, 30)) for _ in range(60)]

    @pytest.mark.parametrize("day", [TODAY, date(2027, 3, 28), date(2027, 10, 31)])
    def test_turns_are_spread_over_minutes_and_never_before_the_chosen_time(self, many: list[str], day: date) -> None:
        def queued(now: datetime) -> int:
            rounds.defer_round(now)
            with session() as db:
                waiting = db.scalars(text("SELECT args FROM procrastinate_jobs")).all()
            return sum(len(args["patient_ids"]) for args in waiting)

        counts = [queued(local(day, 7, minute)) for minute in (29, 30, 31, 32, 33)]
        assert counts == sorted(counts)
        assert counts[0] == 0
        assert 0 < counts[2] < 60
        assert counts[-1] == 60


class TestFailure:
    def test_is_noted_left_alone_for_a_while_and_forgotten_when_it_succeeds(self, care: str) -> None:
        with session() as db:
            bad = add_patient(db, tastes={"likes": [7]})
        result = rounds.run_round(local(TODAY, 8))
        assert (result.due, result.check_ins, result.failed) == (1, 0, 1)
        assert rounds.defer_round(local(TODAY, 8, 10)) == 0
        assert rounds.defer_round(local(TODAY, 8, 20)) == 1
        with session() as db:
            db.execute(text("UPDATE patient_settings SET tastes = '{}' WHERE patient_id = :id"), {"id": bad})
        assert rounds.run_round(local(TODAY, 8, 21)).check_ins == 1
        with session() as db:
            assert db.get(RoundFailure, bad) is None

    def test_everybody_comes_whatever_their_clock_says(self, anna: str) -> None:
        assert rounds.run_round(local(TODAY, 3), everybody=True).check_ins == 1
        assert rounds.run_round(local(TODAY, 8), everybody=True).check_ins == 0
