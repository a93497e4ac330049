"""Where the days lie that a message speaks of, by its intent and by what was asked."""

import unittest

from assistant.dialogue.serve import leave_out_what_is_not_served

leave_out_what_is_not_served()

from assistant.dialogue.entity_extractor import looking  # noqa: E402 - after TensorFlow has been left out


class TheDaysOf(unittest.TestCase):
    def test_a_booking_are_to_come(self) -> None:
        assert looking("book_appointment") == looking("deny", "date") == looking("deny") == "ahead"

    def test_an_answer_to_since_when_or_to_a_value_have_been(self) -> None:
        assert looking("deny", "since") == looking("affirm", "weight") == "told"

    def test_a_question_in_between_are_its_own(self) -> None:
        assert looking("ask_weight", "since") == "back"
