"""What the record says about the patient's values, one action a kind of value."""

import re
from datetime import date, datetime, timedelta
from typing import ClassVar, NamedTuple
from zoneinfo import ZoneInfo

from actions import alarms, errand_status, measures, swedish
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
    """Base of the questions about one kind of value. `also` are codes of the same kind of value measured otherwise."""

    topic: ClassVar[str]
    code: ClassVar[str]
    also: ClassVar[tuple[str, ...]] = ()
    decimals: ClassVar[int] = 0

    @classmethod
    def codes(cls) -> str:
        """Return the codes as a search takes them."""
        return ",".join((cls.code, *cls.also))

    async def act(self, talk: Talk) -> Events:
        """Say the values of the time asked for, else the newest and how it has developed; missing data is said."""
        if await errand_status.tell_if_asked(talk) or await judge(talk):
            return []
        asked = asked_for(talk)
        days = max(DAYS_SHOWN, (_now(talk).date() - asked.first).days + 1) if asked else DAYS_SHOWN
        found = await readings(talk, self.codes(), days=days)
        within = [one for one in found if asked is None or asked.first <= one["at"].date() <= asked.last]
        if asked and not within:
            talk.say("readings.none_then", what=talk.text(f"readings.{self.topic}"))
        if asked and within and asked.last < _now(talk).date():
            self.tell_then(talk, within)
        elif found:
            await self.tell_newest(talk, within or found)
        else:
            talk.say("readings.none", what=talk.text(f"readings.{self.topic}"), days=DAYS_SHOWN)
        return []

    def tell_then(self, talk: Talk, found: list[JSON]) -> None:
        """Say the value of one day, or the first and the last of a longer time."""
        newest, oldest = found[0], found[-1]
        if newest["at"].date() == oldest["at"].date():
            talk.tell(self.said(talk, newest), data=self.curve())
            return
        first, last = (f"{self.value(talk, one)} {swedish.day(one['at'], talk.language)}" for one in (oldest, newest))
        was = talk.text(f"readings.{self.topic}_was")
        talk.say("readings.from_to", was=was, first=first, last=last, data=self.curve())

    async def tell_newest(self, talk: Talk, found: list[JSON]) -> None:
        """Say the newest value with its date, how it has developed, and what it calls for when it is of today."""
        newest, oldest = found[0], found[-1]
        key = "readings.latest" if len(found) == 1 else f"readings.latest_{direction(newest, oldest)}"
        text = talk.text(
            key,
            was=talk.text(f"readings.{self.topic}_was"),
            value=self.value(talk, newest),
            when=when(talk, newest["at"]),
            before=self.value(talk, oldest),
            since=swedish.day(oldest["at"], talk.language),
        )
        advice = await self.advice(talk, newest) if newest["at"].date() == _now(talk).date() else None
        talk.tell(" ".join(part for part in (text, advice) if part), data=self.curve())

    def said(self, talk: Talk, one: JSON) -> str:
        """Return one value with its date as a sentence."""
        was = talk.text(f"readings.{self.topic}_was")
        return talk.text("readings.latest", was=was, value=self.value(talk, one), when=when(talk, one["at"]))

    def value(self, talk: Talk, one: JSON) -> str:
        """Return a value with its unit."""
        return f"{written(talk, one, self.decimals)} {talk.text(f'readings.{self.topic}_unit')}"

    async def advice(self, talk: Talk, one: JSON) -> str | None:
        """Return what is said after a value of today."""
        return await self.limit(talk, one)

    async def limit(self, talk: Talk, one: JSON) -> str | None:
        """Return what a value calls for, None when it lies at no limit."""
        measured = {"kind": self.topic, "value": one["value"], "systolic": one["value"], "diastolic": one["second"]}
        alarm = await alarms.alarm(talk, measured) if self.topic in measures.measures().kinds else None
        told = f"{talk.text(f'readings.{self.topic}')} {self.value(talk, one)}"
        return alarms.words(talk, alarm, told) if alarm else None

    def curve(self) -> JSON:
        """Return what the screen draws beside the words."""
        return {"kind": "curve", "code": self.code}


class Asked(NamedTuple):
    """The days that a question is about, both included."""

    first: date
    last: date


SINCE = re.compile(r"\b(?:sen|sedan|since)\b", re.IGNORECASE)


def asked_for(talk: Talk) -> Asked | None:
    """Return the past days that were asked for; "since" a day is until today. None when no day was named."""
    said, today = talk.entity("date"), _now(talk).date()
    if said is None:
        return None
    ends = (said["from"], said["to"]) if isinstance(said, dict) else (said, said)
    first, last = (date.fromisoformat(str(end)[:10]) for end in ends)
    last = today if SINCE.search(talk.said or "") else min(last, today)
    return Asked(first, last) if first <= last else None


def _now(talk: Talk) -> datetime:
    return datetime.fromisoformat(talk.patient["now"])


def direction(newest: JSON, oldest: JSON) -> str:
    """Return up, down or same: whether the newest differs from the oldest by more than one in a hundred."""
    change = newest["value"] - oldest["value"]
    if abs(change) <= 0.01 * oldest["value"]:
        return "same"
    return "up" if change > 0 else "down"


def when(talk: Talk, at: datetime) -> str:
    """Return "i dag kl. 7.10", "i går kl. 7.10" or the day."""
    days = (_now(talk).date() - at.date()).days
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

    async def advice(self, talk: Talk, one: JSON) -> str | None:
        """Say what counts as fever, since that is what is asked for."""
        return await self.limit(talk, one) or talk.text("readings.fever_from")


class ActionAskGlucose(AskReadings):
    """Answers questions about blood glucose."""

    topic, code, decimals = "glucose", "14749-6", 1
    also = ("15074-8",)


class ActionAskSleep(AskReadings):
    """Answers questions about sleep: a night, and how long the nights have been."""

    topic, code = "sleep", "93832-4"

    async def tell_newest(self, talk: Talk, found: list[JSON]) -> None:
        """Say the newest night, and the average when there are several."""
        night = self.said(talk, found[0])
        average = {"value": sum(one["value"] for one in found) / len(found)}
        usual = talk.text("readings.sleep_usual", nights=len(found), usual=self.value(talk, average))
        talk.tell(f"{night} {usual}" if len(found) > 1 else night, data=self.curve())

    def said(self, talk: Talk, one: JSON) -> str:
        """Return how long a night was."""
        if one["at"].date() == _now(talk).date():
            return talk.text("readings.slept_last_night", value=self.value(talk, one))
        return talk.text("readings.slept", value=self.value(talk, one), day=swedish.day(one["at"], talk.language))

    def value(self, talk: Talk, one: JSON) -> str:
        """Return hours and minutes."""
        hours, minutes = divmod(round(one["value"] * 60), 60)
        return talk.text("readings.hours_minutes" if minutes else "readings.hours", hours=hours, minutes=minutes)


VALUES: tuple[type[AskReadings], ...] = (
    ActionAskWeight,
    ActionAskBloodPressure,
    ActionAskPulse,
    ActionAskOxygen,
    ActionAskTemperature,
    ActionAskGlucose,
)


IS_IT_GOOD = re.compile(
    r"^(?:(?:men|och|jaha|ja|så|va)\b[,. ]*)*(?:är|var) (?:det|den|de|dom)(?: här| där)? (?:ett )?"
    r"(?:bra|då?lig|farlig|normal|hög|låg|ok|för |som (?:det|den) ska|oroande|mycket|lite)|"
    r"^(?:and |but |so )?is (?:it|that) (?:a )?(?:good|bad|normal|dangerous|too|high|low|ok|fine)",
    re.IGNORECASE,
)
LOOKED_BACK = 3
"""Messages in which a value may have been told, corrected and confirmed."""
LONGEST_ABOUT_A_VALUE = 7
"""Words of a question that names no value and so is about the one just told ("är det bra eller dåligt?")."""


async def judge(talk: Talk) -> bool:
    """Say what the value just asked for calls for, when the question is about it; return whether it was."""
    said = talk.said or ""
    kind = _spoken_of(talk)
    if kind is None or not IS_IT_GOOD.search(said) or len(said.split()) > LONGEST_ABOUT_A_VALUE:
        return False
    found = await readings(talk, kind.codes())
    if not found:
        return False
    advice = await kind().limit(talk, found[0]) or talk.text("readings.at_no_limit")
    talk.tell(f"{kind().said(talk, found[0])} {advice}", choices=[talk.choice("common.human", "talk_to_human")])
    return True


def _spoken_of(talk: Talk) -> type[AskReadings] | None:
    """Return the kind of value that the last messages asked for or told."""
    before = [event["parse_data"] for event in talk.tracker.events if event["event"] == "user"][-1 - LOOKED_BACK : -1]
    for parsed in reversed(before):
        told = [one["value"]["kind"] for one in parsed["entities"] if one["entity"] == "measurement"]
        asked = str(parsed["intent"].get("name")).removeprefix("ask_")
        if kind := next((one for one in VALUES if one.topic in (*told, asked)), None):
            return kind
    return None


def intent_before(talk: Talk) -> str | None:
    """Return the intent of the message before this one."""
    said = [event["parse_data"]["intent"].get("name") for event in talk.tracker.events if event["event"] == "user"]
    return said[-2] if len(said) > 1 else None


async def latest_values(talk: Talk) -> list[JSON]:
    """Return the newest trusted reading of each kind as [{"code", "text", "at"}], the text with its unit."""
    since = datetime.fromisoformat(talk.patient["now"]) - timedelta(days=DAYS_SHOWN)
    codes = ",".join(kind.codes() for kind in VALUES)
    found = await talk.api.search("Observation", code=codes, date=f"ge{since.isoformat()}", _sort="-date", _count=200)
    kinds = {code: kind for kind in VALUES for code in (kind.code, *kind.also)}
    latest: dict[str, JSON] = {}
    for observation in found:
        code = next((one["code"] for one in observation["code"]["coding"] if one["code"] in kinds), None)
        if code is None or kinds[code].code in latest or is_doubtful(observation):
            continue
        kind, read = kinds[code], reading(observation, ZoneInfo(talk.patient["timezone"]))
        latest[kind.code] = {"code": code, "text": kind().value(talk, read), "at": read["at"].isoformat()}
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
        if await errand_status.tell_if_asked(talk) or await judge(talk):
            return []
        lines = []
        for kind in self.kinds:
            found = await readings(talk, kind.codes())
            if found:
                what = talk.text(f"readings.{kind.topic}")
                lines.append(f"• {what}: {kind().value(talk, found[0])} ({when(talk, found[0]['at'])})")
        if not lines:
            talk.say("readings.nothing", days=DAYS_SHOWN)
            return []
        talk.tell("\n".join([talk.text("readings.overview"), *lines, talk.text("readings.overview_end")]))
        return []
