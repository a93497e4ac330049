"""The obvious way to do it: the rule-engine library, one patient at a time, beside the round for comparison.

It is given less to do: four rules, and nothing is written.
"""

import importlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from statistics import mean, median
from typing import Any

import psycopg
from psycopg.rows import dict_row

WEIGHT, PRESSURE, MOOD = "29463-7", "85354-9", "mood"
RULES: Mapping[str, str] = {
    "weight-loss-5d": "weights >= 4 and weight_fall >= 0.7",
    "pressure-falling-on-treatment": "treated and pressures >= 10 and pressure_week < 130 and pressure_fall >= 10",
    "low-mood": "low_moods >= 3",
    "weight-gain-heart-failure": "heart_failure and weight_rise > 2",
}
_READINGS = """
SELECT code, value, systolic, effective_at::date - current_date AS day FROM observation
WHERE patient_id = %s AND effective_at >= now() - interval '15 days' ORDER BY effective_at
"""
_MEDICINES = "SELECT atc FROM medication_request WHERE patient_id = %s AND status = 'active'"
_CONDITIONS = "SELECT code FROM condition WHERE patient_id = %s"


@dataclass(frozen=True)
class Measured:
    """How the peer did: patients evaluated, in how long, and how many of them some rule fired for."""

    patients: int
    seconds: float
    fired: int


def measure(url: str, *, patients: int) -> Measured | None:
    """Let the peer evaluate some patients, or return None when the library is not installed."""
    try:
        library: Any = importlib.import_module("rule_engine")
    except ModuleNotFoundError:
        return None
    rules = [library.Rule(text) for text in RULES.values()]
    with psycopg.connect(url, row_factory=dict_row) as connection:
        asked = connection.execute("SELECT id FROM patient ORDER BY id LIMIT %s", [patients]).fetchall()
        start = time.perf_counter()
        fired = 0
        for patient in asked:
            facts = _facts(connection, patient["id"])
            fired += any(rule.matches(facts) for rule in rules)
    return Measured(patients=len(asked), seconds=time.perf_counter() - start, fired=fired)


def line(measured: Measured | None) -> str:
    """Return the result as a line for people."""
    if measured is None:
        return "rule-engine, patient by patient: not installed"
    pace = measured.patients / measured.seconds
    return f"rule-engine, patient by patient, {len(RULES)} rules, nothing written: {pace:.0f} patients/s"


def _facts(connection: psycopg.Connection[dict[str, Any]], patient_id: str) -> dict[str, Any]:
    readings = connection.execute(_READINGS, [patient_id]).fetchall()
    atc = [row["atc"] for row in connection.execute(_MEDICINES, [patient_id])]
    codes = [row["code"] for row in connection.execute(_CONDITIONS, [patient_id])]
    weights = [(row["day"], row["value"]) for row in readings if row["code"] == WEIGHT and row["day"] >= -5]
    pressures = [(row["day"], row["systolic"]) for row in readings if row["code"] == PRESSURE]
    week = [value for day, value in pressures if day >= -6]
    before = [value for day, value in pressures if day < -6]
    moods = [row["value"] for row in readings if row["code"] == MOOD and row["day"] >= -3]
    return {
        "weights": len(weights),
        "weight_fall": -_slope(weights) * 5,
        "weight_rise": weights[-1][1] - min(value for _, value in weights) if weights else 0,
        "pressures": len(pressures),
        "pressure_week": mean(week) if week else 0,
        "pressure_fall": mean(before) - mean(week) if week and before else 0,
        "low_moods": sum(value <= 3 for value in moods),
        "treated": any(code.startswith(("C02", "C03", "C07", "C08", "C09")) for code in atc),
        "heart_failure": any(code.startswith("I50") for code in codes),
    }


def _slope(points: list[tuple[int, float]]) -> float:
    """Theil and Sen's."""
    rates = [(b - a) / (later - day) for (day, a), (later, b) in combinations(points, 2) if later > day]
    return median(rates) if rates else 0.0
