"""Random companies: the engine against the oracle, and the oracle against planted mistakes."""
import os

import pytest

import companies
from oracle import company

PROGRAM = os.environ["WATERHOLE"]
COUNT = int(os.environ.get("WATERHOLE_SEEDS", "30")) * 2 // 3
# The first seed that shows each mistake.
SHOWN_BY = {"touches_stay": 0, "attributes_of_now": 0, "people_of_the_past": 0, "struck_is_told": 2,
            "erased_stays": 2, "device_stays_a_person": 4, "earned_before_caps": 4, "split_ignored": 11,
            "every_touch_is_told": 19}


@pytest.mark.parametrize("seed", range(COUNT))
def test_the_engine_knows_a_random_company(seed):
    assert companies.compared(PROGRAM, seed) == ""


@pytest.mark.parametrize("name", sorted(company.MISTAKES))
def test_a_planted_mistake_is_seen(name):
    world = companies.World(SHOWN_BY[name])
    right = world.answers()
    company.active.add(name)
    try:
        wrong = world.answers()
    finally:
        company.active.clear()
    assert right != wrong
