"""The bench measures the real round on a database of its own."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from scheduler import bench


@pytest.mark.slow
def test_every_patient_gets_one_check_in_and_the_pace_is_told() -> None:
    before = os.environ.get("VIGOR_DATABASE_URL")
    report = bench.bench(sizes=[60], workers=[1], peer_patients=5)
    [measured] = report.rounds
    assert (measured.patients, measured.workers) == (60, 1)
    assert measured.peak_rss_mb < 2048
    assert measured.region_minutes == pytest.approx(1_700_000 / measured.patients_per_s / 60)
    assert "region" in next(bench.lines(report))
    assert os.environ.get("VIGOR_DATABASE_URL") == before


@pytest.mark.parametrize(
    ("now", "waits"),
    [
        (datetime(2026, 11, 21, 23, 1, tzinfo=UTC), timedelta(minutes=2)),
        (datetime(2026, 11, 21, 22, 59, tzinfo=UTC), timedelta(0)),
        (datetime(2026, 6, 21, 10, 0, tzinfo=UTC), timedelta(0)),
    ],
    ids=["a minute past midnight", "a minute before midnight", "by day"],
)
def test_right_after_midnight_it_takes_the_moment_when_everybody_is_due(now: datetime, waits: timedelta) -> None:
    assert bench.when_all_are_due(now, spread_s=180) == now + waits
