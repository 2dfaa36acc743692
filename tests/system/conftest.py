import pytest

from kafka import Kafka


@pytest.fixture(scope="session")
def kafka(tmp_path_factory):
    """One broker for all tests of a worker that want no more of it."""
    with Kafka(tmp_path_factory.mktemp("kafka")) as broker:
        yield broker
