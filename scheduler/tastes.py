"""Which taste of a nutrition drink to suggest: one that the patient likes and may have, else none."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Flavour:
    """A taste that nutrition drinks are made in, and the stems by which people name it."""

    sv: str
    en: str
    stems: tuple[str, ...]


NUTRITION_DRINK_FLAVOURS = (
    Flavour("jordgubb", "strawberry", ("jordgubb", "strawberr")),
    Flavour("hallon", "raspberry", ("hallon", "raspberr")),
    Flavour("blåbär", "blueberry", ("blåbär", "blueberr")),
    Flavour("choklad", "chocolate", ("choklad", "chocolate")),
    Flavour("vanilj", "vanilla", ("vanilj", "vanilla")),
    Flavour("banan", "banana", ("banan",)),
    Flavour("kaffe", "coffee", ("kaffe", "coffee", "cappuccino")),
    Flavour("apelsin", "orange", ("apelsin", "orange")),
    Flavour("citron", "lemon", ("citron", "lemon")),
)


def liked_flavour(*, likes: Iterable[str], refused: Iterable[str]) -> Flavour | None:
    """Return the first taste among `likes` that nothing in `refused` (allergies and dislikes) names.

    All are words as people say them, for example "jordgubbar".
    """
    refused = list(refused)
    for word in likes:
        for flavour in NUTRITION_DRINK_FLAVOURS:
            if _names(flavour, word) and not any(_names(flavour, other) for other in refused):
                return flavour
    return None


def _names(flavour: Flavour, word: str) -> bool:
    return any(stem in word.casefold() for stem in flavour.stems)
