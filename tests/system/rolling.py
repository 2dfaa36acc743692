"""Touches at an even rate, and how long each of them waits for its event, by the partition in which it
lies: what a partition that stands still costs."""
import collections
import json
import signal
import threading
import time

from engine import touch, wait_for


class Feeder(threading.Thread):
    """Every touch is announced."""

    def __init__(self, stream, rate, leads):
        super().__init__(daemon=True)
        self.stream, self.rate, self.leads = stream, rate, leads
        self.at = {}  # (partition, moment) by id, once the broker has it
        self.is_over = threading.Event()

    def run(self):
        began = time.monotonic()
        number = 0
        while not self.is_over.wait(max(0, began + number / self.rate - time.monotonic())):
            self.stream.send_later(touch(number, number * 7919 % self.leads, path="/announced"),
                                   on_delivery=self.note)
            number += 1

    def note(self, error, message):
        assert error is None, error
        self.at[json.loads(message.value())["id"]] = (message.partition(), time.monotonic())

    def end(self):
        self.is_over.set()
        self.join()
        self.stream.flush()


class Follower(threading.Thread):
    """Events as they are committed."""

    def __init__(self, stream):
        super().__init__(daemon=True)
        self.consumer = stream.consumer()
        stream.assign(self.consumer, "leads")
        self.at = collections.defaultdict(list)  # moments by the touch
        self.is_over = False

    def run(self):
        while not self.is_over:
            message = self.consumer.poll(0.02)
            if message is not None and message.error() is None:
                event = json.loads(message.value())
                self.at[event["touches"][0]].append(time.monotonic())
        self.consumer.close()

    def end(self):
        self.is_over = True
        self.join()


class Load:
    """Both of them. After it: `longest` by partition in seconds, `lost`, `twice`."""

    def __init__(self, stream, rate, leads=500):
        self.feeder, self.follower = Feeder(stream, rate, leads), Follower(stream)

    def __enter__(self):
        self.follower.start()
        self.feeder.start()
        return self

    def __exit__(self, kind, *unused):
        self.feeder.end()
        if kind is None:
            wait_for(lambda: len(self.follower.at) >= len(self.feeder.at))
        self.follower.end()

    def longest(self, begin=0.0, end=float("inf")):
        """Of what was sent between two moments."""
        found = collections.Counter()
        for name, (partition, at) in self.feeder.at.items():
            if begin <= at < end and name in self.follower.at:
                found[partition] = max(found[partition], self.follower.at[name][0] - at)
        return found

    def lost(self):
        return self.feeder.at.keys() - self.follower.at.keys()

    def twice(self):
        return [name for name, moments in self.follower.at.items() if len(moments) > 1]


def restart(engines, settle):
    """One after the other ends in order and comes back; then every partition has an owner again."""
    for engine in engines:
        assert engine.kill(signal.SIGTERM) == 0
        engine.start()
        engine.wait()
        wait_for(lambda: sum(one.partitions() for one in engines) == engine.stream.partitions)
        time.sleep(settle)
