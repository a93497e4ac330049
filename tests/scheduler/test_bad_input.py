"""Bad readings harm nobody: they are named in a report, and everybody in the shard gets their check-in."""

from collections import Counter
from datetime import date, timedelta

from sqlalchemy import insert, select

from assistant.records.database import session
from assistant.records.fhir import codes
from assistant.records.models import CheckIn, Observation
from assistant.records.models.base import new_id
from scheduler import quality, rounds
from scheduler.quality import Finding
from tests.scheduler.people import add_patient, annas_morning, local

TODAY = date(2026, 11, 21)
NOW = local(TODAY, 8)


def observation(patient_id: str, value: float, **changed: object) -> dict[str, object]:
    usual = {
        "id": new_id(),
        "patient_id": patient_id,
        "code": codes.WEIGHT,
        "status": "final",
        "effective_at": local(TODAY, 6),
        "value": value,
        "unit": "kg",
        "doubtful": False,
        "content": {},
    }
    return usual | changed


def test_bad_readings_are_named_and_the_others_of_the_shard_unaffected(care: str) -> None:
    with session() as db:
        anna = annas_morning(db, TODAY)
        bad = add_patient(db)
        flood = [
            observation(bad, 60 + n / 1e4, effective_at=local(TODAY, 0) + timedelta(seconds=n)) for n in range(10_000)
        ]
        twice = [observation(bad, 61.0, code=codes.PULSE, unit="/min") for _ in range(2)]
        ahead = observation(bad, 62.0, code=codes.TEMPERATURE, unit="Cel", effective_at=NOW + timedelta(hours=3))
        doubtful = observation(bad, 900.0, code=codes.SPO2, unit="%", doubtful=True)
        pounds = observation(bad, 140.0, unit="[lb_av]", effective_at=local(TODAY, 7))
        db.execute(insert(Observation), [*flood, *twice, ahead, doubtful, pounds])
    result = rounds.run_round(NOW)
    assert (result.check_ins, result.failed) == (2, 0)
    with session() as db:
        said = db.scalars(select(CheckIn.content).where(CheckIn.patient_id == anna)).one()
        found = quality.findings(db, since=NOW - timedelta(days=1), now=NOW, zone="Europe/Stockholm", among=[anna, bad])
    assert len(said["recommendation_ids"]) == 3
    assert Counter(one.problem for one in found) == {"too-many": 1, "repeated": 1, "ahead": 1, "doubtful": 1, "unit": 1}
    assert Finding(bad, codes.WEIGHT, "too-many", 10_001) in found
    assert {one.patient_id for one in found} == {bad}
