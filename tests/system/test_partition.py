"""A partition whose store is of another life: it is not worked on until a person gives that up."""
import json
import subprocess

import pytest
import requests

from engine import PATIENCE, WATERHOLE, touch, wait_for
from stream import Redis, Stream

PARTITIONS = 2
SAME = {"WATERHOLE_STORE_PREFIX": "same", "WATERHOLE_ENGINE_SHARDS": "1", "WATERHOLE_LOG_LEVEL": "info"}


@pytest.fixture(name="store")
def _store(tmp_path):
    with Redis(tmp_path) as server:
        yield server


class Life:
    """Topics of their own, and a store that others have used or will use."""

    def __init__(self, folder, kafka, store, **more):
        folder.mkdir()
        self.stream = Stream(folder, kafka, store, PARTITIONS, **SAME, **more)

    def live(self, touches, name="e0"):
        """Takes the touches, then ends in order."""
        engine = self.stream.engine(name).wait()
        self.stream.send(*touches)
        wait_for(lambda: self.all_read(engine))
        assert engine.kill(15) == 0

    @staticmethod
    def all_read(engine):
        lines = requests.get(engine.url + "/metrics", timeout=5).text
        return "\nwaterhole_lag_records{" not in lines and "\nwaterhole_store_dirty_entries 0" in lines and \
            engine.partitions() == PARTITIONS

    def partition(self, number, *words):
        return subprocess.run([WATERHOLE, "partition", str(number), *words], capture_output=True, text=True,
                              timeout=PATIENCE, env=self.stream.environment, cwd=self.stream.folder)

    def score(self, lead):
        run = subprocess.run([WATERHOLE, "lead", f"user:u{lead}", "--json"], capture_output=True, timeout=PATIENCE,
                             env=self.stream.environment, cwd=self.stream.folder, check=True)
        return json.loads(run.stdout)["scores"]["touches"]


def dump(store):
    return {key: store.client.dump(key) for key in store.client.keys("same:*")}


def restore(store, keys):
    store.client.flushall()
    for key, value in keys.items():
        store.client.restore(key, 0, value)


def stopped(engine):
    def is_so():
        try:
            return engine.metric('waterhole_partitions{state="stopped"}') == PARTITIONS
        except requests.ConnectionError:
            return False
    wait_for(is_so)
    return engine.said()


def touches(begin, end):
    """Of ten leads, in both partitions."""
    return [touch(n, n % 10) for n in range(begin, end)]


def give_up(life, engine, entities):
    for number in range(PARTITIONS):
        done = life.partition(number, "--accept-loss")
        assert done.returncode == 0, done.stderr
        assert f"given up: {entities[number]} entities of the store" in done.stderr
    wait_for(lambda: engine.partitions() == PARTITIONS)
    for number in range(PARTITIONS):
        assert f"partition {number} works again; given up: " in engine.said()
    assert "all that the store held of another life" in engine.said()
    assert engine.metric('waterhole_lost_total{what="store"}') == PARTITIONS


def test_a_foreign_dump_is_refused_until_it_is_given_up(kafka, store, tmp_path):
    other = Life(tmp_path / "other", kafka, store)
    life = Life(tmp_path / "life", kafka, store)
    with other.stream, life.stream:
        other.live([touch(n, 100 + n) for n in range(30)])
        foreign = dump(store)
        store.client.flushall()
        life.live(touches(0, 40))
        restore(store, foreign)
        engine = life.stream.engine("e1")
        assert "the store is of another life of this partition; `waterhole partition 0` says what" in stopped(engine)
        assert requests.get(engine.url + "/healthz", timeout=5).status_code == 503

        entities = []
        for number in range(PARTITIONS):
            looked = life.partition(number)
            assert looked.returncode == 1 and "the store is of another life" in looked.stdout
            assert "--accept-loss" in looked.stdout
            entities.append(json.loads(life.partition(number, "--json").stdout)["store"]["entities"])
        assert sum(entities) == 30
        assert dump(store) == foreign  # looking changes nothing
        give_up(life, engine, entities)

        life.stream.send(*touches(40, 60))
        wait_for(lambda: life.all_read(engine))
        # Of this life nothing is lost: its states are made of its journal again.
        assert [life.score(lead) for lead in range(10)] == [6] * 10
        assert engine.metric('waterhole_lost_total{what="journal"}') == 0
        assert engine.metric('waterhole_lost_total{what="records"}') == 0
        sound = life.partition(0)
        assert sound.returncode == 0 and "It cannot work" not in sound.stdout
        assert not any(key in store.client.keys("same:*") for key in foreign if b":e:" in key)


def test_a_store_that_knows_a_partition_with_an_empty_journal(kafka, store, tmp_path):
    former = Life(tmp_path / "former", kafka, store)
    life = Life(tmp_path / "life", kafka, store)
    with former.stream, life.stream:
        former.live(touches(0, 20))
        engine = life.stream.engine("e1")
        assert "the journal is empty, but the store knows the partition" in stopped(engine)
        looked = life.partition(1)
        assert looked.returncode == 1 and "the journal is empty" in looked.stdout
        entities = [json.loads(life.partition(n, "--json").stdout)["store"]["entities"] for n in range(PARTITIONS)]
        assert sum(entities) == 10
        give_up(life, engine, entities)
        life.stream.send(*touches(0, 30))
        wait_for(lambda: life.all_read(engine))
        assert [life.score(lead) for lead in range(10)] == [3] * 10


def test_a_word_without_an_engine_gives_nothing_up(kafka, store, tmp_path):
    life = Life(tmp_path / "life", kafka, store)
    with life.stream:
        life.live(touches(0, 10))
        assert life.partition(0).returncode == 0
        assert life.partition(PARTITIONS).returncode == 2
        assert life.partition("x").returncode == 2
