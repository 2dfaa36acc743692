"""What the network, the server and people do to the store, and what an owner of a partition sees of
it. Times are short: a request is waited for for 400 ms here."""
import signal
import time

import pytest
from owner import Owner
from server import Probe, Proxy, Server, free_port, wait_for

QUICK = "patience=400"


@pytest.fixture
def server(tmp_path):
    server = Server(tmp_path / "redis", port=free_port())
    yield server
    server.stop()


def test_a_server_that_lost_the_script_gets_it_again(server):
    probe = Probe(server.address)
    owner = Owner(probe, 1)
    owner.claim()
    for turn in range(60):
        if turn % 20 == 10:
            server.client().script_flush()
        owner.step()
        assert owner.read()
    owner.finish()
    counts = probe.counts()
    assert counts["scripts"] > 0 and counts["failed"] == 0 and counts["lost"] == 0
    assert not probe.words_of_news()
    probe.end()


def test_connections_cut_in_the_middle_of_anything(server):
    proxy = Proxy(server.port)
    probe = Probe(f"redis://127.0.0.1:{proxy.port}", QUICK)
    owner = Owner(probe, 2)
    owner.claim()
    reads, cuts, next_cut = 0, 0, 3000
    while owner.sent() < 500:
        owner.step()
        if owner.sent() % 3 == 0:
            reads += owner.read()
        if proxy.passed > next_cut:
            proxy.cut()
            cuts += 1
            next_cut = proxy.passed + owner.dice.randrange(500, 60000)
    owner.finish()
    assert owner.read() and reads > 100
    assert cuts > 10 and owner.repeats > 0 and probe.counts()["lost"] >= 10
    probe.end()
    proxy.end()


def test_a_server_that_stands_still(server):
    probe = Probe(server.address, QUICK)
    owner = Owner(probe, 3)
    owner.claim()
    owner.step()
    owner.finish()
    server.signal(signal.SIGSTOP)
    begin = time.monotonic()
    assert probe.ask("read", 0, 1).result == "failed"
    assert 0.35 < time.monotonic() - begin < 2
    # It may be applied or not, now or later: nobody knows, and the same is sent again until then.
    for _ in range(3):
        owner.step()
    assert probe.ask("meta", 0).result == "failed"
    server.signal(signal.SIGCONT)
    owner.finish()
    assert owner.read()
    assert probe.words_of_news() == ["away", "back"], probe.news
    assert str(server.socket) in probe.news[-2]
    probe.end()


def test_a_server_that_comes_late(tmp_path):
    server = Server(tmp_path / "redis", port=free_port())
    server.stop()
    probe = Probe(server.address, QUICK)
    assert probe.ask("meta", 0).result == "failed"
    assert probe.ask("meta", 0).result == "failed"
    assert probe.words_of_news() == ["away"], probe.news
    server.start()
    # One that is asked while the server is away is answered as soon as it is there.
    assert wait_for(lambda: probe.ask("meta", 0).result == "ok")
    assert probe.words_of_news() == ["away", "back"]
    server.stop()
    probe.end()


def test_a_restart_that_nobody_waits_for_is_no_news(tmp_path):
    server = Server(tmp_path / "redis", "--appendonly", "yes", "--appendfsync", "always",
                    port=free_port())
    probe = Probe(server.address)
    owner = Owner(probe, 4)
    owner.claim()
    for _ in range(20):
        owner.step()
    owner.finish()
    server.restart()
    assert owner.read()
    for _ in range(20):
        owner.step()
    owner.finish()
    assert owner.read() and not probe.words_of_news()
    assert probe.counts()["lost"] > 0
    probe.end()
    server.stop()


def test_an_emptied_store_is_another_one(server):
    probe = Probe(server.address)
    probe.ask("claim", 0, 5, 1, -1, 0)
    assert probe.ask("write", 0, 1, 0, 1, 40, "1:1:10:a").result == "ok"
    server.client().flushall()
    read = probe.ask("read", 0, 1)
    assert not read.exists and read.entries == {1: (0,)}
    write = probe.ask("write", 0, 1, 1, 2, 41, "2:2:10:b")
    assert write.result == "refused" and not write.exists
    assert server.client().keys() == []
    # Who still believes in the old one is refused, and knows by what; an owner who looks begins.
    assert probe.ask("claim", 0, 5, 2, 1, 1).result == "refused"
    assert probe.ask("claim", 0, 5, 2, -1, 0).result == "ok"
    probe.end()


def test_an_old_dump_shows_by_its_version(tmp_path):
    server = Server(tmp_path / "redis", port=free_port())
    probe = Probe(server.address)
    probe.ask("claim", 0, 5, 1, -1, 0)
    probe.ask("write", 0, 1, 0, 1, 40, "1:1:10:old")
    server.client().save()
    probe.ask("write", 0, 1, 1, 2, 41, "1:2:10:new")
    server.restart()
    read = probe.ask("read", 0, 1)
    assert (read.epoch, read.version, read.entries) == (1, 1, {1: (1, 10, "old")})
    assert probe.ask("write", 0, 1, 2, 3, 42, "2:3:10:b").result == "refused"
    probe.end()
    server.stop()


def test_memory_that_is_full_is_waited_for_and_nothing_is_half_done(server):
    probe = Probe(server.address, QUICK)
    owner = Owner(probe, 5)
    owner.claim()
    for _ in range(30):
        owner.step()
    owner.finish()
    control = server.client()
    control.config_set("maxmemory", 1)
    owner.begin()
    owner.settle()
    assert owner.repeats == 1
    before = probe.ask("meta", 0)
    assert before.result == "ok" and before.version == owner.acknowledged
    clear = probe.ask("clear", 0, 1, owner.acknowledged, 5)
    assert clear.result == "failed" and probe.ask("meta", 0).version == owner.acknowledged
    away = [line for line in probe.news if line.startswith("away")]
    assert away and "OOM" in away[0]
    control.config_set("maxmemory", 0)
    owner.finish()
    assert owner.read() and probe.words_of_news()[-1] == "back"
    probe.end()


def test_what_somebody_else_wrote_there_is_not_believed(server):
    probe = Probe(server.address, QUICK)
    probe.ask("claim", 0, 5, 1, -1, 0)
    probe.ask("write", 0, 1, 0, 1, 40, "1:1:10:a")
    key, = server.client().keys("*:e:*")
    server.client().set(key, "rubbish")
    assert probe.ask("read", 0, 1).result == "failed"
    assert any("none of ours" in line for line in probe.news)
    probe.end()


def test_an_idle_store_does_nothing(server):
    """Its timer stands still: the process sleeps until somebody asks."""
    probe = Probe(server.address)
    assert probe.ask("meta", 0).result == "ok"
    time.sleep(0.1)
    before = server.client().info("commandstats")
    switches = lambda: sum(int(line.split()[1]) for line in open(f"/proc/{probe.process.pid}/status")
                           if "ctxt_switches" in line)
    count = switches()
    time.sleep(0.5)
    assert switches() - count <= 1
    assert server.client().info("commandstats")["cmdstat_evalsha"] == before["cmdstat_evalsha"]
    probe.end()
