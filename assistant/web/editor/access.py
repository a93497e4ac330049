"""Who may work with the articles: editors and medical reviewers, whatever patients they may otherwise see."""

from typing import Annotated

from fastapi import Depends

from assistant.records.errors import ForbiddenError
from assistant.records.models import Practitioner
from assistant.web.sessions import CurrentPractitioner

EDITORIAL_ROLES = ("editor", "reviewer")


def current_editor(practitioner: CurrentPractitioner) -> Practitioner:
    """Return who is logged in.

    Raises:
        ForbiddenError: staff whose role is not editorial.
    """
    if practitioner.role not in EDITORIAL_ROLES:
        raise ForbiddenError
    return practitioner


Editor = Annotated[Practitioner, Depends(current_editor)]
