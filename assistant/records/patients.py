"""Finding a patient by whatever a person at a terminal has: our id, the personnummer or another local identifier."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from assistant.records.errors import MultipleMatchesError, NotFoundError
from assistant.records.models import Patient


def find(db: Session, key: str) -> str:
    """Return the id of the one patient with this id, personnummer, or identifier as "value" or "system|value".

    Raises:
        NotFoundError: nobody has it.
        MultipleMatchesError: several have it.
    """
    key = key.removeprefix("Patient/")
    if db.get(Patient, key) is not None:
        return key
    system, _, value = key.rpartition("|")
    identifier = {"system": system, "value": value} if system else {"value": value}
    number = value if not system or "personnummer" in system else None
    listed = Patient.content.contains({"identifier": [identifier]})
    found = db.scalars(select(Patient.id).where(or_(Patient.personnummer == number, listed)).limit(2)).all()
    if not found:
        raise NotFoundError
    if len(found) > 1:
        raise MultipleMatchesError
    return found[0]
