"""The stand-in engine as a fixture."""

from collections.abc import Iterator

import pytest

from tests.assistant.web.chat.dialogue import Dialogue, running


@pytest.fixture
def dialogue() -> Iterator[Dialogue]:
    """A dialogue engine that answers."""
    with running() as server:
        yield server
