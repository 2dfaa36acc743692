"""A Redis that stands still or dies: touches wait, it is told once and counted, and all goes on."""
import collections
import signal

import pytest

from engine import now, touch, wait_for
from stream import Redis, Stream
from test_collect import Door

AWAY, BACK = "touches wait until it answers", "answers again"


@pytest.fixture(name="stream")
def _stream(kafka, tmp_path):
    (tmp_path / "redis").mkdir()
    with Redis(tmp_path / "redis") as store, \
            Stream(tmp_path, kafka, store, partitions=2, WATERHOLE_ENGINE_SHARDS="1") as parts:
        yield parts


def announced(numbers):
    return [touch(n, n, path="/announced") for n in numbers]


def failed(engine):
    return sum(engine.value(f'waterhole_store_requests_total{{kind="{kind}",result="failed"}}')
               for kind in ["meta", "claim", "read", "write", "dues", "scan"])


def told(stream, count):
    events = stream.events(count, grace=1)
    return collections.Counter(e["why"]["because"]["touch"] for e in events)


def once(numbers):
    return collections.Counter(f"t-{n}" for n in numbers)


def go_away(engine, stream, numbers):
    """What is sent meanwhile is not acted on, and one message says why."""
    before = engine.said().count(AWAY)
    stream.send(*announced(numbers))
    wait_for(lambda: failed(engine) > 2)
    assert engine.said().count(AWAY) == before + 1
    wait_for(lambda: any(engine.value(f'waterhole_lag_records{{topic="touchpoints",'
                                      f'partition="{p}"}}') > 0 for p in range(2)))


def test_a_redis_that_stands_still_slows_the_intake_and_costs_nothing(stream):
    engine = stream.engine("e0").wait()
    stream.send(*announced(range(50)))
    assert told(stream, 50) == once(range(50))
    stream.store.process.send_signal(signal.SIGSTOP)
    # Leads that are not in memory yet, and too many to be read ahead.
    go_away(engine, stream, range(50, 2000))
    stream.store.process.send_signal(signal.SIGCONT)
    assert told(stream, 2000) == once(range(2000))
    assert (engine.said().count(AWAY), engine.said().count(BACK)) == (1, 1)


def test_a_redis_that_was_killed_and_comes_back_empty_costs_nothing(stream):
    engine = stream.engine("e0", WATERHOLE_ENGINE_SNAPSHOT="1s").wait()
    stream.send(*announced(range(50)))
    assert told(stream, 50) == once(range(50))
    stream.store.kill()
    go_away(engine, stream, range(50, 2000))
    stream.store.start()
    assert told(stream, 2000) == once(range(2000))
    assert engine.said().count(BACK) == 1 and engine.process.poll() is None


def test_the_door_takes_touches_while_redis_is_away(kafka, stream, tmp_path):
    engine = stream.engine("e0").wait()
    (tmp_path / "door").mkdir()
    with Door(tmp_path / "door", kafka, prefix=stream.prefix) as door:
        stream.store.process.send_signal(signal.SIGSTOP)
        for begin in range(0, 500, 100):
            touches = [{**t, "occurred_at": now()} for t in announced(range(begin, begin + 100))]
            assert door.send(*touches).status_code == 200
        stream.store.process.send_signal(signal.SIGCONT)
        assert told(stream, 500) == once(range(500))
    assert engine.process.poll() is None
