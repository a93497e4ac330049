"""Which of the days and times in a message are meant, and in which half of the day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from assistant.dialogue.entities.calendar import Period
from assistant.dialogue.entities.clock import MINUTES_OF_DAY, Clock
from assistant.dialogue.entities.corrections import withdraw
from assistant.dialogue.entities.reading import Found, Reading, rule
from assistant.dialogue.entities.tokens import Token

WHEN = r"(?:<date>|<period>|<clock>|<part>)"
FILLER = r"(?:pa|om|till|den|i|in|vid|klockan|kl|,|det|tiden|min|tid)"
CLOSE = r"(?:pa|om|till|den|i|in|vid|klockan|det|tiden|min|tid)"
ONE_OCCASION = rf"{WHEN}(?: {CLOSE}* ?{WHEN})*"
MOVES = re.compile(
    r"\b(?:(?:flyt|flott|byt|andra|ombok|skjut|senarelagg|tidigarelagg)\w*|2:e|bok\w* om|lagg\w* om|om till)\b"
)
OLD = (
    rule(rf"annan (?:tid|dag|gang) an(?: {FILLER})* (?P<it>{ONE_OCCASION})"),
    rule(rf"(?:utom|forutom|bara inte)(?: {FILLER})* (?P<it>{ONE_OCCASION})"),
    rule(rf"i stallet for(?: {FILLER})* (?P<it>{ONE_OCCASION})"),
    rule(rf"inte(?: {FILLER})* (?P<it>{ONE_OCCASION})(?: ,)? utan"),
)
REFUSED = (
    rule(rf"(?:min|har|har en|hade|fick|fick en|fatt|fatt en) \w*tid(?:en)?(?: (?!<)\S+){{0,3}} (?P<it>{WHEN})"),
    rule(rf"(?P<it>(?:<clock> (?:pa|i|om) )?{WHEN})(?: (?!<)\S+){{0,12}} {WHEN}(?: (?!<)\S+){{0,3}} i stallet(?! for)"),
    rule(rf"(?P<it>{WHEN})(?: (?!<)\S+){{0,4}} (?:menade|menar)(?: {FILLER})* {WHEN}"),
    rule(rf"inte(?: <date>| {FILLER})* (?P<it><part>)"),
    rule(rf"(?P<it>{WHEN})(?: (?!<)\S+){{0,8}} hellre"),
    rule(
        rf"(?:inte|aldrig|ej|icke)(?: (?:komma|kan|da|ha|ta|vara|ga|med|nagot))?(?: {CLOSE})* "
        rf"(?P<it>{WHEN}(?: pa| i| om)?(?: <part>)?(?: (?:eller|och)(?: pa)? <date>)*)"
    ),
    rule(
        rf"(?P<it>{WHEN})(?: {WHEN}| {FILLER})* (?:passar|funkar|fungerar|gar|kan|hinner|duger)"
        r"(?: det| jag| mig| den)? (?:inte|ej|daligt)"
    ),
)
MOVED_FROM = rule(rf"(?P<it>{ONE_OCCASION})(?: (?!<)\S+){{0,8}} (?:till|to)(?: (?!<)\S+){{0,2}} {WHEN}")
FIRST = r"(?P<first><clock>)(?: (?:pa |om |i )?(?P<first_part><part>))?"
LAST = r"(?P<last><clock>)(?: (?:pa |om |i )?(?P<last_part><part>))?"
CLOCKS = (
    rule(rf"(?:mellan|fran|fran och med) {FIRST} (?:och|till|to|-|–|till och med) {LAST}"),
    rule(rf"{FIRST} (?:-|–|till|to) {LAST}"),
)
EARLY = re.compile(r"vaken|vaket|klarvaken|vaknat|vaknade|vaknar|vakna|somn")
LATE = re.compile(r"somnade|somnar|somnat|somna|lade|lagga")
SLEPT = frozenset({"sov", "sovit", "såv", "slept", "sovde"})
FELL_ASLEEP_WOKE = re.compile(
    r"somna\w*(?: (?!<)\S+){0,3} <clock>(?: (?!<)\S+){0,4} vakna\w*(?: (?!<)\S+){0,3} <clock>"
)
NIGHT_REACHES = 6
ASLEEP_REACHES = 6
TODAY_REACHES = 3
OLD_SYMBOL = "<old>"


@dataclass(frozen=True, slots=True)
class ClockRange:
    """Two times as said, each with the part of the day that was said with it."""

    first: Clock
    last: Clock
    first_part: str | None
    last_part: str | None


def read(reading: Reading) -> None:
    """Turn times that are given up into `<old>` and pairs of times into `<clocks>`."""
    for pattern in OLD:
        reading.rewrite(pattern, OLD_SYMBOL, lambda _: True)
    if MOVES.search(reading.forms):
        reading.rewrite(MOVED_FROM, OLD_SYMBOL, _same_kind_follows)
    for pattern in CLOCKS:
        reading.rewrite(pattern, "<clocks>", _range)
    for symbols in (("<date>", "<period>"), ("<clock>", "<clocks>"), ("<part>",)):
        withdraw(reading, symbols, lambda *_: True)
    for pattern in REFUSED:
        reading.rewrite(pattern, OLD_SYMBOL, _another_is_left)


def _range(found: Found) -> ClockRange:
    parts = [found.value(name) if found[name] else None for name in ("first_part", "last_part")]
    return ClockRange(found.value("first"), found.value("last"), *parts)


def _same_kind_follows(found: Found) -> bool | None:
    """Return True when "till" leads to the same kind of value, a day to a day or a time to a time."""
    kinds = set(re.findall(r"<\w+>", found["it"] or ""))
    target = re.findall(r"<\w+>", found.match[0])[-1]
    day = {"<date>", "<period>"}
    return True if target in kinds or (target in day and kinds & day) else None


def _another_is_left(found: Found) -> bool | None:
    symbols = re.findall(r"<\w+>", found["it"] or "")
    return True if any(found.match.string.count(symbol) > symbols.count(symbol) for symbol in symbols) else None


def values(reading: Reading, now: datetime, *, ahead: bool) -> Iterator[tuple[str, Any, Token]]:
    """Yield (entity, value, token) for every day, time and part of the day that is meant."""
    timed = any(token.form in ("<clock>", "<clocks>") for token in reading.tokens)
    parts: set[str] = set()
    days: list[date | Period] = []
    for place, token in enumerate(reading.tokens):
        if token.form in ("<date>", "<period>") and token.value not in days:
            days.append(token.value)
            yield "date", _day(token.value), token
        elif token.form == "<moment>":
            yield "date", token.value.date().isoformat(), token
            yield "time", f"{token.value:%H:%M}", token
        elif token.form in ("<clock>", "<clocks>"):
            yield "time", _time(reading.tokens, place, now, ahead=ahead), token
        elif token.form == "<part>" and not timed and token.value not in parts | {"night"}:
            parts.add(token.value)
            yield "part_of_day", token.value, token


def slept(reading: Reading, now: datetime) -> Iterator[tuple[float, Token]]:
    """Yield the hours of sleep that two times tell, "sov från elva till sex" or "somnade tio, vaknade fem"."""
    places = [place for place, token in enumerate(reading.tokens) if token.form in ("<clock>", "<clocks>")]
    times = [_time(reading.tokens, place, now, ahead=False) for place in places]
    if len(times) == 1 and isinstance(times[0], dict) and not SLEPT.isdisjoint(token.form for token in reading.words):
        yield _hours_between(times[0]["from"], times[0]["to"]), reading.tokens[places[0]]
    elif len(times) == len([one for one in times if isinstance(one, str)]) == 2 and FELL_ASLEEP_WOKE.search(
        reading.forms
    ):
        yield _hours_between(*times), reading.tokens[places[1]]


def _hours_between(first: str, last: str) -> float:
    begin, end = (int(time[:2]) * 60 + int(time[3:]) for time in (first, last))
    return round((end - begin) % MINUTES_OF_DAY / 60, 2)


def _day(value: date | Period) -> Any:
    if isinstance(value, Period):
        return {"from": value.first.isoformat(), "to": value.last.isoformat()}
    return value.isoformat()


def _time(tokens: list[Token], place: int, now: datetime, *, ahead: bool) -> Any:
    part = _nearest_part(tokens, place)
    value = tokens[place].value
    if isinstance(value, ClockRange):
        return _clock_range(value, part)
    said: Clock = value
    resolved = said.resolved(part)
    near = tokens[max(0, place - TODAY_REACHES) : place + TODAY_REACHES + 1]
    today = any(token.form == "<date>" and token.value == now.date() for token in near)
    if ahead and today and part is None and not said.certain and resolved < f"{now:%H:%M}":
        return said.resolved("evening")
    return resolved


def _part(token: Token) -> str | None:
    """Return the part of the day of a token, also of a compound ("kvällsmedicinen")."""
    if token.form == "<part>":
        return str(token.value)
    return "evening" if token.form.startswith("kvalls") else None


def _clock_range(said: ClockRange, part: str | None) -> dict[str, str]:
    """Return both times. The half of the day said with one tells that of the other, which is near; a span that would
    run backwards begins in the evening ("från elva till sex")."""
    first, last = said.first.resolved(said.first_part or part), said.last.resolved(said.last_part or part)
    if said.last_part and not said.first_part:
        first = min(_halves(said.first), key=lambda time: _hours_between(time, last))
    elif said.first_part and not said.last_part:
        last = min(_halves(said.last), key=lambda time: _hours_between(first, time))
    elif last < first and not said.first.certain:
        first, last = (first, said.last.resolved("evening")) if first < "08" else (said.first.resolved("evening"), last)
    return {"from": first, "to": last}


def _halves(said: Clock) -> list[str]:
    """Return what a time means in the morning and in the evening."""
    return [said.resolved("morning"), said.resolved("evening")]


def _nearest_part(tokens: list[Token], place: int) -> str | None:
    """Return the part of the day said nearest, the one after before the one before; else what falling asleep tells."""
    parts = [
        (abs(index - place), index < place, part)
        for index, token in enumerate(tokens)
        if (part := _part(token)) and (part != "night" or abs(index - place) <= NIGHT_REACHES)
    ]
    if parts:
        return min(parts)[2]
    if any(LATE.fullmatch(token.form) for token in tokens[max(0, place - ASLEEP_REACHES) : place]):
        return "night"
    return "morning" if any(EARLY.fullmatch(token.form) for token in tokens) else None
