"""Fills an empty database with a made-up region, fast: COPY, and the indexes of the readings afterwards."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import orjson
import polars as pl
import psycopg
from psycopg import sql

from assistant.records.fhir import codes
from assistant.records.fhir.units import MEASURES
from scheduler import cohort
from scheduler.cohort import Cohort
from scheduler.cohort_readings import RANGES, ZONE
from scheduler.vocabulary import SIGNALS

DAYS = 14
BLOCK = 10_000
"""Patients drawn and copied at a time; within a block readings lie in order of time, as they arrived."""
DOCTOR = "bench-doctor"
AGREED = orjson.dumps({codes.WEIGHT: 7, codes.BLOOD_PRESSURE: 7}).decode()
"""What everybody has agreed to take, times a week."""
DEVICES = {codes.WEIGHT: "Våg", codes.BLOOD_PRESSURE: "Blodtrycksmätare", codes.SPO2: "Pulsoximeter"}
SMALL_CONTENT = "{}"
"""The resources' own JSON is left out: the round never reads it."""


def fill(url: str, *, patients: int, now: datetime, seed: int = 1, done: Callable[[int], None] | None = None) -> None:
    """Add patients with 14 days of seven signals, everybody due since midnight.

    Args:
        url: a database with our schema.
        done: told of the patients written, block by block.
    """
    today = (now.astimezone(ZoneInfo(ZONE)) - timedelta(hours=8)).date()
    with psycopg.connect(url) as connection:
        connection.execute("SET maintenance_work_mem = '512MB'")
        connection.execute("SET session_replication_role = replica")
        indexes = _drop_indexes(connection)
        _add_doctor(connection)
        for start in range(0, patients, BLOCK):
            size = min(BLOCK, patients - start)
            drawn = cohort.draw(patients=size, days=DAYS, last_day=today, seed=seed + start, complete=True)
            _copy_people(connection, drawn, now)
            _copy_readings(connection, drawn, now)
            if done:
                done(size)
        for definition in indexes:
            connection.execute(definition)
        connection.execute("ALTER TABLE observation ADD PRIMARY KEY (id)")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _drop_indexes(connection: psycopg.Connection) -> list[bytes]:
    """Drop the primary key and the plain indexes of the readings and return what makes the latter again."""
    rows = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'observation' AND indexname LIKE 'ix%'"
    ).fetchall()
    for name, _ in rows:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    connection.execute("ALTER TABLE observation DROP CONSTRAINT observation_pkey")
    return [definition.encode() for _, definition in rows]


def _add_doctor(connection: psycopg.Connection) -> None:
    connection.execute(
        "INSERT INTO practitioner (id, version, last_updated, content, name, role, title)"
        " VALUES (%s, 1, now(), '{}', 'Maria Ek', 'doctor', 'läkare') ON CONFLICT DO NOTHING",
        [DOCTOR],
    )


def _copy_people(connection: psycopg.Connection, drawn: Cohort, now: datetime) -> None:
    stored = {"version": 1, "last_updated": now, "content": SMALL_CONTENT}
    people = drawn.known.patients
    born = pl.col("local_date").dt.offset_by("-" + pl.col("age").cast(pl.String) + "y")
    _copy(connection, "patient", people.select(id="patient_id", birth_date=born), active=True, **stored)
    settings = {"call_name": "Anna", "checkin_time": time(0), "timezone": ZONE, "checkins_enabled": True}
    empty = dict.fromkeys(("tastes", "limits", "accessibility"), "{}")
    plain = {"language": "sv", "style": "normal", "doctor_id": DOCTOR, "agreed_readings": AGREED}
    _copy(connection, "patient_settings", people.select("patient_id"), **settings, **empty, **plain)
    _copy_orders(connection, drawn.known.medicines, now)
    conditions = drawn.known.conditions.with_columns(id=pl.format("{}-{}", "patient_id", "code"))
    _copy(connection, "condition", conditions, clinical_status="active", **stored)
    reports = drawn.known.reports.select(
        "patient_id",
        id=pl.format("{}-{}{}", pl.col("patient_id").str.head(26), pl.col("report").str.head(6), -pl.col("day")),
        code="report",
        effective_at="at",
    )
    _copy(connection, "observation", reports, status="final", doubtful=False, **stored)


def _copy_orders(connection: psycopg.Connection, medicines: pl.DataFrame, now: datetime) -> None:
    """Orders as imported: each is signed by the doctor."""
    ids = medicines.select(id="medication_request_id")
    signed = {"kind": "imported", "practitioner_id": DOCTOR, "content_sha256": "0", "signed_at": now}
    _copy(connection, "signature", ids, **signed)
    orders = medicines.select(
        "patient_id",
        "atc",
        id="medication_request_id",
        signature_id="medication_request_id",
        content=pl.concat_str(pl.lit('{"medicationCodeableConcept": {"text": "'), "name", pl.lit('"}}')),
    )
    long_ago = now - timedelta(days=400)
    active = {"status": "active", "intent": "order", "authored_on": long_ago}
    _copy(connection, "medication_request", orders, version=1, last_updated=long_ago, **active)


def _copy_readings(connection: psycopg.Connection, drawn: Cohort, now: datetime) -> None:
    """One observation a reading; the two pressures of one moment are one."""
    readings = drawn.known.readings
    diastolic = readings.filter(pl.col("signal") == "diastolic").select("observation_id", diastolic="value")
    code = pl.col("signal").replace_strict({name: SIGNALS[name].codes[0] for name in RANGES})
    unit = pl.col("signal").replace_strict({name: MEASURES[RANGES[name]].unit for name in RANGES})
    is_pressure = pl.col("signal") == "systolic"
    rows = (
        readings.filter(pl.col("signal") != "diastolic")
        .join(diastolic, on="observation_id", how="left")
        .sort("at")
        .select(
            "patient_id",
            "diastolic",
            id="observation_id",
            code=code,
            effective_at="at",
            unit=pl.when(~is_pressure).then(unit),
            value=pl.when(~is_pressure).then("value"),
            systolic=pl.when(is_pressure).then("value"),
        )
    )
    stored = {"version": 1, "last_updated": now, "content": SMALL_CONTENT}
    device = pl.col("code").replace_strict(DEVICES, default=None)
    _copy(connection, "observation", rows.with_columns(origin=device), status="final", doubtful=False, **stored)


def _copy(connection: psycopg.Connection, table: str, rows: pl.DataFrame, **constants: object) -> None:
    whole = rows.with_columns(pl.lit(value).alias(name) for name, value in constants.items())
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in whole.columns)
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(sql.Identifier(table), columns)
    with connection.cursor().copy(statement) as copy:
        copy.write(whole.write_csv(include_header=False).encode())
