"""Each series of /metrics is counted when the thing happens that it names, and only then."""
import time

import pytest

from engine import Engine, now, touch, wait_for

MODEL = """\
waterhole: 1
name: counts
identity: { people: 1 }
history: { touches: 100 }
segments:
  - { id: gone, when: silent(1s) }
qualification:
  - { id: ready, on: demo_request, cool_down: 0s }
routes:
  - { id: team, to: sales, pick: round_robin, of: [anna, ben] }
"""


def named(number, *identifiers, **more):
    """A touch of these identifiers, kind:value."""
    ids = {}
    for text in identifiers:
        kind, _, value = text.partition(":")
        ids.setdefault(kind, []).append(value)
    return {"id": f"n-{number}", "type": "page_view", "identifiers": ids, "occurred_at": now(), **more}


@pytest.fixture(name="engine")
def _engine(tmp_path):
    with Engine(tmp_path, model=MODEL).wait_ready() as engine:
        yield engine


def ago(hours):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3600 * hours))


def sent(engine, *touches):
    assert engine.post(*touches)[0] == 200
    engine.wait_processed()


def bound(engine, name):
    return engine.metric(f'waterhole_bounds_total{{bound="{name}"}}')


def test_an_entity_is_looked_for_in_memory(engine):
    hits, misses = 'waterhole_cache_total{result="hit"}', 'waterhole_cache_total{result="miss"}'
    sent(engine, named(1, "user:a"))
    assert engine.metric(misses) == 1
    before = engine.metric(hits)
    sent(engine, named(2, "user:a"))
    assert engine.metric(hits) > before
    assert engine.metric(misses) == 1


def test_due_moments_say_how_late_they_act(engine):
    count, total = ("waterhole_timer_lateness_seconds_" + what for what in ("count", "sum"))
    assert engine.metric(count) == 0
    sent(engine, named(1, "user:a"))
    wait_for(lambda: engine.metric(count) > 0)
    assert 0 <= engine.metric(total) < 30


def test_messages_between_entities_are_counted_by_their_reason(engine):
    def handed(reason):
        return engine.metric(f'waterhole_handoff_total{{reason="{reason}"}}')

    sent(engine, named(1, "user:a"))
    assert [handed(reason) for reason in ("partition", "identity", "route")] == [0, 0, 0]
    sent(engine, named(2, "user:a", "anon:x"))
    assert wait_for(lambda: handed("identity") >= 2)
    sent(engine, {**named(3, "user:a"), "type": "demo_request"})
    assert wait_for(lambda: handed("route") == 2)  # the question and its answer
    # A command's record lies where its identifiers are, its entity mostly elsewhere.
    for number in range(10, 20):
        sent(engine, {"id": f"c-{number}", "type": "identity.allow", "occurred_at": now(),
                      "identifiers": {"user": "a"},
                      "properties": {"weak": f"anon:y{number}", "strong": "user:a"}})
    assert 0 < handed("partition") <= 10
    assert engine.metric('waterhole_touches_total{source="web",result="handed_over"}') + engine.metric(
        'waterhole_touches_total{source="other",result="handed_over"}') == handed("partition")


def test_what_is_cut_or_dropped_is_counted_by_its_bound(engine):
    names = "identifiers placeholders cut properties history identity_shared history_late".split()
    assert [bound(engine, name) for name in names] == [0] * len(names)
    sent(engine, named(1, *[f"anon:many{number}" for number in range(10)]))
    assert bound(engine, "identifiers") == 2
    sent(engine, named(2, "user:b", "email:null"))
    assert bound(engine, "placeholders") == 1
    sent(engine, named(3, "user:b", page={"url": "https://x.example/" + "y" * 9000}))
    assert bound(engine, "cut") == 1
    sent(engine, named(4, "user:b", shoe_size=43))
    assert bound(engine, "properties") == 1
    for number in range(100, 240):
        sent(engine, named(number, "user:c"))
    assert bound(engine, "history") > 0
    sent(engine, named(240, "user:d", "anon:kiosk"), named(241, "user:e", "anon:kiosk"))
    assert wait_for(lambda: bound(engine, "identity_shared") == 1)


SEQUENCES = """\
waterhole: 1
name: runs
scores:
  - id: interest
    decay: { half_life: 9d }
    rules: [ { id: a, on: page_view, points: 1 }, { id: b, on: download, points: 2 }, { id: c, on: call, points: 3 } ]
triggers:
  - { id: bought, within: 9d, sequence: [ { on: page_view }, { on: order_placed } ] }
  - { id: called, entity: company, within: 9d, sequence: [ { on: page_view }, { on: call } ] }
"""


def test_runs_over_their_bound_are_counted_of_leads_and_companies(tmp_path):
    """Each page begins a run, and 64 may be open: two too many of the lead, three of the company."""
    with Engine(tmp_path, model=SEQUENCES).wait_ready() as engine:
        sent(engine, *[named(1000 + n, "user:a") for n in range(66)])
        assert bound(engine, "runs") == 2
        people = [named(2000 + n, f"user:b{n % 2}", company={"domain": "b.example"}) for n in range(67)]
        sent(engine, *people)
        assert wait_for(lambda: bound(engine, "runs") == 2 + 3)


DECISIONS = """\
waterhole: 1
name: decisions
qualification:
""" + "".join(f"""\
  - {{ id: q{n}, arm: last(it.type of any) == "demo_request" }}
""" for n in range(32))


def test_decisions_over_their_bound_are_counted(tmp_path):
    """32 ripen with each request and wither with each page: 33 × 32 decisions, of which 1,024 stay."""
    kinds = ["demo_request", "page_view"] * 33
    with Engine(tmp_path, model=DECISIONS).wait_ready() as engine:
        sent(engine, *[{**named(1000 + n, "user:a"), "type": kind} for n, kind in enumerate(kinds)])
        assert bound(engine, "decisions") == 33 * 32 - 1024


EVENTS = """\
waterhole: 1
name: events
verdict:
  minimum: human
  start: { email_click: unconfirmed }
  confirm: [ { id: seen, on: email_click, followed_by: page_view, within: 1d } ]
triggers:
""" + "".join(f"""\
  - {{ id: click{n}, on: email_click }}
""" for n in range(16))


def test_events_over_their_bound_are_counted(tmp_path):
    """One page confirms 260 clicks, each of which fires 16 triggers: more than the 4,096 of a step."""
    with Engine(tmp_path, model=EVENTS).wait_ready() as engine:
        sent(engine, *[{**named(1000 + n, "user:a"), "type": "email_click"} for n in range(260)])
        assert bound(engine, "events") == 0
        sent(engine, named(2000, "user:a"))
        assert bound(engine, "events") == 260 * 16 - 4096


def test_what_is_erased_does_not_count_again(engine):
    sent(engine, named(1, "user:a", source="web"))
    sent(engine, {"id": "e", "type": "identity.erase", "occurred_at": now(),
                  "identifiers": {"user": "a"}, "properties": {"who": "user:a"}})
    erased = 'waterhole_touches_total{source="web",result="erased"}'
    accepted = 'waterhole_touches_total{source="web",result="accepted"}'
    assert (engine.metric(accepted), engine.metric(erased)) == (1, 0)
    sent(engine, {**named(2, "user:a", source="web"), "occurred_at": ago(hours=2)})
    assert (engine.metric(accepted), engine.metric(erased)) == (1, 1)


def test_decisions_of_long_ago_and_those_told_before_are_suppressed(tmp_path):
    old, replay = (f'waterhole_suppressed_total{{reason="{why}"}}' for why in ("old", "replay"))
    slow = {"WATERHOLE_ENGINE_FLUSH": "60s"}
    with Engine(tmp_path, env=slow).wait_ready() as engine:
        sent(engine, {**touch(1, 1, "demo_request"), "occurred_at": ago(hours=48)})
        sent(engine, touch(2, 2, "demo_request"))
        assert (engine.metric(old), engine.metric(replay)) == (1, 0)
        engine.kill()
    with Engine(tmp_path, env=slow).wait_ready() as engine:
        assert engine.metric(old) == 0
        assert engine.metric(replay) == 2
