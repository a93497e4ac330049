"""One running service for the tests that do not break it."""

from collections.abc import Iterator

import pytest

from tests.e2e.service import Service, running


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A running service with the demo patients."""
    with running(tmp_path_factory.mktemp("service") / "var") as service:
        yield service
