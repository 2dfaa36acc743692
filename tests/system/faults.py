"""Faults of every kind at a stream of several engines, by a schedule that a seed makes; before, meanwhile
and afterwards everything must be told as if nothing had been."""
import collections
import dataclasses
import pathlib
import random
import signal
import subprocess
import time

import requests

from checker import Differences, Reader
from crowd import MODEL, Crowd
from disk import fill_and_free, small_disk
from kafka import Brokers
from store import Store
from stream import Stream
from test_collect import Door

SKEWED_CLOCK = pathlib.Path(__file__).resolve().parent / "skewed_clock.c"
# Nothing stands still for longer, unless it hangs.
PATIENCE = 120
OUTSIDE_FAILED = 3  # exit code


class World:
    """Brokers, a store, engines and a door; clients that send all the time, and one that reads.
    It does what an init system does: what ended because Kafka or Redis was away is started again."""

    def __init__(self, folder, dice, brokers=3, engines=3, partitions=6, session=1.0):
        self.folder = pathlib.Path(folder)
        self.dice = dice
        self.rows = []
        self.told = 0  # of the touches that were acknowledged
        self.restarts = 0
        self.asleep = set()
        self.kafka = Brokers(self.folder / "kafka", brokers)
        self.store = Store(self.folder / "store")
        self.counts = (engines, partitions)
        self.session = session  # seconds; a dead engine's partitions stand still for so long

    def __enter__(self):
        engines, partitions = self.counts
        self.kafka.__enter__()
        self.store.__enter__()
        self.stream = Stream(self.folder, self.kafka, self.store, partitions, MODEL,
                             WATERHOLE_KAFKA_BOOTSTRAP=self.kafka.outside,
                             WATERHOLE_KAFKA_PROPERTIES=f"session.timeout.ms={self.session * 1000:.0f},"
                             "heartbeat.interval.ms=200",
                             WATERHOLE_ENGINE_SHARDS="1", WATERHOLE_ENGINE_SNAPSHOT="5s")
        for number in range(engines):
            self.stream.engine(f"e{number}")
        self.engines = self.stream.engines
        self.door = Door(self.folder, self.kafka, prefix=self.stream.prefix,
                         WATERHOLE_COLLECT_PATIENCE="3s")
        self.crowd = Crowd(self.door.url, random.Random(self.dice.random()))
        self.reader = Reader(self.stream)
        self.reader.start()
        self.crowd.start()
        self.wait(lambda: any(engine.is_ready() for engine in self.engines))
        self.catch_up()
        return self

    def __exit__(self, *unused):
        self.crowd.is_over.set()
        self.reader.end()
        self.door.__exit__()
        try:
            self.stream.__exit__()
        finally:
            self.store.__exit__()
            self.kafka.__exit__()

    def keep(self):
        for engine in self.engines:
            if engine not in self.asleep and engine.process.poll() is not None:
                code = engine.process.returncode
                assert code == OUTSIDE_FAILED, f"{engine.name} ended with {code}: {engine.said()[-3000:]}"
                self.restarts += 1
                engine.start()
        if self.crowd.failure:
            raise self.crowd.failure

    def wait(self, condition, patience=PATIENCE):
        end = time.monotonic() + patience
        while time.monotonic() < end:
            self.keep()
            if condition():
                return True
            time.sleep(0.01)
        return False

    def sleep(self, seconds):
        self.wait(lambda: False, seconds)

    def catch_up(self):
        """Until all that is acknowledged by now was told. Those touches, and whether they were."""
        touches = self.crowd.acknowledged[self.told:]
        self.told += len(touches)
        return touches, self.wait(lambda: not self.reader.missing(touches))

    def run(self, kinds):
        """These faults together, then the recovery from them."""
        begin = time.monotonic()
        faults = []
        for kind in kinds:
            fault = KINDS[kind][1](self, self.dice)
            faults.append([begin + next(fault), fault])
        while faults:
            faults.sort(key=lambda item: item[0])
            self.sleep(faults[0][0] - time.monotonic())
            hold = next(faults[0][1], None)
            if hold is None:
                faults.pop(0)
            else:
                faults[0][0] = time.monotonic() + hold
        healed = time.monotonic()
        touches, has_recovered = self.catch_up()
        now = time.monotonic()
        self.rows.append(Row(kinds, begin, now, now - healed, self.reader.longest(touches), has_recovered))
        missing = [touch.id for touch in self.reader.missing(touches)]
        assert has_recovered, (f"after {' and '.join(kinds)}: {len(missing)} touches are not told: "
                               f"{missing[:5]}\n{self.metrics()}")

    def metrics(self):
        """What the engines say that they have, and how much they have not read."""
        names = ("waterhole_lag_records", "waterhole_partitions", "waterhole_transactions_total")
        return "\n".join(f"{engine.name} {line}" for engine in self.engines if engine.process.poll() is None
                         for line in requests.get(engine.url + "/metrics", timeout=5).text.splitlines()
                         if line.startswith(names))

    def ask_all(self):
        """Every lead is asked what is known of it, and all of them answer."""
        self.crowd.ask()
        _, all_told = self.catch_up()
        assert all_told, "leads do not answer"

    def finish(self):
        """What is known while it runs; out of the store, by an engine that knew nothing; and, when
        there is no store, out of Kafka."""
        self.crowd.end()
        self.ask_all()
        for empty in (False, True):
            for engine in self.engines:
                assert engine.kill(signal.SIGTERM) == 0, engine.said()[-3000:]
            if empty:
                self.store.client.flushall()
            self.engines[0].start()
            self.asleep = set(self.engines[1:])
            self.ask_all()
            self.engines[1:] = []
        self.wait(lambda: not self.lapses_missing())
        return Differences(self.crowd, self.reader).found

    def lapses_missing(self):
        return [touch for lead in self.crowd.leads for touch in lead.touches
                if touch.kind == "opened" and touch.is_certain
                and not any(e.type == "lead.lapsed" for e in self.reader.by_touch.get(touch.id, []))]


@dataclasses.dataclass
class Row:
    kinds: list
    begin: float
    end: float
    recovery: float
    longest: float
    has_recovered: bool


# Each kind begins the fault, yields for how many seconds it holds, and ends it.

def an_engine(world, dice):
    return dice.choice([engine for engine in world.engines if engine not in world.asleep])


def down(world, engine, with_signal):
    """It may have gone by itself, because something else is away."""
    world.asleep.add(engine)
    if engine.process.poll() is None:
        engine.kill(with_signal)


def up_again(world, engine):
    engine.start()
    world.asleep.discard(engine)


def engine_killed(world, dice, count=1):
    engines = [an_engine(world, dice)]
    down(world, engines[0], signal.SIGKILL)
    if count == 2:
        engines.append(an_engine(world, dice))
        down(world, engines[1], signal.SIGKILL)
    yield dice.uniform(0, 2.5) * world.session
    for engine in engines:
        up_again(world, engine)


def engines_killed(world, dice):
    return engine_killed(world, dice, 2)


def engine_leaves(world, dice):
    engine = an_engine(world, dice)
    down(world, engine, signal.SIGTERM)
    yield dice.uniform(0, 1)
    up_again(world, engine)


def engine_asleep(world, dice):
    """Beyond its session, or nearly."""
    engine = an_engine(world, dice)
    world.asleep.add(engine)
    if engine.process.poll() is None:
        engine.process.send_signal(signal.SIGSTOP)
    yield dice.uniform(0.7, 4) * world.session
    if engine.process.poll() is None:
        engine.process.send_signal(signal.SIGCONT)
    world.asleep.discard(engine)


def engine_clock(world, dice):
    """It goes on with a clock that is wrong by seconds."""
    engine = an_engine(world, dice)
    library = world.folder / "skewed_clock.so"
    if not library.exists():
        subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", library, SKEWED_CLOCK, "-ldl"], check=True)
    down(world, engine, signal.SIGKILL)
    yield dice.uniform(0, 1)
    engine.environment.update(
        LD_PRELOAD=str(library), SKEWED_CLOCK_MS=str(dice.randrange(-5000, 5000)),
        ASAN_OPTIONS=f"{engine.environment.get('ASAN_OPTIONS', '')}:verify_asan_link_order=0")
    up_again(world, engine)


def broker_killed(world, dice, action="kill"):
    node = dice.randrange(world.kafka.count)
    world.kafka.run(action, node)
    yield dice.uniform(0, 3)
    world.kafka.run("start", node)


def broker_leaves(world, dice):
    """It gives its partitions to others before."""
    return broker_killed(world, dice, "stop")


def broker_asleep(world, dice):
    """Long enough that others take its partitions; then it must learn that it leads no more."""
    node = dice.randrange(world.kafka.count)
    world.kafka.signal(node, signal.SIGSTOP)
    yield dice.uniform(2, 5)
    world.kafka.signal(node, signal.SIGCONT)


def kafka_cut(world, dice):
    """From one of the brokers, or from all."""
    networks = world.kafka.networks
    cut = networks if dice.random() < 0.5 else [dice.choice(networks)]
    for network in cut:
        network.cut()
    yield dice.choice([0, dice.uniform(0, 3)])
    for network in cut:
        network.restore()


def store_cut(world, dice):
    world.store.network.cut()
    yield dice.choice([0, dice.uniform(0, 3)])
    world.store.network.restore()


def store_killed(world, dice):
    """What was written since is lost."""
    world.store.save()
    yield dice.uniform(0.5, 2)
    world.store.kill()
    yield dice.uniform(0, 2)
    world.store.start()


def store_emptied(world, dice):
    world.store.client.flushall()
    yield dice.uniform(0, 1)


def store_back(world, _):
    """Somebody puts an old dump into its place."""
    world.store.kill()
    yield 0
    world.store.go_back()
    world.store.start()


def store_fails_over(world, dice):
    replica = world.store.begin_failover()
    yield dice.uniform(0.3, 2)
    world.store.finish_failover(replica)


def door_killed(world, dice):
    world.door.process.kill()
    world.door.process.wait()
    yield dice.uniform(0, 1)
    world.door.start()


def disk_full(world, _):
    """That of `up`, which is a stream of its own."""
    with small_disk(world.folder / f"disk-{len(world.rows)}") as place:
        assert place, "no file system of its own can be mounted here"
        fill_and_free(place)
    yield 0


# What it happens to, and how; two at once never happen to the same.
KINDS = {
    "engine-killed": ("engine", engine_killed),
    "engines-killed": ("engine", engines_killed),
    "engine-asleep": ("engine", engine_asleep),
    "engine-leaves": ("engine", engine_leaves),
    "engine-clock": ("engine", engine_clock),
    "broker-killed": ("broker", broker_killed),
    "broker-leaves": ("broker", broker_leaves),
    "broker-asleep": ("broker", broker_asleep),
    "kafka-cut": ("kafka", kafka_cut),
    "store-cut": ("network", store_cut),
    "store-killed": ("store", store_killed),
    "store-emptied": ("store", store_emptied),
    "store-back": ("store", store_back),
    "store-fails-over": ("store", store_fails_over),
    "door-killed": ("door", door_killed),
    "disk-full": ("disk", disk_full),
}


def schedule(dice, count, kinds):
    """Steps of one fault or two, `count` in all, each kind as often as the others, in any order."""
    names = []
    while len(names) < count:
        names += dice.sample(kinds, len(kinds))
    names = names[:count]
    while names:
        step = [names.pop()]
        if names and dice.random() < 0.35 and KINDS[names[-1]][0] != KINDS[step[0]][0]:
            step.append(names.pop())
        yield step


def table(rows, differences, crowd):
    """By kind: how many, how many of them the stream recovered from, the longest that a touch waited for
    its event, the longest recovery after the end of the fault, differences."""
    found = collections.Counter()
    for touch, _ in differences:
        sent = crowd.by_id[touch].sent if touch in crowd.by_id else 0
        for row in rows:
            if row.begin <= sent < row.end:
                found.update(row.kinds)
    lines = [f"{'kind':18} {'count':>6} {'recovered':>9} {'longest s':>9} {'recovery s':>10} "
             f"{'differences':>11}"]
    for kind in KINDS:
        of_kind = [row for row in rows if kind in row.kinds]
        if of_kind:
            lines.append(f"{kind:18} {len(of_kind):6} {sum(row.has_recovered for row in of_kind):9} "
                         f"{max(row.longest for row in of_kind):9.1f} "
                         f"{max(row.recovery for row in of_kind):10.1f} {found[kind]:11}")
    return "\n".join(lines)
