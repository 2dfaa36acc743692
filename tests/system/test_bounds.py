"""What one lead, one producer or one touch can do to all others is bounded, counted and survived."""
import collections
import json
import time

import pytest

from engine import now, touch, wait_for
from stream import Redis, Stream

# The state of the lead that gets everything; its touches are about 150 bytes each.
STATE_BYTES_MAX = 64 * 1024
# 24 bytes each, of the next minute only.
TIMERS_MAX = 1000
MODEL = """\
waterhole: 1
name: bounds
identity: { people: 5 }
history: { touches: 100 }
scores:
  - { id: interest, decay: { half_life: 30d }, rules: [ { id: page, on: page_view, points: 1 } ] }
segments:
  - { id: gone, when: silent(30d) }
triggers:
  - { id: seen, on: page_view, when: touch.page.path == "/announced" }
"""


@pytest.fixture(name="stream")
def _stream(kafka, tmp_path):
    """Little memory, so that leads come and go."""
    (tmp_path / "redis").mkdir()
    with Redis(tmp_path / "redis") as store, \
            Stream(tmp_path, kafka, store, partitions=2, model=MODEL, WATERHOLE_ENGINE_SHARDS="1",
                   WATERHOLE_ENGINE_CACHE="1MiB") as parts:
        yield parts


def bound(engine, name):
    return engine.value(f'waterhole_bounds_total{{bound="{name}"}}')


def told(stream, count, grace=1):
    events = stream.events(count, grace=grace)
    return collections.Counter(e["why"]["because"]["touch"] for e in events
                               if e["type"] == "lead.seen")


def largest_state(stream):
    client = stream.store.client
    return max(client.strlen(key) for key in client.scan_iter(stream.prefix + "*:e:*"))


def test_a_hot_key_with_a_lifetime_of_touches_holds_nobody_up(stream):
    """Three of ten touches are one lead's; the others are of leads that come and go."""
    engine = stream.engine("e0").wait()
    count = 3000
    for n in range(count):
        lead = "hot" if n % 10 < 3 else n % 700
        path = "/announced" if n % 20 == 9 else "/"
        at = int(time.time() * 1e6)
        stream.send_later({**touch(n, lead, path=path), "occurred_at": at})
    stream.flush()
    assert told(stream, count // 20) == collections.Counter(f"t-{n}" for n in range(9, count, 20))
    wait_for(lambda: engine.touches("accepted") == count)
    assert bound(engine, "history") > 0.3 * count - 200
    assert engine.value("waterhole_timers_pending") <= TIMERS_MAX
    wait_for(lambda: engine.value("waterhole_store_dirty_entries") == 0)
    assert largest_state(stream) <= STATE_BYTES_MAX


def test_a_producer_that_repeats_one_id_for_ever_is_heard_once(stream):
    engine = stream.engine("e0").wait()
    first = touch(1, 1, path="/announced")
    wait_for(lambda: now() != first["occurred_at"])
    for n in range(2000):
        # A careless one stamps each repeat anew, another does not.
        stream.send_later(first if n % 2 == 0 else touch(1, 1, path="/announced"))
    stream.flush()
    wait_for(lambda: engine.touches("accepted") + engine.touches("duplicate") == 2000)
    assert engine.touches("accepted") == 1
    assert told(stream, 1) == {"t-1": 1}
    wait_for(lambda: engine.value("waterhole_store_dirty_entries") == 0)
    assert largest_state(stream) < 4096


def test_a_giant_batch_of_identifiers_is_cut_and_a_larger_one_is_rejected(stream):
    engine = stream.engine("e0").wait()
    many = touch(1, 1, path="/announced")
    many["identifiers"]["email"] = [f"a{n}@x{n}.example" for n in range(2000)]
    more = touch(2, 2, path="/announced")
    more["identifiers"]["email"] = [f"a{n}@x{n}.example" for n in range(4000)]
    assert len(json.dumps(many)) < 64 * 1024 < len(json.dumps(more))
    stream.send(many, more, touch(3, 3, path="/announced"))
    assert told(stream, 2) == {"t-1": 1, "t-3": 1}
    assert bound(engine, "identifiers") == 2001 - 8
    rejected = stream.read("rejected", lambda found: len(found) == 1)[0]
    assert dict(rejected.headers())["wh-reason"] == b"too_large"
    assert engine.value('waterhole_rejected_total{reason="too_large"}') == 1


def test_an_identifier_of_everybody_is_shared_and_no_lead(stream):
    """A kiosk: one browser under which person after person says who it is."""
    engine = stream.engine("e0").wait()
    people = 300
    for n in range(people):
        kiosk = touch(n, n, path="/announced")
        kiosk["identifiers"]["anon"] = "kiosk"
        stream.send_later(kiosk)
    stream.flush()
    assert told(stream, people, grace=3) == collections.Counter(f"t-{n}" for n in range(people))
    wait_for(lambda: bound(engine, "identity_shared") == 1)
    merged = [e for e in stream.events(people) if e["type"] == "lead.merged"]
    assert not merged
    time.sleep(0.5)
    assert largest_state(stream) <= STATE_BYTES_MAX
