"""Roles, modes, medicines, symptoms, body parts, foods, durations and severity; and what every message must bear."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.dialogue.entities import extract

DEVELOPMENT = Path(__file__).parents[4] / "nlu_data" / "evaluation" / "development.jsonl"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=ZoneInfo("Europe/Stockholm"))
OWN = [{"name": "Metoprolol Sandoz, depottablett 50 mg", "atc": "C07AB02"}, {"name": "Eliquis", "atc": "B01AF02"}]

GRAMMAR_WORDS = ["i", "på", "om", "den", "klockan", "halv", "kvart", "över", "tre", "3", "3/12", "vecka", "nästa"]
GRAMMAR_WORDS += ["första", "sista", "december", "måndag", "slutet", "av", "till", "från", "mellan", "och", "inte"]
GRAMMAR_WORDS += ["helgen", "jul", "efter", "veckan", "135", "80", "puls", "kg", ",", "-", ":", "en", "dagar", "året"]
GRAMMAR_WORDS += ["början", "0", "ett", "par", "1,5", "tiden", "kg", "hekto", "lång", "meter", "sov", "timmar", "/"]
GRAMMAR_WORDS += ["år", "månad", "99999999999"]


def values(text: str, entity: str, **options: Any) -> list[Any]:
    return [found["value"] for found in extract(text, **options) if found["entity"] == entity]


@pytest.mark.parametrize(
    ("text", "entity", "expected"),
    [
        ("tid hos doktorn", "role", ["doctor"]),
        ("läkartid tack", "role", ["doctor"]),
        ("distriktssköterskan", "role", ["nurse"]),
        ("sjukskötreska", "role", ["nurse"]),
        ("lakaren", "role", ["doctor"]),
        ("till dietisten", "role", ["dietitian"]),
        ("sjukgymnast", "role", ["physio"]),
        ("min syster mår bra", "role", []),
        ("telefonbesök med dsk", "mode", ["phone"]),
        ("gärna videosamtal", "mode", ["video"]),
        ("jag vill komma in", "mode", ["visit"]),
        ("jag är yr", "symptom", ["dizziness"]),
        ("ont i magen", "symptom", ["stomach-ache"]),
        ("hälsa", "symptom", []),
        ("om det går", "symptom", []),
        ("mina svullna ben", "body_part", ["leg"]),
        ("vad gör jag", "body_part", []),
        ("jag älskar jordgubbar", "food", ["jordgubbe"]),
        ("i tre dagar", "duration", [{"value": 3, "unit": "d"}]),
        ("sedan en vecka", "duration", [{"value": 1, "unit": "wk"}]),
        ("i ett halvår", "duration", [{"value": 6, "unit": "mo"}]),
        ("två timmar", "duration", [{"value": 2, "unit": "h"}]),
        ("om två veckor", "duration", []),
        ("jag är 82 år", "duration", []),
        ("sju av tio", "severity", [7]),
        ("smärtan är en sjua", "severity", [7]),
        ("värken ligger på nio", "severity", [9]),
        ("en sexa av tio", "severity", [6]),
        ("fyra på en tiogradig skala", "severity", [4]),
        ("ont 7/10", "severity", [7]),
        ("ganska ont", "severity", []),
        ("smärta: 7", "severity", [7]),
        ("NRS: 4", "severity", [4]),
        ("en trea på skalan", "severity", [3]),
        ("på en skala ett till tio är det en sjua", "severity", [7]),
        ("på en skala till tio ligger värken på fyra", "severity", [4]),
    ],
)
def test_words_become_values(text: str, entity: str, expected: list[Any]) -> None:
    assert values(text, entity) == expected


@pytest.mark.parametrize(
    ("text", "atc"),
    [
        ("Alvedon", "N02BE01"),
        ("alvedån", "N02BE01"),
        ("waranet", "B01AA03"),
        ("metropolol", "C07AB02"),
        ("metoprolols", "C07AB02"),
        ("furixtabletten", "C03CA01"),
        ("xarelto", "B01AF01"),
        ("d-vitamin", "A11CC05"),
        ("blodförtunnande", "B01A"),
    ],
)
def test_a_medicine_is_found_however_it_is_spelt(text: str, atc: str) -> None:
    assert [medicine["atc"] for medicine in values(f"jag tar {text} varje dag", "medicine")] == [atc]


@pytest.mark.parametrize("text", ["metoprolol", "seloken", "metoprololen", "metopolol"])
def test_the_patients_own_medicine_wins(text: str) -> None:
    assert values(text, "medicine", own_medicines=OWN) == [OWN[0]]


def test_a_class_means_the_only_own_medicine_of_it() -> None:
    assert values("min blodförtunnande", "medicine", own_medicines=OWN) == [OWN[1]]


@pytest.mark.parametrize("text", ["siffror", "provsvaret", "läkemedel", "artros", "kontakten på centralen", "varannan"])
def test_other_words_are_no_medicines(text: str) -> None:
    assert values(text, "medicine") == []


def test_severity_is_the_bare_number_when_asked_for() -> None:
    assert values("åtta", "severity", expected="severity") == [8]


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_without_error_and_offsets_fit(text: str) -> None:
    for entity in extract(text, now=NOW):
        assert text[entity["start"] : entity["end"]] == entity["text"]


@settings(deadline=None)
@given(st.lists(st.sampled_from(GRAMMAR_WORDS), max_size=14))
def test_any_order_of_the_words_of_the_grammar_is_read_without_error(words: list[str]) -> None:
    text = " ".join(words)
    for entity in extract(text, now=NOW):
        assert text[entity["start"] : entity["end"]] == entity["text"]
        if entity["entity"] == "date" and isinstance(entity["value"], str):
            assert entity["value"] >= "2026-11-21"


def test_a_very_long_text_is_cut() -> None:
    assert extract("tisdag " * 5000, now=NOW)[-1]["end"] <= 2000


def test_the_labelled_development_set_is_read() -> None:
    rows = [json.loads(line) for line in DEVELOPMENT.read_text(encoding="utf-8").splitlines()]
    labelled = [row for row in rows if {"measurements", "date", "time", "part_of_day"} & row.keys()]
    right = sum(_matches(row) for row in labelled)
    assert right / len(labelled) >= 0.97


def _matches(row: dict[str, Any]) -> bool:
    found = extract(row["text"], now=NOW)
    measured = [entity["value"] for entity in found if entity["entity"] == "measurement"]
    rest = (name for name in ("date", "time", "part_of_day") if name in row)
    return measured == row.get("measurements", measured) and all(
        [entity["value"] for entity in found if entity["entity"] == name] == [row[name]] for name in rest
    )
