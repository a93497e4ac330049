"""What can go wrong in the inboxes.

RecordsError
├── UnknownHeadwordError  422  the lexicon has no such headword
├── UnknownIntentError    422  there is no such intent
├── TextNotThereError     422  an entity's words do not stand in the utterance
├── ForbiddenError
│   └── OwnWorkError      403  nobody approves what they have done themselves
└── ConflictError
    ├── LayWordKnownError 409  the lexicon says so already
    └── DecidedError      409  somebody has dealt with it
"""

from assistant.records.errors import ConflictError, ForbiddenError, RecordsError


class UnknownHeadwordError(RecordsError):
    """The lexicon has no such headword."""

    id = "unknown-headword"
    status = 422
    sv = "Uppslagsordet finns inte i ordlistan. Välj ett som finns."
    en = "The lexicon has no such headword. Choose one of those it has."


class UnknownIntentError(RecordsError):
    """There is no such intent."""

    id = "unknown-intent"
    status = 422
    sv = "Den avsikten finns inte. Välj en i listan."
    en = "There is no such intent. Choose one from the list."


class TextNotThereError(RecordsError):
    """An entity's words do not stand in the utterance."""

    id = "text-not-there"
    status = 422
    sv = "Orden som du har märkt står inte i texten. Skriv dem precis som de står."
    en = "The words that you marked are not in the text. Write them exactly as they stand."


class OwnWorkError(ForbiddenError):
    """Nobody approves what they have done themselves."""

    id = "own-work"
    sv = "Du har själv gjort det här. En annan person måste godkänna det."
    en = "You have done this yourself. Another person has to approve it."


class LayWordKnownError(ConflictError):
    """The lexicon says so already, or somebody has proposed it."""

    id = "lay-word-known"
    sv = "Det ordet finns redan i ordlistan, eller är redan föreslaget."
    en = "That word is in the lexicon already, or has been proposed."


class DecidedError(ConflictError):
    """Somebody has dealt with it meanwhile."""

    id = "already-dealt-with"
    sv = "Någon annan hann före. Det är redan avgjort."
    en = "Somebody else was first. It has been dealt with."
