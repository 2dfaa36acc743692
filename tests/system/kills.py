"""The same touches through two streams: one that nobody disturbs, and one whose engines are killed.
The clock is that of the touches, so nothing may differ: what was told of whom no touch comes by way of
another partition, and of everybody what stands in the end."""
import collections
import json
import random
import threading
import time

import requests

from engine import PATIENCE, touch, wait_for
from stream import Stream
from test_sample_stream import Standing

DAY = 86_400
DAYS = 30
BEGIN = 1_767_225_600  # a fixed moment: the clock of the machine has no part in it
# So long after the last touch each lead is asked what is known of it.
ASKED = BEGIN + (DAYS + 1) * DAY
DEVICE_OF = 5  # every so many leads one has a device, whose touches come to it by way of another
MODEL = """\
waterhole: 1
name: kills
zone: UTC
scores:
  - { id: touches, rules: [ { id: each, on: page_view | opened | asked, points: 1 } ] }
  - id: interest
    decay: { half_life: 2d }
    rules: [ { id: page, on: page_view, points: 10 }, { id: opened, on: opened, points: 15 } ]
triggers:
  - { id: seen, on: opened }
  - { id: told, on: asked }
  - { id: lapsed, sequence: [ { on: opened }, { not: page_view, within: 6h } ] }
segments:
  - { id: gone, when: silent(3d) }
qualification:
  - { id: hot, arm: interest >= 60, disarm: interest < 20 }
"""


def has_device(lead):
    return lead % DEVICE_OF == 0


class Work:
    """Touches of a month by a seed, and of how many each lead must know in the end."""

    def __init__(self, touches, leads, seed):
        dice = random.Random(seed)
        self.leads = leads
        self.known = collections.Counter()
        self.touches = [self.touch(dice, n, BEGIN + n * DAYS * DAY / touches) for n in range(touches)]
        self.asks = [self.record(f"ask-{lead}", lead, "asked", ASKED, {"user": f"u{lead}"})
                     for lead in range(leads)]

    def touch(self, dice, number, at):
        lead = min(dice.randrange(self.leads), dice.randrange(self.leads))
        who = {"user": f"u{lead}"}
        if has_device(lead):
            both = {**who, "anon": f"d{lead}"}
            who = dice.choice([who, {"anon": f"d{lead}"}]) if self.known[lead] else both
        self.known[lead] += 1
        kind = dice.choices(["page_view", "opened"], [8, 1])[0]
        return self.record(f"t-{number}", lead, kind, at, who)

    @staticmethod
    def record(name, lead, kind, at, who):
        at = int(at * 1e6)
        return {**touch(0, lead, kind), "id": name, "identifiers": who, "occurred_at": at, "received_at": at}


class Reader(threading.Thread):
    """Follows the committed events of a stream."""

    def __init__(self, stream):
        super().__init__(daemon=True)
        self.consumer = stream.consumer()
        stream.assign(self.consumer, "leads")
        self.events = []
        self.last = time.monotonic()
        self.is_over = False

    def run(self):
        while not self.is_over:
            for message in self.consumer.consume(1000, 0.1):
                assert message.error() is None, message.error()
                self.events.append(json.loads(message.value()))
                self.last = time.monotonic()
        self.consumer.close()

    def end(self):
        self.is_over = True
        self.join()


class Run(Stream):
    """One stream with its engines, from the first touch to the last answer."""

    def __init__(self, folder, kafka, store, engines):
        folder.mkdir()
        super().__init__(folder, kafka, store, partitions=8, model=MODEL, WATERHOLE_ENGINE_CLOCK="log",
                         WATERHOLE_ENGINE_SHARDS="1", WATERHOLE_LOG_LEVEL="info",
                         WATERHOLE_ENGINE_ANNOUNCE_NOT_OLDER_THAN="0s")
        self.reader = Reader(self)
        self.names = [f"e{n}" for n in range(engines)]
        self.kills = 0

    def send_all(self, touches):
        for one in touches:
            self.send_later(one)
        self.flush()

    def is_quiet(self):
        """Every partition is somebody's, and nobody has anything left to read."""
        text = "\n".join(requests.get(engine.url + "/metrics", timeout=60).text for engine in self.engines
                         if engine.is_ready())
        ready = sum(int(line.split()[-1]) for line in text.splitlines()
                    if line.startswith('waterhole_partitions{state="ready"}'))
        return ready == self.partitions and "waterhole_lag_records{" not in text \
            and time.monotonic() - self.reader.last > 2

    def finish(self, work, patience):
        """What was sent acts; then everybody is asked."""
        self.settle(patience)
        self.send_all(work.asks)
        self.settle(patience)
        self.reader.end()

    def settle(self, patience):
        end = time.monotonic() + patience
        while not self.is_quiet():
            assert time.monotonic() < end, f"no end: {len(self.reader.events)} events"
            time.sleep(0.1)

    def undisturbed(self, work, patience=PATIENCE):
        self.begin()
        self.send_all(work.touches)
        self.finish(work, patience)

    def killed(self, work, moments, dice, patience=PATIENCE):
        """At each of these counts of events some engines are killed, and come back."""
        self.begin()
        sender = threading.Thread(target=self.send_all, args=(work.touches,))
        sender.start()
        for moment in moments:
            wait_for(lambda count=moment: len(self.reader.events) >= count, patience)
            self.kill(dice)
        sender.join()
        self.finish(work, patience)

    def begin(self):
        for name in self.names:
            self.engine(name)
        wait_for(lambda: all(engine.is_ready() for engine in self.engines))
        self.reader.start()

    def kill(self, dice):
        """One, two or all of them; who comes back finds its partitions at others, or nobody's."""
        victims = dice.sample(self.engines, dice.randint(1, len(self.engines)))
        for engine in victims:
            engine.kill()
        self.kills += len(victims)
        time.sleep(dice.choice([0, dice.uniform(0, 2)]))
        for engine in victims:
            engine.start()


class Outcome:
    """What was told and what stands in the end, by the number of the lead."""

    def __init__(self, run, work):
        events = run.reader.events
        self.ids = collections.Counter(event["id"] for event in events)
        asked = {e["why"]["because"]["touch"]: e for e in events if e["type"] == "lead.told"}
        self.numbers = {asked[f"ask-{n}"]["lead_id"]: n for n in range(work.leads) if f"ask-{n}" in asked}
        self.values = {self.numbers[e["lead_id"]]: e["scores"] for e in asked.values()}
        standing = Standing(events)
        self.standing = {self.number(lead) for lead, _ in standing.standing()}
        self.telling = {e["id"]: self.telling_of(e) for e in events if self.is_direct(e["lead_id"])}

    def number(self, lead):
        return self.numbers.get(lead, lead)

    def is_direct(self, lead):
        return lead in self.numbers and not has_device(self.numbers[lead])

    @staticmethod
    def telling_of(event):
        """What the decision was and when and why; not when it left."""
        return {name: event.get(name) for name in ("type", "name", "episode", "occurred_at", "scores", "why")}


def differences(work, undisturbed, killed):
    """Of two outcomes from one another, and from what each lead must know; as text."""
    found = [f"{name} came {count} times" for outcome in (undisturbed, killed)
             for name, count in outcome.ids.items() if count > 1]
    for name, outcome in (("undisturbed", undisturbed), ("killed", killed)):
        for lead in range(work.leads):
            known = outcome.values.get(lead, {}).get("touches")
            if known != work.known[lead] + 1:
                found.append(f"{name}: lead {lead} knows {known} touches of {work.known[lead] + 1}")
    found += [f"{name}: {undisturbed.telling.get(name)} undisturbed, {killed.telling.get(name)} killed"
              for name in {**undisturbed.telling, **killed.telling}
              if undisturbed.telling.get(name) != killed.telling.get(name)]
    found += [f"lead {lead}: {undisturbed.values.get(lead)} undisturbed, {killed.values.get(lead)} killed"
              for lead in range(work.leads) if undisturbed.values.get(lead) != killed.values.get(lead)]
    found += [f"stands in one only: {lead}" for lead in undisturbed.standing ^ killed.standing]
    return found
