"""What one partition of a store must be, worked out from engine/port/store.h alone: nothing here
comes from the script."""
import random

from server import NEVER


class Shelf:
    def __init__(self):
        self.meta = None  # lineage, epoch, version, watermark, offset
        self.entries = {}  # key -> (seq, due, bytes); a tombstone has None for bytes

    def stamp(self):
        return self.meta or (None, 0, 0, 0, 0)

    def claim(self, lineage, epoch, base_epoch, base_version):
        if self.meta is None:
            if (base_epoch, base_version) != (-1, 0):
                return False
            self.meta = (lineage, epoch, 0, 0, -1)
            return True
        life, at, version, watermark, offset = self.meta
        if life == lineage and at == epoch and version == 0:
            return True
        if life != lineage or (at, version) != (base_epoch, base_version) or epoch <= at:
            return False
        self.meta = (life, epoch, 0, watermark, offset)
        return True

    def is_next(self, epoch, version):
        return self.meta is not None and self.meta[1:3] == (epoch, version)

    def write(self, epoch, version, watermark, offset, entries):
        if not self.is_next(epoch, version):
            return False
        self.entries.update(entries)
        self.meta = (self.meta[0], epoch, version + 1, watermark, offset)
        self.entries = {key: entry for key, entry in self.entries.items()
                        if entry[2] is not None or entry[0] > watermark}
        return True

    def clear(self, epoch, version, removed):
        if not self.is_next(epoch, version):
            return False
        for key in removed:
            del self.entries[key]
        self.meta = (self.meta[0], epoch, version + 1, 0, -1)
        return True

    def shown(self, key):
        if key not in self.entries:
            return (0,)
        seq, due, text = self.entries[key]
        return (seq, due, "-" if text is None else text)

    def dues(self, after, after_key, until, limit):
        rows = sorted((entry[1], key) for key, entry in self.entries.items())
        rows = [(key, due) for due, key in rows
                if (due, key) > (after, after_key) and due <= until and due != NEVER]
        return rows[:limit], len(rows) > limit

    def scan(self, after, limit):
        keys = sorted(key for key in self.entries if key > after)
        return keys[:limit], len(keys) > limit


def words_of(entries):
    return [f"{key}:{seq}:-:-" if text is None
            else f"{key}:{seq}:{'never' if due == NEVER else due}:{text}"
            for key, (seq, due, text) in entries.items()]


def some_entries(dice: random.Random, seq, most):
    """Due moments lie close together, so that many are the same."""
    entries = {}
    for _ in range(dice.randrange(most)):
        due = dice.choice([NEVER, 1_700_000_000_000_000 + dice.randrange(6)])
        text = dice.choice(["", "a", "state:with:colons", "x" * 300])
        entries[dice.randrange(1, 60)] = (seq, due, text) if dice.random() < 0.8 else (seq, NEVER, None)
    return entries


def assert_same_stamp(answer, shelf):
    stamp = (answer.lineage, answer.epoch, answer.version, answer.watermark, answer.offset)
    assert stamp == shelf.stamp(), answer.line
