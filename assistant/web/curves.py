"""Curves drawn on the server as SVG, with Swedish dates and decimal commas."""

from datetime import datetime
from typing import Any, Final

import altair as alt
import vl_convert

from assistant.settings import get_settings
from assistant.web.readings import Reading, Signal

WIDTH, HEIGHT = 640, 240
INK, SOFT, LINE, SECOND = "#2b2a27", "#5a554c", "#24584a", "#8a4b08"
LOCALE: Final = "sv-SE"
PAD = {"°C": 0.5, "kg": 1.0, "mmol/L": 1.0, "timmar": 1.0}
"""Least space above and below the values, in the signal's unit, so that a small change does not look large."""


def draw(readings: list[Reading], signal: Signal) -> str:
    """Return the curve as SVG: trusted values joined by a line, doubtful ones as hollow grey points."""
    rows = [row for reading in readings for row in _rows(reading)]
    chart = alt.Chart(alt.InlineData(values=rows))
    y = alt.Y("value:Q", title=signal.unit or None, scale=alt.Scale(domain=_domain(rows, signal), nice=True))
    x = alt.X("at:T", title=None, axis=alt.Axis(format="%-d/%-m", labelOverlap=True, tickCount=7))
    colour = alt.Color("part:N", legend=None, scale=alt.Scale(domain=["first", "second"], range=[LINE, SECOND]))
    trusted = chart.transform_filter("!datum.doubtful").encode(x=x, y=y, color=colour)
    doubtful = chart.transform_filter("datum.doubtful").encode(x=x, y=y)
    layers = alt.layer(
        trusted.mark_line(strokeWidth=3, interpolate="linear"),
        trusted.mark_point(filled=True, size=45, opacity=1),
        doubtful.mark_point(filled=False, size=60, color=SOFT, shape="triangle"),
    )
    spec = layers.properties(width=WIDTH, height=HEIGHT, background="white").configure(**_style()).to_dict()
    svg: str = vl_convert.vegalite_to_svg(spec, format_locale=LOCALE, time_format_locale=LOCALE)
    return svg


def _rows(reading: Reading) -> list[dict[str, Any]]:
    at = _local(reading.at)
    first = {"at": at, "value": reading.value, "part": "first", "doubtful": reading.doubtful}
    if reading.second is None:
        return [first]
    return [first, {**first, "value": reading.second, "part": "second"}]


def _local(moment: datetime) -> str:
    """Vega draws times in its own zone: hand it people's clock without one."""
    return moment.astimezone(get_settings().zone).replace(tzinfo=None).isoformat()


def _domain(rows: list[dict[str, Any]], signal: Signal) -> list[float]:
    if signal.fixed_range:
        return list(signal.fixed_range)
    values = [row["value"] for row in rows] or [0.0]
    low, high = min(values), max(values)
    pad = max(PAD.get(signal.unit, 5.0), (high - low) * 0.15)
    return [max(0.0, low - pad), high + pad]


def _style() -> dict[str, Any]:
    axis = {"labelFontSize": 14, "titleFontSize": 14, "labelColor": SOFT, "titleColor": SOFT, "gridColor": "#e8e0d2"}
    return {"font": "Liberation Sans, Arial, sans-serif", "axis": axis, "view": {"stroke": None}}
