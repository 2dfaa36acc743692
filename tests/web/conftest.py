import pytest

from probe import Probe


@pytest.fixture
def probe():
    server = Probe()
    yield server
    server.close()
