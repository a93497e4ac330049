"""Readings that no rule uses, and why: a report for those who look after devices and imports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.frames import MOST_READINGS_A_DAY
from scheduler.vocabulary import SIGNALS

CLOCK_AHEAD = timedelta(minutes=10)
"""A device's clock may run ahead so much before its reading is left out."""


@dataclass(frozen=True)
class Finding:
    """Readings of one patient and code that were set aside.

    `problem` is doubtful (outside human range, or a jump), ahead (from the future), unit (not one we know), repeated
    (the same value at the same moment) or too-many (more in a day than anybody takes).
    """

    patient_id: str
    code: str
    problem: str
    readings: int


_FOUND = """
WITH recent AS (
    SELECT o.patient_id, o.code, o.doubtful, o.effective_at,
        o.effective_at > CAST(:now AS timestamptz) + :ahead AS ahead,
        unit.ucum IS NOT NULL AND o.unit IS DISTINCT FROM unit.ucum AS other_unit,
        row_number() OVER (
            PARTITION BY o.patient_id, o.code, o.effective_at, o.value, o.systolic, o.diastolic ORDER BY o.id
        ) > 1 AS repeated
    FROM observation o
    JOIN unnest(CAST(:codes AS text[]), CAST(:ucum AS text[])) AS unit (code, ucum) ON unit.code = o.code
    WHERE o.effective_at >= :since AND (CAST(:among AS text[]) IS NULL OR o.patient_id = ANY(:among))
        AND o.status IN ('final', 'amended', 'corrected')
), named AS (
    SELECT patient_id, code, CASE
        WHEN doubtful THEN 'doubtful' WHEN ahead THEN 'ahead' WHEN other_unit THEN 'unit' WHEN repeated THEN 'repeated'
    END AS problem FROM recent
)
SELECT patient_id, code, problem, count(*) FROM named WHERE problem IS NOT NULL GROUP BY patient_id, code, problem
UNION ALL
SELECT patient_id, code, 'too-many', count(*) FROM recent
GROUP BY patient_id, code, date_trunc('day', effective_at, :zone) HAVING count(*) > :most
ORDER BY 1, 2, 3
"""


def findings(
    db: Session, *, since: datetime, now: datetime, zone: str, among: Sequence[str] | None = None
) -> list[Finding]:
    """Return what was set aside since a moment, patient by patient.

    Args:
        zone: whose days are counted.
        among: only these patients.
    """
    units = {code: signal.ucum for signal in SIGNALS.values() if signal.column == "value" for code in signal.codes}
    pressures = {code: None for signal in SIGNALS.values() if signal.column != "value" for code in signal.codes}
    of_code = pressures | units
    rows = db.execute(
        text(_FOUND),
        {
            "since": since,
            "now": now,
            "ahead": CLOCK_AHEAD,
            "codes": list(of_code),
            "ucum": list(of_code.values()),
            "among": None if among is None else list(among),
            "zone": zone,
            "most": MOST_READINGS_A_DAY,
        },
    )
    return [Finding(*row) for row in rows]
