"""Every day of the coming year in the ways that Swedes say it, and every minute of the day."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.dialogue.entities import extract

ZONE = ZoneInfo("Europe/Stockholm")
MONTHS = ["januari", "februari", "mars", "april", "maj", "juni"]
MONTHS += ["juli", "augusti", "september", "oktober", "november", "december"]
WEEKDAYS = ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"]
ORDINALS = ["första", "andra", "tredje", "fjärde", "femte", "sjätte", "sjunde", "åttonde", "nionde", "tionde"]
ORDINALS += ["elfte", "tolfte", "trettonde", "fjortonde", "femtonde", "sextonde", "sjuttonde", "artonde"]
ORDINALS += ["nittonde", "tjugonde"]
ORDINALS += [f"tjugo{word}" for word in ORDINALS[:9]] + ["trettionde", "trettioförsta"]
HOURS = ["tolv", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva"]
TODAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))


def said(text: str, today: date) -> list[object]:
    now = datetime(today.year, today.month, today.day, 12, tzinfo=ZONE)
    return [entity["value"] for entity in extract(text, now=now) if entity["entity"] == "date"]


@settings(deadline=None)
@given(today=TODAYS, ahead=st.integers(0, 364))
def test_a_day_is_read_however_it_is_said(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)
    month, weekday, ordinal = MONTHS[day.month - 1], WEEKDAYS[day.weekday()], ORDINALS[day.day - 1]
    for text in (
        f"den {day.day} {month}",
        f"{day.day} {month if day.month in (3, 7) else month[:3]}",
        f"{day.day}/{day.month}",
        f"den {day.day}/{day.month}",
        f"den {day.day}:e {month}",
        f"den {ordinal} {month}",
        f"{weekday}en den {ordinal} {month}",
        f"{weekday} {day.day}/{day.month} klockan nio",
        f"{day.isoformat()}",
        f"boka en tid {weekday} den {day.day} {month} på förmiddagen tack",
    ):
        assert said(text, today) == [day.isoformat()], text


@settings(deadline=None)
@given(today=TODAYS, weekday=st.integers(0, 6))
def test_a_weekday_is_the_coming_one_and_next_is_next_weeks(today: date, weekday: int) -> None:
    name = WEEKDAYS[weekday]
    coming = today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    next_week = today + timedelta(days=7 - today.weekday() + weekday)
    assert said(f"på {name}", today) == [coming.isoformat()]
    assert said(f"{name} om en vecka", today) == [(coming + timedelta(days=7)).isoformat()]
    assert said(f"nästa {name}", today) == said(f"{name} nästa vecka", today) == [next_week.isoformat()]


@settings(deadline=None)
@given(today=TODAYS, count=st.integers(2, 20))
def test_days_and_weeks_ahead(today: date, count: int) -> None:
    assert said(f"om {count} dagar", today) == [(today + timedelta(days=count)).isoformat()]
    assert said(f"om {count} veckor", today) == [(today + timedelta(weeks=count)).isoformat()]


@settings(deadline=None)
@given(minutes=st.integers(0, 24 * 60 - 1))
def test_a_time_in_figures_is_read_as_written(minutes: int) -> None:
    hour, minute = divmod(minutes, 60)
    for text in (f"kl {hour:02}.{minute:02}", f"klockan {hour:02}:{minute:02}", f"{hour:02}:{minute:02}"):
        assert times(text) == [f"{hour:02}:{minute:02}"], text


@settings(deadline=None)
@given(hour=st.integers(0, 11))
def test_a_time_in_words_is_in_the_waking_half_of_the_day(hour: int) -> None:
    name, following = HOURS[hour], HOURS[(hour + 1) % 12]
    base = hour * 60 + (720 if hour < 6 else 0)
    for text, ahead in (
        (f"klockan {name}", 0),
        (f"tio över {name}", 10),
        (f"kvart över {name}", 15),
        (f"fem i halv {following}", 25),
        (f"halv {following}", 30),
        (f"tjugo i {following}", 40),
        (f"kvart i {following}", 45),
    ):
        assert times(text) == ["{:02}:{:02}".format(*divmod(base + ahead, 60))], text


def times(text: str) -> list[object]:
    now = datetime(2026, 11, 21, 12, tzinfo=ZONE)
    return [entity["value"] for entity in extract(text, now=now) if entity["entity"] == "time"]
