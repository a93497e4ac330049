"""Messages that ask for two things are told from those that ask for one."""

import pytest

from assistant.dialogue.clauses import clauses


def test_two_requests_are_two_parts() -> None:
    assert clauses("Vad väger jag och vilka tider har jag bokade?") == ["Vad väger jag", "vilka tider har jag bokade?"]


def test_sentences_are_parts() -> None:
    assert clauses("Jag är yr. Kan jag boka en tid?") == ["Jag är yr", "Kan jag boka en tid?"]


@pytest.mark.parametrize("words", ["vad väger jag", "jag är yr och trött", "Och vad väger jag?", ""])
def test_one_request_is_never_taken_for_two(words: str) -> None:
    assert clauses(words) == []
