"""Who takes a partition over does work for what is open, not for what is there."""
import collections
import signal

import pytest

from engine import touch, wait_for
from stream import Redis, Stream

# More than an engine keeps in memory here.
LEADS = 3000
# What a takeover, the replay of a few batches and the first batch may ask of the store.
REQUESTS_MAX = 20


@pytest.fixture(name="stream")
def _stream(kafka, tmp_path):
    """One partition on a Redis of its own."""
    (tmp_path / "redis").mkdir()
    with Redis(tmp_path / "redis") as store, \
            Stream(tmp_path, kafka, store, partitions=1, WATERHOLE_ENGINE_SHARDS="1",
                   WATERHOLE_ENGINE_CACHE="8MiB") as parts:
        yield parts


def requests_of(engine, *kinds):
    return sum(engine.value(f'waterhole_store_requests_total{{kind="{kind}",result="ok"}}')
               for kind in kinds)


def announced(numbers):
    return [touch(n, n, path="/announced") for n in numbers]


def test_many_leads_make_a_takeover_no_longer(stream):
    engine = stream.engine("e0").wait()
    stream.send(*announced(range(100)), *[touch(n, n) for n in range(100, LEADS)])
    wait_for(lambda: engine.touches("accepted") == LEADS)
    sent = list(range(100))
    for number, ending in enumerate([signal.SIGTERM, signal.SIGKILL, signal.SIGKILL]):
        engine.kill(ending)
        engine = stream.engine(f"n{number}").wait()
        wait_for(lambda: engine.partitions() == 1)
        assert requests_of(engine, "meta", "claim", "dues", "read", "write") <= REQUESTS_MAX
        # What was sent before is remembered, the rest is not.
        new = range(LEADS + number * 50, LEADS + number * 50 + 50)
        stream.send(*announced(range(100)), *announced(new))
        sent += new
        stream.events(len(sent))
    told = collections.Counter(e["why"]["because"]["touch"] for e in stream.events(250, grace=1))
    assert told == collections.Counter(f"t-{n}" for n in sent)
