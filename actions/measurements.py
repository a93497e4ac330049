"""Values that the patient tells: understood, checked, read back in Swedish units, and stored after a yes."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, ClassVar

from actions import alarms, measures, readings, safety, swedish
from actions.action import Events
from actions.api import JSON
from actions.forms import CONFIRM, Form, Values, reset
from actions.measures import Alarm, Measurement
from actions.questions import Question, by_keyword
from actions.talk import Talk
from actions.writing import open_task, quantity, store_observation

LOINC = "http://loinc.org"
SYSTOLIC, DIASTOLIC = "8480-6", "8462-4"
NOT_THIS = re.compile(
    r",?\s*\b(?:och inte|inte|i stället för|istället för|not|instead of)\s+\d+(?:[.,]\d+)?", re.IGNORECASE
)
"""The number that a correction takes back: "150 inte 140"."""
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
MOST_WORDS_OF_A_NUMBER = 4
"""Words of a message that is but a number, spoken: "den är 94 nu"."""
EARLIER_TODAY = re.compile(
    r"\bi ?morse\b|\bi (?:för|efter)middags\b|\bi natt\b|tidigare|this (?:morning|afternoon)|last night|earlier",
    re.IGNORECASE,
)
"""A time of today that is past, so that its hour is asked for; "i dag" alone is taken for now."""


class ReportMeasurementForm(Form):
    """Takes one or several values; each is read back and stored by itself."""

    questions: ClassVar[tuple[Question, ...]] = (
        Question(
            "kind",
            choices=("blood_pressure", "weight", "pulse", "oxygen", "temperature", "glucose"),
            keywords=(
                ("blood_pressure", r"tryck|pressure"),
                ("weight", r"\bvikt|\bväg[dte]|\bvåg|weigh"),
                ("pulse", r"puls"),
                ("oxygen", r"syre|saturation|\bsat\b|oxygen"),
                ("temperature", r"temp|feber|fever"),
                ("glucose", r"socker|glukos|sugar|glucose"),
            ),
            opening=True,
        ),
        Question("reading", entities=("measurement",)),
        Question("day", entities=("date",)),
        Question("time", entities=("time",), expected="time"),
    )

    async def start(self, talk: Talk) -> Values | None:
        """A bare number is of the kind that was spoken of just before."""
        kind, said = (readings.intent_before(talk) or "").removeprefix("ask_"), talk.said or ""
        bare = NUMBER.search(said) and len(said.split()) <= MOST_WORDS_OF_A_NUMBER
        named = by_keyword(said, self.questions[0].keywords)
        return {"kind": kind} if bare and kind in KINDS and named in (None, kind) else {}

    def needed(self, values: Values) -> Sequence[Question]:
        """Ask for kind and value; for the time only when another day was named."""
        kind, reading, _, at = self.questions
        if values.get("reading") is None:
            return [kind, reading]
        return [reading, at] if values.get("day") else [reading]

    def expects(self, question: Question | None, values: Values) -> str | None:
        """A bare number is the value that was asked for, or corrects the one that was read back."""
        if question and question.name == "time":
            return "time"
        known = values.get("reading")
        return str(known[0]["kind"]) if known else values.get("kind")

    async def read(self, talk: Talk, question: Question, values: Values, *, asked: str) -> Any:
        """Take every value of the message; a bare number when its kind is known."""
        if question.name != "reading":
            return await super().read(talk, question, values, asked=asked)
        told: list[Measurement] = [
            one["value"] for one in talk.entities("measurement") if one["value"]["kind"] in KINDS
        ]
        said = NOT_THIS.sub("", talk.said or "")
        corrected = values.get("reading") is not None and (said != talk.said or _in_told_unit(talk, values))
        if asked in ("", "reading", CONFIRM) and (corrected or not told):
            told = _bare(said, values)
        return _merged(values.get("reading") or [], [measures.in_swedish_units(one) for one in told]) if told else None

    async def check(self, talk: Talk, name: str, value: Any) -> Any:
        """Refuse a day or a time that is still to come, or that is no single one."""
        now = datetime.fromisoformat(talk.patient["now"])
        today = now.date().isoformat()
        if name == "day":
            said_when = isinstance(value, str) and (value < today or bool(EARLIER_TODAY.search(talk.said or "")))
            return value if said_when and value <= today else None
        if name == "time" and not isinstance(value, str):
            return None
        day = talk.entity("date") or (talk.slot("form_answers") or {}).get("values", {}).get("day", today)
        if name == "time" and day == today and value > now.strftime("%H:%M"):
            talk.say("report_measurement.in_future")
            return None
        return value

    def misunderstood(self, talk: Talk, question: Question | None) -> str:
        """A pressure has two numbers."""
        values = (talk.slot("form_answers") or {}).get("values", {})
        if question and question.name == "reading" and values.get("kind") == "blood_pressure":
            return talk.text("report_measurement.two_numbers")
        return super().misunderstood(talk, question)

    def without(self, values: Values, name: str) -> Values:
        """A value to be changed keeps its kind."""
        kept = super().without(values, name)
        return kept | ({"kind": values["reading"][0]["kind"]} if name == "reading" else {})

    async def cut_short(self, talk: Talk, values: Values, found: Values) -> Events | None:
        """A value that is an emergency is answered before it is confirmed."""
        alarm = await _alarm(talk, values)
        if alarm is None or alarm.level != "emergency":
            return None
        told = _written(talk, values["reading"][0])
        await safety.emergency(
            talk,
            text=alarms.words(talk, alarm, told),
            description=f"Patienten har uppgett ett värde som kräver 112, inte bekräftat: {told}.",
        )
        return [*reset(), *safety.flagged(talk, "emergency", waits=False)]

    async def read_back(self, talk: Talk, values: Values) -> str:
        """Read the first value back, with advice when it calls for it."""
        measured = values["reading"][0]
        words = {"what": _written(talk, measured), "when": _when(talk, values)}
        if not measures.is_human(measured):
            return talk.text("report_measurement.read_back_doubtful", **words)
        found = await _alarm(talk, values)
        advice = alarms.words(talk, found, words["what"]) if found else ""
        return f"{advice} {talk.text('report_measurement.read_back', **words)}".strip()

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Store the first value; go on with the next."""
        measured, *rest = values["reading"]
        stored = await store_observation(
            talk, measures.measures().kinds[measured["kind"]].code, _fhir(measured), at=_moment(talk, values)
        )
        words = _written(talk, measured)
        if readings.is_doubtful(stored):
            talk.say("report_measurement.stored_doubtful", what=words)
        else:
            talk.say("report_measurement.stored", what=words, data={"kind": "reading", "id": stored["id"]})
            await _tell_clinic(talk, values, words)
        kept: Values = {name: values[name] for name in ("day", "time") if name in values}
        return {**kept, "reading": rest} if rest else None


KINDS = frozenset(measures.measures().kinds)


def _bare(said: str, values: Values) -> list[Measurement]:
    """Return the numbers of the message as a value of the kind that is being told."""
    known = (values.get("reading") or [None])[0]
    kind = known["kind"] if known else values.get("kind")
    numbers = [float(found.replace(",", ".")) for found in NUMBER.findall(said)]
    if kind is None or not numbers:
        return []
    unit = (known or {}).get("original", {}).get("unit") or measures.measures().kinds[kind].unit
    if kind != "blood_pressure":
        return [{"kind": kind, "value": numbers[-1], "unit": unit}]
    if len(numbers) > 1:
        return [{"kind": kind, "systolic": numbers[0], "diastolic": numbers[1], "unit": unit}]
    return [_with_one_part(known, numbers[0])] if known else []


def _in_told_unit(talk: Talk, values: Values) -> bool:
    """Tell whether a bare number corrects a value that was told in another unit than the Swedish one."""
    known, told = values["reading"][0], talk.entities("measurement")
    bare = all(NUMBER.fullmatch(str(one.get("text"))) and one["value"]["kind"] == known["kind"] for one in told)
    return bare and "original" in known


def _with_one_part(pressure: Measurement, number: float) -> Measurement:
    """Return the pressure with the part replaced that the number is nearest to; it is read back again."""
    part = min(("systolic", "diastolic"), key=lambda name: abs(pressure[name] - number))
    return pressure | {part: number}


def _merged(known: list[Measurement], told: list[Measurement]) -> list[Measurement]:
    """Return the values with those told now in the place of earlier ones of the same kind."""
    by_kind = {one["kind"]: one for one in told}
    replaced = [by_kind.pop(one["kind"], one) for one in known]
    return [*replaced, *by_kind.values()]


async def _alarm(talk: Talk, values: Values) -> Alarm | None:
    if not values.get("reading"):
        return None
    return await alarms.alarm(talk, values["reading"][0])


async def _tell_clinic(talk: Talk, values: Values, words: str) -> None:
    found = await _alarm(talk, values)
    if found is None or found.level != "alert":
        return
    kind = values["reading"][0]["kind"]
    await open_task(
        talk,
        "alert",
        f"Patienten har rapporterat {words}. Gräns: {found.source}.",
        priority="urgent",
        key=f"alert-{kind}",
    )
    talk.say("report_measurement.clinic_told")


def _fhir(measured: Measurement) -> JSON:
    if measured["kind"] == "blood_pressure":
        parts = ((SYSTOLIC, measured["systolic"]), (DIASTOLIC, measured["diastolic"]))
        return {
            "component": [
                {"code": {"coding": [{"system": LOINC, "code": code}]}, **quantity(value, "mm[Hg]")}
                for code, value in parts
            ]
        }
    told = measured.get("original", measured)
    return quantity(told["value"], told["unit"])


def _written(talk: Talk, measured: Measurement) -> str:
    """Return "blodtryck 135/80 mmHg"."""
    kind = measures.measures().kinds[measured["kind"]]
    first = measured.get("systolic", measured.get("value"))
    value = readings.written(talk, {"value": first, "second": measured.get("diastolic")}, kind.decimals)
    return f"{talk.text(f'readings.{kind.topic}')} {value} {talk.text(f'readings.{kind.topic}_unit')}"


def _moment(talk: Talk, values: Values) -> datetime | None:
    """Return when the value was measured; None means now."""
    if not values.get("time"):
        return None
    now = datetime.fromisoformat(talk.patient["now"])
    day = date.fromisoformat(values["day"]) if values.get("day") else now.date()
    return datetime.combine(day, time.fromisoformat(values["time"]), now.tzinfo)


def _when(talk: Talk, values: Values) -> str:
    at = _moment(talk, values)
    return (
        readings.when(talk, at)
        if at
        else talk.text(
            "report_measurement.now", time=swedish.clock(datetime.fromisoformat(talk.patient["now"]), talk.language)
        )
    )
