"""How long something has lasted or shall last, with UCUM units: min, h, d, wk, mo, a."""

from __future__ import annotations

from assistant.dialogue.entities.reading import Found, Reading, rule

UNITS = {
    "minuter": "min",
    "min": "min",
    "timme": "h",
    "timmar": "h",
    "h": "h",
    "dag": "d",
    "dagar": "d",
    "vecka": "wk",
    "veckor": "wk",
    "manad": "mo",
    "manader": "mo",
    "ar": "a",
}
COUNT = r"\d+(?:[.,]\d+)?"
ARTICLE = r"(?:i|sedan|under|pa|for|ungefar|cirka|ca|drygt|nastan|hela|minst|senaste|en)"
HOURS_AND_MINUTES = rule(
    rf"(?P<count>{COUNT}) (?:timme|timmar|h)(?: och)? (?P<more>\d+|en kvart|kvart|trekvart)(?: (?:minuter|min|m))?"
)
COUNTED = rule(rf"(?P<count>{COUNT}) (?P<unit>{'|'.join(UNITS)})(?! (?:gammal|gamla|sedan))")
ONE = rule(rf"{ARTICLE} (?P<it>(?:en|ett) (?P<unit>timme|dag|vecka|manad|ar))")
HALF = rule(r"(?:en |ett )?(?P<half>halv timme|halvtimme|halv dag|halvar|halv ar|halvdag|kvart)")
HALVES = {
    "halv timme": (30.0, "min"),
    "halvtimme": (30.0, "min"),
    "kvart": (15.0, "min"),
    "halv dag": (0.5, "d"),
    "halvdag": (0.5, "d"),
    "halvar": (6.0, "mo"),
    "halv ar": (6.0, "mo"),
}
QUARTERS = {"en kvart": 15, "kvart": 15, "trekvart": 45}
AGE = rule(rf"{COUNT}(?: |-)?(?:ar|ars|aring|arig)(?: gammal| gamla)?")

Duration = tuple[float, str]


def read(reading: Reading) -> None:
    """Turn durations into `<duration>` with (value, unit). "Två tre dagar" is no value; "82 år" is an age."""
    reading.rewrite(HOURS_AND_MINUTES, "<duration>", _hours)
    reading.rewrite(COUNTED, "<duration>", _counted)
    reading.rewrite(ONE, "<duration>", lambda found: (1.0, UNITS[found["unit"] or ""]))
    reading.rewrite(HALF, "<duration>", lambda found: HALVES[found["half"] or ""])


def _number(found: Found) -> float:
    return float((found["count"] or "0").replace(",", "."))


def _hours(found: Found) -> Duration:
    more = found["more"] or "0"
    minutes = QUARTERS.get(more) or int(more)
    return round(_number(found) + minutes / 60, 2), "h"


def _counted(found: Found) -> Duration | None:
    vague = found.before.rstrip().rpartition(" ")[2]
    alone_years = found["unit"] == "ar" and vague not in ("i", "sedan", "pa", "under")
    return None if vague.isdigit() or alone_years else (_number(found), UNITS[found["unit"] or ""])
