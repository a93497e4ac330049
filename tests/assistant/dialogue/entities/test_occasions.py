"""Days, times and parts of the day as people say them on Saturday 21 November 2026 at noon."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from assistant.dialogue.entities import extract

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=ZoneInfo("Europe/Stockholm"))
NAMES = {"date": "date", "time": "time", "part_of_day": "part"}


def occasion(text: str, *, now: datetime = NOW, **options: Any) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    for entity in extract(text, now=now, **options):
        if entity["entity"] in NAMES:
            found.setdefault(NAMES[entity["entity"]], []).append(entity["value"])
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


SAID: list[tuple[str, dict[str, Any]]] = [
    ("lördagen den 5 december mellan ett och tre", {"date": "2026-12-05", "time": {"from": "13:00", "to": "15:00"}}),
    ("torsdag-söndag", {"date": {"from": "2026-11-26", "to": "2026-11-29"}}),
    ("på onsdag, alltså den 25:e", {"date": "2026-11-25"}),
    ("25:e på eftermiddan", {"date": "2026-11-25", "part": "afternoon"}),
    ("tolv på dagen", {"time": "12:00"}),
    ("1-10 december", {"date": {"from": "2026-12-01", "to": "2026-12-10"}}),
    ("mellan tolv och ett", {"time": {"from": "12:00", "to": "13:00"}}),
    ("ett till tre på torsdag", {"date": "2026-11-26", "time": {"from": "13:00", "to": "15:00"}}),
    ("9-11 på torsdag", {"date": "2026-11-26", "time": {"from": "09:00", "to": "11:00"}}),
    ("efter ett på fredag", {"date": "2026-11-27", "time": "13:00"}),
    ("nio trettio på fredag", {"date": "2026-11-27", "time": "09:30"}),
    ("0900 på måndag", {"date": "2026-11-23", "time": "09:00"}),
    ("om en kvart", {"date": "2026-11-21", "time": "12:15"}),
    ("den 3.12 kl 10", {"date": "2026-12-03", "time": "10:00"}),
    ("22.11.2026", {"date": "2026-11-22"}),
    ("19.e december", {"date": "2026-12-19"}),
    ("i stället för tisdag, torsdag", {"date": "2026-11-26"}),
    ("kan inte måndag eller tisdag, men onsdag funkar", {"date": "2026-11-25"}),
    ("jag är född 12 april 1936", {}),
    ("next Wednesday at 9:30", {"date": "2026-11-25", "time": "09:30"}),
    ("tomorrow at half past ten", {"date": "2026-11-22", "time": "10:30"}),
    ("on the 5th of December at 3 pm", {"date": "2026-12-05", "time": "15:00"}),
    ("the day after tomorrow at quarter to nine", {"date": "2026-11-23", "time": "08:45"}),
    ("i veckan som kommer på torsdag", {"date": "2026-11-26"}),
    ("lördagen den första maj", {"date": "2027-05-01"}),
    ("kom åtta i stället", {"time": "08:00"}),
    ("min tid är onsdag men jag jobbar, kan jag ha torsdag", {"date": "2026-11-26"}),
    ("jag sa tisdag men jag menade torsdag", {"date": "2026-11-26"}),
    ("klockan åtta, tolv och tjugo", {"time": ["08:00", "12:00", "20:00"]}),
    ("påminn mig om kvällsmedicinen klockan nio", {"time": "21:00"}),
    ("torsdag till lördag", {"date": {"from": "2026-11-26", "to": "2026-11-28"}}),
    ("på tisdag förmiddag", {"date": "2026-11-24", "part": "forenoon"}),
    ("om två veckor", {"date": "2026-12-05"}),
    ("kl halv nio", {"time": "08:30"}),
    ("kvart över två", {"time": "14:15"}),
    ("fem i halv tre", {"time": "14:25"}),
    ("i övermorgon", {"date": "2026-11-23"}),
    ("nästa fredag", {"date": "2026-11-27"}),
    ("den 3 december", {"date": "2026-12-03"}),
    ("3/12", {"date": "2026-12-03"}),
    ("v 50 måndag", {"date": "2026-12-07"}),
    ("sista november", {"date": "2026-11-30"}),
    ("efter klockan fyra", {"time": "16:00"}),
    ("om en timme", {"date": "2026-11-21", "time": "13:00"}),
    ("till jul", {"date": "2026-12-24"}),
    ("imorn", {"date": "2026-11-22"}),
    ("tisda", {"date": "2026-11-24"}),
    ("i över morgon", {"date": "2026-11-23"}),
    ("nästa vecka", {"date": {"from": "2026-11-23", "to": "2026-11-29"}}),
    ("i slutet av månaden", {"date": {"from": "2026-11-21", "to": "2026-11-30"}}),
    ("vecka 50", {"date": {"from": "2026-12-07", "to": "2026-12-13"}}),
    ("tio över halv tre", {"time": "14:40"}),
    ("fem över halv åtta", {"time": "07:35"}),
    ("tjugo i tre", {"time": "14:40"}),
    ("kl 0830", {"time": "08:30"}),
    ("klockan åtta trettio", {"time": "08:30"}),
    ("klockan fjorton", {"time": "14:00"}),
    ("kl. 13.30", {"time": "13:30"}),
    ("vid niotiden", {"time": "09:00"}),
    ("vid tretiden på eftermiddagen", {"time": "15:00"}),
    ("klockan nio noll noll", {"time": "09:00"}),
    ("fjorton och trettio", {}),
    ("klockan fjorton och trettio", {"time": "14:30"}),
    ("på torsdag klockan nio", {"date": "2026-11-26", "time": "09:00"}),
    ("tors kl 9", {"date": "2026-11-26", "time": "09:00"}),
    ("mån 30/11", {"date": "2026-11-30"}),
    ("måndagen den 7 december", {"date": "2026-12-07"}),
    ("den sjunde december", {"date": "2026-12-07"}),
    ("den 15:e", {"date": "2026-12-15"}),
    ("den femtonde", {"date": "2026-12-15"}),
    ("den 25", {"date": "2026-11-25"}),
    ("15 dec", {"date": "2026-12-15"}),
    ("1:a december", {"date": "2026-12-01"}),
    ("första december", {"date": "2026-12-01"}),
    ("fredag i nästa vecka", {"date": "2026-11-27"}),
    ("fredag om en vecka", {"date": "2026-12-04"}),
    ("om fjorton dagar", {"date": "2026-12-05"}),
    ("om en månad", {"date": "2026-12-21"}),
    ("om tre dar", {"date": "2026-11-24"}),
    ("onsdag vecka 49", {"date": "2026-12-02"}),
    ("på onsdag i vecka 49", {"date": "2026-12-02"}),
    ("första måndagen i december", {"date": "2026-12-07"}),
    ("dagen efter julafton", {"date": "2026-12-25"}),
    ("lördag", {"date": "2026-11-28"}),
    ("i eftermiddag klockan tre", {"date": "2026-11-21", "time": "15:00"}),
    ("i dag klockan fyra", {"date": "2026-11-21", "time": "16:00"}),
    ("imorgon bitti klockan åtta", {"date": "2026-11-22", "time": "08:00"}),
    ("i morgon bitti", {"date": "2026-11-22", "part": "morning"}),
    ("onsdagskväll", {"date": "2026-11-25", "part": "evening"}),
    ("på fredagsförmiddagen", {"date": "2026-11-27", "part": "forenoon"}),
    ("tisdag em", {"date": "2026-11-24", "part": "afternoon"}),
    ("fm på torsdag", {"date": "2026-11-26", "part": "forenoon"}),
    ("mellan nio och elva", {"time": {"from": "09:00", "to": "11:00"}}),
    ("mellan klockan två och fyra på onsdag", {"date": "2026-11-25", "time": {"from": "14:00", "to": "16:00"}}),
    ("kl 9-11", {"time": {"from": "09:00", "to": "11:00"}}),
    ("13:00-14:30", {"time": {"from": "13:00", "to": "14:30"}}),
    ("flytta från tisdag till torsdag", {"date": "2026-11-26"}),
    ("flytta tiden på tisdag till torsdag", {"date": "2026-11-26"}),
    ("flytta min tid från klockan tio till klockan två", {"time": "14:00"}),
    ("byt från 9.00 till 10.30", {"time": "10:30"}),
    ("onsdag i stället för tisdag", {"date": "2026-11-25"}),
    ("inte på tisdag utan torsdag", {"date": "2026-11-26"}),
    ("nej tisdag menade jag", {"date": "2026-11-24"}),
    ("jag kan inte på tisdag, går det på torsdag", {"date": "2026-11-26"}),
    ("tisdag passar inte, hellre fredag", {"date": "2026-11-27"}),
    ("mellan den 3 och 7 december", {"date": {"from": "2026-12-03", "to": "2026-12-07"}}),
    ("från den 1 december till den 10 december", {"date": {"from": "2026-12-01", "to": "2026-12-10"}}),
    ("3-7 december", {"date": {"from": "2026-12-03", "to": "2026-12-07"}}),
    ("kvart i sju på morgonen", {"time": "06:45"}),
    ("sju på kvällen", {"time": "19:00"}),
    ("klockan åtta på kvällen", {"time": "20:00"}),
    ("tio på förmiddagen", {"time": "10:00"}),
    ("halv tio ikväll", {"date": "2026-11-21", "time": "21:30"}),
    ("klockan tolv", {"time": "12:00"}),
    ("varje dag klockan åtta", {"time": "08:00"}),
    ("varje tisdag klockan tio", {"time": "10:00"}),
    ("på tisdagar", {}),
    ("i måndags", {}),
    ("igår", {}),
    ("förra veckan", {}),
    ("god morgon", {}),
    ("God morgon! boka tid på fredag", {"date": "2026-11-27"}),
    ("20 i 9", {"time": "08:40"}),
    ("kvart i nie", {"time": "08:45"}),
    ("halv tie", {"time": "09:30"}),
    ("klockan halv ett", {"time": "12:30"}),
    ("kvart över tolv", {"time": "12:15"}),
    ("kvart i ett", {"time": "12:45"}),
    ("kl 15", {"time": "15:00"}),
    ("vid 10", {"time": "10:00"}),
    ("efter tre", {"time": "15:00"}),
    ("klockan nio eller tio", {"time": ["09:00", "10:00"]}),
    ("tisdag eller onsdag", {"date": ["2026-11-24", "2026-11-25"]}),
    ("i helgen", {"date": {"from": "2026-11-21", "to": "2026-11-22"}}),
    ("nästa månad", {"date": {"from": "2026-12-01", "to": "2026-12-31"}}),
    ("i december", {"date": {"from": "2026-12-01", "to": "2026-12-31"}}),
    ("i början av december", {"date": {"from": "2026-12-01", "to": "2026-12-10"}}),
    ("i mitten av januari", {"date": {"from": "2027-01-11", "to": "2027-01-20"}}),
    ("på nyårsafton", {"date": "2026-12-31"}),
    ("lucia", {"date": "2026-12-13"}),
    ("den 3 januari", {"date": "2027-01-03"}),
    ("2026-12-03 kl 10", {"date": "2026-12-03", "time": "10:00"}),
    ("3/1", {"date": "2027-01-03"}),
    ("30 nov", {"date": "2026-11-30"}),
    ("den tjugofemte november", {"date": "2026-11-25"}),
    ("trettionde november", {"date": "2026-11-30"}),
    ("tisdag åtta dagar", {"date": "2026-12-01"}),
    ("tisdag nästa vecka klockan ett", {"date": "2026-11-24", "time": "13:00"}),
    ("pa mandag", {"date": "2026-11-23"}),
    ("lordag formiddag", {"date": "2026-11-28", "part": "forenoon"}),
    ("pa sondag kvall", {"date": "2026-11-22", "part": "evening"}),
    ("imorgon em", {"date": "2026-11-22", "part": "afternoon"}),
    ("torsdan kl 2", {"date": "2026-11-26", "time": "14:00"}),
    ("onsda morron", {"date": "2026-11-25", "part": "morning"}),
    ("fredan den fjärde", {"date": "2026-12-04"}),
    ("nån gång på eftermiddan", {"part": "afternoon"}),
    ("tidigast klockan 10", {"time": "10:00"}),
    ("före klockan tolv", {"time": "12:00"}),
    ("senast på fredag", {"date": "2026-11-27"}),
    ("kan ni ringa fem över tre", {"time": "15:05"}),
    ("tio minuter i nio", {"time": "08:50"}),
    ("klockan 9 30", {"time": "09:30"}),
    ("14.45", {"time": "14:45"}),
    ("om tjugo minuter", {"date": "2026-11-21", "time": "12:20"}),
    ("om en halvtimme", {"date": "2026-11-21", "time": "12:30"}),
    ("fredag 4/12 klockan 14", {"date": "2026-12-04", "time": "14:00"}),
    ("den 4 i 12", {"date": "2026-12-04"}),
    ("den fjärde i tolfte", {"date": "2026-12-04"}),
    ("på lucia klockan 8", {"date": "2026-12-13", "time": "08:00"}),
    ("annandagen", {"date": "2026-12-26"}),
    ("nu på måndag", {"date": "2026-11-23"}),
    ("måndag morgon klockan halv åtta", {"date": "2026-11-23", "time": "07:30"}),
    ("en tid 8.15 på torsdag", {"date": "2026-11-26", "time": "08:15"}),
    ("på torsdag nån gång efter lunch", {"date": "2026-11-26", "part": "afternoon"}),
    ("på mornarna", {"part": "morning"}),
    ("tisdag, klockan 10", {"date": "2026-11-24", "time": "10:00"}),
    ("halv fyra på eftermiddagen den 9 december", {"date": "2026-12-09", "time": "15:30"}),
    ("min tid den 9 december kl 8.00 vill jag flytta till den 11", {"date": "2026-12-11"}),
    ("tre veckor framåt", {"date": "2026-12-12"}),
    ("klockan sju varje morgon", {"time": "07:00"}),
    ("om en vecka", {"date": "2026-11-28"}),
    ("veckan efter nyår", {"date": {"from": "2027-01-04", "to": "2027-01-10"}}),
    ("de närmaste två veckorna", {"date": {"from": "2026-11-21", "to": "2026-12-05"}}),
    ("efter jul", {"date": {"from": "2026-12-27", "to": "2027-01-09"}}),
    ("kl 9 på morron", {"time": "09:00"}),
    ("åtta på morgonen och åtta på kvällen", {"time": ["08:00", "20:00"]}),
    ("15.30-tiden", {"time": "15:30"}),
    ("kl nio tisdag förmiddag", {"date": "2026-11-24", "time": "09:00"}),
    ("en tid på måndag eller tisdag nästa vecka", {"date": ["2026-11-23", "2026-11-24"]}),
    ("i veckan", {"date": {"from": "2026-11-21", "to": "2026-11-22"}}),
    ("fredag den elfte", {"date": "2026-12-11"}),
    ("till på fredag", {"date": "2026-11-27"}),
    ("20 över 10", {"time": "10:20"}),
    ("10 i halv 3", {"time": "14:20"}),
    ("påminn mig om 2 timmar", {"date": "2026-11-21", "time": "14:00"}),
    ("väck mig sex på morgonen", {"time": "06:00"}),
    ("klockan 7 på kvällen", {"time": "19:00"}),
    ("på kvällen klockan nio", {"time": "21:00"}),
    ("tio i tio på kvällen", {"time": "21:50"}),
    ("kl 22", {"time": "22:00"}),
    ("kl 23.30", {"time": "23:30"}),
    ("den första", {"date": "2026-12-01"}),
    ("den siste december", {"date": "2026-12-31"}),
    ("nästa tisdag förmiddag", {"date": "2026-11-24", "part": "forenoon"}),
    ("nästkommande onsdag", {"date": "2026-11-25"}),
    ("om ungefär två veckor", {"date": "2026-12-05"}),
    ("på fredag, nej förresten på torsdag", {"date": "2026-11-26"}),
    ("vilken dag som helst utom fredag", {}),
    ("första veckan i december", {"date": {"from": "2026-12-01", "to": "2026-12-07"}}),
    ("på tisdag elva noll fem", {"date": "2026-11-24", "time": "11:05"}),
    ("från elva till sex sov jag", {"time": {"from": "23:00", "to": "06:00"}}),
    ("nej inte sju på kvällen, sju på morgonen vill jag", {"time": "07:00"}),
    ("mellan tio på förmiddagen och två på eftermiddagen", {"time": {"from": "10:00", "to": "14:00"}}),
    ("från nio på morgonen till fem", {"time": {"from": "09:00", "to": "17:00"}}),
    ("elva till två på eftermiddagen", {"time": {"from": "11:00", "to": "14:00"}}),
    ("helst inom tre veckor", {"date": {"from": "2026-11-21", "to": "2026-12-12"}}),
    ("en tid inom en vecka", {"date": {"from": "2026-11-21", "to": "2026-11-28"}}),
    ("261203 går bra", {"date": "2026-12-03"}),
    ("jag är född 390512", {}),
]


@pytest.mark.parametrize(("text", "expected"), SAID)
def test_reads_the_day_and_time_that_is_meant(text: str, expected: dict[str, Any]) -> None:
    assert occasion(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("igår", {"date": "2026-11-20"}),
        ("i måndags", {"date": "2026-11-16"}),
        ("för två dagar sedan", {"date": "2026-11-19"}),
        ("förra veckan", {"date": {"from": "2026-11-09", "to": "2026-11-15"}}),
        ("den 3 november", {"date": "2026-11-03"}),
        ("i går kväll", {"date": "2026-11-20", "part": "evening"}),
    ],
)
def test_looks_back_where_the_past_is_meant(text: str, expected: dict[str, Any]) -> None:
    assert occasion(text, looking="back") == expected


@pytest.mark.parametrize(
    ("text", "time"), [("nio", "09:00"), ("två", "14:00"), ("10.30", "10:30"), ("8 30", "08:30"), ("ett", "13:00")]
)
def test_a_bare_number_is_a_time_when_asked_for(text: str, time: str) -> None:
    assert occasion(text, expected="time") == {"time": time}


@pytest.mark.parametrize(
    ("text", "date"), [("femtonde", "2026-12-15"), ("25", "2026-11-25"), ("den tredje", "2026-12-03")]
)
def test_a_bare_number_is_a_day_when_asked_for(text: str, date: str) -> None:
    assert occasion(text, expected="date") == {"date": date}


def test_a_time_today_that_has_passed_is_the_later_one() -> None:
    assert occasion("i dag klockan åtta") == {"date": "2026-11-21", "time": "20:00"}


def test_next_friday_on_a_wednesday_is_next_weeks() -> None:
    wednesday = datetime(2026, 11, 18, 9, 0, tzinfo=NOW.tzinfo)
    assert occasion("på fredag", now=wednesday) == {"date": "2026-11-20"}
    assert occasion("nästa fredag", now=wednesday) == {"date": "2026-11-27"}


def test_the_day_is_that_of_stockholm() -> None:
    late_in_london = datetime(2026, 11, 21, 23, 30, tzinfo=ZoneInfo("Europe/London"))
    assert occasion("i dag", now=late_in_london) == {"date": "2026-11-22"}


def test_a_leap_day_is_the_next_there_is() -> None:
    assert occasion("den 29 februari") == {"date": "2028-02-29"}
