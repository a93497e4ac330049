"""How failures look: JSON for programs, a calm Swedish page for people, one log line for the operator."""

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from assistant.records.errors import MalformedError, NotFoundError, RecordsError, UnauthenticatedError
from assistant.web.pages import render
from knowledge.errors import KnowledgeError

log = structlog.get_logger()

RETRY_AFTER_S = 10


class ServiceAwayError(RecordsError):
    """The database does not answer."""

    id = "service-away"
    status = 503
    sv = "Just nu når vi inte dina uppgifter. Vänta en liten stund och försök igen. Är det akut, ring 112."
    en = "We cannot reach your record right now. Wait a little and try again. In an emergency, call 112."


class UnreadableRequestError(MalformedError):
    """The request was not in the form that was asked for."""

    id = "unreadable"
    sv = "Det där gick inte att läsa. Försök gärna igen."
    en = "That could not be read. Please try again."


def install(app: FastAPI) -> None:
    """Answer every failure of this application."""
    app.add_exception_handler(RecordsError, _known)
    app.add_exception_handler(KnowledgeError, _known)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(OperationalError, _database_away)
    app.add_exception_handler(Exception, _unforeseen)


def respond(request: Request, error: RecordsError | KnowledgeError) -> Response:
    """Return the error as JSON to programs and as a page to people."""
    headers = {"Retry-After": str(RETRY_AFTER_S)} if error.status in {429, 503} else {}
    if request.url.path.startswith(("/api/", "/demo/")):
        return JSONResponse({"error": error.id, "text": error.text}, status_code=error.status, headers=headers)
    if isinstance(error, UnauthenticatedError):
        return RedirectResponse(_login_for(request.url.path), status_code=303)
    page = render(request, "error.html", text=error.text["sv"], status=error.status)
    page.status_code = error.status
    page.headers.update(headers)
    return page


def _login_for(path: str) -> str:
    staff = next((part for part in ("/clinic", "/editor") if path.startswith(part)), "")
    return f"{staff}/login"


async def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, RecordsError | KnowledgeError)  # noqa: S101 - registered for these classes only
    return respond(request, error)


async def _unreadable(request: Request, error: Exception) -> Response:  # noqa: ARG001 - its details may hold what a patient wrote
    return respond(request, UnreadableRequestError(problem=""))


async def _http(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 500)
    return respond(request, NotFoundError() if status == 404 else UnreadableRequestError(problem=""))


async def _database_away(request: Request, error: Exception) -> Response:
    log.error("database_away", error=type(error).__name__)
    return respond(request, ServiceAwayError())


async def _unforeseen(request: Request, error: Exception) -> Response:
    log.exception("request_crashed", exc_info=error)
    return respond(request, RecordsError())
