"""A shadow beside the live engine: both take the same touches, and neither sees the other."""
import json
import signal
import subprocess

import pytest

from engine import MODEL, PATIENCE, WATERHOLE, touch, wait_for
from stream import Redis, Stream

# What is seen has another name, so that nobody takes one for the other.
SHADOW = MODEL.replace("id: seen", "id: looked") + "shadow: true\n"
COUNT = 20


@pytest.fixture(name="store", scope="module")
def _store(tmp_path_factory):
    with Redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(name="stream")
def _stream(kafka, store, tmp_path):
    with Stream(tmp_path, kafka, store) as parts:
        yield parts


@pytest.fixture(name="shadow")
def _shadow(stream):
    """What the second deployment has of its own."""
    path = stream.folder / "shadow.yaml"
    path.write_text(SHADOW)
    return {"WATERHOLE_MODEL": str(path)}


def waterhole(stream, *words, **environment):
    return subprocess.run([WATERHOLE, *words], capture_output=True, text=True, timeout=PATIENCE,
                          cwd=stream.folder, env={**stream.environment, **environment}, check=False)


def send(stream, first):
    stream.send(*(touch(number, number % 7, path="/announced")
                  for number in range(first, first + COUNT)))


def events(stream, topic, count):
    return [json.loads(m.value()) for m in stream.read(topic, lambda found: len(found) >= count)]


def names(found):
    return {(event["type"], event["why"]["because"]["touch"]) for event in found}


def expected(name, count):
    return {(name, f"t-{number}") for number in range(count)}


def test_it_decides_beside_the_live_one(stream, store, shadow):
    live = stream.engine("e0").wait()
    refused = waterhole(stream, "engine", WATERHOLE_INSTANCE="s0", **shadow)
    assert refused.returncode == 2
    assert f"topic {stream.prefix}" in refused.stderr
    assert ".shadow is not there: make the topics with waterhole init" in refused.stderr
    made = waterhole(stream, "init", **shadow)
    assert made.returncode == 0
    assert (made.stdout.count("made: "), made.stdout.count("was there: ")) == (6, 1)
    # The same configuration but for the model: the instance, too.
    beside = stream.engine("s0", WATERHOLE_INSTANCE="e0", **shadow).wait()
    send(stream, 0)
    assert names(events(stream, "leads", COUNT)) == expected("lead.seen", COUNT)
    told = events(stream, "leads.shadow", COUNT)
    assert names(told) == expected("lead.looked", COUNT)
    assert all(event["shadow"] is True for event in told)
    wait_for(lambda: any(b".shadow:{" in key for key in store.client.keys(stream.prefix + "*:e:*")))
    for more, name in ((shadow, "looked"), ({}, "seen")):
        lead = waterhole(stream, "lead", "user:u1", "--json", **more)
        assert json.loads(lead.stdout).get("shadow", False) is (more == shadow)
        assert {item["name"] for item in json.loads(lead.stdout)["announced"]} == {name}
        listed = waterhole(stream, "leads", "--format", "json", **more)
        assert len(listed.stdout.splitlines()) >= 7
    # Without the shadow all goes on as if it had never been there.
    assert beside.kill(signal.SIGTERM) == 0
    send(stream, COUNT)
    found = stream.events(2 * COUNT, grace=1)
    assert names(found) == expected("lead.seen", 2 * COUNT)
    assert len(found) == 2 * COUNT
    assert not any("shadow" in event for event in found)
    assert len(events(stream, "leads.shadow", COUNT)) == COUNT
    assert live.kill(signal.SIGTERM) == 0


def test_one_process_is_of_one_kind(stream, shadow):
    stream.init(stream.partitions, **shadow)
    live, beside = stream.engine("e0").wait(), stream.engine("s0", **shadow).wait()
    stream.model.write_text(SHADOW)
    (stream.folder / "shadow.yaml").write_text(MODEL)
    for engine, why in ((live, 'the model says "shadow: true", but the one before is live'),
                        (beside, "the model is live, but the one before is a shadow")):
        engine.process.send_signal(signal.SIGHUP)
        wait_for(lambda e=engine, w=why: f"the new model is refused, the old one stays: {w}" in
                 e.said().replace('\\"', '"'))
    send(stream, 0)
    assert names(events(stream, "leads", COUNT)) == expected("lead.seen", COUNT)
    assert names(events(stream, "leads.shadow", COUNT)) == expected("lead.looked", COUNT)


def test_init_prints_what_a_shadow_needs(stream, shadow):
    printed = waterhole(stream, "init", "--print", **shadow).stdout
    rights = [line.split()[:3] for line in printed.splitlines()]
    assert ["engine", "Topic", stream.prefix + "touchpoints"] in rights
    assert ["engine", "Topic", stream.prefix + "leads.shadow"] in rights
    assert ["engine", "Group", stream.prefix + "waterhole.shadow"] in rights
    assert ["engine", "TransactionalId", stream.prefix + "waterhole.shadow-*"] in rights
    topics = {name for _, kind, name in filter(lambda right: len(right) == 3, rights) if kind == "Topic"}
    assert stream.prefix + "leads" not in topics
    assert not any(right and right[0] == "collect" for right in rights)
