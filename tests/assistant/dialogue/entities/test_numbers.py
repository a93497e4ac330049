"""Every number from 0 to 999 in the ways that Swedes write and say it."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.dialogue.entities.reading import Reading

ONES = ["noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv", "tretton"]
ONES += ["fjorton", "femton", "sexton", "sjutton", "arton", "nitton"]
TENS = ["", "", "tjugo", "trettio", "fyrtio", "femtio", "sextio", "sjuttio", "åttio", "nittio"]


def parts(number: int) -> list[str]:
    hundreds, rest = divmod(number, 100)
    words = ([] if hundreds < 2 else [ONES[hundreds]]) + (["hundra"] if hundreds else [])
    if rest >= 20:
        words.append(TENS[rest // 10])
        rest %= 10
    return words + ([ONES[rest]] if rest or not words else [])


def ways(number: int) -> Iterator[str]:
    words = parts(number)
    yield "".join(words)
    yield " ".join(words)
    yield "".join(words).upper()
    yield "".join(words).replace("å", "a")
    yield "".join(words).replace("tio", "ti") if number % 100 >= 20 else "".join(words)
    if 100 <= number < 200:
        yield "ett" + "".join(words)
        yield "ett " + " ".join(words)
    if number > 100 and number % 100:
        yield " ".join(words[:-1]) + "".join(words[-1:]) if len(words) == 2 else "".join(words[:-1]) + " " + words[-1]


@pytest.mark.parametrize("number", [number for number in range(1000) if number != 1])
def test_every_number_is_read_however_it_is_written(number: int) -> None:
    for way in ways(number):
        assert Reading(way).forms == str(number), way


@settings(deadline=None)
@given(whole=st.integers(2, 299), tenth=st.integers(0, 9))
def test_decimals_are_read_in_figures_and_words(whole: int, tenth: int) -> None:
    said = "".join(parts(whole))
    for way in (f"{whole},{tenth}", f"{whole} komma {tenth}", f"{said} komma {ONES[tenth]}", f"{said} koma {tenth}"):
        assert Reading(way).forms == f"{whole},{tenth}"


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("sextiett och ett halvt", "61,5"),
        ("sju och en halv", "7,5"),
        ("sju och halv åtta", "7 och halv 8"),
        ("sextio komma noll fem", "60,05"),
        ("hundratretiofm", "135"),
        ("tjugofem åttio", "25 80"),
        ("åtta trettio", "8 30"),
        ("hundra och fem", "105"),
    ],
)
def test_numbers_are_joined_only_where_they_are_one(text: str, forms: str) -> None:
    assert Reading(text).forms == forms


@pytest.mark.parametrize("word", ["tisdag", "partier", "förtid", "äta", "hundar", "att", "artikel", "nia"])
def test_other_words_are_no_numbers(word: str) -> None:
    assert not Reading(word).forms.isdigit()
