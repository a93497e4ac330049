"""What may be stored, and in which units."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from assistant.records.errors import InvalidResourceError
from assistant.records.fhir import checks, codes, equivalents
from assistant.records.fhir.columns import derive
from assistant.records.fhir.content import extension_value
from assistant.records.fhir.units import MEASURES
from scheduler.vocabulary import SIGNALS
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


def test_a_pressure_in_kilopascal_is_converted() -> None:
    stored = derive(checks.prepare(pressure(16, 10.6, "kPa"), now=NOW))
    assert (stored["systolic"], stored["diastolic"], stored["doubtful"]) == (120.0099, 79.5065, False)


@pytest.mark.parametrize(
    ("code", "value", "unit", "filed", "expected"),
    [
        ("3141-9", 132.3, "[lb_av]", codes.WEIGHT, 60.0103),
        ("8889-8", 72, "{beats}/min", codes.PULSE, 72),
        ("59408-5", 0.93, "1", codes.SPO2, 93),
        ("8331-1", 311.65, "K", codes.TEMPERATURE, 38.5),
        ("2339-0", 110, "mg/dL", codes.GLUCOSE, 6.1057),
        ("1558-6", 126, "mg/dl", codes.GLUCOSE_FASTING, 6.9938),
        ("14743-9", 5.5, "mmol/l", codes.GLUCOSE, 5.5),
        (codes.SLEEP, 25_200, "s", codes.SLEEP, 7),
        (codes.PHQ9, 11, "1", codes.PHQ9, 11),
    ],
)
def test_the_same_reading_in_other_words_is_filed_as_ours(
    code: str, value: float, unit: str, filed: str, expected: float
) -> None:
    stored = derive(checks.prepare(reading(code, value, unit), now=NOW))
    assert (stored["code"], stored["value"], stored["doubtful"]) == (filed, expected, False)


def test_one_pressure_alone_and_its_position_are_kept() -> None:
    content = checks.prepare(reading("8460-8", 98, "mm[Hg]"), now=NOW)
    stored = derive(content)
    assert (stored["code"], stored["systolic"], stored["diastolic"], stored["value"]) == ("85354-9", 98, None, None)
    position = next(one for one in content["extension"] if one["url"] == codes.BODY_POSITION)
    assert position["valueCodeableConcept"]["coding"][0]["code"] == "10904000"


@pytest.mark.parametrize(("answer", "level"), [("A", "A"), ("130987000", "C"), ("LA9341-4", "V"), ("U", "U")])
def test_consciousness_is_read_from_every_list_of_answers(answer: str, level: str) -> None:
    content = awake(answer)
    assert derive(checks.prepare(content, now=NOW))["value_code"] == level


def test_an_answer_about_consciousness_that_we_do_not_know_is_refused() -> None:
    with pytest.raises(InvalidResourceError):
        checks.prepare(awake("fine"), now=NOW)


def awake(answer: str) -> dict[str, Any]:
    content = weight(
        code={"coding": [{"system": codes.LOINC, "code": "67775-7"}]},
        valueCodeableConcept={"coding": [{"code": answer}]},
    )
    del content["valueQuantity"]
    return content


def test_every_loinc_code_has_a_right_check_digit() -> None:
    signals = {code for signal in SIGNALS.values() for code in signal.codes if code[0].isdigit()}
    listed = {*signals, *equivalents.LOINC_AS, *MEASURES, *POSITIONED} - {codes.MOOD, equivalents.MISPRINTED_GDS15}
    assert [code for code in sorted(listed) if not has_check_digit(code)] == []


POSITIONED = {*equivalents.SYSTOLIC_ALONE, *equivalents.DIASTOLIC_ALONE, equivalents.BODY_POSITION}


def has_check_digit(code: str) -> bool:
    """The mod-10 digit of LOINC's users' guide: odd places from the right as one number, doubled, before the even."""
    body, _, digit = code.partition("-")
    backwards = body[::-1]
    digits = backwards[1::2] + str(2 * int(backwards[::2]))
    return -sum(map(int, digits)) % 10 == int(digit)


@pytest.mark.parametrize(
    "content",
    [
        reading(codes.WEIGHT, 70, "mm[Hg]"),
        reading(codes.PULSE, 70, "kg"),
        reading(codes.TEMPERATURE, 38, "kg"),
        pressure(120, 80, "cm[H2O]"),
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
