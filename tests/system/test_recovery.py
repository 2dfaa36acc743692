"""A store that was emptied while nobody ran is made anew: from snapshots and what came after them."""
import collections
import re

import pytest

from engine import touch, wait_for
from stream import Redis, Stream

LEADS = 600


@pytest.fixture(name="stream")
def _stream(kafka, tmp_path):
    (tmp_path / "redis").mkdir()
    with Redis(tmp_path / "redis") as store, \
            Stream(tmp_path, kafka, store, partitions=1, WATERHOLE_ENGINE_SHARDS="1") as parts:
        yield parts


def announced(numbers):
    return [touch(n, n, path="/announced") for n in numbers]


def test_an_emptied_store_is_filled_from_snapshots_and_a_person_sees_it(stream):
    engine = stream.engine("e0", WATERHOLE_ENGINE_SNAPSHOT="1s").wait()
    stream.send(*announced(range(LEADS)))
    stream.read("states", lambda found: len({m.key() for m in found}) == LEADS)
    engine.kill()
    # These have no snapshot: they are in the journal only.
    engine = stream.engine("e1").wait()
    stream.send(*announced(range(LEADS, LEADS + 50)))
    stream.events(LEADS + 50)
    engine.kill()
    stream.store.client.flushall()
    engine = stream.engine("e2").wait()
    wait_for(lambda: engine.partitions() == 1)
    assert "partition 0: the store is made anew from its snapshots" in engine.said()
    rebuilt = re.search(r"the store is made anew, (\d+) entities in .* (\d+) records", engine.said())
    assert int(rebuilt[1]) >= LEADS and int(rebuilt[2]) >= 1
    assert engine.metric("waterhole_rebuilt_entities_total") == int(rebuilt[1])
    # Whoever was known before still is, the tail included; the next touch counts once more.
    stream.send(*announced(range(LEADS + 50)), *announced([LEADS + 50]))
    told = collections.Counter(e["why"]["because"]["touch"]
                               for e in stream.events(LEADS + 51, grace=2))
    assert told == collections.Counter(f"t-{n}" for n in range(LEADS + 51))
