"""Swedish days and weeks relative to today."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Looking = Literal["ahead", "either", "told", "back"]
"""Where a day lies that could be past or to come.

- ahead: to come; no day is past.
- either: where it is nearest; a weekday or a day without its month is to come.
- told: past, unless that is most of a year ago.
- back: past.
"""

WEEK = timedelta(days=7)
MOST_OF_A_YEAR = timedelta(days=270)
LONGEST_AGO = 15
"""A year before that many is one of birth, or of something else that nobody asks us about."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """What people mean by a day, said on `today` by somebody who looks ahead or back."""

    today: date
    looking: Looking = "ahead"

    def coming(self, weekday: int) -> date:
        """Return the next such weekday after today (0 = Monday)."""
        return self.today + timedelta(days=(weekday - self.today.weekday() - 1) % 7 + 1)

    def latest(self, weekday: int) -> date:
        """Return the last such weekday before today."""
        return self.today - timedelta(days=(self.today.weekday() - weekday - 1) % 7 + 1)

    def weekday(self, weekday: int) -> date:
        """Return the coming weekday; of what has been, the latest."""
        return self.coming(weekday) if self.looking in ("ahead", "either") else self.latest(weekday)

    def weekday_in_week(self, weekday: int, weeks: int) -> date:
        """Return the weekday of the calendar week that lies `weeks` ahead of this one."""
        return self.monday(weeks) + timedelta(days=weekday)

    def monday(self, weeks: int = 0) -> date:
        """Return the Monday of the week `weeks` ahead."""
        return self.today - timedelta(days=self.today.weekday()) + weeks * WEEK

    def week(self, number: int) -> Period | None:
        """Return the ISO week with this number that is meant, this week included."""
        mondays = [
            monday for offset in (-1, 0, 1) if (monday := safe_iso_date(self.today.year + offset, number)) is not None
        ]
        sunday = self._meant([monday + timedelta(days=6) for monday in mondays], self.monday() + timedelta(days=6))
        return Period(sunday - timedelta(days=6), sunday) if sunday else None

    def day_of_month(self, day: int, weekday: int | None = None) -> date | None:
        """Return the day with this number that is meant, within four months, or within a year if on this weekday."""
        first, reach = self.today.replace(day=1), 4 if weekday is None else 12
        days = [safe_date(*add_months(first, months), day) for months in range(-reach, reach + 1)]
        fitting = [found for found in days if found and weekday in (None, found.weekday())]
        if self.looking == "either":
            return next((found for found in fitting if found >= self.today), None)
        return self._meant(fitting)

    def in_year(self, month: int, day: int, year: int | None = None) -> date | None:
        """Return a day of a month in the year said, or else in the one that is meant."""
        if year is not None:
            if 100 <= year < self.today.year - LONGEST_AGO:
                return None
            return self.allowed(safe_date(year + 2000 if year < 100 else year, month, day))
        days = [safe_date(self.today.year + offset, month, day) for offset in range(-8, 9)]
        return self._meant([found for found in days if found])

    def _meant(self, days: list[date], until: date | None = None) -> date | None:
        """Return the one of the days, in order, that is meant; what has been ends with `until`, by default today."""
        coming = next((day for day in days if day >= self.today), None)
        latest = next((day for day in reversed(days) if day <= (until or self.today)), None)
        if not (coming and latest):
            return coming if self.looking == "ahead" else coming or latest
        ago = self.today - latest
        past = {"ahead": False, "either": ago <= coming - self.today, "told": ago <= MOST_OF_A_YEAR, "back": True}
        return latest if past[self.looking] else coming

    def month(self, month: int) -> Period | None:
        """Return the month of this name that is meant, this one included."""
        this = last_of_month(self.today.year, self.today.month)
        last = self._meant([last_of_month(self.today.year + offset, month) for offset in (-1, 0, 1)], this)
        return self.clip(Period(last.replace(day=1), last)) if last else None

    def month_ahead(self, months: int) -> Period:
        """Return the month `months` ahead."""
        year, month = add_months(self.today, months)
        return Period(date(year, month, 1), last_of_month(year, month))

    def after_months(self, months: int) -> date:
        """Return the same day `months` later, or the last day of a shorter month."""
        year, month = add_months(self.today, months)
        return safe_date(year, month, self.today.day) or last_of_month(year, month)

    def clip(self, period: Period) -> Period | None:
        """Return what is left of a period from today on; all of it where days may be past."""
        if self.looking != "ahead":
            return period
        return Period(max(period.first, self.today), period.last) if period.last >= self.today else None

    def allowed(self, day: date | None) -> date | None:
        """Return the day unless it is past and must not be."""
        return None if day is None or (self.looking == "ahead" and day < self.today) else day

    def holiday(self, name: str) -> date | None:
        """Return the day of this name (see HOLIDAYS) that is meant."""
        return self._meant([holiday(name, self.today.year + offset) for offset in (-1, 0, 1)])


def safe_date(year: int, month: int, day: int) -> date | None:
    """Return the date, or None if there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def safe_iso_date(year: int, week: int) -> date | None:
    """Return the Monday of an ISO week, or None if the year has no such week."""
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:
        return None


def last_of_month(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def add_months(day: date, months: int) -> tuple[int, int]:
    """Return year and month, `months` after the month of `day`."""
    years, month = divmod(day.month - 1 + months, 12)
    return day.year + years, month + 1


def easter(year: int) -> date:
    """Return Easter Day of the Gregorian calendar (Meeus, Jones, Butcher)."""
    golden, century, rest = year % 19, year // 100, year % 100
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def weekday_from(first: date, weekday: int) -> date:
    """Return the first such weekday on or after a day."""
    return first + timedelta(days=(weekday - first.weekday()) % 7)


FIXED = {
    "nyarsdagen": (1, 1),
    "trettondagen": (1, 6),
    "valborg": (4, 30),
    "forsta maj": (5, 1),
    "nationaldagen": (6, 6),
    "lucia": (12, 13),
    "lillejulafton": (12, 23),
    "julafton": (12, 24),
    "juldagen": (12, 25),
    "annandag jul": (12, 26),
    "nyarsafton": (12, 31),
    "alla hjartans dag": (2, 14),
}
FROM_EASTER = {
    "skartorsdagen": -3,
    "langfredagen": -2,
    "paskafton": -1,
    "paskdagen": 0,
    "annandag pask": 1,
    "kristi himmelsfardsdag": 39,
    "pingstafton": 48,
    "pingstdagen": 49,
}
FROM_SEARCH = {
    "midsommarafton": ((6, 19), 4),
    "midsommardagen": ((6, 20), 5),
    "alla helgons dag": ((10, 31), 5),
    "forsta advent": ((11, 27), 6),
    "andra advent": ((12, 4), 6),
    "tredje advent": ((12, 11), 6),
    "fjarde advent": ((12, 18), 6),
}


def holiday(name: str, year: int) -> date:
    """Return a Swedish holiday's day: fixed, counted from Easter, or the first weekday from a day on."""
    if name in FIXED:
        return date(year, *FIXED[name])
    if name in FROM_EASTER:
        return easter(year) + timedelta(days=FROM_EASTER[name])
    first, weekday = FROM_SEARCH[name]
    return weekday_from(date(year, *first), weekday)
