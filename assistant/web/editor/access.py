"""Who may work with the articles: editors and medical reviewers, whatever patients they may otherwise see."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute

from assistant.records.errors import ForbiddenError
from assistant.records.models import Practitioner
from assistant.web.sessions import CurrentPractitioner
from knowledge.articles import TOO_LONG
from knowledge.errors import ArticleTooLargeError

EDITORIAL_ROLES = ("editor", "reviewer")
MAX_REQUEST_BYTES = 1_000_000
"""An article of the greatest length fits, also when every letter of it is escaped."""


def current_editor(practitioner: CurrentPractitioner) -> Practitioner:
    """Return who is logged in.

    Raises:
        ForbiddenError: staff whose role is not editorial.
    """
    if practitioner.role not in EDITORIAL_ROLES:
        raise ForbiddenError
    return practitioner


class SizedRoute(APIRoute):
    """Refuses a request that is larger than any article before it is read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of the route."""
        handle = super().get_route_handler()

        async def handle_if_small(request: Request) -> Response:
            if int(request.headers.get("content-length", 0)) > MAX_REQUEST_BYTES:
                raise ArticleTooLargeError(detail=TOO_LONG)
            return await handle(request)

        return handle_if_small


Editor = Annotated[Practitioner, Depends(current_editor)]
