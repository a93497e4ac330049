"""What the rules look at, as Polars frames: one shard of patients, or one patient, at one moment."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import adbc_driver_postgresql.dbapi as adbc
import orjson
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]  # it has no types

from assistant import database
from scheduler import derived, facts
from scheduler.tastes import liked_flavour
from scheduler.vocabulary import (
    ABSENT_CODES,
    BLOOD_PRESSURE_CODES,
    CONSCIOUSNESS_CODES,
    MEDICINE_REPORTS,
    REPORT_ALIASES,
    REPORTS,
    SIGNALS,
    SLEEP_QUALITY_CODE,
    SignalName,
)

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
SIGNAL = pl.Enum(list(SIGNALS))
READINGS: Mapping[str, Any] = {
    "patient_id": pl.String,
    "observation_id": pl.String,
    "signal": SIGNAL,
    "value": pl.Float64,
    "at": MINUTE,
    "day": pl.Int32,
}
REPORTED: Mapping[str, Any] = {
    "patient_id": pl.String,
    "report": pl.String,
    "at": MINUTE,
    "day": pl.Int32,
    "since_round": pl.Boolean,
    "atc": pl.String,
}
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
    "created_at": MINUTE,
}


def empty(schema: Mapping[str, Any]) -> pl.DataFrame:
    """Return a frame of this shape without rows."""
    return pl.DataFrame(schema=schema)


@dataclass(frozen=True)
class Frames:
    """Patients and what is known of them. `day` is a local calendar day, 0 being the patient's today.

    `patient_id` is text, or an enumeration of the patients, which is grouped and joined much faster; the same in all.

    readings: valid and undoubtful only, in order of time. reports: since_round says whether it came after the last
    round; atc is of the medicine that it is about, empty when none is named, null when it is not on the patient's list.
    medicines: active orders, and those stopped lately, with the day of the last change. history: earlier
    recommendations.
    facts: see `scheduler.facts`.
    """

    patients: pl.DataFrame
    readings: pl.DataFrame
    reports: pl.DataFrame
    medicines: pl.DataFrame
    conditions: pl.DataFrame
    consents: pl.DataFrame
    history: pl.DataFrame
    facts: pl.DataFrame = field(default_factory=lambda: empty(facts.FACTS))

    def of_patients(self, patient_ids: Iterable[str]) -> Self:
        """Return the same frames for some of the patients only."""
        wanted = pl.col("patient_id").is_in(list(patient_ids))
        return replace(self, **{field.name: getattr(self, field.name).filter(wanted) for field in fields(self)})


def read(
    *,
    patient_ids: list[str],
    now: datetime,
    zones: list[str],
    default_zone: str,
    earliest: Mapping[SignalName, int],
    weather: pl.DataFrame | None = None,
) -> Frames:
    """Read what the rules need of these patients.

    Args:
        now: the moment of the round; each patient's today follows from it and from their time zone.
        zones: the time zones that are known; a patient in any other is taken to live by `default_zone`.
        earliest: for each signal the first local day that any rule looks at (-13: thirteen days back).
        weather: patient_id, slip_risk, slip_risk_before and heat, of those whose weather is known; see
            `scheduler.weather`.
    """
    with _cursor() as cursor:
        cursor.execute(_CREATE_ASKED)
        cursor.execute(_FILL_ASKED, _parameters(patient_ids, zones, default_zone, now))
        patients = _fetch(cursor, _PATIENTS)
        who = pl.Enum(patients["patient_id"])

        def fetch(query: str, *parameters: Any) -> pl.DataFrame:
            return _fetch(cursor, query, *parameters).with_columns(pl.col("patient_id").cast(who))

        patients = patients.with_columns(pl.col("patient_id").cast(who))
        medicines = fetch(_MEDICINES).sort("patient_id", "name", "medication_request_id")
        reports, history = fetch(_REPORTS, _report_codes()), fetch(_HISTORY)
        agreed, conditions, consents = fetch(_AGREED), fetch(_CONDITIONS), fetch(_CONSENTS)
        positions = _fetch(cursor, _POSITIONS, RECENT_DAYS)
        cursor.execute(_GROUP_BY_HASH)
        values = _values(_fetch(cursor, _VALUES, *_near_and_far(earliest), RECENT_DAYS), patients, now, earliest)
    doubtful = values.filter(pl.col("doubtful")).join(patients.select("patient_id", "last_round"), on="patient_id")
    return Frames(
        patients=_patients(patients),
        readings=_readings(values.filter(~pl.col("doubtful") & pl.col("right_unit")), positions),
        reports=_reports(reports, medicines),
        medicines=_shaped(medicines, MEDICINES),
        conditions=_shaped(conditions, CONDITIONS),
        consents=_shaped(consents, CONSENTS),
        history=_shaped(history, HISTORY),
        facts=facts.together(
            patients,
            facts.missed(_agreed(agreed)),
            facts.silent(values, now=now.astimezone(UTC)),
            facts.doubtful(doubtful.filter(pl.col("at") > pl.col("last_round")).sort("at")),
            facts.ending(medicines),
            patients.select("patient_id", "unanswered_check_ins"),
            patients.select("patient_id")
            if weather is None
            else weather.with_columns(pl.col("patient_id").cast(who, strict=False)),
        ),
    )


_idle: deque[Any] = deque(maxlen=2)
"""Connections kept for the next shard, since opening one costs as much as reading some hundred patients."""


@contextmanager
def _cursor() -> Iterator[Any]:
    """A cursor in a transaction of its own; its connection is kept unless something went wrong."""
    try:
        connection = _idle.pop()
    except IndexError:
        connection = _connect()
    try:
        with connection.cursor() as cursor:
            yield cursor
        connection.rollback()
    except BaseException:
        connection.close()
        raise
    _keep(connection)


def _connect() -> Any:
    connection = adbc.connect(database.url())
    with connection.cursor() as cursor:
        cursor.execute(_SHORT_QUERIES)
    connection.commit()
    return connection


def _keep(connection: Any) -> None:
    if len(_idle) == _idle.maxlen:
        connection.close()
    else:
        _idle.append(connection)


def thinned(readings: pl.DataFrame) -> pl.DataFrame:
    """Drop repeated readings and put the rest in order of time."""
    ordered = readings if _in_order(readings) else _without_repeats(readings)
    crowded = pl.all_horizontal(_unchanged(name, MOST_READINGS_A_DAY) for name in OF_A_DAY)
    if not ordered.select(crowded.any()).item():
        return ordered
    from_the_last = pl.len().over(OF_A_DAY) - pl.int_range(pl.len()).over(OF_A_DAY)
    return ordered.filter(from_the_last <= MOST_READINGS_A_DAY)


OF_A_DAY = ("patient_id", "signal", "day")


def _in_order(readings: pl.DataFrame) -> bool:
    """Whether signals come one after the other, their patients so too, and each one's readings in order of time."""
    signal, patient, at = pl.col("signal"), pl.col("patient_id"), pl.col("at")
    later = (patient > patient.shift()) | (_unchanged("patient_id") & (at > at.shift()))
    follows = (signal > signal.shift()) | (_unchanged("signal") & later)
    return bool(readings.select(follows.all()).item())


def _unchanged(name: str, rows: int = 1) -> pl.Expr:
    return pl.col(name) == pl.col(name).shift(rows)


def _without_repeats(readings: pl.DataFrame) -> pl.DataFrame:
    return readings.sort("signal", "patient_id", "at", "observation_id").unique(
        ["patient_id", "signal", "at", "value"], keep="first", maintain_order=True
    )


def _values(
    groups: pl.DataFrame, patients: pl.DataFrame, now: datetime, earliest: Mapping[SignalName, int]
) -> pl.DataFrame:
    """Unfold what was read, one row a value, and date it by the patient's own calendar."""
    codes = pl.Enum(sorted({code for signal in SIGNALS.values() for code in signal.codes}))
    units = {code: one.ucum for one in SIGNALS.values() for code in one.codes}
    first_days = _looked_at(earliest)
    since = {code: now.astimezone(UTC) + timedelta(days=day - 2) for code, day in first_days.items()}
    unit = pl.col("code").replace_strict(units, default=None, return_dtype=pl.String)
    whose = patients.select("patient_id", "timezone", "local_date")
    known = groups.select(
        pl.col("place").cast(pl.UInt32).cat.to(whose["patient_id"].dtype).alias("patient_id"),
        pl.col("code").cast(codes),
        pl.col("origin").cast(pl.Categorical),
        "doubtful",
        unit.is_null().or_(pl.col("unit") == unit).fill_null(False).alias("right_unit"),
        pl.col("code").replace_strict(since, return_dtype=MINUTE).alias("since"),
        *UNFOLDED,
    ).join(whose, on="patient_id", maintain_order="left")
    dated = [_on_their_days(some, str(zone)) for (zone,), some in known.partition_by("timezone", as_dict=True).items()]
    return pl.concat(dated or [_on_their_days(known, "UTC")])


UNFOLDED = ("observation_id", "at", "value", "diastolic")


def _on_their_days(groups: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Unfold the values of patients of one time zone, with the day and the hour on their clock."""
    rows = groups.drop("timezone").explode(UNFOLDED, empty_as_null=False).with_columns(pl.col("at").cast(MINUTE))
    local = pl.col("at").dt.convert_time_zone(zone)
    day = (local.dt.date() - pl.col("local_date")).dt.total_days().cast(pl.Int32)
    return rows.filter(pl.col("at") >= pl.col("since")).with_columns(day=day, hour=local.dt.hour())


def _readings(values: pl.DataFrame, positions: pl.DataFrame) -> pl.DataFrame:
    who = values["patient_id"].dtype
    by_code = values.partition_by("code", as_dict=True)
    parts = []
    for name, signal in SIGNALS.items():
        of_code = [by_code[(code,)] for code in signal.codes if (code,) in by_code]
        if not of_code or signal.derived == "on_standing":
            continue
        rows = pl.concat(of_code)
        if signal.codes == BLOOD_PRESSURE_CODES and not positions.is_empty():
            rows = _in_position(rows, positions, signal.derived)
        elif signal.derived in ("lying", "standing"):
            continue
        if signal.derived == "fasting":
            rows = derived.fasting(rows)
        value = pl.col("diastolic" if signal.column == "diastolic" else "value")
        rows = rows.with_columns(signal=pl.lit(name, SIGNAL), value=value).filter(pl.col("value").is_finite())
        parts.append(_shaped(rows, READINGS))
    return with_changes(thinned(pl.concat(parts) if parts else pl.DataFrame(schema={**READINGS, "patient_id": who})))


def _in_position(pressures: pl.DataFrame, positions: pl.DataFrame, wanted: str | None) -> pl.DataFrame:
    """Keep the pressures taken in this position; those of no signal of their own are all but the standing ones."""
    known = positions.with_columns(position=pl.col("position").replace_strict(derived.POSITIONS, default=None))
    position = pl.col("position")
    kept = position == wanted if wanted else position.ne_missing(pl.lit("standing"))
    return pressures.join(known, on="observation_id", how="left", maintain_order="left").filter(kept)


def with_changes(readings: pl.DataFrame) -> pl.DataFrame:
    """Return the readings, and how pressure changed on standing up."""
    return pl.concat([readings, derived.on_standing(readings)])


def _report_codes() -> list[str]:
    return [*REPORTS, *REPORT_ALIASES, *CONSCIOUSNESS_CODES, SLEEP_QUALITY_CODE]


def _reports(rows: pl.DataFrame, medicines: pl.DataFrame) -> pl.DataFrame:
    """Turn codes and answers into reports; an answer that says no is none."""
    code, answer = pl.col("code"), pl.col("value_code").fill_null("")
    asked = code.is_in(CONSCIOUSNESS_CODES)
    absent = answer.is_in(ABSENT_CODES) | (pl.col("value") == 0).fill_null(False)
    alert = (asked & answer.str.to_uppercase().eq("A")) | ((code == "consciousness-impaired") & absent)
    report = (
        pl.when(alert)
        .then(pl.lit("consciousness-alert"))
        .when(asked)
        .then(pl.lit("consciousness-impaired"))
        .when((code == SLEEP_QUALITY_CODE) & (answer == "bad"))
        .then(pl.lit("slept-badly"))
        .when(~absent & code.is_in(REPORTS))
        .then(code)
        .when(~absent)
        .then(code.replace_strict(REPORT_ALIASES, default=None))
    )
    once = ["patient_id", "report", "at", "value_code"]
    known = rows.with_columns(report=report).filter(pl.col("report").is_not_null()).unique(once, maintain_order=True)
    return _shaped(_about_medicines(known, medicines), REPORTED)


def _about_medicines(reports: pl.DataFrame, medicines: pl.DataFrame) -> pl.DataFrame:
    """Find out which of the patient's medicines a report is about, by ATC code or by the first word of its name."""
    said = pl.col("value_code").str.to_lowercase()
    names_one = pl.col("report").is_in(MEDICINE_REPORTS) & said.is_not_null() & ~said.str.contains("^(alla|all)\\b|^$")
    first_word = pl.col("name").str.to_lowercase().str.split(" ").list.first()
    theirs = medicines.select("patient_id", found="atc", word=first_word)
    matched = (
        reports.filter(names_one)
        .join(theirs, on="patient_id")
        .filter((said == pl.col("found").str.to_lowercase()) | said.str.contains(pl.col("word"), literal=True))
        .group_by("observation_id")
        .agg(pl.col("found").sort().first())
    )
    atc = pl.when(names_one).then(pl.col("found")).otherwise(pl.lit(""))
    return reports.join(matched, on="observation_id", how="left").with_columns(atc=atc)


def _agreed(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(
        times_a_week=pl.col("times_a_week").cast(pl.Float64, strict=False).fill_null(0),
        days_since=pl.col("days_since").cast(pl.Int32),
    )


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


RECENT_DAYS = 21
"""Codes that no rule follows further back are read together, in one pass over the patient's part of the index."""


def _looked_at(earliest: Mapping[SignalName, int]) -> dict[str, int]:
    """Codes and the first day that any rule looks at."""
    first: dict[str, int] = {}
    for name, day in earliest.items():
        for code in SIGNALS[name].codes:
            first[code] = min(day, first.get(code, 0))
    return first


def _near_and_far(earliest: Mapping[SignalName, int]) -> tuple[list[str], list[str], list[int]]:
    """Codes that are followed for some weeks; those that are followed longer, by first day; and these days."""
    near: list[str] = []
    far: dict[int, list[str]] = {}
    for code, day in _looked_at(earliest).items():
        (near if day >= -RECENT_DAYS else far.setdefault(day, [])).append(code)
    return near, [",".join(codes) for codes in far.values()], list(far)


def _shaped(rows: pl.DataFrame, schema: Mapping[str, Any]) -> pl.DataFrame:
    """Cast to this shape, but leave the enumeration of the patients as it is."""
    return rows.select(
        pl.col(name) if name == "patient_id" else pl.col(name).cast(kind) for name, kind in schema.items()
    )


def _fetch(cursor: Any, query: str, *parameters: Any) -> pl.DataFrame:
    cursor.execute(query, _parameters(*parameters) if parameters else None)
    return pl.DataFrame(cursor.fetch_arrow_table())


def _parameters(*values: Any) -> pa.RecordBatch:
    """One row of typed parameters: texts, integers, lists of these, and times."""
    return pa.record_batch(
        [pa.array([value], _arrow_type(value)) for value in values], names=[f"p{i}" for i in range(len(values))]
    )


def _arrow_type(value: Any) -> pa.DataType:
    if isinstance(value, datetime):
        return pa.timestamp("us", "UTC")
    if isinstance(value, list):
        return pa.list_(pa.int32() if value and isinstance(value[0], int) else pa.string())
    return pa.int32() if isinstance(value, int) else pa.string()


_SHORT_QUERIES = """
SELECT set_config('jit', 'off', false), set_config('max_parallel_workers_per_gather', '0', false),
    set_config('enable_bitmapscan', 'off', false), set_config('enable_hashjoin', 'off', false),
    set_config('enable_mergejoin', 'off', false)
"""
"""Compiling a query costs more than these take. The planner, which cannot know how few rows a patient has, would gather
a fortnight of everybody's readings to find one patient's, and read whole tables to join a shard with them: what a shard
costs would grow with the region.
"""
_GROUP_BY_HASH = "SELECT set_config('enable_sort', 'off', true)"
"""For the values, which are not sorted to be grouped; until the end of the transaction."""
_CREATE_ASKED = """
CREATE TEMPORARY TABLE asked (
    place int4, patient_id text, zone text, now timestamptz, today date, last_round timestamptz
) ON COMMIT DROP
"""
_FILL_ASKED = """
INSERT INTO asked
SELECT row_number() OVER (ORDER BY patient_id) - 1, patient_id, zone, $4::timestamptz, today, coalesce(
    (
        SELECT c.created_at FROM check_in c
        WHERE c.patient_id = theirs.patient_id AND c.local_date < today ORDER BY c.local_date DESC LIMIT 1
    ),
    (today - 1)::timestamp AT TIME ZONE zone -- without a round before, since yesterday
)
FROM (
    SELECT patient_id, CASE WHEN timezone = ANY($2) THEN timezone ELSE $3 END AS zone
    FROM patient_settings WHERE patient_id = ANY($1)
) AS theirs
CROSS JOIN LATERAL (SELECT ($4::timestamptz AT TIME ZONE zone)::date AS today) AS clock
"""
_PATIENTS = """
SELECT asked.patient_id, asked.last_round, s.call_name, s.language, s.style,
    asked.zone AS timezone, asked.today AS local_date,
    (asked.today + s.checkin_time) AT TIME ZONE asked.zone AS due_at, s.doctor_id,
    extract(year FROM age(asked.today, p.birth_date))::int8 AS age, s.limits::text AS limits, s.tastes::text AS tastes,
    (SELECT array_agg(a.substance) FROM allergy_intolerance a WHERE a.patient_id = asked.patient_id) AS substances,
    (
        SELECT count(*) + count(*) FILTER (WHERE c.state = 'missed' OR c.repeated_at IS NOT NULL) FROM check_in c
        WHERE c.patient_id = asked.patient_id AND c.local_date BETWEEN asked.today - 7 AND asked.today
            AND (c.local_date < asked.today OR c.repeated_at < asked.now)
            AND c.opened_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM check_in later
                WHERE later.patient_id = c.patient_id AND later.local_date > c.local_date
                    AND later.local_date < asked.today AND later.opened_at IS NOT NULL
            )
    ) AS unanswered_check_ins
FROM asked JOIN patient_settings s USING (patient_id) JOIN patient p ON p.id = asked.patient_id
ORDER BY asked.place
"""
_VALUES = """
SELECT asked.place, o.*
FROM asked CROSS JOIN LATERAL (
    SELECT code, unit, origin, doubtful, array_agg(id) AS observation_id, array_agg(effective_at) AS at,
        array_agg(CASE WHEN code = '85354-9' THEN systolic ELSE value END) AS value,
        array_agg(diastolic) AS diastolic
    FROM (
        SELECT id, code, unit, origin, doubtful, effective_at, value, systolic, diastolic FROM observation
        WHERE patient_id = asked.patient_id AND code = ANY($1)
            AND effective_at >= asked.now - make_interval(days => $4 + 2)
            AND effective_at <= asked.now + interval '10 minutes' -- a device's clock may run ahead so much
            AND status IN ('final', 'amended', 'corrected')
        UNION ALL
        SELECT id, code, unit, origin, doubtful, effective_at, value, systolic, diastolic
        FROM unnest($2::text[], $3::int[]) AS far(codes, first_day)
        CROSS JOIN LATERAL (
            SELECT * FROM observation o
            WHERE o.patient_id = asked.patient_id AND o.code = ANY(string_to_array(far.codes, ','))
                AND o.effective_at >= asked.now + make_interval(days => far.first_day - 2)
                AND o.effective_at <= asked.now + interval '10 minutes'
                AND o.status IN ('final', 'amended', 'corrected')
            OFFSET 0 -- one after the other
        ) AS one
    ) AS read
    GROUP BY code, unit, origin, doubtful
) AS o
"""
_POSITIONS = """
SELECT o.id AS observation_id, o.position
FROM asked CROSS JOIN LATERAL (
    SELECT id, jsonb_path_query_first(
        content,
        '$.extension[*] ? (@.url == "http://hl7.org/fhir/StructureDefinition/observation-bodyPosition")
            .valueCodeableConcept.coding[*].code'
    ) #>> '{}' AS position
    FROM observation
    WHERE patient_id = asked.patient_id AND code = '85354-9' AND content ? 'extension'
        AND effective_at >= asked.now - make_interval(days => $1 + 2)
    OFFSET 0
) AS o
WHERE o.position IS NOT NULL
"""
_REPORTS = """
SELECT o.patient_id, o.id AS observation_id, o.code, o.value_code, o.value, o.effective_at AS at,
    (o.effective_at AT TIME ZONE asked.zone)::date - asked.today AS day,
    o.effective_at > asked.last_round AS since_round
FROM asked
CROSS JOIN LATERAL (
    SELECT * FROM observation o
    WHERE o.patient_id = asked.patient_id AND o.code = ANY($1)
        AND o.effective_at >= asked.now - interval '40 days'
        AND o.effective_at <= asked.now + interval '10 minutes' -- a device's clock may run ahead so much
        AND NOT o.doubtful AND o.status IN ('final', 'amended', 'corrected')
        AND o.content -> 'valueBoolean' IS DISTINCT FROM 'false'::jsonb
    OFFSET 0 -- patient by patient through the index, however large the table
) AS o
"""
_MEDICINES = """
SELECT m.patient_id, m.id AS medication_request_id, coalesce(m.atc, '') AS atc,
    coalesce(
        m.content #>> '{medicationCodeableConcept,text}',
        m.content #>> '{medicationCodeableConcept,coding,0,display}'
    ) AS name,
    m.status = 'active' AS active,
    (coalesce(m.changed_at, m.authored_on) AT TIME ZONE asked.zone)::date - asked.today AS changed_day,
    m.lasts_until - asked.today AS days_left
FROM asked JOIN medication_request m USING (patient_id)
WHERE m.intent IN ('order', 'instance-order') AND m.status IN ('active', 'stopped', 'completed', 'on-hold')
"""
_CONDITIONS = """
SELECT patient_id, code FROM asked JOIN condition c USING (patient_id)
WHERE c.clinical_status IN ('active', 'recurrence', 'relapse')
"""
_CONSENTS = "SELECT patient_id, category FROM asked JOIN consent c USING (patient_id) WHERE c.status = 'active'"
_AGREED = """
SELECT asked.patient_id, codes.filed AS code, agreed.times AS times_a_week, asked.today - (
    SELECT max((latest.effective_at AT TIME ZONE asked.zone)::date)
    FROM unnest(codes.same) AS one(code)
    CROSS JOIN LATERAL (
        SELECT o.effective_at FROM observation o
        WHERE o.patient_id = asked.patient_id AND o.code = one.code AND NOT o.doubtful
            AND o.status IN ('final', 'amended', 'corrected') AND o.effective_at <= asked.now + interval '10 minutes'
        ORDER BY o.effective_at DESC LIMIT 1
    ) AS latest
) AS days_since
FROM asked JOIN patient_settings s USING (patient_id)
CROSS JOIN LATERAL jsonb_each_text(
    CASE WHEN jsonb_typeof(s.agreed_readings) = 'object' THEN s.agreed_readings ELSE '{}' END
) AS agreed(code, times)
CROSS JOIN LATERAL (
    SELECT CASE agreed.code WHEN '59408-5' THEN '2708-6' ELSE agreed.code END AS filed,
        CASE WHEN agreed.code IN ('14749-6', '15074-8') THEN ARRAY['14749-6', '15074-8', '14771-0', '76629-5']
            WHEN agreed.code = '59408-5' THEN ARRAY['2708-6'] ELSE ARRAY[agreed.code] END AS same
) AS codes
"""
_HISTORY = """
SELECT r.patient_id, r.rule_id, r.level, r.state, asked.today - r.local_date AS days_ago,
    asked.today - (r.decided_at AT TIME ZONE asked.zone)::date AS decided_days_ago,
    (
        SELECT t.id FROM task t
        WHERE t.id = r.task_id AND t.status IN ('requested', 'received', 'accepted', 'in-progress')
    ) AS open_task_id,
    r.created_at
FROM asked JOIN recommendation r USING (patient_id)
WHERE r.local_date >= asked.today - 120 OR r.state = 'proposed'
"""
