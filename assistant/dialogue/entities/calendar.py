"""Swedish days and weeks relative to today."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Calendar:
    """What people mean by a day, said on `today`. With `future`, a day that could be either is the coming one."""

    today: date
    future: bool = True

    def coming(self, weekday: int) -> date:
        """Return the next such weekday after today (0 = Monday)."""
        return self.today + timedelta(days=(weekday - self.today.weekday() - 1) % 7 + 1)

    def latest(self, weekday: int) -> date:
        """Return the last such weekday before today."""
        return self.today - timedelta(days=(self.today.weekday() - weekday - 1) % 7 + 1)

    def weekday_in_week(self, weekday: int, weeks: int) -> date:
        """Return the weekday of the calendar week that lies `weeks` ahead of this one."""
        return self.monday(weeks) + timedelta(days=weekday)

    def monday(self, weeks: int = 0) -> date:
        """Return the Monday of the week `weeks` ahead."""
        return self.today - timedelta(days=self.today.weekday()) + weeks * WEEK

    def week(self, number: int) -> Period | None:
        """Return the next ISO week with this number (this week included)."""
        for year in (self.today.year, self.today.year + 1):
            try:
                monday = date.fromisocalendar(year, number, 1)
            except ValueError:
                continue
            if monday + timedelta(days=6) >= self.today or not self.future:
                return Period(monday, monday + timedelta(days=6))
        return None

    def day_of_month(self, day: int, weekday: int | None = None) -> date | None:
        """Return the next (without `future`: the latest) day with this number, within a year if on this weekday."""
        step = 1 if self.future else -1
        first = self.today.replace(day=1)
        for months in range(4 if weekday is None else 12):
            found = safe_date(*add_months(first, step * months), day)
            fits = found and (found >= self.today if self.future else found <= self.today)
            if found and fits and weekday in (None, found.weekday()):
                return found
        return None

    def in_year(self, month: int, day: int, year: int | None = None) -> date | None:
        """Return a day of a month in the year said, or else the next (without `future`: the latest) one."""
        if year is not None:
            found = safe_date(year + 2000 if year < 100 else year, month, day)
            return None if found and self.future and found < self.today else found
        step = 1 if self.future else -1
        for years in range(5):
            found = safe_date(self.today.year + step * years, month, day)
            if found and (found >= self.today if self.future else found <= self.today):
                return found
        return None

    def month(self, month: int) -> Period | None:
        """Return the next such month, this one included."""
        year = self.today.year + (1 if self.future and month < self.today.month else 0)
        return self.clip(Period(date(year, month, 1), last_of_month(year, month)))

    def month_ahead(self, months: int) -> Period:
        """Return the month `months` ahead."""
        year, month = add_months(self.today, months)
        return Period(date(year, month, 1), last_of_month(year, month))

    def after_months(self, months: int) -> date:
        """Return the same day `months` later, or the last day of a shorter month."""
        year, month = add_months(self.today, months)
        return safe_date(year, month, self.today.day) or last_of_month(year, month)

    def clip(self, period: Period) -> Period | None:
        """Return what is left of a period from today on; all of it when the past is allowed."""
        if not self.future:
            return period
        return Period(max(period.first, self.today), period.last) if period.last >= self.today else None

    def allowed(self, day: date | None) -> date | None:
        """Return the day unless it is past and must not be."""
        return None if day is None or (self.future and day < self.today) else day

    def holiday(self, name: str) -> date | None:
        """Return the next day of this name (see HOLIDAYS)."""
        days = [holiday(name, self.today.year + offset) for offset in (-1, 0, 1)]
        fitting = [day for day in days if (day >= self.today if self.future else day <= self.today)]
        return (fitting[0] if self.future else fitting[-1]) if fitting else None


def safe_date(year: int, month: int, day: int) -> date | None:
    """Return the date, or None if there is no such day."""
    try:
        return date(year, month, day)
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
