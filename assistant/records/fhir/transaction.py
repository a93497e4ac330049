"""A transaction Bundle: all of its creates and updates, or none."""

from sqlalchemy.orm import Session

from assistant.records import repository, slots
from assistant.records.access import Actor
from assistant.records.errors import InvalidResourceError, UnknownTypeError
from assistant.records.fhir.content import Content
from assistant.records.fhir.etag import version_in
from assistant.records.repository import Stored

MAX_ENTRIES = 100


def run(db: Session, bundle: Content, *, actor: Actor) -> Content:
    """Carry the Bundle out within the session's transaction and return the response Bundle, in the same order.

    Updates come before creates, so that a slot is taken before the appointment stands in it.

    Raises:
        RecordsError: one entry cannot be carried out; the caller rolls all back.
    """
    if bundle.get("resourceType") != "Bundle" or bundle.get("type") != "transaction":
        raise UnknownTypeError
    entries = bundle.get("entry", [])
    if not isinstance(entries, list) or len(entries) > MAX_ENTRIES:
        raise InvalidResourceError(problem=f"a transaction has at most {MAX_ENTRIES} entries", expression="entry")
    results: dict[int, Stored] = {}
    for index in sorted(range(len(entries)), key=lambda place: _method(entries[place]) != "PUT"):
        results[index] = _carry_out(db, entries[index], actor)
    touched = slots.touched_by(stored.content for stored in results.values())
    slots.check(db, slot_ids=touched, actor=actor)
    response = [_response(results[index]) for index in range(len(entries))]
    return {"resourceType": "Bundle", "type": "transaction-response", "entry": response}


def _method(entry: Content) -> str:
    request = entry.get("request") if isinstance(entry, dict) else None
    method = request.get("method") if isinstance(request, dict) else None
    if method not in ("POST", "PUT") or not isinstance(entry.get("resource"), dict):
        raise InvalidResourceError(problem="an entry is a POST or PUT with its resource", expression="entry")
    return str(method)


def _carry_out(db: Session, entry: Content, actor: Actor) -> Stored:
    resource, request = entry["resource"], entry["request"]
    if _method(entry) == "POST":
        return repository.create(db, resource, actor=actor, if_none_exist=request.get("ifNoneExist"))
    if request.get("url") != f"{resource.get('resourceType')}/{resource.get('id')}":
        raise InvalidResourceError(problem="the address and the resource differ", expression="entry.request.url")
    return repository.update(db, resource, actor=actor, expected_version=version_in(request.get("ifMatch")))


def _response(stored: Stored) -> Content:
    status = "201 Created" if stored.created else "200 OK"
    location = f"{stored.resource_type}/{stored.id}/_history/{stored.version}"
    return {"resource": stored.content, "response": {"status": status, "location": location, "etag": stored.etag}}
