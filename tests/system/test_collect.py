"""`waterhole collect` before a real broker, read with a client that is not ours."""
import json
import os
import signal
import subprocess
import time
import uuid

import pytest
import requests
from confluent_kafka import Consumer

from engine import WATERHOLE, free_port, now, wait_for
from kafka import Kafka, KafkaNetwork, free_ports


class Door:
    """One `collect`, on topics of its own."""

    def __init__(self, folder, broker, bootstrap=None, prefix=None, **environment):
        self.prefix = prefix or f"c{uuid.uuid4().hex[:8]}."
        self.broker = broker
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ, "WATERHOLE_KAFKA_BOOTSTRAP": bootstrap or broker.bootstrap,
            "WATERHOLE_KAFKA_PREFIX": self.prefix, "WATERHOLE_LISTEN": f"127.0.0.1:{self.port}",
            **environment}
        self.folder = folder
        self.err = (folder / "err").open("ab")
        if prefix is None:
            subprocess.run([WATERHOLE, "init", "--partitions", "3"], check=True, cwd=folder,
                           env=self.environment, stdout=subprocess.DEVNULL)
        self.start()

    def start(self):
        self.process = subprocess.Popen([WATERHOLE, "collect"], cwd=self.folder, stderr=self.err,
                                        env=self.environment)
        wait_for(self.is_up)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.err.close()

    def is_up(self):
        assert self.process.poll() is None, self.said()
        try:
            return requests.get(self.url + "/readyz", timeout=5).status_code == 200
        except requests.ConnectionError:
            return False

    def said(self):
        return (self.folder / "err").read_text()

    def send(self, *touches, **options):
        body = "\n".join(json.dumps(touch) for touch in touches)
        return requests.post(self.url + "/v1/touchpoints", data=body, timeout=60, **options)

    def records(self, topic, count, seconds=0):
        """At least so many, and what else comes within so many seconds."""
        consumer = Consumer({"bootstrap.servers": self.broker.bootstrap, "group.id": uuid.uuid4().hex,
                             "auto.offset.reset": "earliest"})
        consumer.subscribe([self.prefix + topic])
        found = []

        def take():
            message = consumer.poll(0.1)
            if message is not None and message.error() is None:
                found.append(message)
            return len(found) >= count and time.monotonic() >= end

        end = time.monotonic() + seconds
        wait_for(take)
        consumer.close()
        return found


def touch(number, **members):
    return {"id": f"t-{number}", "type": "page_view", "occurred_at": now(),
            "identifiers": {"user": f"u{number}"}, **members}


@pytest.fixture
def door(kafka, tmp_path):
    with Door(tmp_path, kafka) as collect:
        yield collect


def test_what_is_acknowledged_is_in_kafka_under_its_key(door):
    answer = door.send(*[touch(n) for n in range(100)])
    assert (answer.status_code, answer.json()) == (200, {"accepted": 100})
    found = {json.loads(m.value())["id"]: m for m in door.records("touchpoints", 100)}
    assert sorted(found) == sorted(f"t-{n}" for n in range(100))
    assert found["t-7"].key() == b"user:u7"
    assert "received_at" in json.loads(found["t-7"].value())
    assert {m.partition() for m in found.values()} == {0, 1, 2}


def test_what_cannot_be_used_is_rejected_with_its_reason(door):
    answer = requests.post(door.url + "/v1/touchpoints", timeout=60,
                           data=json.dumps(touch(1)) + '\n{"type": "page_view"}\n')
    assert answer.status_code == 207
    assert [r["reason"] for r in answer.json()["rejected"]] == ["missing"]
    rejected = door.records("rejected", 1)[0]
    assert rejected.value() == b'{"type": "page_view"}'
    assert dict(rejected.headers())["wh-reason"] == b"missing"


def test_only_paths_of_a_door_are_there(door):
    assert requests.get(door.url + "/v1/leads/user:u1", timeout=5).status_code == 404
    paths = requests.get(door.url + "/", timeout=5).json()["paths"]
    assert paths == ["POST /v1/touchpoints", "GET /healthz", "GET /readyz", "GET /metrics",
                     "GET /v1/recent"]
    assert "waterhole_http_requests_total" in requests.get(door.url + "/metrics", timeout=5).text


def test_it_ends_in_order(door):
    assert door.send(touch(1)).status_code == 200
    door.process.send_signal(signal.SIGTERM)
    assert door.process.wait(timeout=5) == 0
    assert len(door.records("touchpoints", 1)) == 1


def test_without_a_broker_touches_are_answered_503_and_taken_again_afterwards(tmp_path):
    outside = free_ports()
    (tmp_path / "broker").mkdir()
    with Kafka(tmp_path / "broker", advertised=f"127.0.0.1:{outside}") as broker:
        network = KafkaNetwork(outside, broker.port)
        with Door(tmp_path, broker, f"127.0.0.1:{outside}", WATERHOLE_COLLECT_PATIENCE="500ms",
                  WATERHOLE_COLLECT_QUEUE="1KiB") as door:
            wait_for(lambda: door.send(touch(1)).status_code == 200)
            network.cut()
            answers = [door.send(touch(n)).status_code for n in range(2, 12)]
            assert answers[0] == 503
            assert answers[-1] == 429  # what waits for the broker fills the queue
            network.restore()
            wait_for(lambda: door.send(touch(99)).status_code == 200)
            # What was answered 503 may come as well, so the number of records is not known.
            wait_for(lambda: {"t-1", "t-99"} <= {json.loads(message.value())["id"]
                                                 for message in door.records("touchpoints", 2, seconds=1)})
        network.close()
