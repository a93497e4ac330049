"""What reaches the intent classifier and what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.safety.gate import screen


@pytest.mark.parametrize("text", ["", " ", "\n\t ", "\u00a0"])
def test_nothing_is_empty(text: str) -> None:
    assert screen(text, 100).kind == "empty"


def test_longer_than_allowed_is_too_long() -> None:
    assert screen("a b" * 40, 100).kind == "too_long"
    assert screen("hej " * 25, 100).kind == "ok"


@pytest.mark.parametrize(
    "text",
    [
        "asdf qwer zxcv",
        "ååååå",
        "aaaaaa",
        "😀😀😀",
        "...",
        "?!?!",
        "sdfkjhsdfkjh",
        "asdfasdf",
        "hjkl",
        "qwerty asdf",
        "-",
    ],
)
def test_noise_is_gibberish(text: str) -> None:
    assert screen(text, 100).kind == "gibberish"


@pytest.mark.parametrize(
    "text",
    [
        "ja",
        "nä",
        "hm",
        "mmm",
        "Åke",
        "Bo",
        "kg",
        "EKG",
        "BMI",
        "120/80",
        "37,5",
        "7",
        "2,1 mmol/l",
        "pst",
        "brr",
        "👍",
        "❌",
        "привет",
        "مرحبا",
        "你好",
        "γειά",
        "tvättstuga",
        "jag asdf",
        "sytre?",
        "ont i bröstett",
        "ja fårt int luft",
        "Nyqvist",
    ],
)
def test_real_words_names_numbers_and_other_alphabets_pass(text: str) -> None:
    assert screen(text, 100).kind == "ok"


@given(st.text(max_size=300))
def test_never_raises(text: str) -> None:
    assert screen(text, 200).kind in {"ok", "empty", "too_long", "gibberish"}
