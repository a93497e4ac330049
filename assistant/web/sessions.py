"""Who is logged in: a signed cookie that holds an id and when it expires, nothing else.

Patient and staff logins are kept apart in it, so one never opens the other's pages.
"""

import time
from collections.abc import Collection, Iterator
from typing import Annotated, Literal

from fastapi import Depends, Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records.database import session
from assistant.records.errors import NotFoundError, UnauthenticatedError
from assistant.records.models import Patient, Practitioner
from assistant.settings import get_settings

COOKIE = "vigor"
LOGIN_SECONDS = {"patient": 30 * 24 * 3600, "practitioner": 8 * 3600}
"""How long a login lasts: a tablet at home for a month, a member of staff for a working day."""

Role = Literal["patient", "practitioner"]


def database_session() -> Iterator[Session]:
    """Yield the request's database session, committed before the response leaves."""
    with session() as db:
        yield db


Database = Annotated[Session, Depends(database_session, scope="function")]


def log_in(request: Request, *, role: Role, actor_id: str) -> None:
    """Remember the person in the cookie."""
    request.session[role] = {"id": actor_id, "until": int(time.time()) + LOGIN_SECONDS[role]}


def log_out(request: Request, *, role: Role) -> None:
    """Forget the person."""
    request.session.pop(role, None)


def logged_in_id(request: Request, role: Role) -> str | None:
    """Return the id of the person logged in with this role, if any."""
    login = request.session.get(role)
    if not isinstance(login, dict) or login.get("until", 0) < time.time():
        return None
    return str(login["id"])


def current_patient(request: Request, db: Database) -> Patient:
    """Return the patient who is logged in.

    Raises:
        UnauthenticatedError: nobody is, or the patient is no longer known.
    """
    patient = db.get(Patient, logged_in_id(request, "patient") or "")
    if patient is None or not patient.active:
        raise UnauthenticatedError
    return patient


def current_practitioner(request: Request, db: Database) -> Practitioner:
    """Return the member of staff who is logged in.

    Raises:
        UnauthenticatedError: nobody is, or the person is no longer known.
    """
    practitioner = db.get(Practitioner, logged_in_id(request, "practitioner") or "")
    if practitioner is None:
        raise UnauthenticatedError
    return practitioner


def demo_staff(db: Session, roles: Collection[str]) -> list[Practitioner]:
    """Return the staff with these roles whom a demonstration lets anyone log in as; none elsewhere."""
    if not get_settings().demo:
        return []
    with_role = select(Practitioner).where(Practitioner.role.in_(roles))
    return list(db.scalars(with_role.order_by(Practitioner.role, Practitioner.name)))


def log_in_demo_staff(request: Request, db: Session, *, staff_id: str) -> None:
    """Log in as a demo member of staff; what they may open depends on their role.

    Raises:
        NotFoundError: this is no demonstration, or there is nobody of that id.
    """
    if not get_settings().demo or db.get(Practitioner, staff_id) is None:
        raise NotFoundError
    log_in(request, role="practitioner", actor_id=staff_id)


CurrentPatient = Annotated[Patient, Depends(current_patient)]
CurrentPractitioner = Annotated[Practitioner, Depends(current_practitioner)]
