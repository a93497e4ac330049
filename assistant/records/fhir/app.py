"""The FHIR R4 API as one application, mounted by the web process at /fhir."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

import orjson
import structlog
from fastapi import Depends, FastAPI, Request, Response
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.middleware.base import RequestResponseEndpoint

from assistant.records import access, repository, slots
from assistant.records.access import Actor
from assistant.records.database import session
from assistant.records.errors import (
    InvalidResourceError,
    MalformedError,
    RecordsError,
    TooLargeError,
    UnknownTypeError,
)
from assistant.records.fhir import audit_events, bundle, capability, operations, outcome, transaction
from assistant.records.fhir.content import Content
from assistant.records.fhir.etag import version_in
from assistant.records.repository import Stored

log = structlog.get_logger()

MEDIA_TYPE = "application/fhir+json"
JSON_TYPES = (MEDIA_TYPE, "application/json")
MAX_BODY_BYTES = 1_000_000
IGNORED_PARAMETERS = ("_format", "_pretty")

app = FastAPI(title="ViGoR FHIR R4", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)


class FhirResponse(Response):
    """A FHIR resource on the wire."""

    media_type = MEDIA_TYPE

    def render(self, content: Content) -> bytes:
        """Write the resource as JSON."""
        return orjson.dumps(content)


async def raw_body(request: Request) -> bytes:
    """Return what was sent.

    Raises:
        TooLargeError: it is more than we take.
    """
    received = bytearray()
    async for part in request.stream():
        received += part
        if len(received) > MAX_BODY_BYTES:
            raise TooLargeError
    return bytes(received)


def json_body(request: Request, raw: Annotated[bytes, Depends(raw_body)]) -> Content:
    """Return the JSON object that was sent.

    Raises:
        MalformedError: it is none.
    """
    if request.headers.get("Content-Type", MEDIA_TYPE).partition(";")[0].strip().lower() not in JSON_TYPES:
        raise MalformedError(problem="Content-Type must be application/fhir+json")
    try:
        content = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise MalformedError(problem="it is not JSON") from error
    if not isinstance(content, dict):
        raise MalformedError(problem="it is not a resource")
    return content


RawBody = Annotated[bytes, Depends(raw_body)]
JsonBody = Annotated[Content, Depends(json_body)]


@app.middleware("http")
async def answer_every_error(request: Request, call_next: RequestResponseEndpoint) -> Response:
    """Turn what nobody foresaw into an OperationOutcome, logged in one line without patient data."""
    request_id = access.request_id_of(request)
    try:
        response = await call_next(request)
    except Exception as error:
        log.error("fhir.failed", request_id=request_id, error=type(error).__name__)
        response = _refusal(RecordsError())
    response.headers["X-Request-Id"] = request_id
    return response


@app.exception_handler(RecordsError)
def refuse(_request: Request, error: RecordsError) -> Response:
    """Answer a refusal."""
    return _refusal(error)


@app.exception_handler(HTTPException)
def no_such_route(_request: Request, error: HTTPException) -> Response:
    """Answer an address or a method that we do not have."""
    response = _refusal(UnknownTypeError())
    response.status_code = error.status_code
    return response


@app.get("/metadata")
def metadata() -> Response:
    """Say what this API can do; the only answer that needs no login."""
    return FhirResponse(capability.statement())


@app.post("/")
def post_bundle(request: Request, body: JsonBody) -> Response:
    """Carry out a transaction."""
    with _asking(request) as (db, actor):
        return FhirResponse(transaction.run(db, body, actor=actor))


@app.post("/Appointment/${name}")
def operate(request: Request, name: str, body: JsonBody) -> Response:
    """Find, hold or book a time (IHE ITI Scheduling)."""
    operation = operations.OPERATIONS.get(name)
    with _asking(request) as (db, actor):
        if operation is None:
            raise UnknownTypeError
        return FhirResponse(operation(db, actor, operations.values_of(body)))


@app.get("/{resource_type}")
def search(request: Request, resource_type: str) -> Response:
    """Search resources of a type."""
    return _search(request, resource_type, request.query_params.multi_items())


@app.post("/{resource_type}/_search")
def search_by_post(request: Request, resource_type: str, raw: RawBody) -> Response:
    """Search with the parameters in a form: they stand in no address, so there is no link to a next page either."""
    form = parse_qsl(raw.decode(errors="replace"), keep_blank_values=True)
    return _search(request, resource_type, request.query_params.multi_items(), unlinked=form)


@app.post("/{resource_type}")
def create(request: Request, resource_type: str, body: JsonBody) -> Response:
    """Create a resource; If-None-Exist makes a repeated create harmless."""
    with _asking(request) as (db, actor):
        _check_type(resource_type, body)
        stored = repository.create(db, body, actor=actor, if_none_exist=request.headers.get("If-None-Exist"))
        slots.check(db, slot_ids=slots.touched_by([stored.content]), actor=actor)
        return _resource(request, stored)


@app.get("/{resource_type}/{resource_id}")
def read(request: Request, resource_type: str, resource_id: str) -> Response:
    """Read the newest version of a resource."""
    with _asking(request) as (db, actor):
        if resource_type == "AuditEvent":
            return FhirResponse(audit_events.read(db, entry_id=resource_id, actor=actor))
        stored = repository.read(db, resource_type=resource_type, resource_id=resource_id, actor=actor)
        return _resource(request, stored)


@app.put("/{resource_type}/{resource_id}")
def update(request: Request, resource_type: str, resource_id: str, body: JsonBody) -> Response:
    """Replace the version that If-Match names."""
    with _asking(request) as (db, actor):
        _check_type(resource_type, body)
        if body.get("id") != resource_id:
            raise InvalidResourceError(problem="the id in the resource and in the address differ", expression="id")
        expected = version_in(request.headers.get("If-Match"))
        stored = repository.update(db, body, actor=actor, expected_version=expected)
        slots.check(db, slot_ids=slots.touched_by([stored.content]), actor=actor)
        return _resource(request, stored)


@app.get("/{resource_type}/{resource_id}/_history")
def history(request: Request, resource_type: str, resource_id: str) -> Response:
    """Read all versions of a resource."""
    with _asking(request) as (db, actor):
        versions = repository.history(db, resource_type=resource_type, resource_id=resource_id, actor=actor)
        return FhirResponse(bundle.history([one.content for one in versions], base_url=_base_url(request)))


@app.get("/{resource_type}/{resource_id}/_history/{version}")
def vread(request: Request, resource_type: str, resource_id: str, version: str) -> Response:
    """Read one version of a resource."""
    with _asking(request) as (db, actor):
        stored = repository.read_version(
            db, resource_type=resource_type, resource_id=resource_id, version=version, actor=actor
        )
        return _resource(request, stored)


@contextmanager
def _asking(request: Request) -> Iterator[tuple[Session, Actor]]:
    """Open a transaction for whoever sent the request."""
    with session() as db:
        yield db, access.actor_from_request(db, request)


def _search(
    request: Request,
    resource_type: str,
    parameters: list[tuple[str, str]],
    *,
    unlinked: Sequence[tuple[str, str]] = (),
) -> Response:
    linked = [(name, value) for name, value in parameters if name not in IGNORED_PARAMETERS]
    wanted = [*linked, *unlinked]
    with _asking(request) as (db, actor):
        if resource_type == "AuditEvent":
            total, contents = audit_events.search(db, parameters=wanted, actor=actor)
            cursor = None
        else:
            page = repository.search(db, resource_type=resource_type, parameters=wanted, actor=actor)
            total, contents, cursor = page.total, [one.content for one in page.items], page.next_cursor
        own = f"{_base_url(request)}{resource_type}"
        following = [*((name, value) for name, value in linked if name != "_cursor"), ("_cursor", cursor or "")]
        found = bundle.searchset(
            contents,
            total=total,
            base_url=_base_url(request),
            self_url=f"{own}?{urlencode(linked)}",
            next_url=f"{own}?{urlencode(following)}" if cursor and not unlinked else None,
        )
        return FhirResponse(found)


def _check_type(resource_type: str, body: Content) -> None:
    repository.model_of(resource_type)
    if body.get("resourceType") != resource_type:
        raise InvalidResourceError(
            problem="the resource is of another type than the address", expression="resourceType"
        )


def _resource(request: Request, stored: Stored) -> Response:
    headers = {"ETag": stored.etag, "Last-Modified": stored.last_updated.strftime("%a, %d %b %Y %H:%M:%S GMT")}
    if stored.created:
        headers["Location"] = f"{_base_url(request)}{stored.resource_type}/{stored.id}/_history/{stored.version}"
    return FhirResponse(stored.content, status_code=201 if stored.created else 200, headers=headers)


def _base_url(request: Request) -> str:
    """Return this API's own address, wherever it is mounted; Starlette's `base_url` is that of the outermost one."""
    return str(request.url.replace(path=f"{request.scope['root_path']}/", query=""))


def _refusal(error: RecordsError) -> Response:
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
    return FhirResponse(outcome.of(error), status_code=error.status, headers=headers)
