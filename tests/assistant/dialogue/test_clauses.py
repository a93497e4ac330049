"""Messages that ask for two things are told from those that ask for one."""

import pytest

from assistant.dialogue.clauses import clauses, first_request


def test_two_requests_are_two_parts() -> None:
    assert clauses("Vad väger jag och vilka tider har jag bokade?") == ["Vad väger jag", "vilka tider har jag bokade?"]


def test_sentences_are_parts() -> None:
    assert clauses("Jag är yr. Kan jag boka en tid?") == ["Jag är yr", "Kan jag boka en tid?"]


@pytest.mark.parametrize("words", ["vad väger jag", "jag är yr och trött", "Och vad väger jag?", ""])
def test_one_request_is_never_taken_for_two(words: str) -> None:
    assert clauses(words) == []


def parts(*names: str, confidence: float = 0.99) -> list[dict[str, object]]:
    return [{"name": name, "confidence": confidence} for name in names]


def test_the_first_of_two_requests_of_a_sentence_comes_first() -> None:
    found = first_request(
        "boka tid och förnya recept", "renew_prescription", parts("book_appointment", "renew_prescription")
    )
    assert found == "book_appointment"


def test_a_reason_in_a_sentence_of_its_own_is_no_request() -> None:
    found = first_request(
        "Jag är yr. Kan jag boka tid?", "book_appointment", parts("report_symptom", "book_appointment")
    )
    assert found is None


@pytest.mark.parametrize(
    ("intent", "found"),
    [
        ("renew_prescription", parts("greet", "renew_prescription")),
        ("renew_prescription", parts("book_appointment", "renew_prescription", confidence=0.4)),
        ("report_deviation", parts("report_medication_taken", "report_deviation", confidence=0.95)),
        ("emergency", parts("book_appointment", "emergency")),
        ("ask_weight", parts("book_appointment", "renew_prescription")),
        ("ask_weight", []),
    ],
)
def test_greetings_guesses_and_emergencies_change_nothing(intent: str, found: list[dict[str, object]]) -> None:
    assert first_request("hej och så", intent, found) is None
