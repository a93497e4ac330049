"""The robust slope against scipy's."""

import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import theilslopes  # type: ignore[import-untyped]  # it has no types

from scheduler.slopes import column, slopes

readings = st.lists(
    st.tuples(st.integers(-13, 0), st.integers(900, 1500).map(lambda n: n / 10)), min_size=2, max_size=30
)


@settings(max_examples=150, deadline=None)
@given(readings)
def test_is_that_of_scipy_with_its_interval(rows: list[tuple[int, float]]) -> None:
    days, values = [day for day, _ in rows], [value for _, value in rows]
    frame = pl.DataFrame({"patient_id": ["one"] * len(rows), "day": days, "value": values}).cast({"day": pl.Int32})
    result = slopes(frame, signal="weight", windows=[(-13, 0)])
    if len(set(days)) < 2:
        assert result.is_empty()
        return
    expected = theilslopes(values, days, alpha=0.9)
    row = result.row(0, named=True)
    for measure, right in (
        ("slope", expected.slope),
        ("slope_low", expected.low_slope),
        ("slope_high", expected.high_slope),
    ):
        got = row[column(measure, "weight", (-13, 0))]
        assert (got is None and math.isnan(right)) or got == pytest.approx(right)
