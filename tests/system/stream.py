"""Kafka, Redis, engines and a door: the whole stream, with clients that are not ours."""
import json
import os
import signal
import subprocess
import time
import uuid

import redis
import requests
from confluent_kafka import Consumer, Producer, TopicPartition

from engine import MODEL, PATIENCE, WATERHOLE, free_port, wait_for

# A dead engine's partitions stand still for so long.
QUICK = "session.timeout.ms=1000,heartbeat.interval.ms=200"


class Redis:
    def __init__(self, folder, *options):
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}"
        self.client = redis.Redis(port=self.port)
        self.options = options
        self.process = None

    def __enter__(self):
        return self.start()

    def start(self):
        """With what the folder's dump holds."""
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--save", "", "--dir", self.folder,
             *self.options], stdout=subprocess.DEVNULL)
        wait_for(self.is_up)
        return self

    def is_up(self):
        try:
            return self.client.ping()
        except redis.ConnectionError:
            return False

    def kill(self):
        self.process.kill()
        self.process.wait()

    def __exit__(self, *unused):
        self.kill()


class Stream:
    """Topics and keys of their own."""

    def __init__(self, folder, kafka, store, partitions=4, model=MODEL, **environment):
        self.folder = folder
        self.kafka = kafka
        self.store = store
        self.partitions = partitions
        self.prefix = f"s{uuid.uuid4().hex[:8]}."
        self.model = folder / "model.yaml"
        self.model.write_text(model)
        self.engines = []
        self.environment = {
            **os.environ, "WATERHOLE_KAFKA_BOOTSTRAP": kafka.bootstrap,
            "WATERHOLE_KAFKA_PREFIX": self.prefix, "WATERHOLE_STORE": store.url,
            "WATERHOLE_STORE_PREFIX": self.prefix, "WATERHOLE_MODEL": str(self.model),
            "WATERHOLE_KAFKA_PROPERTIES": QUICK, "WATERHOLE_ENGINE_SHARDS": "2",
            "WATERHOLE_LOG_LEVEL": "debug", **environment}
        self.producer = Producer({"bootstrap.servers": kafka.bootstrap,
                                  "partitioner": "murmur2_random", "linger.ms": 5, "log_level": 0,
                                  "enable.idempotence": True})
        self.init(partitions)

    def init(self, partitions, **environment):
        subprocess.run([WATERHOLE, "init", "--partitions", str(partitions)], check=True,
                       cwd=self.folder, env={**self.environment, **environment}, stdout=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        for engine in self.engines:
            engine.process.kill()
            engine.process.wait()
        said = "".join(e.said() for e in self.engines)
        assert "Sanitizer" not in said, said[said.index("Sanitizer") - 200:][:5000]

    def engine(self, name, **environment):
        engine = Engine(self, name, environment)
        self.engines.append(engine)
        return engine

    def send(self, *touches):
        for touch in touches:
            self.send_later(touch)
        self.flush()

    def send_later(self, touch, **options):
        """Under its key; waits only while the client has no room."""
        kind, value = next(iter(touch["identifiers"].items()))
        while True:
            try:
                self.producer.produce(self.prefix + "touchpoints", json.dumps(touch),
                                      f"{kind}:{value}", **options)
                break
            except BufferError:
                self.producer.poll(0.1)
        self.producer.poll(0)

    def flush(self):
        assert self.producer.flush(PATIENCE) == 0

    def consumer(self):
        return Consumer({"bootstrap.servers": self.kafka.bootstrap, "group.id": uuid.uuid4().hex,
                         "auto.offset.reset": "earliest", "isolation.level": "read_committed",
                         "enable.auto.commit": False, "log_level": 0})

    def assign(self, consumer, topic, begin=0):
        """All of it, from the beginning, or from what comes now: OFFSET_END."""
        partitions = consumer.list_topics(self.prefix + topic, 30).topics[self.prefix + topic]
        consumer.assign([TopicPartition(self.prefix + topic, p, begin)
                         for p in partitions.partitions])

    def read(self, topic, is_enough, patience=PATIENCE):
        """Committed messages from the beginning, until there are enough."""
        consumer = self.consumer()
        self.assign(consumer, topic)
        found = []
        end = time.monotonic() + patience
        while not is_enough(found) and time.monotonic() < end:
            message = consumer.poll(0.1)
            if message is not None and message.error() is None:
                found.append(message)
        consumer.close()
        assert is_enough(found), f"only {len(found)} in {topic}"
        return found

    def events(self, count, grace=0.0, **options):
        """Lead events, at least so many; then what comes within the grace."""
        until = []

        def is_enough(found):
            if len(found) >= count and not until:
                until.append(time.monotonic() + grace)
            return bool(until) and time.monotonic() >= until[0]

        return [json.loads(m.value()) for m in self.read("leads", is_enough, **options)]


class Engine:
    """One process; `start` again after `kill`."""

    def __init__(self, stream, name, environment):
        self.stream = stream
        self.name = name
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {**stream.environment, "WATERHOLE_INSTANCE": name,
                            "WATERHOLE_ENGINE_LISTEN": f"127.0.0.1:{self.port}", **environment}
        self.err = stream.folder / f"{name}.err"
        self.process = None
        self.start()

    def start(self):
        with self.err.open("ab") as err:
            self.process = subprocess.Popen([WATERHOLE, "engine"], stderr=err,
                                            cwd=self.stream.folder, env=self.environment)

    def said(self):
        return self.err.read_text()

    def is_ready(self):
        assert self.process.poll() is None, self.said()[-3000:]
        try:
            return requests.get(self.url + "/readyz", timeout=5).status_code == 200
        except requests.ConnectionError:
            return False

    def wait(self):
        wait_for(self.is_ready)
        return self

    def metric(self, name):
        for line in requests.get(self.url + "/metrics", timeout=5).text.splitlines():
            if line.startswith(name + " "):
                return float(line.split()[-1])
        raise KeyError(name)

    def value(self, name):
        """As metric, of a series that is left away until it counts."""
        try:
            return self.metric(name)
        except KeyError:
            return 0.0

    def touches(self, result):
        """Touches that this process has counted for their leads, of any source."""
        text = requests.get(self.url + "/metrics", timeout=5).text
        return sum(int(line.split()[-1]) for line in text.splitlines()
                   if line.startswith("waterhole_touches_total") and f'result="{result}"' in line)

    def partitions(self):
        return int(self.metric('waterhole_partitions{state="ready"}'))

    def kill(self, with_signal=signal.SIGKILL):
        """It was there until now: nobody else may have ended it, such as a sanitizer."""
        assert self.process.poll() is None, self.said()[-3000:]
        self.process.send_signal(with_signal)
        return self.process.wait(PATIENCE)
