"""The grammar of Swedish days and periods. It is our own: dateparser misreads most spoken Swedish phrases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from assistant.dialogue.entities import date_values as values
from assistant.dialogue.entities import lookup
from assistant.dialogue.entities.calendar import Calendar, Period
from assistant.dialogue.entities.clock import NOT_COUNTED
from assistant.dialogue.entities.corrections import AGAIN
from assistant.dialogue.entities.reading import Found, Reading, rule
from assistant.dialogue.entities.spelling import WEEKDAYS

Build = Callable[[Found, Calendar], Any]
Rule = tuple[re.Pattern[str], Build]

MONTHS = ["januari", "februari", "mars", "april", "maj", "juni"]
MONTHS += ["juli", "augusti", "september", "oktober", "november", "december"]
PARTS = {"morgon": "morning", "formiddag": "forenoon", "eftermiddag": "afternoon", "kvall": "evening", "natt": "night"}
PARTS |= {"bitti": "morning", "fore lunch": "forenoon", "fore lunchen": "forenoon"}
PARTS |= {"efter lunch": "afternoon", "efter lunchen": "afternoon"}
HOLIDAYS: dict[str, str] = {name: day for day, names in lookup.load("holidays").items() for name in [day, *names]}

DAY = r"(?:0?[1-9]|[12]\d|3[01])"
ORDINAL = rf"{DAY}(?::e)?"
IN = "(?:om|in) (?:ungefar |cirka |ca |typ |sisadar |kanske )?"
COUNT = r"(?:\d{1,3}(?:,5)?|en|ett|ett par)"
NOT_A_NOUN = (
    r"(?:[,.?!]|-|–|klockan|<\w+>|pa|i|om|vid|efter|fore|och|eller|tack|da|sa|kan|gar|for|till|nagon|nan|med|hos|har"
    r"|vara|mellan|ska|skulle|blir|passar|funkar|i stallet|men|istallet|ar|\d[\d.:]*)"
)
WEEK = r"(?:[1-9]|[1-4]\d|5[0-3])(?! \d)"
AHEAD = r"(?:pa|om|till|nu|senast|tills)"
NOT_THEN = r"(?<!, )(?<!och )"
FEW = r"(?<!gang )(?<!ganger )(?<!ggr )"


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


def _rules(*pairs: tuple[str, Build]) -> list[Rule]:
    return [(rule(pattern), build) for pattern, build in pairs]


GREETING = rule(rf"(?:god|go|goda|trevlig|bra) (?:{_any(PARTS)})")
NEAR_DAYS = _rules(
    (rf"i dag om (?P<count>{COUNT}) (?:vecka|veckor)", values.weeks_ahead),
    (r"i overmorgon", lambda _, calendar: calendar.today + timedelta(days=2)),
    (r"i morgon", lambda _, calendar: calendar.today + timedelta(days=1)),
    (r"(?:senare |redan )?i dag", lambda _, calendar: calendar.today),
    (r"(?P<it>i) (?:kvall|eftermiddag|formiddag)", lambda _, calendar: calendar.today),
)
PART = rule(rf"(?P<name>{_any(PARTS)})")
HOLIDAY = rule(rf"(?P<name>{_any(HOLIDAYS)})")
MONTH = rule(rf"(?P<name>{_any(MONTHS)})")
WEEKDAY = rule(rf"(?P<name>{_any(WEEKDAYS)})")
SINCE_WEEKDAY = _rules(
    (rf"{NOT_THEN}sedan (?:i |pa |<part> till )?(?P<it>(?P<weekday><weekday>))", values.latest_weekday)
)
SINCE = rule(rf"{NOT_THEN}sedan (?P<it><date>|<period>)")
RECURRING = rule(r"(?:varje|varannan|var) <weekday>")

PAST = _rules(
    (
        rf"(?:i |(?<!pa ))(?P<name>{_any(WEEKDAYS)})s",
        lambda found, calendar: calendar.latest(WEEKDAYS.index(found["name"] or "")),
    ),
    (r"i forrgar", lambda _, calendar: calendar.today - timedelta(days=2)),
    (r"i gar", lambda _, calendar: calendar.today - timedelta(days=1)),
    (r"i morse", lambda _, calendar: calendar.today),
    (
        rf"forra (?P<name>{_any(WEEKDAYS)})",
        lambda found, calendar: calendar.weekday_in_week(WEEKDAYS.index(found["name"] or ""), -1),
    ),
    (
        rf"last (?P<name>{_any(WEEKDAYS)})(?! (?:i|in|av) )",
        lambda found, calendar: calendar.latest(WEEKDAYS.index(found["name"] or "")),
    ),
    (r"forra vecka", lambda _, calendar: Period(calendar.monday(-1), calendar.monday() - timedelta(days=1))),
    (r"forra manad", lambda _, calendar: calendar.month_ahead(-1)),
    (
        rf"(?:for )?(?P<count>{COUNT}) (?:dag|dagar) (?:sedan|ago)",
        lambda found, calendar: calendar.today - timedelta(days=values.count(found)),
    ),
    (
        rf"(?:for )?(?P<count>{COUNT}) (?:vecka|veckor) (?:sedan|ago)",
        lambda found, calendar: calendar.today - timedelta(days=int(7 * values.count(found))),
    ),
    (
        rf"(?:for )?(?P<count>{COUNT}) (?:manad|manader) (?:sedan|ago)",
        lambda found, calendar: calendar.after_months(-int(values.count(found))),
    ),
)
DATES = _rules(
    (r"(?P<year>20\d\d) - (?P<month>\d\d) - (?P<day>\d\d)", values.iso_date),
    (r"(?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])", values.iso_date),
    (r"(?P<year>2\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])", values.date_in_six_figures),
    (rf"(?:den )?(?P<day>{DAY})\.(?P<month>0?[1-9]|1[0-2])\.(?P<year>20\d\d|2\d)", values.day_and_month_number),
    (rf"den (?P<day>{DAY})\.(?P<month>0?[1-9]|1[0-2])", values.day_and_month_number),
    (
        rf"(?:den )?(?P<day>{DAY})/(?P<month>0?[1-9]|1[0-2])(?:(?:/| - )(?P<year>20\d\d|2\d))?{NOT_COUNTED}",
        values.day_and_month_number,
    ),
    (
        rf"(?:den )?(?P<day>{ORDINAL})(?: \.| e| i| av)? (?P<month><month>)(?: (?P<year>(?:19|20)\d\d))?",
        values.day_in_month,
    ),
    (rf"(?P<month><month>) (?:den )?(?P<day>{ORDINAL}){NOT_COUNTED}", values.day_in_month),
    (rf"(?:den )?(?P<day>{DAY}:e) i (?P<month>(?:[1-9]|1[0-2]):e)", values.day_and_month_number),
    (rf"den (?P<day>{DAY}) i (?P<month>(?:[1-9]|1[0-2])(?::e)?)", values.day_and_month_number),
    (r"(?:den )?(?:sista|siste)(?: dag)?(?: i)? (?P<month><month>)", values.last_day_of_month),
    (
        r"(?:den )?(?P<nth>[1-4]:e|sista|last) (?P<weekday><weekday>) (?:i|in|av)(?: den)? "
        r"(?P<month><month>|manad|nasta manad)",
        values.nth_weekday,
    ),
    (r"<weekday>(?: ,)? (?:den )?(?P<date><date>)", values.same_day),
    (
        rf"(?P<weekday><weekday>)(?: ,)? (?:den (?P<day>{ORDINAL})|(?P<ordinal>{DAY}:e)){NOT_COUNTED}",
        values.weekday_and_day,
    ),
    (r"(?P<date><date>)(?: ,)? <weekday>", values.same_day),
    (r"(?P<weekday><weekday>)(?: i)? nasta vecka", values.weekday_next_week),
    (r"nasta vecka(?: pa)?(?: en)? (?P<weekday><weekday>)", values.weekday_next_week),
    (r"(?P<weekday><weekday>) (?:den har|denna|i|nu i) vecka(?! \d)", values.weekday_this_week),
    (rf"(?P<weekday><weekday>)(?: i)? vecka (?P<week>{WEEK})", values.weekday_in_numbered_week),
    (rf"(?:i )?vecka (?P<week>{WEEK})(?: ,)?(?: pa)?(?: en)? (?P<weekday><weekday>)", values.weekday_in_numbered_week),
    (rf"(?P<weekday><weekday>) om (?P<count>{COUNT}) (?:vecka|veckor)", values.weekday_weeks_later),
    (rf"{IN}(?P<count>{COUNT}) (?:vecka|veckor)(?: pa)?(?: en)? (?P<weekday><weekday>)", values.weekday_weeks_later),
    (
        r"(?P<weekday><weekday>) 8 dagar",
        lambda found, calendar: calendar.coming(found.value("weekday")) + timedelta(days=7),
    ),
    (r"nasta (?P<weekday><weekday>)", values.weekday_next_week),
    (
        r"i vecka som kommer(?: pa)? (?P<weekday><weekday>)",
        lambda found, calendar: calendar.coming(found.value("weekday")),
    ),
    (rf"{IN}(?P<count>{COUNT}) (?:dag|dagar)", values.days_ahead),
    (rf"{IN}(?P<count>{COUNT}) (?:vecka|veckor)", values.weeks_ahead),
    (
        rf"{IN}(?P<count>{COUNT}) (?:manad|manader)",
        lambda found, calendar: calendar.after_months(int(values.count(found))),
    ),
    (r"om (?:ett )?(?:halvar|halv ar)", lambda _, calendar: calendar.after_months(6)),
    (rf"{IN}(?P<count>{COUNT}) ar", lambda found, calendar: calendar.after_months(12 * int(values.count(found)))),
    (
        rf"(?P<count>{COUNT}) (?:vecka|veckor) (?:fran nu|fran <date>|(?:framat|fram)(?: fran (?:nu|<date>))?)",
        values.weeks_ahead,
    ),
    (rf"(?P<count>{COUNT}) dagar (?:fran nu|fran <date>|(?:framat|fram)(?: fran (?:nu|<date>))?)", values.days_ahead),
)
RELATED = _rules(
    (r"(?P<weekday><weekday>) (?P<side>efter|fore) (?P<anchor><date>|<holiday>)", values.weekday_beside),
    (rf"(?P<count>dag|{COUNT} (?:dag|dagar)) (?P<side>efter|fore) (?P<anchor><date>|<holiday>)", values.days_beside),
)
PERIODS = _rules(
    (
        rf"(?:mellan |fran )?(?:den )?(?P<day>{ORDINAL}) (?:-|–|till|till och med|och) "
        rf"(?:den )?(?P<last>{ORDINAL}) (?P<month><month>)",
        values.days_of_month,
    ),
    (
        r"(?:i )?(?P<part>borjan|mitten|slutet|[1-3]:e vecka|sista vecka)(?: av| pa| i)?(?: den)? "
        r"(?P<whole>nasta vecka|(?P<month>nasta manad|manad|<month>)|vecka|ar)",
        values.part_of_period,
    ),
    (rf"(?:i )?vecka (?P<week>{WEEK})", values.numbered_week),
    (r"nasta vecka", lambda _, calendar: Period(calendar.monday(1), calendar.monday(2) - timedelta(days=1))),
    (
        rf"{FEW}(?:i|den har|denna|under|nu i) vecka(?! \d)",
        lambda _, calendar: calendar.clip(Period(calendar.monday(), calendar.monday(1) - timedelta(days=1))),
    ),
    (r"nasta manad", lambda _, calendar: calendar.month_ahead(1)),
    (rf"{FEW}(?:i|den har|denna) manad", lambda _, calendar: calendar.clip(calendar.month_ahead(0))),
    (r"(?P<which>nasta|i|till|nu i|den har|under|over) helg", values.weekend),
    (r"(?:i|in|under|hela) (?P<month><month>)", lambda found, calendar: calendar.month(found.value("month"))),
    (r"(?:i )?mellandagarna|mellan <holiday> och <holiday>", values.between_christmas_and_new_year),
    (r"vecka (?P<side>efter|fore) (?P<anchor><holiday>)", values.week_beside_holiday),
    (r"efter (?P<anchor><holiday>)", values.after_holiday),
    (
        rf"(?:(?:inom )?(?:de )?narmaste|inom) (?P<count>{COUNT} )?(?P<unit>dag|dagar|vecka|veckor|manad|manader)",
        values.coming_days,
    ),
)
SINGLE = _rules(
    (r"(?:<weekday>(?: ,)? )?(?:den )?(?P<holiday><holiday>)", lambda found, _: found.value("holiday")[1]),
    (rf"{AHEAD} (?P<it>(?P<weekday><weekday>))", values.coming_weekday),
    (r"(?P<weekday><weekday>)", values.bare_weekday),
)
SPANS = _rules(
    (r"(?:mellan|fran|fran och med) (?P<first><date>) (?:och|till|till och med|to|-|–) (?P<last><date>)", values.span),
    (r"(?P<first><date>) (?:-|–|till|to|till och med) (?P<last><date>)", values.span),
)
UNMARKED = _rules(
    (
        rf"den {ORDINAL}{AGAIN} (?P<it>(?P<day>{ORDINAL})){NOT_COUNTED}",
        lambda found, calendar: calendar.day_of_month(values.number(found, "day")),
    ),
    (
        rf"den (?P<day>{ORDINAL}){NOT_COUNTED}",
        lambda found, calendar: calendar.day_of_month(values.number(found, "day")),
    ),
    (
        r"(?:pa|till|fran|fore|efter|senast) (?P<it>(?P<day>(?:[4-9]|[12]\d|3[01]):e))",
        lambda found, calendar: calendar.day_of_month(values.number(found, "day")),
    ),
    (
        r"(?P<day>(?:[4-9]|[12]\d|3[01]):e)(?= (?:pa <part>|<part>|<clock>)(?: |$))",
        lambda found, calendar: calendar.day_of_month(values.number(found, "day")),
    ),
)
ALONE = _rules((rf"(?P<day>{ORDINAL})", lambda found, calendar: calendar.day_of_month(values.number(found, "day"))))
MOMENT = rule(
    rf"(?:om|in) (?P<count>{COUNT}|en halv|halv|en kvart|kvart|trekvart|en)"
    r"(?: (?P<unit>timme|timmar|minuter|min|halvtimme|kvart))?"
)


def _apply(reading: Reading, rules: list[Rule], symbol: str, calendar: Calendar) -> None:
    for pattern, build in rules:
        reading.rewrite(pattern, symbol, build, calendar)


def read_words(reading: Reading, calendar: Calendar, now: datetime, *, past: str) -> None:
    """Turn days near today, parts of the day, holidays, months and weekdays into symbols; past days into `past`."""
    reading.rewrite(GREETING, "<greeting>", lambda _: True)
    _apply(reading, PAST, past, calendar)
    _apply(reading, NEAR_DAYS, "<date>", calendar)
    reading.rewrite(MOMENT, "<moment>", lambda found: values.moment(found, now))
    reading.rewrite(PART, "<part>", lambda found: PARTS[found["name"] or ""])
    reading.rewrite(HOLIDAY, "<holiday>", lambda found: _holiday(found, calendar))
    reading.rewrite(MONTH, "<month>", lambda found: MONTHS.index(found["name"] or "") + 1)
    reading.rewrite(WEEKDAY, "<weekday>", lambda found: WEEKDAYS.index(found["name"] or ""))
    reading.rewrite(RECURRING, "<recurring>", lambda _: True)


def read_marked(reading: Reading, calendar: Calendar, *, past: str) -> None:
    """Turn phrases that can be nothing else into `<date>` and `<period>`."""
    _apply(reading, PERIODS[:1], "<period>", calendar)
    _apply(reading, DATES, "<date>", calendar)
    _apply(reading, SINCE_WEEKDAY, past, calendar)
    _apply(reading, RELATED, "<date>", calendar)
    _apply(reading, PERIODS[1:], "<period>", calendar)
    _apply(reading, SINGLE, "<date>", calendar)
    if past != "<date>":
        reading.rewrite(SINCE, past, lambda _: True)


def read_unmarked(reading: Reading, calendar: Calendar, *, expected: bool) -> None:
    """Turn bare day numbers into `<date>`, once measurements have been taken out."""
    _apply(reading, UNMARKED, "<date>", calendar)
    if expected and "<date>" not in reading.forms and "<period>" not in reading.forms:
        _apply(reading, ALONE, "<date>", calendar)


def read_spans(reading: Reading, calendar: Calendar) -> None:
    """Turn pairs of days that are still there into periods."""
    _apply(reading, SPANS, "<period>", calendar)


def _holiday(found: Found, calendar: Calendar) -> Any:
    name = HOLIDAYS[found["name"] or ""]
    day = calendar.holiday(name)
    return (name, day) if day else None
