"""Later in the day: a check-in without an answer is repeated once, then told of; a pause hides no missing reading."""

from datetime import date, timedelta

from sqlalchemy import select

from assistant.records import conversations
from assistant.records.database import session
from assistant.records.fhir import codes
from assistant.records.models import CheckIn, Recommendation, Task
from scheduler import rounds, second_look
from tests.scheduler.people import add_patient, add_reading, local

TODAY = date(2026, 11, 21)
MORNING, NOON, EVENING = local(TODAY, 8), local(TODAY, 12), local(TODAY, 16)


def notices(patient_id: str) -> list[str]:
    with session() as db:
        conversation = conversations.conversation_of(db, patient_id=patient_id)
        said = conversations.messages_since(db, conversation_id=conversation.id, seq=0)
        return [one.text for one in said if one.kind == "notice"]


def alerts(patient_id: str) -> list[tuple[str, str]]:
    with session() as db:
        rows = db.execute(
            select(Recommendation.rule_id, Task.code)
            .join(Task, Task.id == Recommendation.task_id)
            .where(Recommendation.patient_id == patient_id)
        )
        return [(rule, code) for rule, code in rows]


def test_a_check_in_without_an_answer_is_repeated_once_and_then_told_of_once(care: str) -> None:
    with session() as db:
        silent = add_patient(db)
    rounds.run_round(MORNING)
    second_look.take(MORNING + timedelta(hours=2))
    assert notices(silent) == []
    second_look.take(NOON)
    second_look.take(NOON + timedelta(minutes=1))
    assert notices(silent) == ["Hej igen, Anna! Jag har inte hört av dig i dag. Hur mår du? Ett ord räcker."]
    assert alerts(silent) == []
    second_look.take(EVENING)
    second_look.take(EVENING + timedelta(minutes=1))
    assert alerts(silent) == [("check-in-unanswered", "alert")]
    assert len(notices(silent)) == 2


def test_who_answers_is_not_asked_again(care: str) -> None:
    with session() as db:
        awake = add_patient(db)
    rounds.run_round(MORNING)
    with session() as db:
        check_in = db.scalars(select(CheckIn).where(CheckIn.patient_id == awake)).one()
        check_in.state, check_in.opened_at = "opened", MORNING
    second_look.take(NOON)
    second_look.take(EVENING)
    assert (notices(awake), alerts(awake)) == ([], [])


def test_who_answers_the_repeated_greeting_raises_no_alert(care: str) -> None:
    with session() as db:
        late = add_patient(db)
    rounds.run_round(MORNING)
    second_look.take(NOON)
    with session() as db:
        check_in = db.scalars(select(CheckIn).where(CheckIn.patient_id == late)).one()
        check_in.state, check_in.opened_at = "opened", NOON + timedelta(hours=1)
    second_look.take(EVENING)
    assert alerts(late) == []


def test_a_pause_stops_greetings_but_no_alert_about_missing_readings(care: str) -> None:
    day = TODAY + timedelta(days=1)  # the look at paused patients is once a day, whichever test comes first
    with session() as db:
        agreed = {"paused_until": day + timedelta(days=9), "agreed_readings": {codes.WEIGHT: 7}}
        missing, weighed = add_patient(db, **agreed), add_patient(db, **agreed)
        add_reading(db, missing, codes.WEIGHT, 70.0, local(day - timedelta(days=4), 7))
        add_reading(db, weighed, codes.WEIGHT, 70.0, local(day, 7))
    rounds.run_round(local(day, 8))
    second_look.take(local(day, 10, 30))
    second_look.take(local(day, 10, 31))
    assert alerts(missing) == [("reading-missing", "alert")]
    assert (alerts(weighed), notices(missing)) == ([], [])
