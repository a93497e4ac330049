"""Small readers of FHIR JSON: references, codings, identifiers and times."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from assistant.records.errors import InvalidResourceError

Content = dict[str, Any]


def reference_id(reference: Content | None, resource_type: str) -> str | None:
    """Return the id in a literal reference like "Patient/anna", or None when it refers to something else."""
    literal = (reference or {}).get("reference") or ""
    kind, _, identity = literal.partition("/")
    return identity if kind == resource_type and identity and "/" not in identity else None


def codings(concept: Content | None) -> list[Content]:
    """Return the codings of a CodeableConcept."""
    return [coding for coding in (concept or {}).get("coding", []) if coding.get("code")]


def code_in(concept: Content | None, system: str) -> str | None:
    """Return the concept's code in one code system."""
    return next((coding["code"] for coding in codings(concept) if coding.get("system") == system), None)


def code_in_any(concept: Content | None, systems: Iterable[str]) -> str | None:
    """Return the concept's code in the first of these code systems that it has one in."""
    return next((code for system in systems if (code := code_in(concept, system))), None)


def first_code(concept: Content | None) -> str | None:
    """Return the concept's first code, whatever its system, else its text."""
    found = codings(concept)
    return found[0]["code"] if found else (concept or {}).get("text")


def identifier_in(content: Content, *systems: str) -> str | None:
    """Return the value of the identifier in one of these systems."""
    identifiers = content.get("identifier", [])
    if isinstance(identifiers, dict):
        identifiers = [identifiers]
    return next((one.get("value") for one in identifiers if one.get("system") in systems), None)


def token(identifier: Content) -> str | None:
    """Return an identifier as "system|value"."""
    value = identifier.get("value")
    return f"{identifier.get('system', '')}|{value}" if value else None


def first_identifier(content: Content) -> str | None:
    """Return the first identifier as "system|value"; it makes repeated creates recognisable."""
    return next((token(one) for one in content.get("identifier", []) if token(one)), None)


def extension_value(content: Content, url: str, field: str) -> str | None:
    """Return the value of the first extension with this url."""
    return next((one.get(field) for one in content.get("extension", []) if one.get("url") == url), None)


def instant(value: Any, field: str) -> datetime | None:
    """Return an exact time.

    Raises:
        InvalidResourceError: it lacks the time of day or the time zone, which we never guess.
    """
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise InvalidResourceError(problem=f"{field} is not a time", expression=field) from error
    if moment.tzinfo is None:
        raise InvalidResourceError(problem=f"{field} lacks a time of day or a time zone", expression=field)
    return moment


def day(value: Any, field: str) -> date | None:
    """Return a full date, or None when only the year or month is known."""
    try:
        if value is None or len(value) < len("2026-01-01"):
            return None
        return date.fromisoformat(value[:10])
    except (TypeError, ValueError) as error:
        raise InvalidResourceError(problem=f"{field} is not a date", expression=field) from error
