"""What can go wrong with the care record: one class a cause, each with an id, an HTTP status and texts for people.

RecordsError
├── UnauthenticatedError     401  who is asking is not known
├── ForbiddenError           403  known, but may not do this
│   ├── SignatureNeededError 403  only a clinician's signature can make an order active
│   └── OrderInBulkError     403  orders are received one at a time
├── NotFoundError            404  does not exist, or is not for this actor to know of
├── UnknownTypeError         404  no such resource type here
├── MalformedError           400  not JSON, or not a FHIR resource at all
├── SearchError              400  a search that cannot be answered as asked
├── InvalidResourceError     422  breaks a rule of FHIR or of ours
├── TooLargeError            413  more than one request may carry
├── ConflictError            409  clashes with what is already there
│   ├── SlotTakenError       409  somebody else has the time
│   ├── HoldExpiredError     409  the time was held too long ago
│   └── AlreadyDecidedError  409  the proposal has been decided
├── VersionConflictError     412  changed by somebody else meanwhile
├── MultipleMatchesError     412  a conditional create that fits several
└── PreconditionRequiredError 428 an update without If-Match
"""

from typing import ClassVar


class RecordsError(Exception):
    """Base of all. `issue` is the FHIR issue type; `sv` and `en` may name `details` in braces.

    Neither `id` nor the exception's own message holds patient data, so both may be logged.
    """

    id: ClassVar[str] = "records-error"
    status: ClassVar[int] = 500
    issue: ClassVar[str] = "exception"
    sv: ClassVar[str] = "Något gick fel hos oss. Inget har sparats. Försök igen om en stund."
    en: ClassVar[str] = "Something went wrong on our side. Nothing was stored. Try again in a while."

    def __init__(self, **details: str) -> None:
        """Keep `details` for the texts; they are never part of the exception's message."""
        self.details = details
        super().__init__(self.id)

    @property
    def text(self) -> dict[str, str]:
        """The texts for people, {"sv", "en"}."""
        return {"sv": self.sv.format(**self.details), "en": self.en.format(**self.details)}


class UnauthenticatedError(RecordsError):
    """Who is asking is not known."""

    id = "unauthenticated"
    status = 401
    issue = "login"
    sv = "Du behöver logga in igen."
    en = "You need to log in again."


class ForbiddenError(RecordsError):
    """The actor may not do this, to anyone."""

    id = "forbidden"
    status = 403
    issue = "forbidden"
    sv = "Du har inte behörighet att göra det här."
    en = "You are not allowed to do this."


class SignatureNeededError(ForbiddenError):
    """A medication order becomes or stays active only by a clinician's signature."""

    id = "signature-needed"
    sv = "En läkemedelsordination kan bara bli aktiv när en läkare har signerat den."
    en = "A medication order becomes active only when a doctor has signed it."


class OrderInBulkError(ForbiddenError):
    """Orders are received one at a time, each with its signature."""

    id = "order-in-bulk"
    sv = "Läkemedelsordinationer tas emot en i taget, var och en med sin signatur."
    en = "Medication orders are received one at a time, each with its signature."


class NotFoundError(RecordsError):
    """It does not exist, or it is not for this actor to know of."""

    id = "not-found"
    status = 404
    issue = "not-found"
    sv = "Det du söker finns inte."
    en = "What you asked for does not exist."


class UnknownTypeError(RecordsError):
    """There is no such resource type, operation or address here."""

    id = "unknown-type"
    status = 404
    issue = "not-supported"
    sv = "Den typen av uppgift finns inte här."
    en = "This kind of resource or operation is not supported."


class MalformedError(RecordsError):
    """Not JSON, or not a FHIR resource at all."""

    id = "malformed"
    status = 400
    issue = "structure"
    sv = "Innehållet gick inte att läsa: {problem}"
    en = "The content could not be read: {problem}"


class SearchError(RecordsError):
    """A search that cannot be answered as asked."""

    id = "bad-search"
    status = 400
    issue = "invalid"
    sv = "Sökningen gick inte att förstå: {problem}"
    en = "The search could not be understood: {problem}"


class InvalidResourceError(RecordsError):
    """The resource breaks a rule of FHIR or of ours; `expression` says where."""

    id = "invalid-resource"
    status = 422
    issue = "invalid"
    sv = "Uppgiften är inte giltig: {problem}"
    en = "The resource is not valid: {problem}"


class TooLargeError(RecordsError):
    """More than one request may carry."""

    id = "too-large"
    status = 413
    issue = "too-long"
    sv = "Innehållet är för stort."
    en = "The content is too large."


class ConflictError(RecordsError):
    """It clashes with what is already there."""

    id = "conflict"
    status = 409
    issue = "conflict"
    sv = "Det här krockar med något som redan finns. Inget har ändrats."
    en = "This clashes with something that is already there. Nothing was changed."


class SlotTakenError(ConflictError):
    """Somebody else has the time, or it has passed."""

    id = "slot-taken"
    sv = "Tiden är tyvärr inte ledig längre. Välj gärna en annan tid."
    en = "That time is no longer free. Please choose another."


class HoldExpiredError(ConflictError):
    """The time was held too long ago."""

    id = "hold-expired"
    sv = "Tiden hölls för länge sedan och är inte reserverad längre. Välj gärna en tid igen."
    en = "The time was held too long ago and is no longer reserved. Please choose a time again."


class AlreadyDecidedError(ConflictError):
    """The proposal has been decided already."""

    id = "already-decided"
    sv = "Förslaget är redan avgjort."
    en = "The proposal has already been decided."


class VersionConflictError(RecordsError):
    """Somebody else changed it meanwhile."""

    id = "version-conflict"
    status = 412
    issue = "conflict"
    sv = "Uppgiften har ändrats av någon annan. Läs den på nytt och försök igen."
    en = "Somebody else has changed this. Read it again and retry."


class MultipleMatchesError(RecordsError):
    """A conditional create that fits several resources."""

    id = "multiple-matches"
    status = 412
    issue = "multiple-matches"
    sv = "Flera uppgifter passar in. Inget har sparats."
    en = "Several resources match. Nothing was stored."


class PreconditionRequiredError(RecordsError):
    """An update without If-Match."""

    id = "precondition-required"
    status = 428
    issue = "required"
    sv = "Ange vilken version som ska ändras (If-Match)."
    en = "State which version is to be changed (If-Match)."
