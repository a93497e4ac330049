"""Search parameters: dates of every precision, tokens, references."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from assistant.records import repository
from assistant.records.errors import SearchError
from assistant.records.fhir import codes, paging, search
from assistant.records.models import RESOURCE_TYPES
from tests.assistant.records.conftest import ANNA, KARIN, REGION, weight

AT = datetime(2020, 5, 5, 7, 30, tzinfo=UTC)


def total(record: Session, resource_type: str, *parameters: tuple[str, str]) -> int:
    return repository.search(record, resource_type=resource_type, parameters=parameters, actor=ANNA).total


@pytest.mark.parametrize(
    ("text", "start", "width"),
    [
        ("2026", "2025-12-31T23:00:00+00:00", timedelta(days=365)),
        ("2026-12", "2026-11-30T23:00:00+00:00", timedelta(days=31)),
        ("2026-03-29", "2026-03-28T23:00:00+00:00", timedelta(hours=23)),
        ("2026-10-25", "2026-10-24T22:00:00+00:00", timedelta(hours=25)),
        ("2026-11-21T07:30", "2026-11-21T06:30:00+00:00", timedelta(minutes=1)),
        ("2026-11-21T07:30+01:00", "2026-11-21T06:30:00+00:00", timedelta(minutes=1)),
        ("2026-11-21T07:30:00 01:00", "2026-11-21T06:30:00+00:00", timedelta(seconds=1)),
        ("2026-11-21T06:30:00Z", "2026-11-21T06:30:00+00:00", timedelta(seconds=1)),
    ],
)
def test_a_date_covers_its_precision_in_the_clock_of_people(text: str, start: str, width: timedelta) -> None:
    first, end = search.period(text)
    assert (first, end - first) == (datetime.fromisoformat(start), width)


@pytest.mark.parametrize("text", ["2026-13", "2026-02-30", "9999-12-31", "igår", "20261121", "2026-11-21T25:00"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(SearchError):
        search.period(text)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2020-05-05", 1),
        ("eq2020-05", 1),
        ("ge2020-05-05", 1),
        ("le2020-05-05", 1),
        ("gt2020-05-05", 0),
        ("lt2020-05-05", 0),
        ("ne2020-05-05", 0),
        ("sa2020-05-04", 1),
        ("eb2020-05-06", 1),
        ("lt2020-05-05T07:30:00Z", 0),
        ("le2020-05-05T07:30:00Z", 1),
    ],
)
def test_date_prefixes(record: Session, value: str, found: int) -> None:
    stored = repository.create(record, weight(at=AT), actor=ANNA)
    assert total(record, "Observation", ("_id", stored.id), ("date", value)) == found


@pytest.mark.parametrize(
    ("parameter", "value", "found"),
    [
        ("code", codes.SPO2, 1),
        ("code", f"{codes.LOINC}|{codes.SPO2}", 1),
        ("code", f"{codes.LOINC}|{codes.SPO2_PULSE_OXIMETRY}", 1),
        ("code", codes.SPO2_PULSE_OXIMETRY, 1),
        ("code", f"http://example.org|{codes.SPO2}", 0),
        ("code", f"{codes.WEIGHT},{codes.SPO2}", 1),
        ("code:not", codes.SPO2, 0),
        ("status", "final,amended", 1),
        ("patient", "anna", 1),
        ("patient", "Patient/anna", 1),
        ("subject", "Patient/anna", 1),
        ("patient", "Patient/bertil", 0),
    ],
)
def test_tokens_and_references(record: Session, parameter: str, value: str, found: int) -> None:
    codings = [{"system": codes.LOINC, "code": code} for code in (codes.SPO2, codes.SPO2_PULSE_OXIMETRY)]
    quantity = {"value": 95, "unit": "%", "system": codes.UCUM, "code": "%"}
    stored = repository.create(record, weight(code={"coding": codings}, valueQuantity=quantity), actor=ANNA)
    assert total(record, "Observation", ("_id", stored.id), (parameter, value)) == found


@pytest.mark.parametrize(
    "parameter",
    [
        ("unknown", "1"),
        ("code:exact", "1"),
        ("date", "igår"),
        ("date", ""),
        ("_sort", "code"),
        ("_sort", "nothing"),
        ("_count", "-1"),
        ("_count", "many"),
        ("patient", "a\x00b"),
    ],
)
def test_what_cannot_be_answered_as_asked_is_refused(record: Session, parameter: tuple[str, str]) -> None:
    with pytest.raises(SearchError):
        total(record, "Observation", parameter)


def test_a_huge_count_is_capped_and_none_gives_the_total_only(record: Session) -> None:
    page = repository.search(record, resource_type="Observation", parameters=[("_count", "9" * 40)], actor=ANNA)
    assert 0 < len(page.items) <= paging.MAX_COUNT
    empty = repository.search(record, resource_type="Observation", parameters=[("_count", "0")], actor=ANNA)
    assert (empty.total, empty.items, empty.next_cursor) == (page.total, [], None)


def test_every_parameter_of_every_type_makes_a_query(record: Session) -> None:
    samples = {"token": "x", "reference": "Patient/x", "string": "x%", "date": "ge2026"}
    for resource_type in RESOURCE_TYPES:
        for name, parameter in search.PARAMETERS[resource_type].items():
            if (resource_type, name) == ("Patient", "identifier"):
                continue
            value = samples[parameter.kind]
            repository.search(record, resource_type=resource_type, parameters=[(name, value)], actor=REGION)
            if parameter.sort_by is not None:
                repository.search(record, resource_type=resource_type, parameters=[("_sort", f"-{name}")], actor=REGION)


def test_a_patient_is_found_by_personnummer_in_either_system(record: Session) -> None:
    for system in (codes.PERSONNUMMER, codes.PERSONNUMMER_INERA):
        parameters = [("identifier", f"{system}|194105129805")]
        page = repository.search(record, resource_type="Patient", parameters=parameters, actor=KARIN)
        assert [one.id for one in page.items] == ["anna"]
