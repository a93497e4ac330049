"""Training says what it has reused."""

from assistant.training import _what_was_done

LOG = """
INFO rasa.engine.training.hooks - Restored component 'CarePolicy' from cache.
INFO rasa.engine.training.hooks - Starting to train component 'LinearIntentClassifier'.
INFO rasa.engine.training.hooks - Finished training component 'LinearIntentClassifier'.
"""


def test_what_was_trained_and_what_was_reused_is_told() -> None:
    assert _what_was_done(LOG) == ["trained: LinearIntentClassifier", "reused: CarePolicy"]


def test_a_log_that_names_no_component_tells_nothing() -> None:
    assert _what_was_done("Your Rasa model is trained.") == []
