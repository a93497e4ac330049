"""Measured values as people say them."""

from typing import Any

import pytest

from assistant.dialogue.entities import extract


def pressure(systolic: int, diastolic: int) -> dict[str, Any]:
    return {"kind": "blood_pressure", "systolic": systolic, "diastolic": diastolic, "unit": "mm[Hg]"}


def measured(kind: str, value: float, unit: str) -> dict[str, Any]:
    return {"kind": kind, "value": value, "unit": unit}


def measurements(text: str, **options: Any) -> list[Any]:
    return [entity["value"] for entity in extract(text, **options) if entity["entity"] == "measurement"]


SAID: list[tuple[str, list[dict[str, Any]]]] = [
    ("det står 141 och så 79 på blodtrycksmanicken", [pressure(141, 79)]),
    ("ettfyrtiofem genom nittiotvå", [pressure(145, 92)]),
    ("72/min i puls", [measured("pulse", 72, "/min")]),
    ("pulsen räknade jag till 18 slag på 15 sekunder", []),
    ("andades 22 gånger på en minut", [measured("breaths", 22, "/min")]),
    ("vågen stannade på 82 , 4", [measured("weight", 82.4, "kg")]),
    ("temp 38 , 4 grader", [measured("temperature", 38.4, "Cel")]),
    ("puls 72, 4 dagar i rad", [measured("pulse", 72, "/min")]),
    ("tryket e 132 övr 77", [pressure(132, 77)]),
    ("övr. 132 undr. 77", [pressure(132, 77)]),
    ("SYS 140 DIA 85 PULS 66", [pressure(140, 85), measured("pulse", 66, "/min")]),
    ("höga 148 låga 82", [pressure(148, 82)]),
    ("trycket: 138 / 77 / 66", [pressure(138, 77), measured("pulse", 66, "/min")]),
    ("118 mmHg över 64 mmHg", [pressure(118, 64)]),
    ("hjärtat slår 72 gånger i minuten", [measured("pulse", 72, "/min")]),
    ("andas 24 ggr/min", [measured("breaths", 24, "/min")]),
    ("BT: 140/85, T: 36,8", [pressure(140, 85), measured("temperature", 36.8, "Cel")]),
    ("78 kilo och ett halvt", [measured("weight", 78.5, "kg")]),
    ("vikten var 80 i går men 81 i dag", [measured("weight", 80, "kg"), measured("weight", 81, "kg")]),
    ("syret pendlar mellan 91 och 93", []),
    ("pulsen är under 60", []),
    ("en å femtifem genom nitti", [pressure(155, 90)]),
    ("ett trettiofem över åttioett", [pressure(135, 81)]),
    ("one thirty over eighty five", [pressure(130, 85)]),
    ("sextinie åtta på vågen", [measured("weight", 69.8, "kg")]),
    ("femtioåtta och åtta hekton", [measured("weight", 58.8, "kg")]),
    ("62 kilo och 300 gram", [measured("weight", 62.3, "kg")]),
    ("nittien kilo å två", []),
    ("vikten är 66 300 gram", [measured("weight", 66.3, "kg")]),
    ("väger sextiåtta kommatre", [measured("weight", 68.3, "kg")]),
    ("det höga var 144 och det låga 82", [pressure(144, 82)]),
    ("71,2 i morse på vågen", [measured("weight", 71.2, "kg")]),
    ("38 och 2 i örat", [measured("temperature", 38.2, "Cel")]),
    ("jag sov från elva till sex", [measured("sleep", 7, "h")]),
    ("somnade vid halv elva och vaknade vid fem", [measured("sleep", 6.5, "h")]),
    ("jag brukar sova från elva till sex", []),
    ("my blood sugar was 6.5", [measured("glucose", 6.5, "mmol/L")]),
    ("I weigh seventy two kilos", [measured("weight", 72, "kg")]),
    ("hundratrettifem genom åttio", [pressure(135, 80)]),
    ("hundra trettio fem genom åttio", [pressure(135, 80)]),
    ("sextioen komma fem", []),
    ("jag väger sextioen komma fem", [measured("weight", 61.5, "kg")]),
    ("väger sextiett och ett halvt", [measured("weight", 61.5, "kg")]),
    ("tempen är trettioåtta och fem", [measured("temperature", 38.5, "Cel")]),
    ("nittiotvå procent", [measured("oxygen", 92, "%")]),
    ("135/80", [pressure(135, 80)]),
    ("135 över 80", [pressure(135, 80)]),
    ("135-80", [pressure(135, 80)]),
    ("övertryck 140 undertryck 85", [pressure(140, 85)]),
    ("trycket 12 7", []),
    ("trycket 135 80 puls 72", [pressure(135, 80), measured("pulse", 72, "/min")]),
    ("blodtryck 128/74 p 66", [pressure(128, 74), measured("pulse", 66, "/min")]),
    ("mitt blodtryk va 142 på 88 i morse", [pressure(142, 88)]),
    ("BT 120/70, puls 60, sat 95%", [pressure(120, 70), measured("pulse", 60, "/min"), measured("oxygen", 95, "%")]),
    ("jag mätte blodtrycket kl 8.30 och det var 150/90", [pressure(150, 90)]),
    ("det övre var 150 och det undre 90", [pressure(150, 90)]),
    ("hundrafemtio genom nitti", [pressure(150, 90)]),
    ("hundrafyrti över sjuttifem", [pressure(140, 75)]),
    ("etthundratjugoåtta genom sjuttionio", [pressure(128, 79)]),
    ("trycket låg på hundratrettio över åttifyra", [pressure(130, 84)]),
    ("hundra tjugo genom sjuttio", [pressure(120, 70)]),
    ("ett hundra trettio två genom åtti", [pressure(132, 80)]),
    ("tvåhundra genom hundratio", [pressure(200, 110)]),
    ("blodtrycket 145 och 85", [pressure(145, 85)]),
    ("blodtrycket var 145, 85", [pressure(145, 85)]),
    ("trycket var 138 med 82", [pressure(138, 82)]),
    ("138 systoliskt och 82 diastoliskt", [pressure(138, 82)]),
    ("systoliskt 138, diastoliskt 82", [pressure(138, 82)]),
    ("135 / 80", [pressure(135, 80)]),
    ("135/80 mmHg", [pressure(135, 80)]),
    ("fick 117 genom 68 på armen", [pressure(117, 68)]),
    ("mitt tryck är 160 mot 95", [pressure(160, 95)]),
    ("vågen sa 72,4", [measured("weight", 72.4, "kg")]),
    ("vikt 72.4", [measured("weight", 72.4, "kg")]),
    ("72,4 kilo", [measured("weight", 72.4, "kg")]),
    ("72kg", [measured("weight", 72, "kg")]),
    ("jag väger sjuttiotvå kilo och fyra hekto", [measured("weight", 72.4, "kg")]),
    ("71,3 visade vågen", [measured("weight", 71.3, "kg")]),
    ("jag har gått ner två kilo", []),
    ("har gått upp 3 kg på två dagar", []),
    ("gått upp till 84 kilo", [measured("weight", 84, "kg")]),
    ("jag väger 2 kilo mer än igår", []),
    ("vikten har ökat från 70 till 73 kg", [measured("weight", 73, "kg")]),
    ("vikt sjuttio komma noll fem", [measured("weight", 70.05, "kg")]),
    ("åttiåtta kilo jämnt", [measured("weight", 88, "kg")]),
    ("jag väger 80 och ett halvt kilo", [measured("weight", 80.5, "kg")]),
    ("väger åttio och en halv", [measured("weight", 80.5, "kg")]),
    ("154 lbs", [measured("weight", 154, "[lb_av]")]),
    ("pulsen är 110 slag i minuten", [measured("pulse", 110, "/min")]),
    ("68 i puls", [measured("pulse", 68, "/min")]),
    ("hjärtat slår 92 slag per minut", [measured("pulse", 92, "/min")]),
    ("pulsen låg på sjuttifyra", [measured("pulse", 74, "/min")]),
    ("vilopuls 58", [measured("pulse", 58, "/min")]),
    ("puls: 77", [measured("pulse", 77, "/min")]),
    ("pulsen ligger runt 80", [measured("pulse", 80, "/min")]),
    ("pulsen är över 100", []),
    ("syresättningen är 91", [measured("oxygen", 91, "%")]),
    ("saturation nittifyra", [measured("oxygen", 94, "%")]),
    ("poxen visar 89 %", [measured("oxygen", 89, "%")]),
    ("batteriet är på 20 procent", []),
    ("batteriet är på 85 procent", []),
    ("spo2 96", [measured("oxygen", 96, "%")]),
    ("syremättnad: 93", [measured("oxygen", 93, "%")]),
    ("38,2 grader", [measured("temperature", 38.2, "Cel")]),
    ("feber 39", [measured("temperature", 39, "Cel")]),
    ("jag har 38.7 i feber", [measured("temperature", 38.7, "Cel")]),
    ("tempen trettiosju och åtta", [measured("temperature", 37.8, "Cel")]),
    ("tempen 37 8", [measured("temperature", 37.8, "Cel")]),
    ("trettiåtta komma två i temp", [measured("temperature", 38.2, "Cel")]),
    ("det är minus fem grader ute", []),
    ("det är 22 grader i lägenheten", []),
    ("101 fahrenheit", [measured("temperature", 101, "[degF]")]),
    ("temp 36,9 C", [measured("temperature", 36.9, "Cel")]),
    ("39 graders feber", [measured("temperature", 39, "Cel")]),
    ("blodsocker 7,3", [measured("glucose", 7.3, "mmol/L")]),
    ("sockret låg på elva komma åtta", [measured("glucose", 11.8, "mmol/L")]),
    ("6,2 mmol", [measured("glucose", 6.2, "mmol/L")]),
    ("8,1 mmol/l före frukost", [measured("glucose", 8.1, "mmol/L")]),
    ("blodsockret är 140 mg/dl", [measured("glucose", 140, "mg/dL")]),
    ("fastesocker sju och en halv", [measured("glucose", 7.5, "mmol/L")]),
    ("b-glukos 5.6", [measured("glucose", 5.6, "mmol/L")]),
    ("socker 4", [measured("glucose", 4, "mmol/L")]),
    ("sockret var fjorton i går kväll", [measured("glucose", 14, "mmol/L")]),
    ("andas 18 gånger i minuten", [measured("breaths", 18, "/min")]),
    ("20 andetag per minut", [measured("breaths", 20, "/min")]),
    ("andningsfrekvens 22", [measured("breaths", 22, "/min")]),
    ("jag är 165 cm lång", [measured("height", 165, "cm")]),
    ("min längd är 1,72", [measured("height", 172, "cm")]),
    ("en meter och sextiofem", [measured("height", 165, "cm")]),
    ("sov 7 timmar", [measured("sleep", 7, "h")]),
    ("jag sov sju och en halv timme i natt", [measured("sleep", 7.5, "h")]),
    ("sovit 7 timmar och 40 minuter", [measured("sleep", 7.67, "h")]),
    ("Metoprolol 50 mg två gånger om dagen", []),
    ("jag är 82 år", []),
    ("jag har 2 barnbarn och 85 kronor", []),
    ("klockan 9 hade jag puls 70", [measured("pulse", 70, "/min")]),
    (
        "puls 68 vikt 72 tryck 135/80 syre 94",
        [measured("pulse", 68, "/min"), measured("weight", 72, "kg"), pressure(135, 80), measured("oxygen", 94, "%")],
    ),
    ("68 puls 94 syre", [measured("pulse", 68, "/min"), measured("oxygen", 94, "%")]),
    ("tid den 3/12", []),
    ("kl 13/14", []),
    ("jag ska ta 1/2 tablett", []),
    ("hej 135/80 var trycket och 72 var pulsen", [pressure(135, 80), measured("pulse", 72, "/min")]),
    ("vikten imorse var nittitre komma två", [measured("weight", 93.2, "kg")]),
    ("ja väjde 67 kilo", [measured("weight", 67, "kg")]),
    ("blodtrycket hundra trettiåtta genom åttitvå pulsen sjutti", [pressure(138, 82), measured("pulse", 70, "/min")]),
    ("trycket e hundrasextiåtta genom nittisju", [pressure(168, 97)]),
    (
        "124 genom 69 och pulsen 63, vikten 80,1",
        [pressure(124, 69), measured("pulse", 63, "/min"), measured("weight", 80.1, "kg")],
    ),
    ("tempen stog på 38 komma 4", [measured("temperature", 38.4, "Cel")]),
    ("Det blev 8,9 på sockermätaren", [measured("glucose", 8.9, "mmol/L")]),
    ("puls på 55", [measured("pulse", 55, "/min")]),
    ("har 88 i vilopuls", [measured("pulse", 88, "/min")]),
    ("nittifem i syre", [measured("oxygen", 95, "%")]),
    ("Fingergrejen säger 92 procent", [measured("oxygen", 92, "%")]),
    ("jag är en och sjuttio lång", [measured("height", 170, "cm")]),
    ("Apparaten på armen visade 148 och 92", [pressure(148, 92)]),
]


@pytest.mark.parametrize(("text", "expected"), SAID)
def test_reads_what_was_measured_and_nothing_else(text: str, expected: list[dict[str, Any]]) -> None:
    assert measurements(text) == expected


@pytest.mark.parametrize(
    ("text", "kind", "value", "unit"),
    [
        ("72", "weight", 72, "kg"),
        ("sextiett och ett halvt", "weight", 61.5, "kg"),
        ("trettioåtta fem", "temperature", 38.5, "Cel"),
        ("38 5", "temperature", 38.5, "Cel"),
        ("94", "oxygen", 94, "%"),
        ("sju komma två", "glucose", 7.2, "mmol/L"),
        ("sjuttio", "pulse", 70, "/min"),
        ("sju och en halv timme", "sleep", 7.5, "h"),
        ("154 pund", "weight", 154, "[lb_av]"),
    ],
)
def test_a_bare_number_is_what_the_talk_asked_for(text: str, kind: str, value: float, unit: str) -> None:
    assert measurements(text, expected=kind) == [measured(kind, value, unit)]


@pytest.mark.parametrize("text", ["135 80", "135 och 80", "hundratrettifem åttio", "135, 80"])
def test_two_bare_numbers_are_a_pressure_when_asked_for(text: str) -> None:
    assert measurements(text, expected="blood_pressure") == [pressure(135, 80)]


@pytest.mark.parametrize("text", ["36,6", "7,1", "svar på din fråga: 97", "INR 2,7", "Seretide 50/250 mikrogram"])
def test_a_number_without_kind_is_not_guessed(text: str) -> None:
    assert measurements(text) == []


def test_two_numbers_are_not_one_weight() -> None:
    assert measurements("sextio eller sjuttio", expected="weight") == []


@pytest.mark.parametrize("text", ["kl 8.30", "klockan halv nio", "8.30 på torsdag", "den 3/12"])
def test_a_time_or_date_is_never_also_a_measurement(text: str) -> None:
    assert {entity["entity"] for entity in extract(text)} <= {"time", "date"}


@pytest.mark.parametrize("text", ["blodsockret är 8,5", "väger 72.30", "135/80", "tempen 38 och 5"])
def test_a_measurement_is_never_also_a_time_or_date(text: str) -> None:
    assert {entity["entity"] for entity in extract(text)} - {"symptom", "food"} == {"measurement"}
