"""What a recognised phrase means as a day or a period: one function for each kind of phrase of the date grammar."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from assistant.dialogue.entities.calendar import WEEK, Calendar, Period, last_of_month, safe_date
from assistant.dialogue.entities.reading import Found

NUMBERS = {
    "en": 1.0,
    "ett": 1.0,
    "ett par": 2.0,
    "halv": 0.5,
    "en halv": 0.5,
    "kvart": 0.25,
    "en kvart": 0.25,
    "trekvart": 0.75,
}
SEASON_LASTS = {"julafton": 3, "nyarsafton": 2, "paskdagen": 2, "midsommarafton": 2, "pingstdagen": 1}
PARTS_OF_MONTH = {
    "borjan": (1, 10),
    "mitten": (11, 20),
    "slutet": (21, 31),
    "1:e vecka": (1, 7),
    "2:e vecka": (8, 14),
    "3:e vecka": (15, 21),
    "sista vecka": (25, 31),
}
PARTS_OF_WEEK = {"borjan": (0, 1), "mitten": (1, 3), "slutet": (3, 4)}
A_YEAR = timedelta(days=366)


def count(found: Found) -> float:
    """Return the group `count` as a number; nothing said is one."""
    said = (found["count"] or "1").strip().replace(",", ".")
    return NUMBERS.get(said) or float(said)


def number(found: Found, group: str) -> int:
    """Return a group of digits, also as an ordinal ("3:e")."""
    return int((found[group] or "0").removesuffix(":e"))


def days_ahead(found: Found, calendar: Calendar) -> date:
    """Return the day `count` days from today."""
    return calendar.today + timedelta(days=count(found))


def weeks_ahead(found: Found, calendar: Calendar) -> date:
    """Return the day `count` weeks from today, half weeks rounded down to whole days."""
    return calendar.today + timedelta(days=int(7 * count(found)))


def day_in_month(found: Found, calendar: Calendar) -> date | None:
    """Return "den 3 december", with a year if one was said."""
    year = int(found["year"]) if "year" in found.match.groupdict() and found["year"] else None
    return calendar.in_year(found.value("month"), number(found, "day"), year)


def day_and_month_number(found: Found, calendar: Calendar) -> date | None:
    """Return "3/12" and "den tredje i tolfte"."""
    groups = found.match.groupdict()
    year = int(groups["year"]) if groups.get("year") else None
    return calendar.in_year(number(found, "month"), number(found, "day"), year)


def iso_date(found: Found, calendar: Calendar) -> date | None:
    """Return "2026-12-03"."""
    return calendar.allowed(safe_date(number(found, "year"), number(found, "month"), number(found, "day")))


def date_in_six_figures(found: Found, calendar: Calendar) -> date | None:
    """Return "261203" if it lies within a year: other six figures are a code, a birthday or a telephone number."""
    day = calendar.allowed(safe_date(2000 + number(found, "year"), number(found, "month"), number(found, "day")))
    return day if day and abs(day - calendar.today) <= A_YEAR else None


def last_day_of_month(found: Found, calendar: Calendar) -> date | None:
    """Return "sista november"."""
    month = calendar.month(found.value("month"))
    return month.last if month else None


def nth_weekday(found: Found, calendar: Calendar) -> date | None:
    """Return "första måndagen i december" and "sista fredagen i månaden"."""
    month = _month(found, calendar)
    if month is None:
        return None
    days = [month.replace(day=day) for day in range(1, last_of_month(month.year, month.month).day + 1)]
    fitting = [day for day in days if day.weekday() == found.value("weekday")]
    return calendar.allowed(fitting[-1] if found["nth"] in ("sista", "last") else fitting[number(found, "nth") - 1])


def _month(found: Found, calendar: Calendar) -> date | None:
    """Return the first day of the month that the group `month` names."""
    named = found.value("month")
    if named is None:
        return calendar.month_ahead(1 if "nasta" in (found["month"] or "") else 0).first
    period = calendar.month(named)
    return period.first.replace(day=1) if period else None


def same_day(found: Found, _: Calendar) -> date | None:
    """Return a date said together with its weekday, if the two agree; the date wins where it stands last."""
    day: date = found.value("date")
    return day


def weekday_and_day(found: Found, calendar: Calendar) -> date | None:
    """Return "fredag den elfte": the next such day that is a Friday, or else the next eleventh."""
    day = number(found, "day") or number(found, "ordinal")
    return calendar.day_of_month(day, weekday(found)) or calendar.day_of_month(day)


def weekday(found: Found) -> int:
    """Return the weekday of the phrase."""
    return int(found.value("weekday"))


def weekday_next_week(found: Found, calendar: Calendar) -> date:
    """Return "nästa fredag" and "fredag nästa vecka": the one of the next calendar week."""
    return calendar.weekday_in_week(weekday(found), 1)


def weekday_this_week(found: Found, calendar: Calendar) -> date | None:
    """Return "fredag den här veckan"."""
    return calendar.allowed(calendar.weekday_in_week(weekday(found), 0))


def weekday_in_numbered_week(found: Found, calendar: Calendar) -> date | None:
    """Return "måndag vecka 50"."""
    week = calendar.week(number(found, "week"))
    return calendar.allowed(week.first + timedelta(days=weekday(found))) if week else None


def weekday_weeks_later(found: Found, calendar: Calendar) -> date:
    """Return "tisdag om en vecka": so many weeks after the coming Tuesday."""
    return calendar.coming(weekday(found)) + int(count(found)) * WEEK


def bare_weekday(found: Found, calendar: Calendar) -> date:
    """Return the coming weekday; of what has been, the latest."""
    return calendar.weekday(weekday(found))


def coming_weekday(found: Found, calendar: Calendar) -> date:
    """Return "på fredag": the coming one, whatever is told."""
    return calendar.coming(weekday(found))


def latest_weekday(found: Found, calendar: Calendar) -> date:
    """Return "sedan måndag": the latest one, whatever is wished."""
    return calendar.latest(weekday(found))


def weekday_beside(found: Found, _: Calendar) -> date:
    """Return "måndagen efter första advent"."""
    day, target = _anchor(found), found.value("weekday")
    if found["side"] == "efter":
        return day + timedelta(days=(target - day.weekday() - 1) % 7 + 1)
    return day - timedelta(days=(day.weekday() - target - 1) % 7 + 1)


def days_beside(found: Found, _: Calendar) -> date:
    """Return "dagen efter julafton" and "två dagar före jul"."""
    said = (found["count"] or "").split()[0]
    days = 1 if said == "dag" else int(NUMBERS.get(said) or int(said))
    return _anchor(found) + timedelta(days=days if found["side"] == "efter" else -days)


def _anchor(found: Found) -> date:
    value = found.value("anchor")
    day: date = value[1] if isinstance(value, tuple) else value
    return day


def days_of_month(found: Found, calendar: Calendar) -> Period | None:
    """Return "3-7 december"."""
    first = calendar.in_year(found.value("month"), number(found, "day"))
    last = calendar.in_year(found.value("month"), number(found, "last"))
    return Period(first, last) if first and last and first < last else None


def numbered_week(found: Found, calendar: Calendar) -> Period | None:
    """Return "vecka 50"."""
    week = calendar.week(number(found, "week"))
    return calendar.clip(week) if week else None


def part_of_period(found: Found, calendar: Calendar) -> Period | None:
    """Return "i slutet av månaden": a third of a month, its first or last seven days, or a part of a week or year."""
    whole, part = found["whole"] or "", found["part"] or ""
    if whole.endswith("vecka"):
        monday = calendar.monday(1 if "nasta" in whole else 0)
        if part not in PARTS_OF_WEEK:
            return None
        first, last = (monday + timedelta(days=day) for day in PARTS_OF_WEEK[part])
        return calendar.clip(Period(first, last))
    month = _year_part(calendar.today, part) if whole == "ar" else _month(found, calendar)
    if month is None:
        return None
    start, end = PARTS_OF_MONTH[part] if whole != "ar" else (1, 31)
    end_of_month = last_of_month(month.year, month.month)
    return calendar.clip(
        Period(month.replace(day=start), min(month.replace(day=min(end, end_of_month.day)), end_of_month))
    )


def _year_part(today: date, part: str) -> date:
    if part == "slutet":
        return date(today.year, 12, 1)
    return date(today.year + 1, 1, 1) if part == "borjan" else date(today.year, 6, 1)


def weekend(found: Found, calendar: Calendar) -> Period | None:
    """Return the coming weekend, or the one after with "nästa" (on a weekend: today's is this one)."""
    saturday = calendar.monday(1 if (found["which"] or "") == "nasta" else 0) + timedelta(days=5)
    return calendar.clip(Period(saturday, saturday + timedelta(days=1)))


def between_christmas_and_new_year(_: Found, calendar: Calendar) -> Period | None:
    """Return 27-30 December."""
    year = calendar.today.year
    return calendar.clip(Period(date(year, 12, 27), date(year, 12, 30)))


def week_beside_holiday(found: Found, _: Calendar) -> Period:
    """Return "veckan efter påsk"."""
    day = _anchor(found)
    monday = day - timedelta(days=day.weekday()) + (WEEK if found["side"] == "efter" else -WEEK)
    return Period(monday, monday + timedelta(days=6))


def after_holiday(found: Found, _: Calendar) -> Period:
    """Return "efter jul": the fortnight after the holiday's last day."""
    name, day = found.value("anchor")
    first = day + timedelta(days=SEASON_LASTS.get(name, 1))
    return Period(first, first + timedelta(days=13))


def coming_days(found: Found, calendar: Calendar) -> Period:
    """Return "de närmaste två veckorna"."""
    unit = found["unit"] or ""
    days = count(found) * {"dag": 1, "vec": 7, "man": 30}[unit[:3]]
    return Period(
        calendar.today, calendar.today + timedelta(days=3 if unit == "dagar" and not found["count"] else days)
    )


def span(found: Found, _: Calendar) -> Period | None:
    """Return "mellan den 3 och den 7 december", and "torsdag till söndag" when Sunday would come first."""
    first, last = found.value("first"), found.value("last")
    if last < first <= last + WEEK:
        last += WEEK
    return Period(first, last) if first < last else None


def moment(found: Found, now: datetime) -> datetime | None:
    """Return "om en timme" and "om tjugo minuter" as the minute it will be."""
    unit = found["unit"] or ""
    hours = count(found) if unit.startswith("tim") or not unit else count(found) / 60
    if not unit and "kvart" not in (found["count"] or ""):
        return None
    hours = count(found) * {"halvtimme": 0.5, "kvart": 0.25}[unit] if unit in ("halvtimme", "kvart") else hours
    return now + timedelta(minutes=round(60 * hours))
