"""Points of NEWS2 (Royal College of Physicians, National Early Warning Score 2, 2017) as far as the readings go.

A missing reading gives no point and is not counted as normal: the sum is "at least". The score is made for hospitals
and ambulances and is not validated at home.
"""

from collections.abc import Sequence

import polars as pl

from scheduler.vocabulary import SignalName

INPUTS: tuple[SignalName, ...] = ("breaths", "spo2", "systolic", "pulse", "temperature")

Steps = Sequence[tuple[float, int]]
"""(highest value, points) from low to high; the last has no upper end."""

NO_END = float("inf")
BREATHS: Steps = ((8, 3), (11, 1), (20, 0), (24, 2), (NO_END, 3))
SPO2_SCALE_1: Steps = ((91, 3), (93, 2), (95, 1), (NO_END, 0))
SPO2_SCALE_2_ON_AIR: Steps = ((83, 3), (85, 2), (87, 1), (NO_END, 0))
SPO2_SCALE_2_ON_OXYGEN: Steps = ((83, 3), (85, 2), (87, 1), (92, 0), (94, 1), (96, 2), (NO_END, 3))
SYSTOLIC: Steps = ((90, 3), (100, 2), (110, 1), (219, 0), (NO_END, 3))
PULSE: Steps = ((40, 3), (50, 1), (90, 0), (110, 1), (130, 2), (NO_END, 3))
TEMPERATURE: Steps = ((35.0, 3), (36.0, 1), (38.0, 0), (39.0, 1), (NO_END, 2))
OXYGEN_POINTS = 2
CONSCIOUSNESS_POINTS = 3


PARAMETERS: dict[str, tuple[str, str]] = {
    "breaths": ("andning", "breathing"),
    "spo2": ("syremättnad", "oxygen saturation"),
    "systolic": ("blodtryck", "blood pressure"),
    "pulse": ("puls", "pulse"),
    "temperature": ("temperatur", "temperature"),
    "consciousness": ("vakenhet", "alertness"),
}
"""What can be missing, in the order of its bits, in Swedish and English. Oxygen treatment is known from the record."""

CONFIRM_WITHIN_MINUTES = 10
SPO2_TO_CONFIRM_SCALE_1 = 91.0
SPO2_TO_CONFIRM_SCALE_2 = 83.0
"""An SpO2 this low needs a second one within ten minutes, or symptoms; alone it counts as missing. Our own numbers."""

Points = dict[str, pl.Expr]


def points(
    latest: dict[SignalName, pl.Expr], *, scale_2: pl.Expr, on_oxygen: pl.Expr, impaired: pl.Expr, alert: pl.Expr
) -> Points:
    """Return the points of each parameter and of oxygen treatment; null where it is not known.

    Args:
        latest: the latest value of each of `INPUTS`.
        scale_2: a clinician has set SpO2 scale 2.
        on_oxygen: a clinician has noted supplemental oxygen.
        impaired: consciousness other than alert has been reported (C, V, P or U).
        alert: consciousness has been asked and answered: alert.
    """
    spo2 = (
        pl.when(scale_2 & on_oxygen)
        .then(_points(latest["spo2"], SPO2_SCALE_2_ON_OXYGEN))
        .when(scale_2)
        .then(_points(latest["spo2"], SPO2_SCALE_2_ON_AIR))
        .otherwise(_points(latest["spo2"], SPO2_SCALE_1))
    )
    return {
        "breaths": _points(latest["breaths"], BREATHS),
        "spo2": spo2,
        "systolic": _points(latest["systolic"], SYSTOLIC),
        "pulse": _points(latest["pulse"], PULSE),
        "temperature": _points(latest["temperature"], TEMPERATURE),
        "consciousness": pl.when(impaired).then(CONSCIOUSNESS_POINTS).when(alert).then(0),
        "oxygen": pl.when(on_oxygen).then(OXYGEN_POINTS),
    }


def known(parts: Points) -> pl.Expr:
    """Return the points known, "at least"; null when nothing at all is known."""
    anything = pl.any_horizontal(part.is_not_null() for part in parts.values())
    return pl.when(anything).then(pl.sum_horizontal(parts.values())).cast(pl.Float64)


def highest(parts: Points) -> pl.Expr:
    """Return the most points that one parameter has."""
    return pl.max_horizontal(parts.values()).cast(pl.Float64)


def missing(parts: Points) -> pl.Expr:
    """Return which of `PARAMETERS` are not known, as a set of bits."""
    bits = [pl.when(parts[name].is_null()).then(1 << place).otherwise(0) for place, name in enumerate(PARAMETERS)]
    return pl.sum_horizontal(bits).cast(pl.Float64)


def names_of(bits: float) -> list[tuple[str, str]]:
    """Return the parameters of a set of bits in words, Swedish and English."""
    return [words for place, words in enumerate(PARAMETERS.values()) if int(bits) >> place & 1]


def _points(value: pl.Expr, steps: Steps) -> pl.Expr:
    points = pl.lit(steps[-1][1])
    for highest, given in reversed(steps[:-1]):
        points = pl.when(value <= highest).then(given).otherwise(points)
    return pl.when(value.is_not_null()).then(points)
