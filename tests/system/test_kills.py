"""Engines killed in the middle change nothing of what is decided; tests/soak kills does it at length."""
import random

from kills import Outcome, Run, Work, differences
from stream import Redis

LEADS = 120


def test_killed_in_the_middle_the_same_is_decided(kafka, tmp_path):
    work = Work(3000, LEADS, seed=1)
    with Redis(tmp_path) as store:
        with Run(tmp_path / "undisturbed", kafka, store, engines=2) as run:
            run.undisturbed(work)
            expected = Outcome(run, work)
        told = len(run.reader.events) - LEADS
        with Run(tmp_path / "killed", kafka, store, engines=2) as run:
            run.killed(work, [told // 4, told // 2], random.Random(1))
            found = differences(work, expected, Outcome(run, work))
    assert run.kills >= 2
    assert expected.standing and expected.telling
    assert not found, f"{len(found)} differences: {found[:5]}"
