"""The patient's pages and how things are written on them."""

from datetime import UTC, date, datetime

import pytest
from fastapi.testclient import TestClient

from assistant.records import repository
from assistant.records.database import session
from assistant.records.fhir import codes
from assistant.records.models.base import utc_now
from assistant.web import swedish
from tests.assistant.web.conftest import REGION, Person

LIMITS = "Får inte användas i vård förrän en vårdgivare har godkänt det."


def press(person: Person, systolic: int, diastolic: int) -> None:
    parts = ((codes.SYSTOLIC, systolic), (codes.DIASTOLIC, diastolic))
    unit = {"unit": "mmHg", "system": codes.UCUM, "code": "mm[Hg]"}
    content = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": codes.LOINC, "code": codes.BLOOD_PRESSURE}]},
        "subject": {"reference": f"Patient/{person.id}"},
        "effectiveDateTime": utc_now().isoformat(),
        "component": [
            {"code": {"coding": [{"system": codes.LOINC, "code": code}]}, "valueQuantity": {"value": value, **unit}}
            for code, value in parts
        ],
    }
    with session() as db:
        repository.create(db, content, actor=REGION)


def test_the_start_leads_to_the_login_and_then_to_the_talk(anonymous: TestClient, anna: Person) -> None:
    assert anonymous.get("/").headers["location"] == "/login"
    anonymous.post("/login", data={"patient": anna.id})
    assert anonymous.get("/").headers["location"] == "/patient"


@pytest.mark.parametrize("path", ["/login", "/patient", "/patient/values", "/widget-demo", "/clinic/login", "/nothing"])
def test_every_page_says_its_limits_and_that_it_is_a_machine(patient: TestClient, path: str) -> None:
    page = patient.get(path).text
    assert LIMITS in page
    assert "en maskin, inte en människa" in page


def test_the_talk_is_the_custom_element(patient: TestClient) -> None:
    assert "<vigor-chat>" in patient.get("/patient").text
    assert patient.get("/static/chat/vigor-chat.js").status_code == 200


def test_own_values_are_shown_with_words_and_curve(patient: TestClient, anna: Person) -> None:
    press(anna, 118, 70)
    page = patient.get("/patient/values").text
    assert "118/70\u00a0mmHg" in page
    assert 'alt="Blodtryck: ett mätvärde.' in page
    assert patient.get(f"/patient/curves/{codes.BLOOD_PRESSURE}.svg").text.startswith("<svg")


def test_an_empty_curve_can_be_drawn_and_an_unknown_one_does_not_exist(patient: TestClient) -> None:
    assert patient.get(f"/patient/curves/{codes.PULSE}.svg").status_code == 200
    assert patient.get("/patient/curves/1.svg").status_code == 404


@pytest.mark.parametrize(
    ("value", "words"), [(60.4, "60,4"), (60.0, "60"), (-0.5, "−0,5"), (None, "–"), (118, "118"), (100, "100")]
)
def test_numbers_have_a_decimal_comma(value: float | None, words: str) -> None:
    assert swedish.number(value) == words


@pytest.mark.parametrize(
    ("hours", "words"),
    [(7.6667, "7 timmar 40 minuter"), (1.0, "1 timme"), (7.9999, "8 timmar"), (0.5, "0 timmar 30 minuter")],
)
def test_hours_are_written_out(hours: float, words: str) -> None:
    assert swedish.hours(hours) == words


def test_times_are_swedish_time_in_winter_and_summer(database_url: str) -> None:
    assert swedish.clock(datetime(2026, 1, 5, 6, 30, tzinfo=UTC)) == "07.30"
    assert swedish.clock(datetime(2026, 7, 6, 5, 30, tzinfo=UTC)) == "07.30"


def test_a_day_is_written_out(database_url: str) -> None:
    assert swedish.day(date(2026, 11, 21)) == "lördag 21 november"
