"""What the round and the pages read of one patient."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from assistant.records import reading, repository
from assistant.records.fhir import codes
from assistant.records.models.base import utc_now
from tests.assistant.records.conftest import ANNA, propose, weight


def test_a_series_is_in_order_and_without_doubtful_readings(record: Session) -> None:
    at = datetime(2026, 1, 5, 7, tzinfo=UTC)
    for day, value in enumerate((70.0, 400.0, 70.4)):
        repository.create(record, weight(value=value, at=at + timedelta(days=day)), actor=ANNA)
    span = {"patient_id": "anna", "code": codes.WEIGHT, "since": at, "until": at + timedelta(days=2)}
    assert [one.value for one in reading.series(record, **span)] == [70.0, 70.4]
    assert len(reading.series(record, **span, with_doubtful=True)) == 3


def test_the_latest_of_each_kind(record: Session) -> None:
    latest = reading.latest(record, patient_id="anna", codes=[codes.SLEEP, codes.WEIGHT, codes.SPO2])
    assert (latest[codes.SLEEP].value, latest[codes.WEIGHT].value) == (7.6667, 69.9)
    assert codes.SPO2 not in latest


def test_orders_conditions_and_tasks(record: Session) -> None:
    task = propose(record)
    orders = reading.active_orders(record, patient_id="anna", atc_prefixes=("C08", "C09"))
    assert [order.id for order in orders] == ["anna-amlodipin", "anna-ramipril"]
    assert reading.active_orders(record, patient_id="bertil", atc_prefixes=("C09",)) == []
    assert [one.code for one in reading.active_conditions(record, patient_id="bertil")] == ["I50.9"]
    assert [one.id for one in reading.open_tasks(record, patient_id="anna")] == [task.id]
    assert task.last_updated <= utc_now()
