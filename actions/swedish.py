"""Dates, times, numbers and lists as people write them, in Swedish or English."""

from datetime import date, datetime, time

from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal


def day(moment: date, language: str) -> str:
    """Return "tisdag 24 november"."""
    return str(format_date(moment, "EEEE d MMMM", locale=language))


def clock(moment: datetime | time, language: str) -> str:
    """Return "9.30" (English "9:30")."""
    return str(format_time(moment, "H.mm" if language == "sv" else "H:mm", locale=language))


def told_clock(said: str, language: str) -> str:
    """Return "8.30" (English "8:30") of "08:30"; "" of nothing."""
    return clock(time.fromisoformat(said), language) if said else ""


def number(value: float, language: str, *, decimals: int = 1) -> str:
    """Return "60,4", without a needless ",0"."""
    return str(format_decimal(round(value, decimals), locale=language))


def listed(parts: list[str], language: str) -> str:
    """Return "ett, två och tre"."""
    return str(format_list(parts, locale=language))
