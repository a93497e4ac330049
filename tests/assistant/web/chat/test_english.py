"""English is told from Swedish by its small words."""

import pytest

from assistant.web.chat.english import is_english


@pytest.mark.parametrize(
    "words",
    [
        "what is my weight?",
        "I want to book an appointment with the doctor",
        "i can't breathe",
        "I'm feeling dizzy and my leg hurts",
        "can you call me please",
        "my blood pressure is 135 over 80",
    ],
)
def test_english_is_english(words: str) -> None:
    assert is_english(words)


@pytest.mark.parametrize(
    "words",
    [
        "vad väger jag",
        "hej",
        "ok thanks",
        "yes",
        "please",
        "ja please",
        "jag sov i can not",
        "kan jag ta en tid i morgon",
        "Bertil har en app som heter My Health",
        "is",
        "det är halt, is på vägen",
        "SELECT * FROM observation WHERE patient='bertil'",
        "135/80",
        "",
    ],
)
def test_swedish_and_single_words_are_not(words: str) -> None:
    assert not is_english(words)
