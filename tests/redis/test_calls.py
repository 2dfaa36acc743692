"""The calls of the store on a real server, beside a model of what they must do."""
import random

import pytest
from server import NEVER, Probe, Server, assert_conforms, free_port
from shelf import Shelf, assert_same_stamp, some_entries, words_of


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("redis"), port=free_port())
    yield server
    server.stop()


def test_it_conforms_behind_a_unix_socket(server):
    assert_conforms(server.address)


def test_it_conforms_over_tcp_in_another_database(server):
    assert_conforms(f"redis://localhost:{server.port}/3")
    assert server.client(db=3).dbsize() > 0


def one_call(dice, probe, shelf, partition):
    """A random call of both; what they show must be the same."""
    _, epoch, version, watermark, _ = shelf.stamp()
    call = dice.choice(["claim", "read", "write", "write", "write", "dues", "scan", "clear"])
    if call == "claim":
        words = (dice.choice([5, 5, 5, 6]), epoch + dice.randrange(-1, 3),
                 epoch if shelf.meta else -1, version + dice.choice([0, 0, 1]))
        is_done = shelf.claim(*words)
        answer = probe.ask(call, partition, *words)
        assert answer.result == ("ok" if is_done else "refused"), answer.line
    elif call == "write":
        seq = watermark + dice.randrange(1, 4)
        entries = some_entries(dice, seq, 30)
        words = (epoch + dice.choice([0, 0, 0, 0, 1]), version + dice.choice([0, 0, 0, 0, 1]),
                 watermark + dice.randrange(3), dice.randrange(1000))
        is_done = shelf.write(*words, entries)
        answer = probe.ask(call, partition, *words, *words_of(entries))
        assert answer.result == ("ok" if is_done else "refused"), answer.line
    elif call == "read":
        keys = [dice.randrange(1, 60) for _ in range(10)]
        answer = probe.ask(call, partition, *keys)
        assert answer.entries == {key: shelf.shown(key) for key in keys}
    elif call == "dues":
        moment = 1_700_000_000_000_000 + dice.randrange(-1, 6)
        words = (moment, dice.randrange(60), moment + dice.randrange(6), dice.randrange(1, 8))
        answer = probe.ask(call, partition, *words)
        assert (answer.dues, answer.has_more) == shelf.dues(*words)
    elif call == "scan":
        words = (dice.randrange(60), dice.randrange(1, 8))
        answer = probe.ask(call, partition, *words)
        keys, has_more = shelf.scan(*words)
        assert answer.has_more == has_more
        assert {key: row[0] for key, row in answer.entries.items()} == \
            {key: shelf.entries[key][0] for key in keys}
    elif dice.random() < 0.2:
        limit = dice.randrange(1, 40)
        before = set(shelf.entries)
        answer = probe.ask(call, partition, epoch, version, limit)
        left = set(read_all(probe, partition))
        assert shelf.clear(epoch, version, before - left) == (answer.result == "ok")
        if answer.result == "ok":
            assert left <= before and len(before - left) == min(limit, len(before))
            assert answer.has_more == bool(left)
    else:
        answer = probe.ask("meta", partition)
    assert_same_stamp(answer, shelf)


def read_all(probe, partition):
    found = probe.ask("read", partition, *range(1, 60)).entries
    return {key: row for key, row in found.items() if row[0] > 0}


@pytest.mark.parametrize("seed", range(6))
def test_random_calls_do_what_the_contract_says(server, seed):
    dice = random.Random(seed)
    probe = Probe(server.address, f"prefix=random-{seed}")
    shelves = [Shelf(), Shelf()]
    for _ in range(400):
        partition = dice.randrange(2)
        one_call(dice, probe, shelves[partition], partition)
    for partition, shelf in enumerate(shelves):
        assert read_all(probe, partition) == {key: shelf.shown(key) for key in shelf.entries}
    probe.end()


def test_nothing_is_left_of_what_was_removed(server):
    probe = Probe(server.address, "prefix=tidy")
    probe.ask("claim", 0, 5, 1, -1, 0)
    probe.ask("write", 0, 1, 0, 1, 0, "1:1:10:a", "2:1:never:b")
    probe.ask("write", 0, 1, 1, 2, 0, "1:2:-:-", "2:2:-:-")
    assert sorted(server.client().keys("tidy:*")) == [b"tidy:{0}:meta"]
    probe.end()


def test_a_tombstone_that_comes_back_to_life_stays(server):
    probe = Probe(server.address, "prefix=back")
    probe.ask("claim", 0, 5, 1, -1, 0)
    probe.ask("write", 0, 1, 0, 1, 0, "1:3:-:-")
    probe.ask("write", 0, 1, 1, 1, 0, "1:4:10:alive")
    answer = probe.ask("write", 0, 1, 2, 9, 0, "2:9:never:b")
    assert answer.result == "ok"
    assert probe.ask("read", 0, 1).entries == {1: (4, 10, "alive")}
    probe.end()


def test_more_entries_than_lua_takes_at_once(server):
    """A command of a script has at most about 8,000 arguments; the probe's keys are bytes, so the
    same ones come again and again."""
    probe = Probe(server.address, "prefix=many")
    probe.ask("claim", 0, 5, 1, -1, 0)
    words = [f"{key}:{turn + 1}:{turn + 7}:text" for turn in range(12) for key in range(256)]
    assert probe.ask("write", 0, 1, 0, 1, 0, *words).result == "ok"
    answer = probe.ask("read", 0, *(key for _ in range(10) for key in range(256)))
    assert answer.entries == {key: (12, 18, "text") for key in range(256)}
    assert len(probe.ask("dues", 0, 0, 0, 18, 300).dues) == 256
    probe.end()


def test_moments_that_a_score_cannot_hold_come_early_but_come(server):
    probe = Probe(server.address, "prefix=far")
    probe.ask("claim", 0, 5, 1, -1, 0)
    far = 2**60 + 1
    probe.ask("write", 0, 1, 0, 1, 0, f"1:1:{far}:a")
    assert probe.ask("read", 0, 1).entries == {1: (1, far, "a")}
    answer = probe.ask("dues", 0, 0, 0, NEVER - 1, 5)
    assert answer.dues == [(1, 2**53)]
    assert not probe.ask("dues", 0, 2**53, 1, NEVER - 1, 5).dues
    probe.end()


def test_many_writes_under_way_at_once_keep_their_order(server):
    probe = Probe(server.address, "prefix=chain")
    probe.ask("claim", 0, 5, 1, -1, 0)
    tickets = [probe.send("write", 0, 1, version, version + 1, 0, f"{version % 50 + 1}:{version + 1}:never:v{version}")
               for version in range(300)]
    for ticket in tickets:
        assert " ok " in probe.take(ticket)
    assert probe.ask("meta", 0).version == 300
    assert probe.counts()["lost"] == 0
    probe.end()
