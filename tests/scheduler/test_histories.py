"""Histories that come in through the FHIR API as a record system sends them, and what the rules make of them."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.records import access
from assistant.web.app import create_app
from scheduler import outcomes, rulebook
from scheduler.weather import Weather
from tests.scheduler.histories.loading import TODAY, ZONE, bundle, histories
from tests.scheduler.smhi import NOW, Smhi, answer

BEFORE_BREAKFAST = "08:00"


@pytest.fixture(scope="module")
def record_system(database_url: str) -> TestClient:
    """The API as the region's record system reaches it."""
    token = access.issue_token(subject="region", role="system")
    return TestClient(create_app(), headers={"Authorization": f"Bearer {token}"})


def load(record_system: TestClient, history: dict[str, Any]) -> str:
    """Send a history and return the patient's id."""
    answer = record_system.post("/fhir", json=bundle(history), follow_redirects=False)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["entry"][1]["resource"]["id"])


@pytest.mark.parametrize("history", histories(), ids=lambda history: history["name"])
def test_the_rules_say_of_a_history_what_is_expected(record_system: TestClient, history: dict[str, Any]) -> None:
    patient_id = load(record_system, history)
    now = datetime.combine(TODAY, time.fromisoformat(history.get("now", BEFORE_BREAKFAST)), ZONE)
    found = outcomes.outcomes(patient_id, now=now)
    came = {outcome: {one["rule"] for one in found["rules"] if one["outcome"] == outcome} for outcome in OUTCOMES}
    assert came["fires"] == set(history["fires"]), found
    assert came["blocked"] == set(history.get("blocked", [])), found
    assert came["instead"] == set(history.get("instead", [])), found
    assert {one["problem"] for one in found["set_aside"]} == set(history.get("set_aside", [])), found["set_aside"]
    levels = {one["rule"]: one["level"] for one in found["rules"] if "level" in one}
    assert {name: levels[name] for name in history.get("levels", {})} == history.get("levels", {})
    texts = {one["rule"]: one["text"] for one in found["rules"] if "text" in one}
    for name, words in history.get("says", {}).items():
        assert words in texts[name]


OUTCOMES = ("fires", "blocked", "instead")
GEOLOCATION = {
    "url": "http://hl7.org/fhir/StructureDefinition/geolocation",
    "extension": [{"url": "latitude", "valueDecimal": 57.7089}, {"url": "longitude", "valueDecimal": 11.9746}],
}


def weather_outcomes(record_system: TestClient, smhi: Smhi, **patient: Any) -> set[str]:
    """What fires for a patient who lives in Gothenburg and takes a pressure tablet with a diuretic in it."""
    history = {"patient": {"address": [{"extension": [GEOLOCATION]}], **patient}, "orders": [{"atc": "C09DA01"}]}
    patient_id = load(record_system, history)
    found = outcomes.outcomes(patient_id, now=NOW, weather=Weather(base_url=smhi.url))
    return {one["rule"] for one in found["rules"] if one["outcome"] == "fires"}


def test_freezing_rain_where_the_patient_lives_is_told(record_system: TestClient, smhi: Smhi) -> None:
    smhi.answer = answer([{"air_temperature": -0.5, "predominant_precipitation_type_at_surface": 3}] * 30)
    assert weather_outcomes(record_system, smhi) == {"slip-risk"}
    assert smhi.asked == ["/api/category/snow1g/version/1/geotype/point/lon/11.975/lat/57.725/data.json"]


def test_nobody_outside_is_asked_about_a_protected_home(record_system: TestClient, smhi: Smhi) -> None:
    smhi.answer = answer([{"air_temperature": -0.5, "predominant_precipitation_type_at_surface": 3}] * 30)
    protected = {"security": [{"code": "sekretessmarkering"}]}
    assert weather_outcomes(record_system, smhi, meta=protected) == set()
    assert smhi.asked == []


def test_an_old_forecast_is_silent(record_system: TestClient, smhi: Smhi) -> None:
    icy = {"air_temperature": -0.5, "predominant_precipitation_type_at_surface": 3}
    smhi.answer = answer([icy] * 30, made_at=NOW - timedelta(hours=13))
    assert weather_outcomes(record_system, smhi) == set()


def test_heat_and_a_diuretic_in_a_combined_tablet_warn_of_dehydration(record_system: TestClient, smhi: Smhi) -> None:
    smhi.answer = answer([{"air_temperature": 28.0}] * 80)
    assert weather_outcomes(record_system, smhi) == {"dehydration-risk"}


def test_every_rule_that_the_record_can_fire_does_so_in_some_history() -> None:
    fired = {name for history in histories() for name in history["fires"]}
    untold = {one.rule.id for one in rulebook.current().rules} - fired
    assert untold == {"slip-risk", "check-in-unanswered"}, "weather and silence are tested on their own"
