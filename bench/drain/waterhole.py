"""`engine` as one of the peers."""
import json
import os
import pathlib
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request

from engine import free_port
from parts import PATIENCE

MODEL = pathlib.Path(__file__).with_name("model.yaml")
# How often it is asked how far it is. Being asked costs it little.
LOOK = 0.02


class Waterhole:
    """A run on topics and keys with the given prefix."""
    name = "waterhole"

    def __init__(self, parts, program, cores, prefix, topic, is_past):
        self.parts, self.program, self.prefix = parts, program, prefix
        self.results = prefix + "leads"
        self.port = free_port()
        own = {f"WATERHOLE_KAFKA_TOPICS_{name.upper()}": prefix + name for name in
               ("leads", "rejected", "handoff", "journal", "states", "models")}
        past = {"WATERHOLE_ENGINE_CLOCK": "log", "WATERHOLE_ENGINE_ANNOUNCE_NOT_OLDER_THAN": "0s"}
        self.environment = {
            **os.environ, **own, **(past if is_past else {}),
            "WATERHOLE_KAFKA_BOOTSTRAP": parts.kafka.bootstrap,
            "WATERHOLE_KAFKA_TOPICS_TOUCHPOINTS": topic, "WATERHOLE_KAFKA_GROUP": prefix + "group",
            "WATERHOLE_STORE": parts.redis.url, "WATERHOLE_STORE_PREFIX": prefix,
            "WATERHOLE_MODEL": str(MODEL), "WATERHOLE_INSTANCE": "bench",
            "WATERHOLE_ENGINE_SHARDS": str(len(cores)),
            "WATERHOLE_ENGINE_LISTEN": f"127.0.0.1:{self.port}", "WATERHOLE_LOG_LEVEL": "warning"}
        self.cores = cores
        self.process = None

    def __enter__(self):
        subprocess.run([self.program, "init", "--partitions", str(self.parts.partitions)],
                       check=True, env=self.environment, stdout=subprocess.DEVNULL)
        self.process = subprocess.Popen([self.program, "engine"], env=self.environment,
                                        preexec_fn=lambda: os.sched_setaffinity(0, self.cores))
        return self

    def __exit__(self, *unused):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def pids_of_store(self):
        return [self.parts.redis.process.pid]

    def touches(self):
        """So many were decided, and that was committed."""
        assert self.process.poll() is None, "the engine ended"
        try:
            url = f"http://127.0.0.1:{self.port}/metrics"
            with urllib.request.urlopen(url, timeout=10) as page:
                text = page.read().decode()
        except (urllib.error.URLError, ConnectionError):
            return 0
        return sum(int(n) for n in re.findall(r"^waterhole_touches_total\{.*\} (\d+)$", text, re.M))

    def wait_until(self, count):
        patience = time.monotonic() + PATIENCE
        while self.touches() < count:
            assert time.monotonic() < patience, f"{self.touches()} of {count} after {PATIENCE} s"
            time.sleep(LOOK)

    def wait_begun(self):
        self.wait_until(1)

    def wait_done(self, count):
        self.wait_until(count)

    def wait_ready(self):
        patience = time.monotonic() + PATIENCE
        while time.monotonic() < patience:
            try:
                url = f"http://127.0.0.1:{self.port}/readyz"
                with urllib.request.urlopen(url, timeout=10):
                    return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(LOOK)
        raise AssertionError("not ready")

    def end(self):
        """What was begun is committed."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(60) == 0

    @staticmethod
    def cause(value):
        """The touch that made the lead ripe; None: another event."""
        event = json.loads(value)
        return event["why"]["because"]["touch"] if event["type"] == "lead.qualified" else None
