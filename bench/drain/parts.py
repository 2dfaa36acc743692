"""What the peers stand on: a broker, a topic full of touches, a Redis; and what processes used."""
import dataclasses
import os
import pathlib
import sys
import time

from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests/system"))

from kafka import Kafka  # noqa: E402
from stream import Redis  # noqa: E402

# Nothing takes longer, unless it hangs.
PATIENCE = 900
TICKS = os.sysconf("SC_CLK_TCK")
# Of a broker that is no bottleneck.
os.environ.setdefault("KAFKA_HEAP", "1g")


@dataclasses.dataclass
class Used:
    """Since its start, by one process: seconds of the processor, and the most memory in MiB."""
    cpu: float
    peak: float


def used_by(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    return Used((int(fields[11]) + int(fields[12])) / TICKS, peak / 1024)


class Parts:
    """One broker and one Redis for all runs; each run has topics and keys of its own."""

    def __init__(self, folder, partitions):
        self.folder = pathlib.Path(folder)
        self.partitions = partitions
        (self.folder / "kafka").mkdir()
        (self.folder / "redis").mkdir()
        self.kafka = Kafka(self.folder / "kafka")
        self.redis = Redis(self.folder / "redis")

    def __enter__(self):
        self.kafka.__enter__()
        self.redis.__enter__()
        return self

    def __exit__(self, *unused):
        self.redis.__exit__()
        self.kafka.__exit__()

    def broker_pid(self):
        return int((self.folder / "kafka/node1/pid").read_text())

    def empty_redis(self):
        """Between two runs, with its memory and the peak of it."""
        self.redis.__exit__()
        self.redis.__enter__()

    def add_topic(self, name):
        admin = AdminClient({"bootstrap.servers": self.kafka.bootstrap})
        admin.create_topics([NewTopic(name, self.partitions, 1)])[name].result(60)
        while name not in admin.list_topics(timeout=60).topics:
            time.sleep(0.05)

    def delete_topics(self, prefix):
        """What a run has left; no more than that matters to the next."""
        admin = AdminClient({"bootstrap.servers": self.kafka.bootstrap})
        names = [name for name in admin.list_topics(timeout=60).topics if name.startswith(prefix)]
        for future in (admin.delete_topics(names) if names else {}).values():
            future.result(60)

    def producer(self, **options):
        return Producer({"bootstrap.servers": self.kafka.bootstrap, "partitioner": "murmur2_random",
                         "compression.type": "lz4", "enable.idempotence": True, **options})

    def fill(self, topic, touches):
        self.add_topic(topic)
        producer = self.producer(**{"linger.ms": 50, "batch.size": 262144,
                                    "queue.buffering.max.messages": 1_000_000})
        for touch in touches:
            while True:
                try:
                    producer.produce(topic, touch.value(), touch.key())
                    break
                except BufferError:
                    producer.poll(0.1)
            producer.poll(0)
        assert producer.flush(PATIENCE) == 0

    def consumer(self, topic):
        """Of all partitions of the topic, of what was committed."""
        consumer = Consumer({"bootstrap.servers": self.kafka.bootstrap, "group.id": "bench",
                             "isolation.level": "read_committed", "enable.auto.commit": False,
                             "enable.partition.eof": True, "auto.offset.reset": "earliest",
                             "fetch.wait.max.ms": 100})
        consumer.assign([TopicPartition(topic, p, 0) for p in range(self.partitions)])
        return consumer

    def read_all(self, topic):
        """Values, until the end of each partition."""
        consumer = self.consumer(topic)
        ends, values, patience = set(), [], time.monotonic() + PATIENCE
        while len(ends) < self.partitions:
            assert time.monotonic() < patience, f"{topic} has no end"
            for message in consumer.consume(1000, 0.1):
                if message.error() is None:
                    values.append(message.value())
                elif message.error().code() == KafkaError._PARTITION_EOF:
                    ends.add(message.partition())
        consumer.close()
        return values
