"""What may be stored, and in which units."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from assistant.records.errors import InvalidResourceError
from assistant.records.fhir import checks, codes
from assistant.records.fhir.columns import derive
from assistant.records.fhir.content import extension_value
from tests.assistant.records.conftest import order, weight

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


def quantity(value: object, unit: str, system: str = codes.UCUM) -> dict[str, Any]:
    return {"value": value, "unit": unit, "system": system, "code": unit}


def reading(code: str, value: object, unit: str) -> dict[str, Any]:
    return weight(code={"coding": [{"system": codes.LOINC, "code": code}]}, valueQuantity=quantity(value, unit))


def pressure(systolic: object, diastolic: object, unit: str = "mm[Hg]") -> dict[str, Any]:
    content = weight(code={"coding": [{"system": codes.LOINC, "code": codes.BLOOD_PRESSURE}]})
    del content["valueQuantity"]
    content["component"] = [
        {"code": {"coding": [{"system": codes.LOINC, "code": code}]}, "valueQuantity": quantity(value, unit)}
        for code, value in ((codes.SYSTOLIC, systolic), (codes.DIASTOLIC, diastolic))
        if value is not None
    ]
    return content


def prepared(content: dict[str, Any]) -> dict[str, Any]:
    return derive(checks.prepare(content, now=NOW))


@pytest.mark.parametrize(
    ("code", "value", "unit", "expected"),
    [
        (codes.WEIGHT, 154, "[lb_av]", 69.8532),
        (codes.WEIGHT, 70500, "g", 70.5),
        (codes.HEIGHT, 1.63, "m", 163.0),
        (codes.TEMPERATURE, 101.3, "[degF]", 38.5),
        (codes.GLUCOSE, 126, "mg/dL", 6.9938),
        (codes.SLEEP, 460, "min", 7.6667),
    ],
)
def test_other_units_are_converted_and_the_original_kept(code: str, value: float, unit: str, expected: float) -> None:
    stored = checks.prepare(reading(code, value, unit), now=NOW)
    assert derive(stored)["value"] == expected
    assert derive(stored)["doubtful"] is False
    original = next(one for one in stored["extension"] if one["url"] == codes.ORIGINAL_VALUE)
    assert original["valueQuantity"]["value"] == value


@pytest.mark.parametrize(
    "content",
    [
        reading(codes.WEIGHT, 70, "mm[Hg]"),
        reading(codes.PULSE, 70, "kg"),
        reading(codes.TEMPERATURE, 38, "K"),
        pressure(120, 80, "kPa"),
        weight(valueQuantity={"value": 70, "unit": "kg"}),
        weight(valueQuantity={"value": 70}),
        weight(valueQuantity=quantity(70, "kg", "http://example.org")),
    ],
)
def test_a_wrong_or_missing_unit_is_refused(content: dict[str, Any]) -> None:
    with pytest.raises(InvalidResourceError):
        checks.prepare(content, now=NOW)


@pytest.mark.parametrize(
    ("content", "doubtful"),
    [
        (reading(codes.WEIGHT, 24.9, "kg"), True),
        (reading(codes.WEIGHT, 25, "kg"), False),
        (reading(codes.WEIGHT, 300.1, "kg"), True),
        (reading(codes.PULSE, 221, "/min"), True),
        (reading(codes.SPO2, 49, "%"), True),
        (reading(codes.TEMPERATURE, 31.9, "Cel"), True),
        (reading(codes.TEMPERATURE, 43, "Cel"), False),
        (reading(codes.GLUCOSE_PLASMA, 0.5, "mmol/L"), True),
        (reading(codes.BREATHS, 61, "/min"), True),
        (pressure(271, 80), True),
        (pressure(120, 29), True),
        (pressure(120, 120), True),
        (pressure(120, 80), False),
    ],
)
def test_a_value_outside_human_range_is_kept_and_marked(content: dict[str, Any], doubtful: bool) -> None:
    stored = checks.prepare(content, now=NOW)
    assert derive(stored)["doubtful"] is doubtful
    assert derive(stored)["doubtful_reason"] == ("out-of-range" if doubtful else None)
    assert ("interpretation" in stored) is doubtful


def test_a_sender_does_not_decide_what_is_doubtful() -> None:
    marked = weight()
    checks.mark_doubtful(marked, "jump")
    stored = checks.prepare(marked, now=NOW)
    assert extension_value(stored, codes.DOUBTFUL, "valueCode") is None
    assert "interpretation" not in stored


@pytest.mark.parametrize("content", [pressure(120, None), pressure(None, 80), reading(codes.WEIGHT, None, "kg")])
def test_an_incomplete_reading_is_refused(content: dict[str, Any]) -> None:
    with pytest.raises(InvalidResourceError):
        checks.prepare(content, now=NOW)


@pytest.mark.parametrize("at", [NOW + timedelta(minutes=6), NOW + timedelta(days=1)])
def test_a_reading_from_the_future_is_refused(at: datetime) -> None:
    with pytest.raises(InvalidResourceError):
        checks.prepare(weight(at=at), now=NOW)


@pytest.mark.parametrize("text", ["2026-11-20", "2026-11", "2026-11-20T07:00:00", "igår", ""])
def test_a_time_is_never_guessed(text: str) -> None:
    with pytest.raises(InvalidResourceError):
        checks.prepare(weight(effectiveDateTime=text), now=NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "klar"},
        {"status": None},
        {"code": {}},
        {"subject": {"reference": "Patient/anna/x"}},
        {"subject": {"display": "Anna"}},
        {"unknown": 1},
        {"effectiveDateTime": None},
    ],
)
def test_a_broken_observation_is_refused(changes: dict[str, Any]) -> None:
    content = {key: value for key, value in weight(**changes).items() if value is not None}
    with pytest.raises(InvalidResourceError):
        checks.prepare(content, now=NOW)


def test_a_nul_character_is_refused() -> None:
    with pytest.raises(InvalidResourceError):
        checks.prepare(weight(note=[{"text": "a\x00b"}]), now=NOW)


def test_saturation_is_filed_under_the_core_code() -> None:
    assert prepared(reading(codes.SPO2_PULSE_OXIMETRY, 95, "%"))["code"] == codes.SPO2


@pytest.mark.parametrize("status", ["activ", "ordered"])
def test_an_order_has_a_known_status(status: str) -> None:
    with pytest.raises(InvalidResourceError):
        checks.prepare(order(status=status), now=NOW)


class TestAppointmentInvariants:
    """app-1 to app-4."""

    def appointment(self, **changes: Any) -> dict[str, Any]:
        content = {
            "resourceType": "Appointment",
            "status": "booked",
            "start": "2026-12-01T09:00:00+01:00",
            "end": "2026-12-01T09:30:00+01:00",
            "participant": [{"actor": {"reference": "Patient/anna"}, "status": "accepted"}],
        } | changes
        return {key: value for key, value in content.items() if value is not None}

    def test_a_sound_appointment_passes(self) -> None:
        assert prepared(self.appointment())["patient_id"] == "anna"

    @pytest.mark.parametrize(
        ("changes", "rule"),
        [
            ({"participant": [{"status": "accepted"}]}, "app-1"),
            ({"end": None}, "app-2"),
            ({"status": "proposed", "start": None}, "app-2"),
            ({"start": None, "end": None}, "app-3"),
            ({"cancelationReason": {"text": "sjuk"}}, "app-4"),
        ],
    )
    def test_a_broken_invariant_is_named(self, changes: dict[str, Any], rule: str) -> None:
        with pytest.raises(InvalidResourceError) as refusal:
            checks.prepare(self.appointment(**changes), now=NOW)
        assert refusal.value.details["problem"].startswith(rule)

    @pytest.mark.parametrize(
        "changes",
        [
            {"end": "2026-12-01T08:30:00+01:00"},
            {"participant": [{"type": [{"text": "läkare"}], "status": "accepted"}]},
            {"slot": [{"reference": "Slot/1"}, {"reference": "Slot/2"}]},
        ],
    )
    def test_what_we_cannot_file_is_refused(self, changes: dict[str, Any]) -> None:
        with pytest.raises(InvalidResourceError):
            checks.prepare(self.appointment(**changes), now=NOW)


@pytest.mark.parametrize("number", ["194105129804", "4105129805", "19410512-9805", "", "١٩٤١٠٥١٢٩٨٠٥"])
def test_a_false_personnummer_is_refused(number: str) -> None:
    patient = {"resourceType": "Patient", "identifier": [{"system": codes.PERSONNUMMER, "value": number}]}
    with pytest.raises(InvalidResourceError):
        checks.prepare(patient, now=NOW)


def test_the_other_system_for_personnummer_is_read_and_ours_written() -> None:
    patient = {
        "resourceType": "Patient",
        "identifier": [{"system": codes.PERSONNUMMER_INERA, "value": "194105129805"}],
    }
    stored = checks.prepare(patient, now=NOW)
    assert stored["identifier"][0]["system"] == codes.PERSONNUMMER
    assert derive(stored)["personnummer"] == "194105129805"


def test_an_unknown_kind_of_task_is_refused() -> None:
    task = {
        "resourceType": "Task",
        "status": "requested",
        "intent": "order",
        "code": {"coding": [{"system": codes.TASK, "code": "coffee"}]},
        "for": {"reference": "Patient/anna"},
    }
    with pytest.raises(InvalidResourceError):
        checks.prepare(task, now=NOW)
