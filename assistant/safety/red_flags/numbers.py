"""Numbers as people write and say them, where they follow the name of what was measured."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from assistant.safety.red_flags.clauses import Layout
from assistant.safety.red_flags.load import rule_book
from assistant.safety.red_flags.normalise import Token, canonical, fold

WORDS_AFTER = 6
WORDS_BEFORE = 2
"""How far from the name of a measure its number is looked for."""
BEFORE_OTHER_NUMBERS = frozenset({"kl", "klockan", "den", "at", "dag", "nummer", "vid", "mellan", "efter"})
AFTER_OTHER_NUMBERS = frozenset(
    {"timmar", "timme", "minuter", "minut", "dagar", "dygn", "veckor", "vecka", "månader", "år", "gånger", "gång"}
    | {"stycken", "tabletter", "enheter", "personer", "kg", "kilo"}
    | {"hours", "days", "weeks", "times", "minutes", "years"}
)
DECIMAL_MARK = ("komma", "point")


def values_near(tokens: Sequence[Token], first: int, last: int, layout: Layout) -> Iterator[tuple[int, float]]:
    """Yield the number that belongs to the words from `first` to `last`: the nearest after them, or just before."""
    if first >= 2 and tokens[first - 1].word in ("på", "i"):
        value = _value_at(tokens, first - 2)
        if value is not None:
            yield first - 2, value
            return
    for at in [*range(last + 1, min(last + 1 + WORDS_AFTER, len(tokens))), *range(max(first - WORDS_BEFORE, 0), first)]:
        if layout.sentence[at] != layout.sentence[first] or _counts_something_else(tokens, at):
            continue
        value = _value_at(tokens, at)
        if value is not None:
            yield at, value
            return


def _counts_something_else(tokens: Sequence[Token], at: int) -> bool:
    before = tokens[at - 1].word if at else ""
    after = tokens[at + 1].word if at + 1 < len(tokens) else ""
    return before in BEFORE_OTHER_NUMBERS or after in AFTER_OTHER_NUMBERS


def _value_at(tokens: Sequence[Token], at: int) -> float | None:
    whole = _whole(tokens[at].word)
    if whole is not None and at + 1 < len(tokens) and _spoken(tokens[at].word) and _spoken(tokens[at + 1].word):
        return None
    if whole is None or at + 2 >= len(tokens) or tokens[at + 1].word not in DECIMAL_MARK:
        return None if tokens[at].word == "ett" else whole
    tenths = _whole(tokens[at + 2].word)
    return whole if tenths is None else float(f"{whole:.0f}.{tenths:.0f}")


def _whole(word: str) -> float | None:
    if word[0].isdecimal():
        return _digits(word)
    return _spoken(word)


def _digits(word: str) -> float | None:
    try:
        return float(word.replace(",", "."))
    except ValueError:
        return None


@lru_cache(maxsize=1000)
def _spoken(word: str) -> float | None:
    numbers = _number_words()
    word = fold(word)
    if word in numbers:
        return numbers[word]
    for tens, value in numbers.items():
        if value >= 20 and word.startswith(tens) and word[len(tens) :] in numbers:
            return value + numbers[word[len(tens) :]]
    return None


@lru_cache
def _number_words() -> dict[str, float]:
    return {fold(canonical(word)): value for word, value in rule_book().language.numbers.items()}
