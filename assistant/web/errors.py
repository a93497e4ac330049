"""What can go wrong on the pages and in the chat, beyond what the care record itself refuses.

RecordsError
├── EmptyMessageError       422  nothing was written
├── MessageTooLongError     413  more than one message may hold
├── TooManyMessagesError    429  more in a minute than anyone writes
├── ConflictError
│   └── StaleChoiceError    409  the talk has moved on since the choice was offered
└── ForbiddenError
    └── NoCareRelationError 403  staff without a care relation with the patient
"""

from assistant.records.errors import ConflictError, ForbiddenError, RecordsError


class EmptyMessageError(RecordsError):
    """Nothing was written."""

    id = "empty-message"
    status = 422
    sv = "Skriv några ord först, så svarar jag."
    en = "Write a few words first, and I will answer."


class MessageTooLongError(RecordsError):
    """More than one message may hold; the screen keeps the text."""

    id = "message-too-long"
    status = 413
    sv = "Meddelandet är för långt: {length} tecken, och {limit} får plats. Korta det eller dela det i två."
    en = "The message is too long: {length} characters, and {limit} fit. Shorten it or send it in two parts."


class TooManyMessagesError(RecordsError):
    """More in a minute than anyone writes."""

    id = "too-many-messages"
    status = 429
    sv = "Nu kom det många meddelanden på en gång. Vänta en liten stund och försök igen. Är det akut, ring 112."
    en = "That was many messages at once. Wait a little while and try again. In an emergency, call 112."


class StaleChoiceError(ConflictError):
    """The talk has moved on since the choice was offered."""

    id = "stale-choice"
    sv = "Det valet gäller inte längre. Skriv gärna vad du vill med egna ord."
    en = "That choice no longer applies. Please write what you want in your own words."


class NoCareRelationError(ForbiddenError):
    """A member of staff asked for a patient whom they do not care for."""

    id = "no-care-relation"
    sv = (
        "Du har ingen vårdrelation med den här patienten och kan därför inte se uppgifterna. "
        "Försöket har antecknats i loggen."
    )
    en = "You have no care relation with this patient and cannot see the record. The attempt has been logged."
