"""What the rules look at, as Polars frames: one shard of patients, or one patient, at one moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Self

import adbc_driver_postgresql.dbapi as adbc
import orjson
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]  # it has no types

from assistant import database
from scheduler.tastes import liked_flavour
from scheduler.vocabulary import ABSENT_CODES, REPORTS, SIGNALS, SignalName

MINUTE = pl.Datetime("us", "UTC")
MOST_READINGS_A_DAY = 48
"""More readings than this of one signal and day are thinned to the latest ones, so that no patient slows a round."""

PATIENTS: Mapping[str, Any] = {
    "patient_id": pl.String,
    "call_name": pl.String,
    "language": pl.String,
    "style": pl.String,
    "timezone": pl.String,
    "local_date": pl.Date,
    "due_at": MINUTE,
    "doctor_id": pl.String,
    "age": pl.Int64,
    "limits": pl.String,
    "allergies": pl.String,
    "flavour_sv": pl.String,
    "flavour_en": pl.String,
}
READINGS: Mapping[str, Any] = {
    "patient_id": pl.String,
    "observation_id": pl.String,
    "signal": pl.String,
    "value": pl.Float64,
    "at": MINUTE,
    "day": pl.Int32,
}
REPORTED: Mapping[str, Any] = {"patient_id": pl.String, "report": pl.String, "at": MINUTE, "day": pl.Int32}
MEDICINES: Mapping[str, Any] = {
    "patient_id": pl.String,
    "medication_request_id": pl.String,
    "atc": pl.String,
    "name": pl.String,
    "active": pl.Boolean,
    "changed_day": pl.Int32,
}
CONDITIONS: Mapping[str, Any] = {"patient_id": pl.String, "code": pl.String}
CONSENTS: Mapping[str, Any] = {"patient_id": pl.String, "category": pl.String}
HISTORY: Mapping[str, Any] = {
    "patient_id": pl.String,
    "rule_id": pl.String,
    "level": pl.String,
    "state": pl.String,
    "days_ago": pl.Int32,
    "decided_days_ago": pl.Int32,
    "open_task_id": pl.String,
}


@dataclass(frozen=True)
class Frames:
    """Patients and what is known of them. `day` is a local calendar day, 0 being the patient's today.

    readings: valid and undoubtful only, in order of time. medicines: active orders, and those stopped lately, with the
    day of the last change. history: earlier recommendations.
    """

    patients: pl.DataFrame
    readings: pl.DataFrame
    reports: pl.DataFrame
    medicines: pl.DataFrame
    conditions: pl.DataFrame
    consents: pl.DataFrame
    history: pl.DataFrame

    def of_patients(self, patient_ids: Iterable[str]) -> Self:
        """Return the same frames for some of the patients only."""
        wanted = pl.col("patient_id").is_in(list(patient_ids))
        return replace(self, **{field.name: getattr(self, field.name).filter(wanted) for field in fields(self)})


def read(
    *, patient_ids: list[str], now: datetime, zones: list[str], default_zone: str, earliest: Mapping[SignalName, int]
) -> Frames:
    """Read what the rules need of these patients.

    Args:
        now: the moment of the round; each patient's today follows from it and from their time zone.
        zones: the time zones that are known; a patient in any other is taken to live by `default_zone`.
        earliest: for each signal the first local day that any rule looks at (-13: thirteen days back).
    """
    with adbc.connect(database.url()) as connection, connection.cursor() as cursor:
        cursor.execute(_CREATE_ASKED)
        cursor.execute(_FILL_ASKED, _parameters(patient_ids, zones, default_zone, now))
        return Frames(
            patients=_patients(_fetch(cursor, _PATIENTS)),
            readings=_readings(_fetch(cursor, _READINGS, *_looked_at(earliest))),
            reports=_shaped(_fetch(cursor, _REPORTS, list(REPORTS), list(ABSENT_CODES)), REPORTED),
            medicines=_shaped(_fetch(cursor, _MEDICINES), MEDICINES),
            conditions=_shaped(_fetch(cursor, _CONDITIONS), CONDITIONS),
            consents=_shaped(_fetch(cursor, _CONSENTS), CONSENTS),
            history=_shaped(_fetch(cursor, _HISTORY), HISTORY),
        )


def empty(schema: Mapping[str, Any]) -> pl.DataFrame:
    """Return a frame of this shape without rows."""
    return pl.DataFrame(schema=schema)


def thinned(readings: pl.DataFrame) -> pl.DataFrame:
    """Drop repeated readings and put the rest in order of time."""
    return (
        readings.unique(["patient_id", "signal", "at", "value"], keep="first", maintain_order=True)
        .sort("patient_id", "signal", "at", "observation_id")
        .filter(
            pl.len().over("patient_id", "signal", "day") - pl.int_range(pl.len()).over("patient_id", "signal", "day")
            <= MOST_READINGS_A_DAY
        )
    )


def _readings(rows: pl.DataFrame) -> pl.DataFrame:
    parts = []
    for name, signal in SIGNALS.items():
        right_unit = pl.lit(True) if signal.ucum is None else pl.col("unit") == signal.ucum
        of_signal = rows.filter(pl.col("code").is_in(signal.codes) & right_unit & pl.col(signal.column).is_finite())
        value = pl.col(signal.column).cast(pl.Float64)
        parts.append(
            of_signal.select("patient_id", "observation_id", signal=pl.lit(name), value=value, at="at", day="day")
        )
    return thinned(_shaped(pl.concat(parts), READINGS))


def _patients(rows: pl.DataFrame) -> pl.DataFrame:
    tastes = [orjson.loads(text) for text in rows["tastes"]]
    allergies = [
        [*taste.get("allergies", []), *(substances or [])]
        for taste, substances in zip(tastes, rows["substances"].to_list(), strict=True)
    ]
    flavours = [
        liked_flavour(likes=taste.get("likes", []), refused=[*taste.get("dislikes", []), *refused])
        for taste, refused in zip(tastes, allergies, strict=True)
    ]
    return _shaped(
        rows.with_columns(
            pl.Series("allergies", [" ".join(words).lower() for words in allergies], dtype=pl.String),
            pl.Series("flavour_sv", [flavour and flavour.sv for flavour in flavours], dtype=pl.String),
            pl.Series("flavour_en", [flavour and flavour.en for flavour in flavours], dtype=pl.String),
        ),
        PATIENTS,
    )


def _looked_at(earliest: Mapping[SignalName, int]) -> tuple[list[str], list[int]]:
    """Codes and, beside each, the first day that any rule looks at."""
    first: dict[str, int] = {}
    for name, day in earliest.items():
        for code in SIGNALS[name].codes:
            first[code] = min(day, first.get(code, 0))
    return list(first), list(first.values())


def _shaped(rows: pl.DataFrame, schema: Mapping[str, Any]) -> pl.DataFrame:
    return rows.select(pl.col(name).cast(kind) for name, kind in schema.items())


def _fetch(cursor: Any, query: str, *parameters: Any) -> pl.DataFrame:
    cursor.execute(query, _parameters(*parameters) if parameters else None)
    return pl.DataFrame(cursor.fetch_arrow_table())


def _parameters(*values: Any) -> pa.RecordBatch:
    """One row of typed parameters: texts, lists of texts or integers, and times."""
    return pa.record_batch(
        [pa.array([value], _arrow_type(value)) for value in values], names=[f"p{i}" for i in range(len(values))]
    )


def _arrow_type(value: Any) -> pa.DataType:
    if isinstance(value, datetime):
        return pa.timestamp("us", "UTC")
    if isinstance(value, list):
        return pa.list_(pa.int32() if value and isinstance(value[0], int) else pa.string())
    return pa.string()


_CREATE_ASKED = """
CREATE TEMPORARY TABLE asked (patient_id text PRIMARY KEY, zone text, now timestamptz, today date) ON COMMIT DROP
"""
_FILL_ASKED = """
INSERT INTO asked
SELECT patient_id, zone, $4::timestamptz, ($4::timestamptz AT TIME ZONE zone)::date
FROM (
    SELECT patient_id, CASE WHEN timezone = ANY($2) THEN timezone ELSE $3 END AS zone
    FROM patient_settings WHERE patient_id = ANY($1)
) AS theirs
"""
_PATIENTS = """
SELECT asked.patient_id, s.call_name, s.language, s.style, asked.zone AS timezone, asked.today AS local_date,
    (asked.today + s.checkin_time) AT TIME ZONE asked.zone AS due_at, s.doctor_id,
    extract(year FROM age(asked.today, p.birth_date))::int8 AS age, s.limits::text AS limits, s.tastes::text AS tastes,
    (SELECT array_agg(a.substance) FROM allergy_intolerance a WHERE a.patient_id = asked.patient_id) AS substances
FROM asked JOIN patient_settings s USING (patient_id) JOIN patient p ON p.id = asked.patient_id
ORDER BY asked.patient_id
"""
_READINGS = """
SELECT o.patient_id, o.id AS observation_id, o.code, o.unit, o.value, o.systolic, o.diastolic, o.effective_at AS at,
    (o.effective_at AT TIME ZONE asked.zone)::date - asked.today AS day
FROM asked
JOIN unnest($1::text[], $2::int[]) AS looked_at(code, first_day) ON true
JOIN observation o ON o.patient_id = asked.patient_id AND o.code = looked_at.code
    AND o.effective_at >= asked.now + make_interval(days => looked_at.first_day - 2)
    AND o.effective_at <= asked.now + interval '10 minutes' -- a device's clock may run ahead so much
WHERE NOT o.doubtful AND o.status IN ('final', 'amended', 'corrected')
ORDER BY o.effective_at, o.id
"""
_REPORTS = """
SELECT o.patient_id, o.code AS report, o.effective_at AS at,
    (o.effective_at AT TIME ZONE asked.zone)::date - asked.today AS day
FROM asked
JOIN observation o ON o.patient_id = asked.patient_id AND o.code = ANY($1)
    AND o.effective_at >= asked.now - interval '32 days'
    AND o.effective_at <= asked.now + interval '10 minutes' -- a device's clock may run ahead so much
WHERE NOT o.doubtful AND o.status IN ('final', 'amended', 'corrected')
    AND NOT (coalesce(o.value_code, '') = ANY($2)) AND coalesce(o.value, 1) <> 0
"""
_MEDICINES = """
SELECT m.patient_id, m.id AS medication_request_id, coalesce(m.atc, '') AS atc,
    coalesce(
        m.content #>> '{medicationCodeableConcept,text}',
        m.content #>> '{medicationCodeableConcept,coding,0,display}'
    ) AS name,
    m.status = 'active' AS active,
    (CASE WHEN m.status = 'active' THEN m.authored_on ELSE m.last_updated END AT TIME ZONE asked.zone)::date
        - asked.today AS changed_day
FROM asked JOIN medication_request m USING (patient_id)
WHERE m.intent IN ('order', 'instance-order') AND m.status IN ('active', 'stopped', 'completed', 'on-hold')
"""
_CONDITIONS = """
SELECT patient_id, code FROM asked JOIN condition c USING (patient_id)
WHERE c.clinical_status IN ('active', 'recurrence', 'relapse')
"""
_CONSENTS = "SELECT patient_id, category FROM asked JOIN consent c USING (patient_id) WHERE c.status = 'active'"
_HISTORY = """
SELECT r.patient_id, r.rule_id, r.level, r.state, asked.today - r.local_date AS days_ago,
    asked.today - (r.decided_at AT TIME ZONE asked.zone)::date AS decided_days_ago,
    (
        SELECT t.id FROM task t
        WHERE t.id = r.task_id AND t.status IN ('requested', 'received', 'accepted', 'in-progress')
    ) AS open_task_id
FROM asked JOIN recommendation r USING (patient_id)
WHERE r.local_date >= asked.today - 120 OR r.state = 'proposed'
"""
