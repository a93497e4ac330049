"""Measured values: blood pressure, weight, pulse, oxygen, temperature, glucose, breaths, height, hours of sleep.

The kind comes from the unit, from a word beside the number, or from what the talk has just asked for. When none tells,
there is no value. Limits here only keep other numbers out; whether a value is plausible is for the record to judge.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from assistant.dialogue.entities import lookup
from assistant.dialogue.entities.clock import NOT_COUNTED
from assistant.dialogue.entities.corrections import AGAIN, AT_ONCE, MEANT, WORD, withdraw
from assistant.dialogue.entities.reading import Found, Reading, rule
from assistant.dialogue.entities.tokens import Token

Kind = Literal["blood_pressure", "weight", "pulse", "oxygen", "temperature", "glucose", "breaths", "height", "sleep"]

NUMBER = r"\d+(?:[.,]\d+)?"
PRESSURE = r"\d{2,3}"
CUES: dict[str, Kind] = {
    "vikt": "weight",
    "puls": "pulse",
    "syre": "oxygen",
    "temp": "temperature",
    "socker": "glucose",
    "andning": "breaths",
    "langd": "height",
    "somn": "sleep",
    "blodtryck": "blood_pressure",
    "overtryck": "blood_pressure",
    "undertryck": "blood_pressure",
}
HINTS: dict[str, Kind] = {"matstalle": "temperature", "t": "temperature", "maltid": "glucose"}
UNITS: dict[Kind, str] = {
    "weight": "kg",
    "pulse": "/min",
    "oxygen": "%",
    "temperature": "Cel",
    "glucose": "mmol/L",
    "breaths": "/min",
    "height": "cm",
    "sleep": "h",
}
SURELY: dict[Kind, tuple[float, float]] = {
    "weight": (25, 300),
    "pulse": (25, 220),
    "oxygen": (70, 100),
    "temperature": (34, 43),
    "glucose": (0.6, 40),
    "breaths": (5, 60),
    "height": (100, 220),
}
POSSIBLY: dict[Kind, tuple[float, float]] = {
    "weight": (15, 500),
    "pulse": (15, 300),
    "oxygen": (30, 100),
    "temperature": (25, 110),
    "glucose": (0.1, 60),
    "breaths": (2, 80),
    "height": (50, 250),
    "sleep": (0, 24),
}
UNIT_PATTERNS: list[tuple[str, Kind, str]] = [
    (r"kg", "weight", "kg"),
    (r"pounds", "weight", "[lb_av]"),
    (r"procent", "oxygen", "%"),
    (r"(?:grader )?fahrenheit|grader f|f", "temperature", "[degF]"),
    (r"grader(?: c| celsius)?|c|celsius", "temperature", "Cel"),
    (r"(?:mg|milligram)(?: ?/ ?| per )(?:dl|deciliter)|mgdl", "glucose", "mg/dL"),
    (r"mmol(?:(?: ?/ ?| per )?(?:l|liter))?", "glucose", "mmol/L"),
    (r"slag(?:(?: i| per| pa| om| /)*(?: en)? (?:minuter|min|m))?(?! (?:pa|per|i|under) \d+ )", "pulse", "/min"),
    (
        r"andning(?:(?: i| per| pa| om| /)* (?:minuter|min|m))?"
        r"|(?:ganger|ggr)(?: i| per| pa| om| /)(?: en)? (?:minuter|min|m)",
        "breaths",
        "/min",
    ),
    (r"(?:ganger|ggr)(?: i| per| pa| om| /)(?: en)? (?:minuter|min|m)", "pulse", "/min"),
    (r"cm|centimeter", "height", "cm"),
]
CORRECTED = rule(rf"(?P<first><measurement>)(?:{AGAIN}|{AT_ONCE}(?= \S+{MEANT})) (?P<it>{NUMBER}){NOT_COUNTED}")
LEAST_BETWEEN = 15
SOME_DAY = r"(?:<date>|<part>|<past>)"
AND_THEN = r"(?: (?:och|men|,|;|sedan|var|vara|den|det|pa|i))*"
ANOTHER_DAY = (
    rule(
        rf"(?P<first><measurement>)(?: {WORD}){{0,2}} {SOME_DAY}{AND_THEN} (?P<it>{NUMBER})"
        rf"(?= (?:{WORD} ){{0,2}}{SOME_DAY})"
    ),
    rule(
        rf"{SOME_DAY}(?: {WORD}){{0,2}} (?P<first><measurement>){AND_THEN} {SOME_DAY}{AND_THEN} "
        rf"(?P<it>{NUMBER}){NOT_COUNTED}"
    ),
)
BARE_TAKEN_BACK = rule(rf"(?P<it>{NUMBER}){AGAIN} {NUMBER}")
NOT_THIS = rule(rf"<measurement>(?: {WORD}){{0,4}} (?:inte|ej) (?P<it>{NUMBER})")
TIMES_A_MINUTE = re.compile(r"ganger|ggr")
UNIT_FIRST = rule(rf"kg (?P<number>{NUMBER})")
QUANTITIES = [(rule(rf"(?P<number>{NUMBER}) (?:{unit})"), kind, ucum) for unit, kind, ucum in UNIT_PATTERNS]
OTHER_UNITS = (
    "mg|ml|mikrogram|ug|g|gram|hg|dl|liter|l|tabletter|tablett|piller|pillerna|st|stycken|kr|kronor|gang|ganger|ggr|"
    "ar|ars|aring|arig|enheter|ie|puffar|droppar|kapslar|minuter|min|sekunder|km|meter|m|steg|glas|koppar|skedar|"
    "bitar|av|personer|barn|barnbarn|trappor|tiden|dos|doser|mmol/mol|w|cl|timme|timmar|dag|dagar|veckor|matningar"
)
OTHER = rule(rf"{NUMBER}(?:/\d+)? (?:{OTHER_UNITS}|slag (?:pa|per|i|under) \d+ \w+)")
KILO_AND_LESS = rule(
    r"(?P<kilo>\d+) (?:(?:kg(?: och)?|och) (?P<hekto>\d) hekto|(?:kg(?: och)? |och )?(?P<gram>\d00|\d\d0) (?:gram|g)"
    r"|kg och (?P<half>(?:ett |en )?halv))"
)
METRES = rule(
    r"(?P<metre>[12]|en) (?:meter|m)(?: och)? (?P<centimetre>\d{1,2})(?: cm)?|(?:en|1) och (?P<rest>\d\d) langd"
    r"|(?P<decimal>[12][.,]\d{2})(?: meter| m)?"
)
WEIGHT_AND = rule(
    r"(?P<whole>[2-9]\d|1\d\d) (?P<tenth>\d)(?= (?:i |pa )?vikt)|(?<=vikt )(?P<first>[2-9]\d) (?P<last>\d)(?= ?$)"
)
ONE = re.compile("ett?|en")
KILO_AND_WHAT = rule(r"\d+ kg och \d(?= ?$| [,.!])")
FEVER_AND = rule(r"(?P<whole>3[4-9]|4[0-2])(?: och)? (?P<tenth>\d)(?! :|\d)")

APART = r"(?P<it>(?P<whole>\d{1,3}) [,.] (?P<tenth>\d))(?! (?:[,.:/] ?\d|och \d))"
COMMA_APART = (
    rule(rf"(?:vikt|temp|socker)(?: {WORD}){{0,4}} {APART}{NOT_COUNTED}"),
    rule(rf"{APART}(?= (?:kg|grader|mmol|procent)(?: |$))"),
)
ONLY_APART = rule(rf"(?<=^){APART}(?=$)")
LOOSE_SLASH = rule(rf"(?P<systolic>{PRESSURE}) / (?P<diastolic>{PRESSURE})(?: / (?P<pulse>{PRESSURE}))?")
DIGIT_BY_DIGIT = (
    rule(r"(?P<a>en|ett|[12]) (?P<b>\d) (?P<c>\d)(?= (?:genom|over|/) \d)"),
    rule(r"(?P<a>en|ett|et|1)(?: och)? (?P<b>[1-9]\d)(?= (?:genom|over|/) [3-9]\d|(?= (?:genom|over|/) 1\d\d))"),
    rule(r"(?P<a>[3-9]) (?P<b>\d)(?= (?:procent|kg|grader)|$)"),
    rule(r"(?P<a>[3-9]) (?P<b>\d,\d)"),
    rule(r"(?<=genom )(?P<a>[3-9]) (?P<b>\d)"),
    rule(r"(?<=over )(?P<a>[3-9]) (?P<b>\d)"),
)
NOT_A_UNIT = r"(?! (?:kg|procent|slag|grader|i puls|puls(?! \d)|ar|mg))"
SAID_BETWEEN = r"(?:(?:mmhg )?(?:/|genom|over|ovr|-|–))"
LOOSELY_BETWEEN = r"(?:(?:, )?(?:och )?(?:sa|sedan)|och|pa|mot|med|till|under|,|;|ner till|\.)"
PAIR = rule(rf"(?P<systolic>{PRESSURE}) {SAID_BETWEEN} (?P<diastolic>{PRESSURE})(?! (?:mg|mikrogram|ug|/))")
SLASHED = rule(
    rf"(?P<systolic>{PRESSURE})/(?P<diastolic>{PRESSURE})(?:/(?P<pulse>{PRESSURE}))?(?! (?:mg|mikrogram|ug))"
)
PRESSURE_DEVICE = re.compile(r"\b(?:apparat|matare|manschett|mansjett|maskin|runt armen|overarmen)\w*")
OTHER_KIND = re.compile(r"\b(?:vikt|puls|syre|temp|socker|langd|andning|kg|kronor|kr|nummer|rum|sida|telefon\w*)\b")
LOOSE_PAIR = rule(rf"(?P<systolic>{PRESSURE})(?: {LOOSELY_BETWEEN})? (?P<diastolic>{PRESSURE}){NOT_A_UNIT}")
GAP = r"(?: (?!<)[^\d\s]+){0,4}"
NAMED = rule(rf"overtryck{GAP} (?P<systolic>{PRESSURE}){GAP} undertryck{GAP} (?P<diastolic>{PRESSURE})")
NAMED_REVERSED = rule(rf"undertryck{GAP} (?P<diastolic>{PRESSURE}){GAP} overtryck{GAP} (?P<systolic>{PRESSURE})")
UPPER = r"(?:overtryck|upp|uppe|upptill|overst|ovan|ovr|ov|o|hoga|hogre|topp)"
LOWER = r"(?:undertryck|ner|nere|nedtill|underst|darunder|under|nertill|nedan|undr|und|un|u|laga|lagre|botten)"
LABELLED = (
    rule(rf"{UPPER}{GAP} (?P<systolic>{PRESSURE}){GAP} {LOWER}{GAP} (?P<diastolic>{PRESSURE})"),
    rule(rf"{LOWER}{GAP} (?P<diastolic>{PRESSURE}){GAP} {UPPER}{GAP} (?P<systolic>{PRESSURE})"),
)
NAMED_AFTER = rule(
    rf"(?P<systolic>{PRESSURE})(?: mmhg)?(?: i| pa| som)?(?: det)? {UPPER}{GAP} "
    rf"(?P<diastolic>{PRESSURE})(?: mmhg)?(?: i| pa| som)?(?: det)? {LOWER}"
)
SMALL_FIGURE = rule(
    rf"(?P<systolic>{PRESSURE}){GAP} (?:{LOWER}|lilla|liten|lagre|mindre){GAP} (?P<diastolic>{PRESSURE})"
)
ONLY_PAIR = re.compile(r"^(?P<systolic>1\d\d|2[0-2]\d) (?P<diastolic>[5-9]\d|1[01]\d)$")
AND_PAIR = rule(rf"(?P<systolic>1\d\d|2[0-2]\d) och (?P<diastolic>[5-9]\d|1[01]\d){NOT_A_UNIT}")
CHANGE = re.compile(
    r"\b(?:upp|ner|ned|okat|okade|minskat|minskade|tappat|forlorat|rasat|magrat|lagt|plus|minus|gatt|bort)"
    r"(?: (?:i|min|mig|vikt|med|nastan|cirka|ca|ungefar|bara|minst|typ|hela|runt|drygt|over|pa|blivit|redan))* $"
)
LIMIT = re.compile(
    r"\b(?:under|over|minst|hogst|max|maximalt|mellan|an|upp mot|nara|malet vara|mal vara|fran"
    r"|mellan \d\S* (?:och|till)) $"
)
MORE_OR_LESS = re.compile(
    r"^ (?:mer|mindre|lattare|tyngre|upp|ner|ned|till|for mycket|extra|plus|minus|hogre|lagre|overvikt)\b"
)
NOT_OXYGEN = re.compile(
    r"batteri|laddn|ladda|fukt|fett|rabatt|chans|risk|saker|hogkostnad|sjukskriv|arbet|battre|samre|bidrag"
)
NOT_BODY = re.compile(
    r"\b(?:ute|utomhus|utanfor|inne|inomhus|rummet|lagenheten|vatten|vattnet|badet|kyl|kylskap|ugnen|frys|minus|plus|kallt|vader|element)\b"
)
LONG_TERM = frozenset({"hba1c", "langtidssocker", "langtidssockret"})
LINKS = frozenset({*lookup.load("spelling")["links"], "/", "minuter"})
WHEN = frozenset({"<date>", "<part>", "<past>"})
NUMBER_FORM = re.compile(NUMBER)
DECIMAL = re.compile(r"\d+[.,]\d")
SEARCHED_AFTER = 12
SEARCHED_BEFORE = 4
BARRIERS = (CUES.keys() - {"somn"}) | {"<measurement>"}
Fits = Callable[[list[Token], int, Kind], bool]
STANDARD: dict[str, Callable[[float], float]] = {
    "[lb_av]": lambda pounds: pounds * 0.45359237,
    "[degF]": lambda fahrenheit: (fahrenheit - 32) / 1.8,
    "mg/dL": lambda milligrams: milligrams / 18.0,
}
SLEPT = rule(r"(?:somn(?: (?!<duration>|somn)\S+){0,8} (?P<it><duration>))")
SLEPT_BEFORE = rule(r"(?P<it><duration>)(?: (?:som|har|jag|det|blev|av|god|i|natt|timmars)){0,3} somn")
LASTED = rule(r"(?P<it><duration>)")


@dataclass(frozen=True, slots=True)
class Measurement:
    """A measured value; blood pressure has two numbers."""

    kind: Kind
    values: tuple[float, ...]
    unit: str


def read(reading: Reading, expected: str | None) -> None:
    """Turn measured values into `<measurement>` with a tuple of them; numbers with other units become `<other>`."""
    forms = reading.forms.split()
    _read_sleep(reading, expected)
    for pattern in (*COMMA_APART, ONLY_APART) if expected in UNITS else COMMA_APART:
        reading.respell(pattern, lambda found: f"{found['whole']},{found['tenth']}")
    reading.respell(LOOSE_SLASH, lambda found: "/".join(filter(None, found.match.groups())))
    for pattern in DIGIT_BY_DIGIT:
        reading.respell(pattern, _digits)
    _read_pressure(reading, expected)
    reading.rewrite(METRES, "<measurement>", _height, "langd" in forms or expected == "height")
    reading.rewrite(KILO_AND_LESS, "<measurement>", _kilo_and_less)
    if expected == "temperature" or not {"temp", "grader", "matstalle"}.isdisjoint(forms):
        reading.respell(FEVER_AND, lambda found: f"{found['whole']},{found['tenth']}")
    reading.respell(WEIGHT_AND, lambda found: ",".join(filter(None, found.match.groups())))
    reading.rewrite(KILO_AND_WHAT, "<other>", lambda _: True)
    for pattern, kind, unit in QUANTITIES:
        reading.rewrite(pattern, "<measurement>", _quantity, kind, unit)
    reading.rewrite(UNIT_FIRST, "<measurement>", _quantity, "weight", "kg")
    reading.rewrite(OTHER, "<other>", lambda _: True)
    _read_beside_cues(reading)
    _read_further(reading)
    if expected in UNITS:
        reading.rewrite(BARE_TAKEN_BACK, "<other>", lambda _: True)
    if expected in UNITS and "<measurement>" not in reading.forms:
        _read_expected(reading, expected)


def _digits(found: Found) -> str:
    """Return "ett tre åtta" as one number."""
    groups = found.match.groupdict()
    return "".join(ONE.sub("1", groups[name]) for name in "abc" if groups.get(name))


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _read_sleep(reading: Reading, expected: str | None) -> None:
    for pattern in (LASTED,) if expected == "sleep" else (SLEPT, SLEPT_BEFORE):
        reading.rewrite(pattern, "<measurement>", _sleep)


def _sleep(found: Found) -> tuple[Measurement, ...] | None:
    value, unit = found.value("it")
    if unit not in ("h", "min"):
        return None
    return (Measurement("sleep", (value if unit == "h" else round(value / 60, 2),), "h"),)


def _read_pressure(reading: Reading, expected: str | None) -> None:
    for pattern in (SLASHED, NAMED, NAMED_REVERSED, NAMED_AFTER):
        reading.rewrite(pattern, "<measurement>", _pressure)
    forms = reading.forms
    told = expected == "blood_pressure" or "blodtryck" in forms or PRESSURE_DEVICE.search(forms)
    loose = (PAIR, SMALL_FIGURE, *LABELLED, LOOSE_PAIR) if told else (PAIR, SMALL_FIGURE, *LABELLED)
    for pattern in loose:
        reading.rewrite(pattern, "<measurement>", _pressure_said_loosely)
    if not OTHER_KIND.search(reading.forms):
        for pattern in (AND_PAIR, ONLY_PAIR):
            reading.rewrite(pattern, "<measurement>", _pressure_said_loosely)


def _pressure(found: Found) -> tuple[Measurement, ...] | None:
    systolic, diastolic = _number(found["systolic"] or "0"), _number(found["diastolic"] or "0")
    if not (40 <= systolic <= 320 and 20 <= diastolic <= 220):
        return None
    pressure = Measurement("blood_pressure", (systolic, diastolic), "mm[Hg]")
    pulse = found.match.groupdict().get("pulse")
    return (pressure, Measurement("pulse", (_number(pulse),), "/min")) if pulse else (pressure,)


def _pressure_said_loosely(found: Found) -> tuple[Measurement, ...] | None:
    """Without "/" or the words for upper and lower, the two numbers must look like a pressure."""
    systolic, diastolic = _number(found["systolic"] or "0"), _number(found["diastolic"] or "0")
    likely = 70 <= systolic <= 260 and 30 <= diastolic <= 150 and systolic - diastolic >= LEAST_BETWEEN
    return _pressure(found) if likely else None


def _height(found: Found, told: bool) -> tuple[Measurement, ...] | None:
    if found["decimal"]:
        sure = told or found.match[0].endswith(("meter", "m", "langd"))
        return (Measurement("height", (round(100 * _number(found["decimal"])),), "cm"),) if sure else None
    metres = 2 if found["metre"] == "2" else 1
    return (Measurement("height", (100.0 * metres + int(found["centimetre"] or found["rest"] or 0),), "cm"),)


def _kilo_and_less(found: Found) -> tuple[Measurement, ...] | None:
    less = (0.5 if found["half"] else 0) + int(found["hekto"] or 0) / 10 + int(found["gram"] or 0) / 1000
    value = round(_number(found["kilo"] or "0") + less, 3)
    return (Measurement("weight", (value,), "kg"),) if _allowed(found, "weight", value, SURELY) else None


def _quantity(found: Found, kind: Kind, unit: str) -> tuple[Measurement, ...] | None:
    value = _number(found["number"] or "0")
    forms = found.match.string
    told = any(CUES.get(form) == kind for form in forms.split())
    if not told and (TIMES_A_MINUTE.search(found.match[0]) or (kind == "oxygen" and NOT_OXYGEN.search(forms))):
        return None
    if kind == "temperature" and not told and NOT_BODY.search(forms):
        return None
    limits = POSSIBLY if told else SURELY
    return (Measurement(kind, (value,), unit),) if _allowed(found, kind, value, limits, unit) else None


def _allowed(found: Found, kind: Kind, value: float, limits: dict[Kind, tuple[float, float]], unit: str = "") -> bool:
    """Return whether a number is a reading of this kind, not a change, a limit or a comparison."""
    low, high = limits[kind]
    before, after = found.before, found.after
    if CHANGE.search(before) or LIMIT.search(before) or MORE_OR_LESS.search(after):
        return False
    return low <= STANDARD.get(unit, float)(value) <= high


def _read_beside_cues(reading: Reading) -> None:
    """Give a bare number the kind of the word it stands beside: "68 i puls", "vågen stannade på 62,7"."""
    place = 0
    while place < len(reading.tokens):
        form = reading.tokens[place].form
        kind = CUES.get(form) or HINTS.get(form)
        if kind in UNITS and kind is not None and kind != "sleep" and not _other_sense(reading.tokens, place):
            fits = _fits if form in CUES else _fits_surely
            number = _number_before(reading.tokens, place, kind, fits)
            if number is None:
                number = _number_after(reading.tokens, place, kind, fits)
            if number is not None:
                _claim(reading, number, kind)
        place += 1


def _read_further(reading: Reading) -> None:
    """Give a bare number the kind of the value that it corrects or follows; take back what is corrected."""
    reading.rewrite(CORRECTED, "<measurement>", _pressure_corrected)
    for pattern in (CORRECTED, *ANOTHER_DAY):
        reading.rewrite(pattern, "<measurement>", _same_kind)
    reading.rewrite(NOT_THIS, "<other>", lambda _: True)
    withdraw(reading, ("<measurement>",), lambda first, second: first[0].kind == second[0].kind)


def _pressure_corrected(found: Found) -> tuple[Measurement, ...] | None:
    """Build "130 över 80, nej 85": the number that is nearer is the one that was wrong."""
    first, *_ = found.value("first")
    if first.kind != "blood_pressure":
        return None
    (systolic, diastolic), value = first.values, _number(found["it"] or "0")
    nearer_below = abs(value - diastolic) < abs(value - systolic)
    corrected = (systolic, value) if nearer_below else (value, diastolic)
    return (replace(first, values=corrected),) if corrected[0] - corrected[1] >= LEAST_BETWEEN else None


def _same_kind(found: Found) -> tuple[Measurement, ...] | None:
    kind = found.value("first")[0].kind
    low, high = POSSIBLY.get(kind, (0, -1))
    value = _number(found["it"] or "0")
    return (Measurement(kind, (value,), found.value("first")[0].unit),) if low <= value <= high else None


def _other_sense(tokens: list[Token], place: int) -> bool:
    following = tokens[place + 1].form if place + 1 < len(tokens) else ""
    return following in ("tid", "stund", "ko", "vantan", "rad", "vag") or any(
        token.form in LONG_TERM for token in tokens
    )


def _number_before(tokens: list[Token], place: int, kind: Kind, fits: Fits) -> int | None:
    for index in range(place - 1, max(-1, place - 1 - SEARCHED_BEFORE), -1):
        if fits(tokens, index, kind):
            return index
        if tokens[index].form not in LINKS | WHEN:
            return None
    return None


def _number_after(tokens: list[Token], place: int, kind: Kind, fits: Fits) -> int | None:
    for index in range(place + 1, min(len(tokens), place + 1 + SEARCHED_AFTER)):
        if tokens[index].form in BARRIERS:
            return None
        if fits(tokens, index, kind):
            return index
    return None


def _fits(tokens: list[Token], index: int, kind: Kind) -> bool:
    if not NUMBER_FORM.fullmatch(tokens[index].form):
        return False
    low, high = POSSIBLY[kind]
    before = " ".join(token.form for token in tokens[:index]) + " "
    following = [token.form for token in tokens[index + 1 :]]
    after = "".join(f" {form}" for form in (following[1:] if following[:1] == ["kg"] else following))
    changed = CHANGE.search(before) or LIMIT.search(before) or MORE_OR_LESS.search(after)
    return not changed and low <= _number(tokens[index].form) <= high


def _fits_surely(tokens: list[Token], index: int, kind: Kind) -> bool:
    """Beside a mere hint only a decimal in the middle of the range counts."""
    low, high = SURELY[kind]
    form = tokens[index].form
    return bool(DECIMAL.fullmatch(form)) and low <= _number(form) <= high and _fits(tokens, index, kind)


def _claim(reading: Reading, index: int, kind: Kind) -> None:
    token = reading.tokens[index]
    value = (Measurement(kind, (_number(token.form),), UNITS[kind]),)
    reading.put(index, replace(token, form="<measurement>", value=value))


def _read_expected(reading: Reading, expected: str) -> None:
    """Take the only number there is as what the talk has asked for."""
    kind = next(kind for kind in UNITS if kind == expected)
    numbers = [index for index, token in enumerate(reading.tokens) if NUMBER_FORM.fullmatch(token.form)]
    if len(numbers) == 1 and _fits(reading.tokens, numbers[0], kind):
        _claim(reading, numbers[0], kind)
