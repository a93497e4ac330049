"""From what people say to headwords: "snurrar" -> yrsel, "Furix" -> furosemid -> vattendrivande."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from knowledge import yaml_text

FOLDER = Path(__file__).parent
WINDOW = 3
DEPTH = 2

Stemmer = Callable[[str], Sequence[str]]


@lru_cache
def entries() -> tuple[tuple[str, str], ...]:
    """Return every (what people say, headword) of the lexicon's files."""
    return tuple(_read(sorted(FOLDER.glob("*.yml"))))


def _read(files: Iterable[Path]) -> Iterator[tuple[str, str]]:
    for file in files:
        for headword, said in yaml_text.load(file.read_text(encoding="utf-8")).items():
            yield from ((str(expression), str(headword)) for expression in said)


class Lexicon:
    """Finds the headwords of a text given as stems. `stems` makes the content stems of an expression."""

    def __init__(self, listed: Iterable[tuple[str, str]], stems: Stemmer) -> None:
        self._broader: dict[str, set[str]] = defaultdict(set)
        self._by_stem: dict[str, list[tuple[frozenset[str], str]]] = defaultdict(list)
        seen = set()
        for said, headword in listed:
            self._broader[said.lower()].add(headword)
            for expression in (said, headword):
                wanted = frozenset(stems(expression))
                if wanted and (wanted, headword) not in seen:
                    seen.add((wanted, headword))
                    self._by_stem[max(wanted, key=len)].append((wanted, headword))

    def headwords(self, stems: Sequence[str]) -> set[str]:
        """Return the headwords of every expression whose stems stand close together, and their broader headwords."""
        places: dict[str, list[int]] = defaultdict(list)
        for place, one in enumerate(stems):
            places[one].append(place)
        found = {
            headword
            for one in places
            for wanted, headword in self._by_stem.get(one, ())
            if wanted <= places.keys() and _close(wanted, places)
        }
        for _ in range(DEPTH):
            found |= {broader for one in found for broader in self._broader.get(one, ())}
        return found


def _close(wanted: frozenset[str], places: dict[str, list[int]]) -> bool:
    """Say whether the stems stand within `WINDOW` words of each other, around any place of the rarest of them."""
    reach = len(wanted) + WINDOW
    rarest = min(wanted, key=lambda one: len(places[one]))
    return any(
        all(min(abs(place - other) for other in places[one]) <= reach for one in wanted) for place in places[rarest]
    )
