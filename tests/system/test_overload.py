"""Far more touches than can be taken: the door says so, memory stays, and what was taken counts."""
import collections

import overload
from engine import wait_for
from stream import Redis, Stream
from test_collect import Door

SECONDS, RATE, CLIENTS = 10, 100_000, 16
# Of memory, between the first third of the time and the last.
GROWTH_MB_MAX = 64


def test_the_door_refuses_what_is_too_much_and_nothing_taken_is_lost(kafka, tmp_path):
    for name in ("redis", "door"):
        (tmp_path / name).mkdir()
    with Redis(tmp_path / "redis") as store, \
            Stream(tmp_path, kafka, store, partitions=2, WATERHOLE_ENGINE_SHARDS="1",
                   WATERHOLE_ENGINE_CACHE="8MiB", **overload.LEAN) as stream, \
            Door(tmp_path / "door", kafka, prefix=stream.prefix, WATERHOLE_COLLECT_QUEUE="512KiB",
                 **overload.LEAN) as door:
        engine = stream.engine("e0").wait()
        sampler = overload.Sampler(engine, [door.process, engine.process])
        sampler.start()
        clients = overload.flood(door.url, RATE, SECONDS, CLIENTS)
        answers = overload.answers(clients)
        assert set(answers) <= {200, 429, 503} and answers[200] > 0 and answers[429] > 0, answers
        wait_for(lambda: sampler.lag() == 0)
        sampler.end()
        assert max(row[2] for row in sampler.rows) > overload.TOUCHES, "nothing had to wait"
        assert [sampler.growth(n) < GROWTH_MB_MAX for n in range(2)] == [True, True], sampler.rows
        taken = collections.Counter(i for client in clients for i in client.acknowledged)
        doubtful = {i for client in clients for i in client.doubtful}
        events = stream.events(len(taken), grace=2)
        told = collections.Counter(e["why"]["because"]["touch"] for e in events)
        assert not taken - told and set(told - taken) <= doubtful
        assert set(told.values()) == {1}
