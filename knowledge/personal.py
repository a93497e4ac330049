"""What an article has to do with the person who asks: own medicines and own latest values."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from pydantic import AwareDatetime, BaseModel, Field

from knowledge.articles import Article

BLOOD_PRESSURE = ("85354-9", "blodtryck")
WEIGHT = ("29463-7", "vikt")
PULSE = ("8867-4", "puls")
OXYGEN = ("2708-6", "syrehalt")
TEMPERATURE = ("8310-5", "temperatur")
GLUCOSE = ("14749-6", "blodsocker")

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
"""The reading (LOINC code, Swedish word) that bears on an article."""


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
    code, word = VALUES_OF.get(article.slug, ("", ""))
    readings = [one for one in context.values if one.code == code]
    if not readings:
        return []
    latest = max(readings, key=lambda one: one.at)
    measured = latest.at.astimezone(zone)
    today = measured.date() == now.astimezone(zone).date()
    day = "i dag" if today else f"den {format_date(measured.date(), 'd MMMM', locale='sv')}"
    return [f"Vid mätningen {day} klockan {measured:%H.%M} visade {word} {latest.text}."]
