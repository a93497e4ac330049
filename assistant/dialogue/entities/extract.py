"""Entities of one Swedish message: what was measured, when, how long, with whom, which medicine, symptom or food."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Required, TypedDict
from zoneinfo import ZoneInfo

from assistant.dialogue.entities import clock, dates, durations, measurements, medicines, occasions, severity, tense
from assistant.dialogue.entities.calendar import Calendar, Looking
from assistant.dialogue.entities.lexicon import lexicon
from assistant.dialogue.entities.measurements import Measurement
from assistant.dialogue.entities.reading import Reading
from assistant.dialogue.entities.tokens import Token

ZONE = ZoneInfo("Europe/Stockholm")
LONGEST_TEXT = 2000
EXTRACTOR = "vigor"
PAST = "<past>"
WORD_LISTS = {
    "role": "roles",
    "mode": "modes",
    "symptom": "symptoms",
    "body_part": "body_parts",
    "food": "foods",
}

Found = tuple[str, Any, Token]


class Entity(TypedDict, total=False):
    """One entity in Rasa's form; `value` is normalised, `start` and `end` are offsets in the message."""

    entity: Required[str]
    value: Required[Any]
    start: Required[int]
    end: Required[int]
    text: Required[str]
    confidence: Required[float]
    extractor: Required[str]


def extract(
    text: str,
    *,
    now: datetime | None = None,
    looking: Looking = "ahead",
    expected: str | None = None,
    own_medicines: Sequence[Mapping[str, str]] = (),
) -> list[Entity]:
    """Return the entities of a message in the order of the text.

    `now` is aware (default: the clock in Europe/Stockholm). `looking` is where the days of such a message lie; what
    looks "ahead" has no past ones. `expected` is what the talk has just asked for (a kind of measurement, "date",
    "time", "severity"): a bare number can then be that.
    `own_medicines` are the patient's own, {"name", "atc"}; they win over the list.
    Text beyond 2000 characters is not read.
    """
    now = (now or datetime.now(ZONE)).astimezone(ZONE)
    reading = Reading(text[:LONGEST_TEXT])
    calendar = Calendar(now.date(), tense.looking(reading, looking))
    past = PAST if looking == "ahead" else "<date>"
    severity.read(reading, expected=expected == "severity")
    dates.read_words(reading, calendar, now, past=past)
    clock.read_marked(reading)
    dates.read_marked(reading, calendar, past=past)
    durations.read(reading)
    measurements.read(reading, expected)
    dates.read_unmarked(reading, calendar, expected=expected == "date")
    clock.read_unmarked(reading, expected=expected == "time")
    occasions.read(reading)
    dates.read_spans(reading, calendar)
    found = [*_values(reading, now, ahead=calendar.looking == "ahead"), *_words(reading, own_medicines)]
    return sorted((_entity(text, *one) for one in found), key=lambda entity: entity["start"])


def _values(reading: Reading, now: datetime, *, ahead: bool) -> Iterator[Found]:
    yield from occasions.values(reading, now, ahead=ahead)
    if not any(token.form == "<measurement>" and token.value[0].kind == "sleep" for token in reading.tokens):
        for hours, token in occasions.slept(reading, now):
            yield "measurement", _measurement(Measurement("sleep", (hours,), "h")), token
    for token in reading.tokens:
        if token.form == "<measurement>":
            yield from (("measurement", _measurement(one), token) for one in token.value)
        elif token.form == "<duration>":
            yield "duration", {"value": _plain(token.value[0]), "unit": token.value[1]}, token
        elif token.form == "<severity>":
            yield "severity", _plain(token.value), token


def _words(reading: Reading, own_medicines: Sequence[Mapping[str, str]]) -> Iterator[Found]:
    for medicine in medicines.find(reading.words, own_medicines):
        yield "medicine", dict(medicine.medicine), _span(reading.words, medicine.first, medicine.end)
    for entity, name in WORD_LISTS.items():
        for hit in lexicon(name).find(reading.words):
            yield entity, hit.name, _span(reading.words, hit.first, hit.end)


def _span(words: list[Token], first: int, end: int) -> Token:
    return Token("", words[first].start, words[end - 1].end)


def _entity(text: str, name: str, value: Any, token: Token) -> Entity:
    start, end = token.start, token.end
    return Entity(
        entity=name, value=value, start=start, end=end, text=text[start:end], confidence=1.0, extractor=EXTRACTOR
    )


def _measurement(measured: Measurement) -> dict[str, Any]:
    numbers = [_plain(value) for value in measured.values]
    if measured.kind == "blood_pressure":
        return {"kind": measured.kind, "systolic": numbers[0], "diastolic": numbers[1], "unit": measured.unit}
    return {"kind": measured.kind, "value": numbers[0], "unit": measured.unit}


def _plain(value: float) -> int | float:
    """Return a whole number as an int."""
    return int(value) if float(value).is_integer() else value
