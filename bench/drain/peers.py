"""Other engines as peers: processes of Java that say how far they are."""
import fcntl
import json
import os
import select
import shutil
import subprocess
import time

from parts import PATIENCE, TOP

# How often what came out becomes readable. Where throughput is measured nobody waits for it.
DRAIN_MS, STREAMS_STEADY_MS, FLINK_DRAIN_MS, FLINK_STEADY_MS = 100, 10, 1000, 100
# The collector that is best at the thing measured, as its README says.
FLAGS = {True: ["-XX:+UseParallelGC", "-Xms1500m", "-Xmx1500m", "-Xmn600m"],
         False: ["-XX:+UseSerialGC", "-Xmx1500m"]}


def build(name):
    """The peer's classes and what they need, in the build folder."""
    folder = TOP / "build/peer" / name
    subprocess.run(["mvn", "-q", "-B", "-Dstyle.color=never", "-f", TOP / "bench/peer" / name / "pom.xml", "package",
                    "dependency:copy-dependencies", "-DincludeScope=runtime",
                    f"-DoutputDirectory={folder / 'lib'}"], check=True)
    jar = next(folder.glob("*.jar"))
    return f"{jar}:{folder / 'lib'}/*"


class Peer:
    """A run that reads `topic` and writes to a topic of its own."""
    name = ""

    def __init__(self, parts, classes, cores, prefix, topic, touches, is_past):
        self.parts, self.classes, self.cores, self.prefix = parts, classes, cores, prefix
        self.topic, self.touches, self.is_past = topic, touches, is_past
        self.results = prefix + "leads"
        self.state = parts.folder / (prefix + "state")
        self.process, self.said = None, b""

    def arguments(self):
        raise NotImplementedError

    def drained_ms(self):
        """After the last touch, until everything is readable."""
        raise NotImplementedError

    def __enter__(self):
        self.parts.add_topic(self.results)
        self.state.mkdir()
        log = (self.parts.folder / (self.prefix + "log")).open("wb")
        self.process = subprocess.Popen(
            ["java", *FLAGS[self.is_past], "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
             *self.flags(), "-cp", self.classes, *self.arguments()], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=log, bufsize=0,
            preexec_fn=lambda: os.sched_setaffinity(0, self.cores))
        log.close()
        fcntl.fcntl(self.process.stdout, fcntl.F_SETFL, os.O_NONBLOCK)
        return self

    def flags(self):
        return []

    def __exit__(self, *unused):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        shutil.rmtree(self.state)

    def pids_of_store(self):
        return []

    def wait_word(self, word):
        end = time.monotonic() + PATIENCE
        while word not in self.said.split():
            assert time.monotonic() < end, f"{self.name} never said {word}"
            if select.select([self.process.stdout], [], [], 1)[0]:
                more = self.process.stdout.read()
                log = self.parts.folder / (self.prefix + "log")
                assert more, f"{self.name} ended: {log.read_text()[-3000:]}"
                self.said += more

    def wait_ready(self):
        self.wait_word(b"ready")

    def wait_begun(self):
        self.wait_word(b"begun")

    def wait_done(self, count):
        assert count == self.touches
        self.wait_word(b"done")

    def end(self):
        """At an even rate there is no last touch; what was awaited is there."""
        if self.is_past:
            time.sleep(self.drained_ms() / 1000)
            self.process.stdin.close()
            self.process.wait(120)
        else:
            self.process.kill()

    @staticmethod
    def cause(value):
        """The touch that made the lead ripe."""
        return json.loads(value)["cause"]


class KafkaStreams(Peer):
    """State in memory and in a changelog at the broker."""
    name = "kafka-streams"

    def arguments(self):
        return ["Peer", self.parts.kafka.bootstrap, self.topic, self.results, str(self.touches),
                str(self.state), str(len(self.cores)),
                str(DRAIN_MS if self.is_past else STREAMS_STEADY_MS), "memory"]

    def drained_ms(self):
        return 5 * DRAIN_MS


class Flink(Peer):
    """State in memory and in files: whole ones for a drain, changes where decisions are awaited."""
    name = "flink"

    def flags(self):
        return [f"-Dpartitions={self.parts.partitions}"]

    def arguments(self):
        every, state = ((FLINK_DRAIN_MS, "heap") if self.is_past
                        else (FLINK_STEADY_MS, "heap-changelog"))
        return ["PeerFlink", self.parts.kafka.bootstrap, self.topic, self.results,
                str(self.touches), str(self.state), str(len(self.cores)), str(every), state,
                "chain"]

    def drained_ms(self):
        return 3 * FLINK_DRAIN_MS + 1000


PEERS = {peer.name: peer for peer in (KafkaStreams, Flink)}
