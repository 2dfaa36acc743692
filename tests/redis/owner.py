"""One owner of a partition, as engine/runtime/protocol.md 9 wants it: a few writes under way, each
naming the version that it follows; after a lost answer the same again. It knows what every version
holds, and a read must show exactly that."""
import random
import time

from server import PATIENCE, Answer
from shelf import Shelf, some_entries, words_of

UNDER_WAY = 4


class Owner:
    def __init__(self, probe, seed, partition=0, epoch=1):
        self.probe, self.partition, self.epoch = probe, partition, epoch
        self.dice = random.Random(seed)
        self.shelf = Shelf()
        self.shelf.claim(5, epoch, -1, 0)
        self.versions = [dict(self.shelf.entries)]  # what each version holds
        self.words = []  # of the write that follows each version
        self.asked = {}  # ticket -> version that it follows
        self.acknowledged = 0
        self.repeats = 0
        self.moved = time.monotonic()

    def claim(self):
        while self.is_patient():
            answer = self.probe.ask("claim", self.partition, 5, self.epoch, -1, 0)
            if answer.result != "failed":
                assert answer.result == "ok", answer.line
                return

    def is_patient(self):
        """Since the last write that was acknowledged; a store that never comes back is a failure."""
        assert time.monotonic() - self.moved < PATIENCE, "the store does not go on"
        return True

    def sent(self):
        return len(self.words)

    def begin(self):
        self.moved = time.monotonic() if not self.asked else self.moved
        version = self.sent()
        entries = some_entries(self.dice, version + 1, 12)
        words = (self.epoch, version, self.dice.randrange(version + 1), 0)
        assert self.shelf.write(*words, entries)
        self.versions.append(dict(self.shelf.entries))
        self.words.append([*words, *words_of(entries)])
        self.ask(version)

    def ask(self, version):
        ticket = self.probe.send("write", self.partition, *self.words[version])
        self.asked[ticket] = version

    def settle(self):
        """Takes the answer to the oldest write under way."""
        ticket, version = min(self.asked.items(), key=lambda item: item[0])
        answer = Answer(self.probe.take(ticket))
        del self.asked[ticket]
        if version < self.acknowledged:
            return
        if answer.result != "failed":
            assert answer.epoch == self.epoch, answer.line
            assert self.acknowledged <= answer.version <= self.sent(), answer.line
        if answer.result != "failed" and answer.version > version:
            self.acknowledged = version + 1
            self.moved = time.monotonic()
            return
        self.repeats += 1
        for again in range(self.acknowledged, self.sent()):
            if again not in self.asked.values():
                self.ask(again)

    def step(self):
        if len(self.asked) < UNDER_WAY and self.sent() - self.acknowledged < UNDER_WAY:
            self.begin()
        else:
            self.settle()

    def finish(self):
        while self.acknowledged < self.sent() and self.is_patient():
            self.settle()

    def read(self):
        keys = [self.dice.randrange(1, 60) for _ in range(8)]
        answer = self.probe.ask("read", self.partition, *keys)
        if answer.result == "failed":
            return False
        assert answer.epoch == self.epoch, answer.line
        assert self.acknowledged <= answer.version <= self.sent(), answer.line
        held = self.versions[answer.version]
        shown = {}
        for key in keys:
            seq, due, text = held.get(key, (0, 0, ""))
            shown[key] = (seq, due, "-" if text is None else text) if seq else (0,)
        assert answer.entries == shown, answer.line
        return True
