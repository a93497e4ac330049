"""What the record says about the patient's values, one action a kind of value."""

from datetime import datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from actions import errands, swedish
from actions.action import CareAction, Events
from actions.api import JSON
from actions.talk import Talk

DAYS_SHOWN = 14
SYSTOLIC, DIASTOLIC = "8480-6", "8462-4"


async def readings(talk: Talk, code: str, *, days: int = DAYS_SHOWN) -> list[JSON]:
    """Return the trusted readings of one LOINC code, the newest first: [{"at", "value", "second"}].

    `second` is the diastolic pressure where `value` is the systolic. Doubtful readings are left out.
    """
    since = datetime.fromisoformat(talk.patient["now"]) - timedelta(days=days)
    found = await talk.api.search("Observation", code=code, date=f"ge{since.isoformat()}", _sort="-date", _count=200)
    zone = ZoneInfo(talk.patient["timezone"])
    return [reading(observation, zone) for observation in found if not is_doubtful(observation)]


def reading(observation: JSON, zone: ZoneInfo) -> JSON:
    """Return when and what one Observation says."""
    at = datetime.fromisoformat(observation["effectiveDateTime"]).astimezone(zone)
    parts = {part["code"]["coding"][0]["code"]: part for part in observation.get("component", [])}
    if SYSTOLIC in parts:
        first, second = (parts[code]["valueQuantity"]["value"] for code in (SYSTOLIC, DIASTOLIC))
        return {"at": at, "value": float(first), "second": float(second)}
    return {"at": at, "value": float(observation["valueQuantity"]["value"]), "second": None}


def is_doubtful(observation: JSON) -> bool:
    """Tell whether the record marks the reading as doubtful."""
    return any(
        extension["url"].endswith("/doubtful") and extension.get("valueBoolean", True)
        for extension in observation.get("extension", [])
    )


def written(talk: Talk, found: JSON, decimals: int) -> str:
    """Return a reading's value as people write it: "60,4" or "118/70"."""
    first = swedish.number(found["value"], talk.language, decimals=decimals)
    if found["second"] is None:
        return first
    return f"{first}/{swedish.number(found['second'], talk.language, decimals=decimals)}"


class AskReadings(CareAction):
    """Base of the questions about one kind of value."""

    topic: ClassVar[str]
    code: ClassVar[str]
    decimals: ClassVar[int] = 0

    async def act(self, talk: Talk) -> Events:
        """Say the newest value with its date, and how it has developed over two weeks; missing data is said."""
        found = await readings(talk, self.code)
        if not found:
            talk.say("readings.none", what=talk.text(f"readings.{self.topic}"), days=DAYS_SHOWN)
            return []
        newest, oldest = found[0], found[-1]
        values: dict[str, Any] = {
            "what": talk.text(f"readings.{self.topic}"),
            "value": written(talk, newest, self.decimals),
            "unit": talk.text(f"readings.{self.topic}_unit"),
            "when": when(talk, newest["at"]),
        }
        key = "readings.latest" if len(found) == 1 else f"readings.latest_{direction(newest, oldest)}"
        talk.say(
            key,
            **values,
            before=written(talk, oldest, self.decimals),
            since=swedish.day(oldest["at"], talk.language),
            data={"kind": "curve", "code": self.code},
        )
        return []


def direction(newest: JSON, oldest: JSON) -> str:
    """Return up, down or same: whether the newest differs from the oldest by more than one in a hundred."""
    change = newest["value"] - oldest["value"]
    if abs(change) <= 0.01 * oldest["value"]:
        return "same"
    return "up" if change > 0 else "down"


def when(talk: Talk, at: datetime) -> str:
    """Return "i dag kl. 7.10", "i går kl. 7.10" or the day."""
    days = (datetime.fromisoformat(talk.patient["now"]).date() - at.date()).days
    words = {0: talk.text("readings.today"), 1: talk.text("readings.yesterday")}
    return talk.text(
        "readings.at", day=words.get(days, swedish.day(at, talk.language)), time=swedish.clock(at, talk.language)
    )


class ActionAskWeight(AskReadings):
    """Answers questions about weight."""

    topic, code, decimals = "weight", "29463-7", 1


class ActionAskBloodPressure(AskReadings):
    """Answers questions about blood pressure."""

    topic, code = "blood_pressure", "85354-9"


class ActionAskPulse(AskReadings):
    """Answers questions about pulse."""

    topic, code = "pulse", "8867-4"


class ActionAskOxygen(AskReadings):
    """Answers questions about oxygen saturation."""

    topic, code = "oxygen", "2708-6"


class ActionAskTemperature(AskReadings):
    """Answers questions about body temperature."""

    topic, code, decimals = "temperature", "8310-5", 1


class ActionAskGlucose(AskReadings):
    """Answers questions about blood glucose."""

    topic, code, decimals = "glucose", "15074-8", 1


class ActionAskSleep(AskReadings):
    """Answers questions about sleep."""

    topic, code, decimals = "sleep", "93832-4", 1


VALUES: tuple[type[AskReadings], ...] = (
    ActionAskWeight,
    ActionAskBloodPressure,
    ActionAskPulse,
    ActionAskOxygen,
    ActionAskTemperature,
    ActionAskGlucose,
)


async def latest_values(talk: Talk) -> list[JSON]:
    """Return the newest trusted reading of each kind as [{"code", "text", "at"}], the text with its unit."""
    since = datetime.fromisoformat(talk.patient["now"]) - timedelta(days=DAYS_SHOWN)
    codes = ",".join(kind.code for kind in VALUES)
    found = await talk.api.search("Observation", code=codes, date=f"ge{since.isoformat()}", _sort="-date", _count=200)
    kinds = {kind.code: kind for kind in VALUES}
    latest: dict[str, JSON] = {}
    for observation in found:
        code = next((one["code"] for one in observation["code"]["coding"] if one["code"] in kinds), None)
        if code is None or code in latest or is_doubtful(observation):
            continue
        kind, read = kinds[code], reading(observation, ZoneInfo(talk.patient["timezone"]))
        unit = talk.text(f"readings.{kind.topic}_unit")
        text = f"{written(talk, read, kind.decimals)} {unit}"
        latest[code] = {"code": code, "text": text, "at": read["at"].isoformat()}
    return list(latest.values())


class ActionAskOverview(CareAction):
    """Sums up the newest values."""

    kinds: ClassVar[tuple[type[AskReadings], ...]] = (
        ActionAskWeight,
        ActionAskBloodPressure,
        ActionAskPulse,
        ActionAskOxygen,
        ActionAskTemperature,
        ActionAskGlucose,
        ActionAskSleep,
    )

    async def act(self, talk: Talk) -> Events:
        """Say every kind that has a reading, with its date; what is missing is not called normal."""
        if await errands.tell_if_asked(talk):
            return []
        lines = []
        for kind in self.kinds:
            found = await readings(talk, kind.code)
            if found:
                unit = talk.text(f"readings.{kind.topic}_unit")
                what = talk.text(f"readings.{kind.topic}")
                lines.append(
                    f"• {what}: {written(talk, found[0], kind.decimals)} {unit} ({when(talk, found[0]['at'])})"
                )
        if not lines:
            talk.say("readings.nothing", days=DAYS_SHOWN)
            return []
        talk.tell("\n".join([talk.text("readings.overview"), *lines, talk.text("readings.overview_end")]))
        return []
