"""The reading of a message: rules that turn groups of tokens into values.

Every token has a `form`: lower case, folded, spelt as nlu_data/lookup/spelling.yml spells it, numbers as digits. Rules
are regular expressions over the forms joined by single spaces. What a rule recognises becomes one token whose form is a
symbol such as `<date>` and which carries the value, so that later rules build on it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from assistant.dialogue.entities import number_phrases, spelling
from assistant.dialogue.entities.tokens import Token, tokens

RESPELT = "<respelt>"


class Found:
    """One match of a rule."""

    def __init__(self, match: re.Match[str], tokens: list[Token], starts: list[int]) -> None:
        self.match = match
        self._tokens = tokens
        self._starts = starts

    def __getitem__(self, name: str) -> str | None:
        """Return the forms that a named group matched."""
        return self.match[name]

    def value(self, name: str) -> Any:
        """Return the value of the token that a named group matched; None where the group took no part."""
        place = self.match.start(name)
        return None if place < 0 else self._tokens[bisect_right(self._starts, place) - 1].value

    @property
    def before(self) -> str:
        """The forms before the match."""
        return self.match.string[: self.match.start()]

    @property
    def after(self) -> str:
        """The forms after the match."""
        return self.match.string[self.match.end() :]


def rule(pattern: str) -> re.Pattern[str]:
    """Compile a rule: whole tokens only."""
    return re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")


class Reading:
    """The tokens of one message while they are being read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = list(tokens(text))
        self.tokens = number_phrases.join(spelling.standardise(self.words))
        self._index()

    def _index(self) -> None:
        self._joined = " ".join(token.form for token in self.tokens)
        self._starts = []
        place = 0
        for token in self.tokens:
            self._starts.append(place)
            place += len(token.form) + 1

    @property
    def forms(self) -> str:
        """All forms, joined by spaces."""
        return self._joined

    def find(self, pattern: re.Pattern[str]) -> Iterator[Found]:
        """Yield the matches of a rule."""
        for match in pattern.finditer(self._joined):
            yield Found(match, self.tokens, self._starts)

    def rewrite(self, pattern: re.Pattern[str], symbol: str, build: Callable[..., Any], *context: Any) -> None:
        """Replace every match for which `build(found, *context)` gives a value by one token `symbol` with that value.

        A pattern with a group `it` replaces that group alone; the rest of the pattern is context.
        """
        group = "it" if "it" in pattern.groupindex else 0
        replaced = []
        for found in self.find(pattern):
            value = build(found, *context)
            if value is not None:
                start, end = found.match.span(group)
                first = bisect_right(self._starts, start) - 1
                replaced.append((first, bisect_left(self._starts, end), value))
        for first, end, value in reversed(replaced):
            span = self.tokens[first:end]
            self.tokens[first:end] = [Token(symbol, span[0].start, span[-1].end, value)]
        if replaced:
            self._index()

    def put(self, index: int, token: Token) -> None:
        """Replace one token."""
        self.tokens[index] = token
        self._index()

    def respell(self, pattern: re.Pattern[str], build: Callable[[Found], str | None]) -> None:
        """Replace every match by one token whose form is what `build` returns."""
        self.rewrite(pattern, RESPELT, build)
        self.tokens = [
            replace(token, form=token.value, value=None) if token.form == RESPELT else token for token in self.tokens
        ]
        self._index()
