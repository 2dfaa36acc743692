"""Killed at random moments under load: nothing acknowledged is lost, nothing counts twice."""
import collections
import itertools
import json
import os
import random
import time

from engine import Engine, Load, kept, kept_events

KILLS = int(os.environ.get("WATERHOLE_KILLS", "100"))
LEADS = 40
CLIENTS = 4


class Counter:
    """Numbers for several threads."""

    def __init__(self):
        self.numbers = itertools.count()

    def __next__(self):
        return next(self.numbers)


def points_of(engine, lead):
    story = engine.lead(lead)
    return 0 if story is None else round(story["scores"]["touches"])


def check(engine, sure, maybe):
    """sure, maybe: touches by lead. What was sent without an answer may be there or not."""
    found = {}
    for lead in range(LEADS):
        pages = [item for item in sure[lead] if item["type"] == "page_view"]
        more = [item for item in maybe[lead] if item["type"] == "page_view"]
        found[lead] = points = points_of(engine, lead)
        assert len(pages) <= points <= len(pages) + len(more), f"user:u{lead}"
    return found


def check_points(folder, found):
    """Every page that the log took counts, once."""
    taken = collections.Counter()
    for (value,) in kept(folder, "SELECT value FROM log WHERE topic = 0"):
        item = json.loads(value)
        if item["type"] == "page_view":
            taken[int(item["identifiers"]["user"][1:])] += 1
    assert found == {lead: taken[lead] for lead in range(LEADS)}


def check_events(folder, sure, maybe):
    """Exactly one event for each demo_request, with the id that its touch gives it."""
    found = collections.Counter(event["id"] for event in kept_events(folder))
    assert all(count == 1 for count in found.values())
    because = collections.Counter(event["why"]["because"]["touch"]
                                  for event in kept_events(folder) if event["type"] == "lead.asked")
    asked = {item["id"] for items in sure.values() for item in items
             if item["type"] == "demo_request"}
    perhaps = {item["id"] for items in maybe.values() for item in items
               if item["type"] == "demo_request"}
    assert set(because.values()) <= {1}
    assert asked <= because.keys() <= asked | perhaps


def check_log(folder, sure, maybe):
    """The journal has no hole and the input holds what was acknowledged, once."""
    (doubled,) = kept(folder, "SELECT count(*) - count(DISTINCT value) FROM log WHERE topic = 0")
    assert doubled == (0,)
    (count,) = kept(folder, "SELECT count(*) FROM log WHERE topic = 0")
    low = sum(map(len, sure.values()))
    assert low <= count[0] <= low + sum(map(len, maybe.values()))


def test_killed_at_random_moments_under_load(tmp_path):
    chance = random.Random(7)
    numbers = Counter()
    sure, maybe = collections.defaultdict(list), collections.defaultdict(list)
    for _ in range(KILLS):
        with Engine(tmp_path) as engine:
            # Some of them die while they take over, before anybody can send.
            if chance.random() < 0.3:
                time.sleep(chance.random() * 0.1)
                engine.kill()
                continue
            engine.wait_ready()
            loads = [Load(engine.port, numbers, LEADS, random.Random(chance.random()))
                     for _ in range(CLIENTS)]
            for load in loads:
                load.start()
            time.sleep(chance.random() * 0.7)  # the moment of the kill is what is tested
            engine.kill()
            for load in loads:
                load.end()
                for bucket, items in ((sure, load.acknowledged), (maybe, load.doubtful)):
                    for item in items:
                        bucket[int(item["identifiers"]["user"][1:])].append(item)
                assert not load.refused
    assert sum(map(len, sure.values())) > 10 * KILLS
    with Engine(tmp_path) as engine:
        engine.wait_ready().wait_processed()
        found = check(engine, sure, maybe)
        assert engine.end() == 0
    check_points(tmp_path, found)
    check_events(tmp_path, sure, maybe)
    check_log(tmp_path, sure, maybe)
