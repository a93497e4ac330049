"""Reminders: set once, sent once at their time, never when stopped."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records import reminders
from assistant.records.errors import NotFoundError
from assistant.records.models import Message
from tests.assistant.records.conftest import ANNA

SET_AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
EIGHT = datetime(2026, 11, 21, 7, tzinfo=UTC)
"""Eight in the morning in Stockholm."""


def remind(db: Session, key: str = "turn") -> reminders.Reminder:
    return reminders.add(
        db, actor=ANNA, patient_id="anna", medicine="Ramipril 5 mg", times=["08:00"], key=key, now=SET_AT
    )


def sent(db: Session) -> list[str]:
    return list(db.scalars(select(Message.text).where(Message.reply_to.startswith("reminder:"))))


def test_a_reminder_is_sent_once_at_its_time(record: Session) -> None:
    remind(record)
    assert reminders.send_due(record, now=EIGHT - timedelta(minutes=1)) == 0
    assert reminders.send_due(record, now=EIGHT) == 1
    assert reminders.send_due(record, now=EIGHT + timedelta(minutes=1)) == 0
    assert sent(record) == ["Det är dags för Ramipril 5 mg nu, klockan 08.00. Säg till när du har tagit läkemedlet."]


def test_a_reminder_that_is_far_too_late_is_left_out(record: Session) -> None:
    remind(record)
    assert reminders.send_due(record, now=EIGHT + timedelta(hours=1)) == 0


def test_the_same_turn_sets_it_once(record: Session) -> None:
    assert remind(record).id == remind(record).id


def test_a_moved_reminder_comes_at_its_new_time(record: Session) -> None:
    made = remind(record)
    reminders.move(record, actor=ANNA, patient_id="anna", reminder_id=made.id, times=["09:00"], now=SET_AT)
    assert reminders.send_due(record, now=EIGHT) == 0
    assert reminders.send_due(record, now=EIGHT + timedelta(hours=1)) == 1


def test_a_stopped_reminder_never_comes(record: Session) -> None:
    made = remind(record)
    reminders.stop(record, actor=ANNA, patient_id="anna", reminder_id=made.id, now=SET_AT)
    assert reminders.active(record, patient_id="anna") == []
    assert reminders.send_due(record, now=EIGHT) == 0


def test_nobody_stops_the_reminder_of_another(record: Session) -> None:
    made = remind(record)
    with pytest.raises(NotFoundError):
        reminders.stop(record, actor=ANNA, patient_id="bertil", reminder_id=made.id, now=SET_AT)
