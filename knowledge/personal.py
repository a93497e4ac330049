"""What an article has to do with the person who asks: own medicines and own latest values."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_date
from pydantic import AwareDatetime, BaseModel, Field

from knowledge.articles import Article


class Kind(NamedTuple):
    """A kind of reading: its LOINC codes, and how it is called when it is one's own."""

    codes: tuple[str, ...]
    own: str


BLOOD_PRESSURE = Kind(("85354-9",), "Ditt blodtryck")
WEIGHT = Kind(("29463-7",), "Din vikt")
PULSE = Kind(("8867-4",), "Din puls")
OXYGEN = Kind(("2708-6", "59408-5"), "Din syrehalt")
TEMPERATURE = Kind(("8310-5",), "Din temperatur")
GLUCOSE = Kind(("14749-6", "15074-8"), "Ditt blodsocker")
MORNING_ENDS = 10

VALUES_OF = {
    "high-blood-pressure": BLOOD_PRESSURE,
    "low-blood-pressure": BLOOD_PRESSURE,
    "measuring-blood-pressure": BLOOD_PRESSURE,
    "blood-pressure-medicine": BLOOD_PRESSURE,
    "dizziness": BLOOD_PRESSURE,
    "heart-failure": WEIGHT,
    "unintended-weight-loss": WEIGHT,
    "malnutrition-in-older-people": WEIGHT,
    "nutrition-drinks": WEIGHT,
    "swollen-legs": WEIGHT,
    "atrial-fibrillation": PULSE,
    "oxygen-saturation": OXYGEN,
    "copd": OXYGEN,
    "pneumonia": OXYGEN,
    "fever": TEMPERATURE,
    "influenza": TEMPERATURE,
    "type-2-diabetes": GLUCOSE,
    "low-blood-sugar": GLUCOSE,
    "high-blood-sugar": GLUCOSE,
}
"""The kind of reading that bears on an article."""


class Medicine(BaseModel):
    """A medicine that the person takes."""

    name: str = Field(max_length=200)
    atc: str = Field(max_length=10)


class Value(BaseModel):
    """A reading: `text` is the number with its unit, as it is written in Swedish."""

    code: str = Field(max_length=20)
    text: str = Field(max_length=50)
    at: AwareDatetime


class Context(BaseModel):
    """What is known of the person who asks; empty when it may not be used."""

    medicines: Sequence[Medicine] = ()
    values: Sequence[Value] = ()


def sentences(article: Article, context: Context, *, now: datetime, zone: ZoneInfo) -> list[str]:
    """Return what the person's own medicines and latest value have to do with the article."""
    return [*_about_medicine(article, context), *_about_value(article, context, now, zone)]


def _about_medicine(article: Article, context: Context) -> list[str]:
    own = [one.name for one in context.medicines if any(one.atc.startswith(code) for code in article.atc)]
    return [f"Du tar {' och '.join(own)}. Ändra ingenting själv, utan fråga först."] if own else []


def _about_value(article: Article, context: Context, now: datetime, zone: ZoneInfo) -> list[str]:
    kind = VALUES_OF.get(article.slug)
    readings = [one for one in context.values if kind and one.code in kind.codes]
    if kind is None or not readings:
        return []
    latest = max(readings, key=lambda one: one.at)
    measured = latest.at.astimezone(zone)
    return [f"{kind.own} {_day(measured, now.astimezone(zone))} klockan {measured:%H.%M} var {latest.text}."]


def _day(measured: datetime, now: datetime) -> str:
    days = (now.date() - measured.date()).days
    if days == 0:
        return "i morse" if measured.hour < MORNING_ENDS else "i dag"
    return "i går" if days == 1 else f"den {format_date(measured.date(), 'd MMMM', locale='sv')}"
