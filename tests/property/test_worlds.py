"""The oracle against the given models, and the engine's probe against the oracle."""
import collections
import functools
import glob
import os

import pytest

import compare
import generate
from oracle import mistakes, modeltest, world

HERE = os.path.dirname(os.path.abspath(__file__))
MODELS = os.path.join(HERE, "..", "models")
LATER = {"39", "45"}
GIVEN = sorted(p for p in glob.glob(os.path.join(MODELS, "published", "*.test.yaml"))
               if os.path.basename(p)[:2] not in LATER)
GIVEN += [os.path.join(MODELS, "semantics", f"{n}.test.yaml") for n in ("points", "ripeness", "patterns", "strikes")]
GIVEN += [os.path.join(MODELS, "built", f"sequence_{n}.test.yaml") for n in ("steps", "after")]
GIVEN += [os.path.join(MODELS, "built", "routes.test.yaml")]
GIVEN += [os.path.join(MODELS, "example", "pumps.test.yaml")]
GIVEN += [os.path.join(MODELS, "built", f"{n}.test.yaml") for n in ("nurture", "audience")]
STORED = sorted(glob.glob(os.path.join(HERE, "worlds", "*.world")))
PROBE = os.environ["PROBE"]
COUNT = int(os.environ.get("WATERHOLE_SEEDS", "30"))
SEEDS = list(range(COUNT))
LONG_LIVES = list(range(generate.FOLDS_FROM, generate.FOLDS_FROM + COUNT // 3))
SEQUENCES = list(range(generate.SEQUENCES_FROM, generate.SEQUENCES_FROM + COUNT // 2))
HINDSIGHT = list(range(generate.HINDSIGHT_FROM, generate.HINDSIGHT_FROM + COUNT // 2))
MUST_OCCUR = 3


@pytest.mark.parametrize("path", GIVEN, ids=os.path.basename)
def test_the_oracle_meets_the_given_expectations(path):
    count, failures = modeltest.run_file(path)
    assert count and not failures


@pytest.mark.parametrize("path", STORED, ids=os.path.basename)
def test_a_stored_world_is_answered_as_stored(path):
    with open(path.replace(".world", ".expected"), encoding="utf-8") as file:
        stored = file.read().splitlines()
    assert compare.difference(stored, compare.expected(world.read(path))) is None


def test_every_construct_occurs_in_the_worlds():
    used = collections.Counter()
    for seed in [*range(150), *range(generate.SEQUENCES_FROM, generate.SEQUENCES_FROM + 60),
                 *range(generate.HINDSIGHT_FROM, generate.HINDSIGHT_FROM + 60)]:
        generate.world(seed, used)
    assert not {name: n for name, n in used.items() if n < MUST_OCCUR}


@functools.cache
def fresh_with_answer(seed):
    lines = compare.fresh(seed)
    return lines, compare.expected(lines)


@pytest.mark.parametrize("name", sorted(mistakes.ALL))
def test_a_planted_mistake_is_seen(name):
    path = os.path.join(HERE, "worlds", "mistakes.txt")
    with open(path, encoding="utf-8") as file:
        seed = dict(line.split() for line in file)[name]
    lines, right = fresh_with_answer(int(seed))
    mistakes.active.add(name)
    try:
        wrong = compare.expected(lines)
    finally:
        mistakes.active.clear()
    assert compare.difference(right, wrong)


@pytest.mark.parametrize("path", STORED, ids=os.path.basename)
def test_the_engine_answers_a_stored_world(path):
    with open(path.replace(".world", ".expected"), encoding="utf-8") as file:
        stored = file.read().splitlines()
    assert compare.difference(stored, compare.answered(PROBE, world.read(path))) is None


@pytest.mark.parametrize("seed", SEEDS + LONG_LIVES + SEQUENCES + HINDSIGHT)
def test_the_engine_answers_a_random_world(seed):
    lines = compare.fresh(seed)
    assert compare.compared(PROBE, lines) is None


@pytest.mark.parametrize("seed", SEEDS + [seed for seed in SEQUENCES + HINDSIGHT
                                          if not generate.folds(seed)])
def test_any_order_of_arrival_ends_in_equal_values(seed):
    lines, answer = fresh_with_answer(seed)
    wanted = compare.last_look(answer)
    for other in range(3):
        found = compare.answered(PROBE, compare.permuted(lines, 1000 * seed + other))
        assert list(compare._paths(wanted, compare.last_look(found))) == []
