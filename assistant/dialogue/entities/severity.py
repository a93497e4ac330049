"""How bad it is, 0-10, where a number of ten is said. "Ganska ont" is no number."""

from __future__ import annotations

import re

from assistant.dialogue.entities.corrections import AGAIN, withdraw
from assistant.dialogue.entities.dates import MONTHS
from assistant.dialogue.entities.reading import Found, Reading, rule

OF_TEN = rule(r"(?P<value>\d|10|\d,5) (?:av|utav|pa) (?:10|en 10 gradig skala|en tiogradig\w*(?: skala)?|skala\w*)")
NAMED_OF_TEN = rule(r"en (?P<name>\w+) (?:av|utav|pa) 10")
OUT_OF_TEN = rule(r"(?P<value>\d|10)/10")
SCALE = rule(
    r"(?:(?:mellan |fran )?(?:0|1|en|ett) (?:-|–|till|och)|(?<=skala )(?:upp )?till) 10" rf"(?! (?:{'|'.join(MONTHS)}))"
)
FILLER = r"(?:<scale>|:|niva|fran|1|0|till|10|ar|det|vara|nog|,|en|pa|ligger|jag|den|nu|ungefar|blir)"
ON_A_SCALE = rule(rf"(?:\w*skala\w*|vas|nrs|<scale>)(?: {FILLER}){{0,8}}? (?P<it>(?P<value>\d|10))(?! (?:-|–|till))")
NAMED_NUMBER = {"etta": 1, "tvaa": 2, "trea": 3, "femma": 5, "sexa": 6, "sjua": 7, "nia": 9, "tia": 10}
AS_A_NAME = rule(
    rf"(?:en|typ|som)(?: \w+)? (?P<name>{'|'.join(NAMED_NUMBER)}|4|8)(?= [,.!]| pa (?:den )?\w*skala\w*|$)"
)
LIES_AT = rule(
    r"(?:vark\w*|smart\w*|ont)(?: nog| nu| i dag)?(?: ligger| vara| pa| runt| kring| nog| :| niva| styrka){0,3} "
    r"(?P<it>(?P<value>\d|10))(?= [,.!]|$)"
)
ALONE = rule(r"(?P<value>\d|10)")
TAKEN_BACK = rule(rf"(?P<it>\d|10){AGAIN} (?:\d|10)")
SUFFERING = re.compile(
    r"<scale>|\b(?:ont|vark\w*|smart\w*|skala\w*|vas|nrs|yr\w*|illa\w*|angest\w*|trott\w*|besvar\w*|obehag\w*|pain\w*|hurt\w*|ache\w*|kli\w*|mar)\b"
)


def read(reading: Reading, *, expected: bool) -> None:
    """Turn a number of ten into `<severity>`."""
    reading.rewrite(SCALE, "<scale>", lambda _: True)
    reading.rewrite(OF_TEN, "<severity>", _value)
    reading.rewrite(NAMED_OF_TEN, "<severity>", _named_if_number)
    if expected or SUFFERING.search(reading.forms):
        reading.rewrite(OUT_OF_TEN, "<severity>", _value)
        reading.rewrite(ON_A_SCALE, "<severity>", _value)
        reading.rewrite(AS_A_NAME, "<severity>", _named)
        reading.rewrite(LIES_AT, "<severity>", _value)
    withdraw(reading, ("<severity>",), lambda *_: True)
    if expected:
        reading.rewrite(TAKEN_BACK, "<other>", lambda _: True)
    if expected and "<severity>" not in reading.forms and len(list(reading.find(ALONE))) == 1:
        reading.rewrite(ALONE, "<severity>", _value)


def _value(found: Found) -> float | None:
    range_before = re.search(r"\d (?:-|–|till|eller) $", found.before)
    return None if range_before else float((found["value"] or "0").replace(",", "."))


def _named(found: Found) -> float:
    """Build "en sjua"."""
    said = found["name"] or ""
    return float(NAMED_NUMBER.get(said) or said)


def _named_if_number(found: Found) -> float | None:
    """Build "en sexa av tio"."""
    return _named(found) if found["name"] in NAMED_NUMBER else None
