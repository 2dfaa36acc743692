"""Time acts by itself: each due moment once, without a touch, whoever is there to see it."""
import collections
import threading
import time

import pytest

from engine import touch, wait_for
from stream import Redis, Stream

LEADS = 300
SILENCE = 2
MODEL = f"""\
waterhole: 1
name: silence
segments:
  - {{ id: gone, when: silent({SILENCE}s) }}
"""


@pytest.fixture(name="stream")
def _stream(kafka, tmp_path):
    (tmp_path / "redis").mkdir()
    with Redis(tmp_path / "redis") as store, Stream(tmp_path, kafka, store, model=MODEL) as parts:
        yield parts


def entered(events):
    """How often each lead was told to be silent."""
    return collections.Counter(e["lead_id"] for e in events
                               if (e["type"], e["name"]) == ("lead.segment_entered", "gone"))


def fires_from(engine):
    """So many due moments have acted here."""
    return engine.value("waterhole_timer_lateness_seconds_count")


class Sender(threading.Thread):
    """Lead after lead, of which nothing is heard any more."""

    def __init__(self, stream):
        super().__init__(daemon=True)
        self.stream, self.count, self.is_over = stream, 0, threading.Event()

    def run(self):
        while not self.is_over.wait(0.01):
            self.stream.send_later(touch(self.count, self.count))
            self.count += 1

    def end(self):
        self.is_over.set()
        self.join()
        self.stream.flush()
        return self.count


def test_a_timer_fires_once_across_kills_and_takeovers(stream):
    """Leads fall silent one after the other; who sees it is killed, again and again."""
    engines = [stream.engine("e0").wait(), stream.engine("e1").wait()]
    sender = Sender(stream)
    sender.start()
    for engine in [*engines, engines[0]]:
        wait_for(lambda e=engine: e.is_ready() and fires_from(e) > 0)
        engine.kill()
        engine.start()
    count = sender.end()
    told = entered(stream.events(count, grace=3))
    assert len(told) == count and set(told.values()) == {1}


def test_what_was_due_while_nobody_was_there_acts_at_the_start(stream):
    engine = stream.engine("e0").wait()
    stream.send(*[touch(lead, lead) for lead in range(LEADS)])
    wait_for(lambda: engine.touches("accepted") == LEADS)
    engine.kill()
    time.sleep(SILENCE + 1)
    engine.start()
    told = entered(stream.events(LEADS, grace=1))
    assert len(told) == LEADS and set(told.values()) == {1}
