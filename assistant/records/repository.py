"""The one way in to and out of the resource tables: rights, checks, versions, history and audit at every step.

`create` and `update` are for whoever comes through an API, and ask `assistant.records.rights`. `insert` and `replace`
are for our own services, which answer for the right themselves; both stay within the actor's patients.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from dataclasses import replace as with_changes
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from assistant.records import agreements, audit, bulk, orders, questionnaires, references, rights
from assistant.records.access import Actor, check_patient, in_reach, may_read
from assistant.records.errors import (
    ConflictError,
    ForbiddenError,
    InvalidResourceError,
    MalformedError,
    MultipleMatchesError,
    NotFoundError,
    OrderInBulkError,
    PreconditionRequiredError,
    RecordsError,
    SearchError,
    SlotTakenError,
    UnknownTypeError,
    VersionConflictError,
)
from assistant.records.fhir import checks, codes, paging
from assistant.records.fhir import search as searching
from assistant.records.fhir.columns import derive
from assistant.records.fhir.content import Content
from assistant.records.models import RESOURCE_TYPES, Observation, Patient, Resource, ResourceVersion
from assistant.records.models.base import new_id, utc_now

DEFAULT_COUNT = 50
FOREIGN_KEY_VIOLATION = "23503"
JUMP_WINDOW = timedelta(days=14)
JUMP_SLACK = timedelta(hours=3)
"""A weight is held against the trusted one before it, at most two weeks back; a day may be three hours longer."""
USABLE = ("final", "amended", "corrected")
ID = re.compile(r"[A-Za-z0-9.-]{1,64}")


@dataclass(frozen=True)
class Stored:
    """A resource as it stands in the record; `content` carries id and meta. `created`: this call made it."""

    resource_type: str
    id: str
    version: int
    last_updated: datetime
    content: Content
    created: bool = False

    @property
    def etag(self) -> str:
        """The version as an HTTP entity tag."""
        return f'W/"{self.version}"'


@dataclass(frozen=True)
class Page:
    """One page of a search: how many match in all, those on this page, and where the next page starts."""

    total: int
    items: list[Stored]
    next_cursor: str | None


def create(
    db: Session,
    content: Content,
    *,
    actor: Actor,
    if_none_exist: str | None = None,
    as_id: str | None = None,
    now: datetime | None = None,
) -> Stored:
    """Store a new resource under a fresh id, and write what follows from it.

    Args:
        if_none_exist: a search ("identifier=system|value"): the one resource that matches is returned instead.
        as_id: the fresh id, when the caller has made it already.

    Raises:
        RecordsError: it may not be stored; nothing was.
    """
    moment = now or utc_now()
    fresh = {key: value for key, value in content.items() if key != "id"} | ({"id": as_id} if as_id else {})
    prepared = _prepare(references.completed(db, fresh), moment)
    if if_none_exist:
        found = _matching(db, prepared["resourceType"], if_none_exist, actor, moment)
        if found:
            return found
    rights.check_create(actor, prepared)
    try:
        stored = insert(db, prepared, actor=actor, now=moment)
        _follow(db, stored.content, actor=actor, now=moment)
        return stored
    except ConflictError:
        found = _matching(db, prepared["resourceType"], if_none_exist, actor, moment) if if_none_exist else None
        if found is None:
            raise
        return found


def insert(
    db: Session, content: Content, *, actor: Actor, now: datetime | None = None, signature_id: str | None = None
) -> Stored:
    """Store a new resource for one of our own services, under its `id` when it has one.

    Raises:
        RecordsError: it breaks a rule, or is outside the actor's patients; nothing was stored.
    """
    moment = now or utc_now()
    prepared = _prepare(content, moment)
    resource_type, resource_id = prepared["resourceType"], prepared.get("id") or new_id()
    prepared["id"] = resource_id
    columns = derive(prepared)
    _check_reach(db, actor, resource_type, columns.get("patient_id"), moment)
    _mark_jump(db, prepared, columns)
    columns = derive(prepared)
    if resource_type == "MedicationRequest":
        columns["signature_id"] = signature_id or _imported_signature(db, actor, prepared, None, moment)
    row = RESOURCE_TYPES[resource_type](
        id=resource_id, version=1, last_updated=moment, content=_bare(prepared), **columns
    )
    _flush(db, row)
    _keep_version(db, resource_type, row)
    _audit(db, actor, "create", resource_type, row, now=moment)
    _judge_later_weights(db, row, actor, moment)
    stored = with_changes(as_stored(resource_type, row), created=True)
    if columns.get("signature_id") and not signature_id:
        _write_import_provenance(db, stored, actor, moment)
    return stored


def update(
    db: Session, content: Content, *, actor: Actor, expected_version: int | None, now: datetime | None = None
) -> Stored:
    """Replace a resource whose version is `expected_version`; the record system may create one under its own id.

    Raises:
        PreconditionRequiredError: no version given.
        VersionConflictError: somebody else changed it.
        RecordsError: it may not be stored.
    """
    moment = now or utc_now()
    if expected_version is None:
        if actor.role == "system" and _is_free(db, content):
            return create(db, content, actor=actor, as_id=content["id"], now=moment)
        raise PreconditionRequiredError
    row = _locked(db, content, actor, moment)
    if row.version != expected_version:
        raise VersionConflictError
    completed = references.completed(db, content)
    rights.check_update(actor, row.content, _prepare(completed, moment))
    stored = replace(db, completed, actor=actor, now=moment)
    _follow(db, stored.content, actor=actor, now=moment)
    return stored


def replace(
    db: Session,
    content: Content,
    *,
    actor: Actor,
    now: datetime | None = None,
    signature_id: str | None = None,
    reason: str | None = None,
) -> Stored:
    """Replace a resource for one of our own services.

    Raises:
        RecordsError: it breaks a rule, or is outside the actor's patients; nothing was stored.
    """
    moment = now or utc_now()
    prepared = _prepare(content, moment)
    resource_type = prepared["resourceType"]
    row = _locked(db, prepared, actor, moment)
    columns = derive(prepared)
    if "patient_id" in columns and columns["patient_id"] != getattr(row, "patient_id", None):
        raise InvalidResourceError(problem="a resource stays with its patient", expression="subject")
    _mark_jump(db, prepared, columns)
    columns = derive(prepared)
    if resource_type == "MedicationRequest":
        signed = signature_id or _imported_signature(db, actor, prepared, row.content, moment)
        columns |= {"signature_id": signed} if signed else {}
        columns["changed_at"] = orders.changed_at(row, prepared, columns, now=moment)
    for name, value in columns.items():
        setattr(row, name, value)
    row.content, row.version, row.last_updated = _bare(prepared), row.version + 1, moment
    _flush(db, row)
    _keep_version(db, resource_type, row)
    _audit(db, actor, "update", resource_type, row, now=moment, reason=reason)
    return as_stored(resource_type, row)


def read(db: Session, *, resource_type: str, resource_id: str, actor: Actor, now: datetime | None = None) -> Stored:
    """Return the newest version of a resource.

    Raises:
        UnknownTypeError, NotFoundError: there is none, or none that this actor may know of.
    """
    moment = now or utc_now()
    row = db.get(model_of(resource_type), resource_id, populate_existing=True)
    if row is None or not _may_see(db, actor, resource_type, row, moment):
        raise NotFoundError
    _audit(db, actor, "read", resource_type, row, now=moment)
    return as_stored(resource_type, row)


def read_version(
    db: Session, *, resource_type: str, resource_id: str, version: str, actor: Actor, now: datetime | None = None
) -> Stored:
    """Return one version of a resource."""
    read(db, resource_type=resource_type, resource_id=resource_id, actor=actor, now=now)
    kept = (
        db.get(ResourceVersion, (resource_type, resource_id, int(version)))
        if version.isdecimal() and len(version) < 10
        else None
    )
    if kept is None:
        raise NotFoundError
    return _stored_version(kept)


def history(
    db: Session, *, resource_type: str, resource_id: str, actor: Actor, now: datetime | None = None
) -> list[Stored]:
    """Return all versions of a resource, newest first."""
    read(db, resource_type=resource_type, resource_id=resource_id, actor=actor, now=now)
    versions = (
        select(ResourceVersion)
        .where(ResourceVersion.resource_type == resource_type, ResourceVersion.resource_id == resource_id)
        .order_by(ResourceVersion.version.desc())
    )
    return [_stored_version(kept) for kept in db.scalars(versions)]


def search(
    db: Session, *, resource_type: str, parameters: Iterable[tuple[str, str]], actor: Actor, now: datetime | None = None
) -> Page:
    """Return the resources that match every parameter, within the actor's patients.

    `_count` caps the page, `_sort` orders it (newest change first unless given), `_cursor` continues a search.

    Raises:
        UnknownTypeError, SearchError: it cannot be answered as asked.
    """
    moment = now or utc_now()
    model = model_of(resource_type)
    control = {"_count": str(DEFAULT_COUNT), "_sort": "-_lastUpdated", "_cursor": ""}
    conditions = _reach_conditions(actor, model, moment)
    for name, value in parameters:
        if name in control:
            control[name] = value
        else:
            conditions.append(searching.condition(resource_type, name, paging.clean(value)))
    count = paging.count(control["_count"])
    total = db.scalar(select(func.count()).select_from(model).where(*conditions)) or 0
    query, key = paging.ordered(
        select(model).where(*conditions), resource_type, model, sort=control["_sort"], after=control["_cursor"]
    )
    rows = list(db.execute(query.add_columns(key).limit(count + 1))) if count else []
    items = [as_stored(resource_type, row) for row, _ in rows[:count]]
    _audit_search(db, actor, resource_type, [row for row, _ in rows[:count]], moment)
    more = len(rows) > count > 0
    return Page(total=total, items=items, next_cursor=paging.cursor(rows[count - 1][1], items[-1].id) if more else None)


def find_matching(db: Session, content: Content, query: str, *, actor: Actor) -> Stored | None:
    """Return the one resource of the content's type that a search finds, for conditional creates."""
    return _matching(db, _type_of(content), query, actor, utc_now())


def import_many(db: Session, contents: Sequence[Content], *, actor: Actor, now: datetime | None = None) -> int:
    """Bring in many new resources of one type at once, for the region's record system, and return how many were new.

    Those whose id or identifier is already here are left as they are. Orders come one by one, since each is signed.

    Raises:
        RecordsError: one of them breaks a rule; none was stored.
    """
    if actor.role != "system":
        raise ForbiddenError
    if not contents:
        return 0
    moment = now or utc_now()
    resource_type = contents[0]["resourceType"]
    if resource_type == "MedicationRequest":
        raise OrderInBulkError
    rows = [_bulk_row(content, moment) for content in contents]
    model = model_of(resource_type)
    inserted = db.execute(pg_insert(model).on_conflict_do_nothing().returning(model.id), rows).scalars().all()
    new = set(inserted)
    bulk.copy(db, ResourceVersion, [_first_version(resource_type, row) for row in rows if row["id"] in new])
    for patient_id in sorted({row["patient_id"] for row in rows if row["id"] in new and row.get("patient_id")}):
        audit.record(db, actor=actor, action="import", entity=resource_type, patient_id=patient_id, now=moment)
    return len(new)


def insert_many(db: Session, contents: Sequence[Content], *, actor: Actor, now: datetime | None = None) -> None:
    """Store many new resources for one of our own services that reaches every patient; none of them an active order.

    Those of one type are written together, types in the order in which they first come.

    Raises:
        RecordsError: one of them breaks a rule.
        psycopg.Error: one of them breaks a constraint; the transaction cannot go on.
    """
    if actor.role not in ("system", "round"):
        raise ForbiddenError
    moment = now or utc_now()
    by_type: dict[str, list[dict[str, Any]]] = {}
    for content in contents:
        by_type.setdefault(content["resourceType"], []).append(_bulk_row(content, moment))
    for resource_type, rows in by_type.items():
        bulk.copy(db, model_of(resource_type), rows)
        bulk.copy(db, ResourceVersion, [_first_version(resource_type, row) for row in rows])
        for row in rows:
            entity, details = f"{resource_type}/{row['id']}", {"version": 1}
            patient_id = row.get("patient_id")
            audit.record(
                db, actor=actor, action="create", entity=entity, patient_id=patient_id, details=details, now=moment
            )


def model_of(resource_type: str) -> type[Resource]:
    """Return the table of a resource type.

    Raises:
        UnknownTypeError: we keep no such resources.
    """
    model = RESOURCE_TYPES.get(resource_type)
    if model is None:
        raise UnknownTypeError
    return model


def _prepare(content: Content, now: datetime) -> Content:
    _type_of(content)
    return checks.prepare(content, now=now)


def _type_of(content: Content) -> str:
    if not isinstance(content, dict) or not isinstance(content.get("resourceType"), str):
        raise MalformedError(problem="resourceType is missing")
    model_of(content["resourceType"])
    return str(content["resourceType"])


def _follow(db: Session, content: Content, *, actor: Actor, now: datetime) -> None:
    """Write what follows from a resource: settings and care relations, and the sums of a questionnaire."""
    agreements.follow(db, content, actor=actor, now=now)
    if content["resourceType"] == "QuestionnaireResponse":
        for earlier in questionnaires.derived_from(
            db, patient_id=derive(content)["patient_id"], response_id=content["id"]
        ):
            replace(db, earlier.content | {"id": earlier.id, "status": "entered-in-error"}, actor=actor, now=now)
        for observation in questionnaires.observations(content):
            insert(db, observation, actor=actor, now=now)


def _is_free(db: Session, content: Content) -> bool:
    """Say whether the resource names an id of its own that nobody has."""
    resource_id = content.get("id")
    if not isinstance(resource_id, str) or not ID.fullmatch(resource_id):
        raise InvalidResourceError(problem="an id has 1 to 64 letters, digits, - and .", expression="id")
    return db.get(model_of(_type_of(content)), resource_id) is None


def _bulk_row(content: Content, now: datetime) -> dict[str, Any]:
    prepared = _prepare(content, now)
    prepared.setdefault("id", new_id())
    return {"id": prepared["id"], "version": 1, "last_updated": now, "content": _bare(prepared), **derive(prepared)}


def _first_version(resource_type: str, row: dict[str, Any]) -> dict[str, Any]:
    kept = {name: row[name] for name in ("version", "last_updated", "content")}
    return {"resource_type": resource_type, "resource_id": row["id"], **kept}


def _bare(content: Content) -> Content:
    """The content without what the columns `version` and `last_updated` say."""
    meta = {key: value for key, value in content.get("meta", {}).items() if key not in ("versionId", "lastUpdated")}
    bare = {key: value for key, value in content.items() if key != "meta"}
    return bare | ({"meta": meta} if meta else {})


def _with_meta(content: Content, version: int, last_updated: datetime) -> Content:
    meta = content.get("meta", {}) | {
        "versionId": str(version),
        "lastUpdated": last_updated.astimezone(UTC).isoformat(timespec="milliseconds"),
    }
    return content | {"meta": meta}


def as_stored(resource_type: str, row: Resource) -> Stored:
    content = _with_meta(row.content, row.version, row.last_updated)
    return Stored(resource_type, row.id, row.version, row.last_updated, content)


def _stored_version(kept: ResourceVersion) -> Stored:
    content = _with_meta(kept.content, kept.version, kept.last_updated)
    return Stored(kept.resource_type, kept.resource_id, kept.version, kept.last_updated, content)


def _patient_id(resource_type: str, row: Resource) -> str | None:
    return row.id if resource_type == "Patient" else getattr(row, "patient_id", None)


def _patient_column(model: type[Resource]) -> InstrumentedAttribute[Any] | None:
    return Patient.id if model is Patient else getattr(model, "patient_id", None)


def _reach_conditions(actor: Actor, model: type[Resource], now: datetime) -> list[ColumnElement[bool]]:
    column = _patient_column(model)
    if not may_read(actor, model.__name__):
        return [false()]
    return [] if column is None else [in_reach(actor, column, now)]


def _check_reach(db: Session, actor: Actor, resource_type: str, patient_id: str | None, now: datetime) -> None:
    if patient_id is not None:
        check_patient(db, actor=actor, patient_id=patient_id, now=now)
    elif resource_type == "Patient" and actor.role != "system":
        raise ForbiddenError


def _may_see(db: Session, actor: Actor, resource_type: str, row: Resource, now: datetime) -> bool:
    if not may_read(actor, resource_type):
        return False
    if _patient_column(type(row)) is None:
        return True
    patient_id = _patient_id(resource_type, row)
    if patient_id is None:
        return actor.role in ("system", "round")
    try:
        check_patient(db, actor=actor, patient_id=patient_id, now=now)
    except NotFoundError:
        return False
    return True


def _locked(db: Session, content: Content, actor: Actor, now: datetime) -> Resource:
    resource_type, resource_id = content["resourceType"], content.get("id")
    row = None
    if resource_id:
        row = db.get(model_of(resource_type), resource_id, with_for_update=True, populate_existing=True)
    if row is None or not _may_see(db, actor, resource_type, row, now):
        raise NotFoundError
    return row


def _imported_signature(db: Session, actor: Actor, order: Content, old: Content | None, now: datetime) -> str | None:
    return orders.imported_signature(db, order=order, old=old, now=now) if actor.role == "system" else None


def _write_import_provenance(db: Session, order: Stored, actor: Actor, now: datetime) -> None:
    content = {
        "resourceType": "Provenance",
        "target": [{"reference": f"MedicationRequest/{order.id}"}],
        "recorded": now.isoformat(),
        "agent": [
            {
                "type": {"coding": [{"system": codes.PROVENANCE_PARTICIPANT, "code": "author"}]},
                "who": order.content["requester"],
            },
            {
                "type": {"coding": [{"system": codes.PROVENANCE_PARTICIPANT, "code": "transmitter"}]},
                "who": {"display": actor.id},
            },
        ],
        "entity": [{"role": "source", "what": order.content["subject"]}],
    }
    insert(db, content, actor=actor, now=now)


def _mark_jump(db: Session, content: Content, columns: dict[str, Any]) -> None:
    """Mark a weight that no body reaches in the time since the trusted one before."""
    if not _is_weight(content, columns) or columns["doubtful"]:
        return
    at = columns["effective_at"]
    previous = db.execute(
        _weights(columns["patient_id"])
        .where(Observation.doubtful.is_(False), Observation.effective_at < at)
        .where(Observation.effective_at >= at - JUMP_WINDOW, Observation.id != content.get("id", ""))
        .order_by(Observation.effective_at.desc())
        .limit(1)
    ).scalar()
    if previous is not None and _jumps(previous, value=columns["value"], at=at):
        checks.mark_doubtful(content, "jump")


def _judge_later_weights(db: Session, row: Resource, actor: Actor, now: datetime) -> None:
    """Judge anew the weights that came before this one but are later, so that the order of arrival does not matter."""
    if not isinstance(row, Observation) or row.code != codes.WEIGHT or row.doubtful or row.status not in USABLE:
        return
    later = (
        _weights(row.patient_id)
        .where(Observation.effective_at > row.effective_at)
        .where(Observation.effective_at <= row.effective_at + JUMP_WINDOW)
        .order_by(Observation.effective_at)
    )
    trusted = row
    for one in db.scalars(later).all():
        if one.doubtful_reason not in (None, "jump") or one.value is None:
            continue
        jumps = _jumps(trusted, value=one.value, at=one.effective_at)
        if jumps != one.doubtful:
            replace(db, one.content | {"id": one.id}, actor=actor, now=now, reason="judged by an earlier weight")
        elif not jumps:
            return
        trusted = trusted if jumps else one


def _is_weight(content: Content, columns: dict[str, Any]) -> bool:
    return bool(content["resourceType"] == "Observation" and columns["code"] == codes.WEIGHT)


def _weights(patient_id: str) -> Select[Observation]:
    return select(Observation).where(
        Observation.patient_id == patient_id,
        Observation.code == codes.WEIGHT,
        Observation.status.in_(USABLE),
        Observation.value.is_not(None),
    )


def _jumps(before: Observation, *, value: float, at: datetime) -> bool:
    days: float = (at - before.effective_at - JUMP_SLACK) / timedelta(days=1)
    return checks.is_jump(previous=before.value or 0.0, value=value, days=max(days, 1.0))


def _flush(db: Session, row: Resource) -> None:
    try:
        with db.begin_nested():
            db.add(row)
            db.flush()
    except IntegrityError as error:
        raise _explained(error) from error
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") == "P0001":
            raise ConflictError from error
        raise


def _explained(error: IntegrityError) -> RecordsError:
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis and diagnosis.constraint_name == "uq_appointment_live_slot":
        return SlotTakenError()
    if getattr(error.orig, "sqlstate", "") == FOREIGN_KEY_VIOLATION:
        return InvalidResourceError(problem="it refers to something that is not here", expression="reference")
    return ConflictError()


def _keep_version(db: Session, resource_type: str, row: Resource) -> None:
    db.add(
        ResourceVersion(
            resource_type=resource_type,
            resource_id=row.id,
            version=row.version,
            last_updated=row.last_updated,
            content=row.content,
        )
    )
    db.flush()


def _audit(
    db: Session,
    actor: Actor,
    action: str,
    resource_type: str,
    row: Resource,
    *,
    now: datetime,
    reason: str | None = None,
) -> None:
    patient_id = _patient_id(resource_type, row)
    if patient_id is None and action == "read":
        return
    entity, details = f"{resource_type}/{row.id}", {"version": row.version}
    audit.record(
        db, actor=actor, action=action, entity=entity, patient_id=patient_id, reason=reason, details=details, now=now
    )


def _audit_search(db: Session, actor: Actor, resource_type: str, rows: list[Resource], now: datetime) -> None:
    """One entry for each patient whose data was in the answer; an empty answer shows nobody's."""
    found = {patient_id for row in rows if (patient_id := _patient_id(resource_type, row))}
    for patient_id in sorted(found):
        audit.record(db, actor=actor, action="search", entity=resource_type, patient_id=patient_id, now=now)


def _matching(db: Session, resource_type: str, query: str, actor: Actor, now: datetime) -> Stored | None:
    criteria = parse_qsl(query.removeprefix("?"), keep_blank_values=True)
    if not criteria:
        raise SearchError(problem="If-None-Exist holds no criteria")
    found = search(db, resource_type=resource_type, parameters=[*criteria, ("_count", "2")], actor=actor, now=now)
    if found.total > 1:
        raise MultipleMatchesError
    return found.items[0] if found.items else None
