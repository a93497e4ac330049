"""Numbers said in several words: "hundra trettio fem", "sextioen komma fem", "sju och en halv"."""

from __future__ import annotations

import re

from assistant.dialogue.entities.tokens import Token


def join(words: list[Token]) -> list[Token]:
    """Return the words with numbers said in parts made one: hundreds, tens and units, then decimals and halves."""
    return _halves(_decimals(_hundreds(words)))


def _hundreds(words: list[Token]) -> list[Token]:
    result: list[Token] = []
    for place, token in enumerate(words):
        following = words[place + 1].form if place + 1 < len(words) else ""
        sum_ = _sum(result, _article_as_number(token, following, result))
        if sum_ is None:
            result.append(token)
        else:
            count, number = sum_
            start = result[-count].start
            result[-count:] = [Token(str(number), start, token.end, spoken=True)]
    return result


def _article_as_number(token: Token, following: str, before: list[Token]) -> Token:
    """Return "en" or "ett" as 1 where it ends a number ("sextio ett") and no half follows."""
    ends_tens = bool(before) and before[-1].spoken and before[-1].form[-1] == "0" and before[-1].form not in ("0", "10")
    if token.form in ("en", "ett", "et") and ends_tens and following not in ("halv", "gang", "dag", "vecka", "tid"):
        return Token("1", token.start, token.end, spoken=True)
    return token


def _sum(before: list[Token], token: Token) -> tuple[int, int] | None:
    """Return how many earlier words go into one number with this token, and that number."""
    if not token.spoken or not before:
        return None
    number = int(token.form)
    joined_by_and = before[-1].form == "och" and len(before) > 1
    last = before[-2] if joined_by_and else before[-1]
    if (
        number == 100
        and not joined_by_and
        and (last.form in ("en", "ett") or (last.spoken and 0 < int(last.form) < 10))
    ):
        return 1, 100 * (int(last.form) if last.spoken else 1)
    if not last.spoken:
        return None
    value = int(last.form)
    if value and value % 100 == 0 and 0 < number < 100:
        return (2 if joined_by_and else 1), value + number
    if value % 10 == 0 and value % 100 >= 20 and 0 < number < 10 and not joined_by_and:
        return 1, value + number
    return None


def _decimals(words: list[Token]) -> list[Token]:
    """Join "61 komma 5" and "61 komma noll fem"."""
    result: list[Token] = []
    for token in words:
        fraction = "1" if token.form in ("en", "ett") else token.form
        after_comma = len(result) > 1 and result[-1].form in ("komma", ",") and result[-2].form.isdigit()
        close = bool(result) and (result[-1].form == "komma" or token.start == result[-1].end)
        if after_comma and close and fraction.isdigit() and len(fraction) <= 2:
            result[-2:] = [Token(f"{result[-2].form},{fraction}", result[-2].start, token.end)]
        elif result and re.fullmatch(r"\d+,0", result[-1].form) and token.spoken and len(token.form) == 1:
            result[-1] = Token(result[-1].form + token.form, result[-1].start, token.end)
        else:
            result.append(token)
    return result


HALF = (
    ["och", "en", "halv"],
    ["och", "ett", "halv"],
    ["och", "et", "halv"],
    ["och", "halv"],
    ["en", "halv"],
    ["½"],
    ["1/2"],
)


def _halves(words: list[Token]) -> list[Token]:
    """Join "61 och ett halvt" and "sju och en halv", but not "åtta och halv nio"."""
    result: list[Token] = []
    place = 0
    while place < len(words):
        length = _half_after(words, place)
        if length:
            whole = "1" if words[place].form in ("en", "ett") else words[place].form
            result.append(Token(f"{whole},5", words[place].start, words[place + length].end))
        else:
            result.append(words[place])
        place += 1 + length
    return result


def _half_after(words: list[Token], place: int) -> int:
    """Return how many words after this number say "and a half"."""
    number = words[place].form
    if not (number.isdigit() or number in ("en", "ett")):
        return 0
    for half in HALF:
        following = [token.form for token in words[place + 1 : place + 1 + len(half)]]
        after = words[place + 1 + len(half)].form if place + 1 + len(half) < len(words) else ""
        if following == half and not (after.isdigit() and half[-1] == "halv"):
            return len(half)
    return 0
