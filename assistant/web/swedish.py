"""Dates, times and numbers as they are written in Swedish."""

from datetime import UTC, date, datetime, timedelta

from assistant.settings import get_settings

WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)


def day(moment: date | datetime) -> str:
    """Return "lördag 21 november"."""
    local = _local(moment)
    return f"{WEEKDAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]}"


def clock(moment: datetime) -> str:
    """Return "07.30"."""
    return f"{_local(moment):%H.%M}"


def when(moment: datetime) -> str:
    """Return "i dag kl. 07.30", "i går kl. 21.15" or "lördag 21 november kl. 07.30"."""
    today = _local(datetime.now(UTC)).date()
    its_day = _local(moment).date()
    near = {today: "i dag", today - timedelta(days=1): "i går", today + timedelta(days=1): "i morgon"}
    return f"{near.get(its_day) or day(moment)} kl. {clock(moment)}"


def moment(text: str) -> str:
    """Return an ISO time as `when` does."""
    return when(datetime.fromisoformat(text))


def value(given: object) -> str:
    """Return a number the Swedish way, and words as they are."""
    return number(given) if isinstance(given, int | float) else str(given)


def number(value: float | None, decimals: int = 1) -> str:
    """Return the number with a decimal comma, without empty decimals; a dash when there is none."""
    if value is None:
        return "–"
    text = f"{value:.{decimals}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",").replace("-", "−")


def hours(value: float) -> str:
    """Return 7.67 as "7 timmar 40 minuter"."""
    whole, minutes = divmod(round(value * 60), 60)
    spelled = "1 timme" if whole == 1 else f"{whole} timmar"
    return f"{spelled} {minutes} minuter" if minutes else spelled


def age(birth_date: date | None) -> str:
    """Return "85 år"."""
    if birth_date is None:
        return "ålder okänd"
    today = _local(datetime.now(UTC)).date()
    had_birthday = (today.month, today.day) >= (birth_date.month, birth_date.day)
    return f"{today.year - birth_date.year - (0 if had_birthday else 1)} år"


def _local(moment: date | datetime) -> datetime:
    if not isinstance(moment, datetime):
        return datetime(moment.year, moment.month, moment.day, 12, tzinfo=get_settings().zone)
    return moment.astimezone(get_settings().zone)
