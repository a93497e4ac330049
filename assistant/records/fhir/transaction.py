"""A transaction Bundle: all of its creates and updates, or none."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from assistant.records import repository, slots
from assistant.records.access import Actor
from assistant.records.errors import InvalidResourceError, UnknownTypeError
from assistant.records.fhir.content import Content
from assistant.records.fhir.etag import version_in
from assistant.records.models.base import new_id
from assistant.records.repository import Stored

MAX_ENTRIES = 1000
FIRST = ("Practitioner", "Patient", "Device", "CareTeam", "Schedule", "Slot")
"""Types that others refer to, in the order in which they are written; the rest follow in the order of the Bundle."""
LITERAL = re.compile(r"(?:.*/)?([A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64})")


@dataclass(frozen=True)
class _Entry:
    """One entry: its place in the Bundle, and the id that its resource will have."""

    place: int
    method: str
    resource: Content
    request: Content
    full_url: str | None
    resource_id: str

    @property
    def reference(self) -> str:
        return f"{self.resource.get('resourceType')}/{self.resource_id}"

    @property
    def order(self) -> tuple[int, bool, int]:
        """Updates before creates of the same type, so that a slot is taken before the appointment stands in it."""
        kind = self.resource.get("resourceType")
        rank = FIRST.index(kind) if kind in FIRST else len(FIRST)
        return rank, self.method != "PUT", self.place


def run(db: Session, bundle: Content, *, actor: Actor) -> Content:
    """Carry the Bundle out within the session's transaction and return the response Bundle, in the same order.

    References between its entries, by fullUrl, lead to the ids that the new resources get.

    Raises:
        RecordsError: one entry cannot be carried out; the caller rolls all back.
    """
    if bundle.get("resourceType") != "Bundle" or bundle.get("type") != "transaction":
        raise UnknownTypeError
    given = bundle.get("entry", [])
    if not isinstance(given, list) or len(given) > MAX_ENTRIES:
        raise InvalidResourceError(problem=f"a transaction has at most {MAX_ENTRIES} entries", expression="entry")
    entries = [_entry(db, one, place, actor) for place, one in enumerate(given)]
    known = {name: entry.reference for entry in entries for name in _names(entry)}
    results: dict[int, Stored] = {}
    for entry in sorted(entries, key=lambda one: one.order):
        results[entry.place] = _carry_out(db, entry, known, actor)
    touched = slots.touched_by(stored.content for stored in results.values())
    slots.check(db, slot_ids=touched, actor=actor)
    response = [_response(results[place]) for place in range(len(entries))]
    return {"resourceType": "Bundle", "type": "transaction-response", "entry": response}


def _entry(db: Session, entry: Any, place: int, actor: Actor) -> _Entry:
    request = entry.get("request") if isinstance(entry, dict) else None
    request = request if isinstance(request, dict) else {}
    method = request.get("method")
    if method not in ("POST", "PUT") or not isinstance(entry.get("resource"), dict):
        raise InvalidResourceError(
            problem="an entry is a POST or PUT with its resource", expression=f"Bundle.entry[{place}]"
        )
    resource = entry["resource"]
    resource_id = resource.get("id", "") if method == "PUT" else new_id()
    if method == "POST" and request.get("ifNoneExist"):
        found = repository.find_matching(db, resource, request["ifNoneExist"], actor=actor)
        resource_id = found.id if found else resource_id
    return _Entry(place, method, resource, request, entry.get("fullUrl"), resource_id)


def _names(entry: _Entry) -> Iterator[str]:
    """By what the other entries may refer to this one: its fullUrl, and the end of it that reads Type/id."""
    if isinstance(entry.full_url, str):
        yield entry.full_url
        literal = LITERAL.fullmatch(entry.full_url)
        if literal:
            yield literal[1]


def _carry_out(db: Session, entry: _Entry, known: Mapping[str, str], actor: Actor) -> Stored:
    resource, request = _with_references(entry.resource, known), entry.request
    try:
        if entry.method == "POST":
            given = request.get("ifNoneExist")
            return repository.create(db, resource, actor=actor, if_none_exist=given, as_id=entry.resource_id)
        if request.get("url") != entry.reference:
            raise InvalidResourceError(problem="the address and the resource differ", expression="request.url")
        return repository.update(db, resource, actor=actor, expected_version=version_in(request.get("ifMatch")))
    except InvalidResourceError as error:
        where = f"Bundle.entry[{entry.place}].{error.details.get('expression', 'resource')}"
        raise InvalidResourceError(**{**error.details, "expression": where}) from error


def _with_references(value: Any, known: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_with_references(one, known) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: known.get(part, part) if key == "reference" and isinstance(part, str) else _with_references(part, known)
        for key, part in value.items()
    }


def _response(stored: Stored) -> Content:
    status = "201 Created" if stored.created else "200 OK"
    location = f"{stored.resource_type}/{stored.id}/_history/{stored.version}"
    return {"resource": stored.content, "response": {"status": status, "location": location, "etag": stored.etag}}
