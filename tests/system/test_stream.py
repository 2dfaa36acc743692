"""The stream: Kafka in, state in Redis, Kafka out, exactly once, whatever is killed."""
import collections
import json
import random
import signal
import time

import pytest
import requests

from engine import MODEL, now, touch, wait_for
from kafka import Kafka
from stream import Redis, Stream
from test_collect import Door


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    with Redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def stream(kafka, store, tmp_path):
    with Stream(tmp_path, kafka, store) as parts:
        yield parts


def announced(number, lead):
    """A touch of which an event tells."""
    return touch(number, lead, path="/announced")


def told(events):
    """How often each touch was told."""
    return collections.Counter(e["why"]["because"]["touch"] for e in events)


def once(numbers):
    return collections.Counter(f"t-{n}" for n in numbers)


def test_a_demo_request_is_an_event_within_the_second(stream):
    stream.engine("e0").wait()
    began = time.monotonic()
    stream.send(touch(1, 1, kind="demo_request"))
    events = stream.events(1)
    assert time.monotonic() - began < 5  # the reader itself takes its time to begin
    assert [e["type"] for e in events] == ["lead.asked"]


def test_a_model_published_by_an_engine_that_ended_before_it_was_current(stream, tmp_path):
    stream.engine("e0").wait()
    kept = stream.read("models", lambda found: len(found) == 2)
    assert [m.key() == b"current" for m in kept] == [False, True]
    (tmp_path / "other").mkdir()
    with Stream(tmp_path / "other", stream.kafka, stream.store) as other:
        other.producer.produce(other.prefix + "models", kept[0].value(), kept[0].key())
        other.producer.flush(30)
        other.engine("e0").wait()


def test_an_engine_waits_for_topics_of_which_its_broker_has_not_heard_yet(stream):
    """As when `init` has just ended, and another broker made them."""
    topics = {"WATERHOLE_KAFKA_PREFIX": stream.prefix + "new.", "WATERHOLE_STORE_PREFIX": "new"}
    engine = stream.engine("e0", **topics)
    stream.init(2, **topics)
    wait_for(engine.is_ready)


def test_what_cannot_be_used_is_rejected_with_where_it_came_from(stream):
    stream.engine("e0").wait()
    stream.producer.produce(stream.prefix + "touchpoints", b"{", "user:u1", partition=2)
    stream.producer.flush(30)
    message = stream.read("rejected", lambda found: len(found) == 1)[0]
    headers = {name: value.decode() for name, value in message.headers()}
    assert message.value() == b"{"
    assert headers["wh-reason"] == "not_json"
    assert headers["wh-topic"] == stream.prefix + "touchpoints"
    assert (headers["wh-partition"], headers["wh-offset"]) == ("2", "0")
    assert headers["wh-time"].startswith("20")


def test_a_touch_in_a_foreign_partition_is_passed_on(stream):
    stream.engine("e0").wait()
    for number in range(8):
        stream.producer.produce(stream.prefix + "touchpoints", partition=number % 4, key="other",
                                value=json.dumps(announced(number, 1)))
    stream.producer.flush(30)
    assert told(stream.events(8, grace=1)) == once(range(8))


def test_killed_again_and_again_every_touch_counts_once(stream):
    """Two engines; one of them is killed at moments that nobody chose, and comes back."""
    engines = [stream.engine("e0"), stream.engine("e1")]
    chance = random.Random(7)
    count, step = 2000, 100
    for begin in range(0, count, step):
        stream.send(*[announced(n, n % 37) for n in range(begin, begin + step)])
        if begin % 400 == 0:
            victim = chance.choice(engines)
            time.sleep(chance.random())
            victim.kill()
            victim.start()
    events = stream.events(count, grace=3, patience=120)
    assert told(events) == once(range(count))


def test_engines_join_and_leave_without_anything_lost_or_twice(stream):
    first = stream.engine("e0").wait()
    wait_for(lambda: first.partitions() == 4)
    stream.send(*[announced(n, n % 11) for n in range(200)])
    second = stream.engine("e1").wait()
    wait_for(lambda: first.partitions() == 2 and second.partitions() == 2)
    stream.send(*[announced(n, n % 11) for n in range(200, 400)])
    began = time.monotonic()
    assert first.kill(signal.SIGTERM) == 0
    assert time.monotonic() - began < 5
    stream.send(*[announced(n, n % 11) for n in range(400, 600)])
    wait_for(lambda: second.partitions() == 4)
    assert told(stream.events(600, grace=2)) == once(range(600))
    assert "there was no time for a release" not in first.said()


def test_an_engine_that_sleeps_beyond_its_session_does_no_harm(stream):
    zombie = stream.engine("e0").wait()
    other = stream.engine("e1").wait()
    wait_for(lambda: other.partitions() == 2)
    stream.send(*[announced(n, n % 11) for n in range(100)])
    zombie.process.send_signal(signal.SIGSTOP)
    stream.send(*[announced(n, n % 11) for n in range(100, 300)])
    wait_for(lambda: other.partitions() == 4)
    zombie.process.send_signal(signal.SIGCONT)
    stream.send(*[announced(n, n % 11) for n in range(300, 500)])
    assert told(stream.events(500, grace=3)) == once(range(500))
    wait_for(lambda: zombie.partitions() == 2)


def test_an_emptied_store_is_made_anew(kafka, store, tmp_path):
    with Stream(tmp_path, kafka, store, WATERHOLE_ENGINE_SNAPSHOT="1s") as stream:
        engine = stream.engine("e0").wait()
        stream.send(*[announced(n, n % 11) for n in range(200)])
        assert told(stream.events(200)) == once(range(200))
        time.sleep(2)
        for key in stream.store.client.scan_iter(stream.prefix + "*"):
            stream.store.client.delete(key)
        stream.send(*[announced(n, n % 11) for n in range(200, 400)])
        assert told(stream.events(400, grace=2)) == once(range(400))
        assert engine.kill(signal.SIGTERM) == 0
        engine.start()
        engine.wait()
        # The same touches again: their leads remember them.
        stream.send(*[announced(n, n % 11) for n in range(400)], announced(400, 1))
        assert told(stream.events(401, grace=2)) == once(range(401))


def test_a_broker_that_dies_and_comes_back_costs_nothing(store, tmp_path):
    (tmp_path / "broker").mkdir()
    with Kafka(tmp_path / "broker") as broker, Stream(tmp_path, broker, store) as stream:
        engine = stream.engine("e0").wait()
        wait_for(lambda: engine.partitions() == 4)
        stream.send(*[announced(n, n % 11) for n in range(200)])
        broker.run("kill")
        time.sleep(2)
        broker.run("start")
        stream.send(*[announced(n, n % 11) for n in range(200, 400)])
        assert told(stream.events(400, grace=2)) == once(range(400))
        assert engine.process.poll() is None


NEW_MODEL = MODEL.replace("touch.page.path == \"/announced\"", "touch.page.path == \"/other\"")


def test_a_new_model_takes_effect_on_sighup_in_every_engine(stream):
    engines = [stream.engine("e0").wait(), stream.engine("e1").wait()]
    wait_for(lambda: [e.partitions() for e in engines] == [2, 2])
    stream.send(*[announced(n, n) for n in range(20)])
    assert told(stream.events(20)) == once(range(20))
    stream.model.write_text(NEW_MODEL)
    engines[0].process.send_signal(signal.SIGHUP)
    for engine in engines:
        wait_for(lambda e=engine: "the new model is in use" in e.said())
    stream.send(*[announced(n, n) for n in range(20, 40)],
                *[touch(n, n, path="/other") for n in range(40, 60)])
    assert told(stream.events(40, grace=1)) == once([*range(20), *range(40, 60)])
    for engine in engines:
        assert engine.kill() != 0
        engine.start()
        engine.wait()
    stream.send(touch(60, 1, path="/other"))
    assert told(stream.events(41, grace=1))["t-60"] == 1


def ripe_at(pages, adopt):
    """Each lead with so many pages is ripe."""
    return MODEL.replace("waterhole: 1", f"waterhole: 1\nadopt: {adopt}").replace(
        "triggers:", f"qualification:\n  - {{ id: keen, arm: touches >= {pages} }}\ntriggers:")


def standing(engine, lead):
    answer = requests.get(f"{engine.url}/v1/leads/user:u{lead}", timeout=5)
    return answer.json()["qualifications"][0]["state"] if answer.status_code == 200 else None


def test_what_only_the_model_changes_is_recorded_or_told(kafka, store, tmp_path):
    with Stream(tmp_path, kafka, store, model=ripe_at(5, "silent")) as stream:
        engine = stream.engine("e0").wait()
        wait_for(lambda: engine.partitions() == 4)
        stream.send(*[touch(10 * lead + n, lead) for lead in range(20)
                      for n in range(4 if lead < 10 else 2)])
        stream.model.write_text(ripe_at(3, "silent"))
        wait_for(lambda: engine.touches("accepted") == 60)
        engine.process.send_signal(signal.SIGHUP)
        wait_for(lambda: all(standing(engine, lead) == "recorded" for lead in range(10)))
        engine.kill()
        engine.start()
        engine.wait()
        stream.model.write_text(ripe_at(2, "announce"))
        engine.process.send_signal(signal.SIGHUP)
        # Those that were recorded stay so; the others are told, each once.
        events = stream.events(10, grace=2)
        assert {e["type"] for e in events} == {"lead.qualified"}
        assert len({e["lead_id"] for e in events}) == 10
        assert all(e["scores"]["touches"] == 2 and e["why"]["because"]["model"] for e in events)


def test_a_bad_model_is_refused_and_the_old_one_stays(stream):
    engine = stream.engine("e0").wait()
    stream.model.write_text("waterhole: 1\nname: [\n")
    engine.process.send_signal(signal.SIGHUP)
    wait_for(lambda: "the new model is refused, the old one stays" in engine.said())
    stream.send(announced(1, 1))
    assert told(stream.events(1)) == once([1])


def test_the_door_and_the_engine_together(kafka, stream, tmp_path):
    (tmp_path / "door").mkdir()
    with Door(tmp_path / "door", kafka, prefix=stream.prefix) as door:
        stream.engine("e0").wait()
        answer = door.send(*[{**announced(n, n), "occurred_at": now()} for n in range(10)])
        assert answer.json() == {"accepted": 10}
        assert told(stream.events(10)) == once(range(10))


def test_only_paths_of_an_engine_are_there(stream):
    engine = stream.engine("e0").wait()
    paths = requests.get(engine.url + "/", timeout=5).json()["paths"]
    assert paths == ["GET /healthz", "GET /readyz", "GET /metrics", "GET /v1/leads/KEY?at=TIME"]
    assert requests.post(engine.url + "/v1/touchpoints", data="{}", timeout=5).status_code == 404
