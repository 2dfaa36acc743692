"""`waterhole init` at a real broker, looked at with a client that is not ours."""
import os
import pathlib
import subprocess
import uuid

import pytest
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic

from engine import wait_for

TOP = pathlib.Path(__file__).resolve().parents[2]
WATERHOLE = pathlib.Path(os.environ.get("WATERHOLE", TOP / "build/dev/waterhole")).resolve()
TOPICS = ["touchpoints", "handoff", "journal", "leads", "rejected", "states", "models"]
DAY_MS = 24 * 60 * 60 * 1000


class Desk:
    def __init__(self, bootstrap, folder):
        self.prefix = f"i{uuid.uuid4().hex[:8]}."
        self.folder = folder
        self.bootstrap = bootstrap
        self.admin = AdminClient({"bootstrap.servers": bootstrap})

    def init(self, *words, **environment):
        return subprocess.run(
            [WATERHOLE, "init", *words], cwd=self.folder, capture_output=True, text=True,
            timeout=60, check=False,
            env={**os.environ, "WATERHOLE_KAFKA_BOOTSTRAP": self.bootstrap,
                 "WATERHOLE_KAFKA_PREFIX": self.prefix, **environment})

    def partitions(self):
        topics = self.admin.list_topics(timeout=30).topics
        return {name.removeprefix(self.prefix): len(topic.partitions)
                for name, topic in topics.items() if name.startswith(self.prefix)}

    def setting(self, topic, name):
        resource = ConfigResource(ConfigResource.Type.TOPIC, self.prefix + topic)
        return self.admin.describe_configs([resource])[resource].result(30)[name].value

    def make(self, topic, partitions, config=None):
        name = self.prefix + topic
        self.admin.create_topics([NewTopic(name, partitions, 1, config=config or {})])[
            name].result(30)
        wait_for(lambda: self.partitions().get(topic) == partitions)


@pytest.fixture
def desk(kafka, tmp_path):
    return Desk(kafka.bootstrap, tmp_path)


def test_it_makes_the_topics_with_their_settings(desk):
    done = desk.init("--partitions", "5")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == len(TOPICS)
    assert desk.partitions() == {topic: 1 if topic == "models" else 5 for topic in TOPICS}
    assert desk.setting("journal", "cleanup.policy") == "compact"
    assert int(desk.setting("journal", "min.compaction.lag.ms")) == DAY_MS
    assert desk.setting("states", "cleanup.policy") == "compact"
    assert desk.setting("touchpoints", "cleanup.policy") == "delete"
    assert int(desk.setting("handoff", "retention.ms")) == 7 * DAY_MS
    assert int(desk.setting("handoff", "max.message.bytes")) > 512 * 1024


def test_a_second_time_changes_nothing(desk):
    assert desk.init("--partitions", "3").returncode == 0
    done = desk.init()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("was there") == len(TOPICS)
    assert desk.partitions()["journal"] == 3


def test_long_intervals_are_kept_for_longer(desk):
    assert desk.init("--partitions", "1", WATERHOLE_ENGINE_SNAPSHOT="3d").returncode == 0
    assert int(desk.setting("journal", "min.compaction.lag.ms")) == 12 * DAY_MS
    assert int(desk.setting("touchpoints", "retention.ms")) == 12 * DAY_MS


def test_the_others_get_as_many_partitions_as_those_that_are_there(desk):
    desk.make("touchpoints", 7)
    assert desk.init().returncode == 0
    assert desk.partitions()["journal"] == 7


def test_partitions_that_disagree_are_refused(desk):
    desk.make("touchpoints", 4)
    desk.make("journal", 3, {"cleanup.policy": "compact"})
    done = desk.init()
    assert done.returncode == 2
    assert f"topic {desk.prefix}touchpoints has 4 partitions and {desk.prefix}journal has 3" in (
        done.stderr)
    assert sorted(desk.partitions()) == ["journal", "touchpoints"]


def test_another_number_than_that_of_the_topics_is_refused(desk):
    assert desk.init("--partitions", "2").returncode == 0
    done = desk.init("--partitions", "3")
    assert done.returncode == 2
    assert "have 2 partitions, not 3: the number never changes in place" in done.stderr


def test_a_journal_that_is_not_compacted_is_refused(desk):
    desk.make("journal", 2, {"cleanup.policy": "delete"})
    done = desk.init()
    assert done.returncode == 2
    assert f'topic {desk.prefix}journal has the wrong cleanup.policy: set it to "compact"' in (
        done.stderr)


def test_print_changes_nothing_and_names_the_rights(desk):
    done = desk.init("--print")
    assert (done.returncode, done.stderr) == (0, "")
    assert desk.partitions() == {}
    for topic in TOPICS:
        assert f"\n{desk.prefix}{topic} " in "\n" + done.stdout
    rights = [line.split(maxsplit=3) for line in done.stdout.splitlines()]
    assert ["engine", "Topic", desk.prefix + "journal",
            "Read, Write, Describe, DescribeConfigs"] in rights
    assert ["collect", "Topic", desk.prefix + "touchpoints",
            "Write, Describe, DescribeConfigs"] in rights
    assert ["engine", "TransactionalId", desk.prefix + "waterhole-*", "Write, Describe"] in rights


def test_without_a_broker_it_says_so(tmp_path):
    done = Desk("127.0.0.1:1", tmp_path).init()
    assert done.returncode == 3
    assert "Kafka at 127.0.0.1:1 does not answer" in done.stderr


def test_without_the_name_of_a_broker_it_says_what_to_do(desk):
    done = desk.init(WATERHOLE_KAFKA_BOOTSTRAP="")
    assert done.returncode == 2
    assert 'name one as "kafka.bootstrap"' in done.stderr


@pytest.mark.parametrize("properties, message", [
    ("acks=1", '"acks" cannot be set: all copies must have a record'),
    ("isolation.level=read_uncommitted", '"isolation.level" cannot be set'),
    ("no.such.property=1", 'No such configuration property: "no.such.property"'),
    ("socket.timeout.ms=soon", "socket.timeout.ms"),
])
def test_properties_that_cannot_be_are_refused(desk, properties, message):
    done = desk.init("--print", WATERHOLE_KAFKA_PROPERTIES=properties)
    assert done.returncode == 2
    assert message in done.stderr


def test_other_properties_go_through(desk):
    done = desk.init("--print", WATERHOLE_KAFKA_PROPERTIES="compression.type=lz4,"
                     "security.protocol=ssl,sasl.mechanisms=PLAIN")
    assert (done.returncode, done.stderr) == (0, "")
