"""A rule's conditions in readable Swedish, for those who sign it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scheduler.rule import (
    All,
    Allergy,
    AnyOf,
    Bmi,
    Compare,
    Condition,
    Consent,
    Diagnosis,
    Difference,
    Kept,
    Likes,
    Limit,
    Measured,
    Medicine,
    MedicineChanged,
    Met,
    News2,
    Not,
    OnDays,
    PatientFact,
    PatientLimit,
    Percent,
    ReportCount,
    Reported,
    ReportedLately,
    Rule,
    SomeOf,
    Twice,
    Value,
)
from scheduler.texts import number
from scheduler.vocabulary import SIGNALS, Fact, MeasureName, ReportName

MEASURES: dict[MeasureName, str] = {
    "count": "antal mätningar av {of}",
    "latest": "senaste {of}",
    "first": "första {of}",
    "mean": "medel av {of}",
    "median": "median av {of}",
    "min": "lägsta {of}",
    "max": "högsta {of}",
    "change": "ändring av {of} från första till sista",
    "change_percent": "ändring av {of} i procent",
    "slope": "lutning för {of} per dag",
    "slope_low": "nedre gräns (90 %) för lutningen av {of}",
    "slope_high": "övre gräns (90 %) för lutningen av {of}",
    "fall": "minskning av {of} enligt lutningen",
    "fall_percent": "minskning av {of} i procent enligt lutningen",
    "rise": "ökning av {of}",
    "days_with": "antal dagar med {of} inom gränsen",
    "days_since": "dagar sedan senaste {of}",
}
FACTS: dict[Fact, str] = {
    "age": "ålder i år",
    "missed_readings": "överenskomna mätningar som saknas i rad",
    "silent_devices": "mätare som har tystnat",
    "doubtful_readings": "osäkra värden sedan förra genomgången",
    "prescription_days_left": "dagar kvar på det recept som går ut först",
    "unanswered_check_ins": "obesvarade hälsningar i rad (en upprepad räknas dubbelt)",
    "slip_risk": "halkrisk i dag (0 ingen, 1 viss, 2 stor)",
    "slip_risk_before": "halkrisk i går",
    "heat": "värme väntas (1 ja, 0 nej)",
}
REPORTS: dict[ReportName, str] = {
    "breathlessness": "andfåddhet",
    "chest-pain": "bröstsmärta",
    "chills": "frossa",
    "confusion": "förvirring",
    "consciousness-alert": "vaken (A i ACVPU)",
    "consciousness-impaired": "sänkt vakenhet (C, V, P eller U)",
    "constipation": "förstoppning",
    "diarrhoea": "diarré",
    "dizziness": "yrsel",
    "fainting": "svimning",
    "fall": "fall",
    "fall-cannot-rise": "fall, kan inte resa sig",
    "fall-head-injury": "fall med slag mot huvudet",
    "fever": "feber",
    "infection": "infektion",
    "irregular-pulse": "ojämn puls",
    "laboured-breathing": "ansträngd andning",
    "little-urine": "lite urin",
    "loneliness": "ensamhet",
    "medication-forgotten": "glömd dos",
    "muscle-weakness": "muskelsvaghet",
    "no-stool": "ingen avföring",
    "oxygen-treatment": "syrgas",
    "scale-changed": "byte av våg",
    "severe-pain": "svår smärta",
    "side-effect": "misstänkt biverkning",
    "skin-blotches": "fläckig hud",
    "slept-badly": "dålig natt",
    "slurred-speech": "sluddrigt tal",
    "sputum": "mer slem",
    "sputum-colour": "ändrad färg på slemmet",
    "stool": "avföring",
    "unwell": "mår illa",
    "vomiting": "kräkning",
}
NEWS2 = {
    "known": "NEWS2, minst",
    "highest": "högsta NEWS2-poäng för en enskild parameter",
    "missing": "saknat för NEWS2",
}
SIGNS = {"above": "över", "at_least": "minst", "below": "under", "at_most": "högst"}


@dataclass(frozen=True)
class Sentence:
    """One line of a condition and how deep it lies."""

    depth: int
    text: str


def sentences(rule: Rule, condition: Condition, depth: int = 0) -> Iterator[Sentence]:
    """Say a condition line by line."""
    match condition:
        case All():
            head, inner = "Allt detta gäller:", condition.all
        case AnyOf():
            head, inner = "Något av detta gäller:", condition.any
        case SomeOf():
            head, inner = f"Minst {condition.at_least} av detta gäller:", condition.some_of
        case Not():
            head, inner = "Detta gäller säkert inte:", (condition.not_,)
        case _:
            yield Sentence(depth, _plain(rule, condition))
            return
    yield Sentence(depth, head)
    for part in inner:
        yield from sentences(rule, part, depth + 1)


def value_in_words(rule: Rule, name: str) -> str:
    """Say what a named value is."""
    return _value(rule, rule.values[name])


def _plain(rule: Rule, condition: Condition) -> str:  # noqa: PLR0911, PLR0912 - one case for each word of the vocabulary
    match condition:
        case Compare():
            limits = " och ".join(f"{SIGNS[sign]} {_limit(rule, limit)}" for sign, limit in condition.limits.items())
            return f"{value_in_words(rule, condition.value)}: {limits}"
        case Medicine():
            return f"aktivt läkemedel i ATC {_listed(condition.medicine)}"
        case MedicineChanged():
            groups = f"ATC {_listed(condition.medicine_changed)}" if condition.medicine_changed else "något läkemedel"
            ago = f", för minst {condition.at_least_ago} dagar sedan" if condition.at_least_ago else ""
            return f"{groups} insatt, ändrat eller utsatt de senaste {condition.within} dagarna{ago}"
        case Diagnosis():
            return f"aktiv diagnos i ICD-10 {_listed(condition.diagnosis)}"
        case Reported():
            row = " i rad" if condition.consecutive else ""
            days = f" på minst {condition.at_least_days} dagar{row}" if condition.at_least_days > 1 else ""
            return f"rapporterat: {_told(condition.reported)}, {_days(condition.days)}{days}"
        case ReportedLately():
            own = " (om ett läkemedel på patientens lista)" if condition.own_medicine else ""
            return f"rapporterat sedan förra genomgången: {_told(condition.reported_since_round)}{own}"
        case Twice():
            each = " eller ".join(_kept(one) for one in condition.twice)
            return f"två mätningar inom {condition.within_minutes} minuter, var och en {each}, {_days(condition.days)}"
        case OnDays():
            told = [_kept(one) for one in condition.on_days] + [REPORTS[name] for name in condition.reported]
            return f"minst {condition.at_least_days} dagar med {' eller '.join(told)}, {_days(condition.days)}"
        case Limit():
            wanted = "" if condition.equals is None else f" = {condition.equals}"
            return f"satt för patienten: {condition.limit}{wanted}"
        case Consent():
            return f"samtycke: {condition.consent}"
        case Likes():
            return "tycker om en smak som näringsdrycker finns i"
        case Allergy():
            return f"överkänslig mot {_listed(condition.allergy)}"
        case Met():
            return f"villkoren för {condition.met} uppfyllda, {_days(condition.days)}"
        case _:
            return str(condition)


def _value(rule: Rule, value: Value) -> str:  # noqa: PLR0911 - one case for each word of the vocabulary
    match value:
        case Measured():
            words = MEASURES[value.measure].format(of=_signal(value.of))
            apart = f", {value.apart[0]} till {value.apart[1]} dagar isär" if value.apart else ""
            limits = {"at_most": value.at_most, "at_least": value.at_least}
            kept = [f"{SIGNS[sign]} {_number(limit)}" for sign, limit in limits.items() if limit is not None]
            return f"{words}{''.join(f' ({one})' for one in kept)}, {_days(value.days)}{apart}"
        case Difference():
            return f"skillnaden mellan ({_of(rule, value.minus[0])}) och ({_of(rule, value.minus[1])})"
        case Percent():
            return f"({_of(rule, value.percent_of[0])}) i procent av ({_of(rule, value.percent_of[1])})"
        case PatientFact():
            return FACTS[value.patient]
        case News2():
            return f"{NEWS2[value.news2]}, {_days(value.days)}"
        case Bmi():
            return f"BMI av ({_of(rule, value.bmi[0])}) och ({_of(rule, value.bmi[1])})"
        case PatientLimit():
            return f"patientens egen gräns {value.limit_of}, annars {_number(value.otherwise)}"
        case ReportCount():
            what = "antal rapporter om" if value.reports == "count" else "dagar sedan senaste rapport om"
            about = f" (ATC {_listed(value.medicine)})" if value.medicine else ""
            return f"{what} {_told(value.of)}{about}, {_days(value.days)}"


def _of(rule: Rule, name: str) -> str:
    return value_in_words(rule, name)


def _limit(rule: Rule, limit: float | str) -> str:
    return f"({value_in_words(rule, limit)})" if isinstance(limit, str) else _number(limit)


def _kept(kept: Kept) -> str:
    limits: Mapping[str, float] = kept.limits
    return f"{_signal(kept.of)} {' och '.join(f'{SIGNS[sign]} {_number(limit)}' for sign, limit in limits.items())}"


def _signal(name: str) -> str:
    label = SIGNALS[name].label_sv.lower()  # type: ignore[index]  # a rule's signal is one of them
    return {"systolic": "övre blodtryck", "diastolic": "undre blodtryck"}.get(name, label)


def _days(window: tuple[int, int]) -> str:
    if window == (0, 0):
        return "i dag"
    if window == (-1, 0):
        return "i går eller i dag"
    return f"dag {number(window[0], decimals=0)} till {number(window[1], decimals=0)}"


def _number(value: float) -> str:
    return number(value, decimals=0 if value == int(value) else 1)


def _told(names: tuple[ReportName, ...]) -> str:
    return ", ".join(REPORTS[name] for name in names)


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(words)
