"""The primary that sentinels name: found at first, and again after it failed."""
import signal

import pytest
from owner import Owner
from server import Probe, Server, assert_conforms, free_port, run_probe, wait_for, wait_for_replica

NAME = "leads"


class Watched:
    """A primary, a replica and a sentinel that alone decides."""

    def __init__(self, folder):
        self.servers = [Server(folder / "a", port=free_port())]
        self.servers.append(Server(folder / "b", "--replicaof", f"127.0.0.1 {self.servers[0].port}",
                                   port=free_port()))
        self.sentinel = Sentinel(folder / "sentinel", self.servers[0].port)
        wait_for(lambda: self.sentinel.say("REPLICAS", NAME))
        wait_for(lambda: self.servers[1].client().info("replication")["master_link_status"] == "up")

    def primary(self):
        _, port = self.sentinel.say("GET-MASTER-ADDR-BY-NAME", NAME)
        return next(server for server in self.servers if server.port == int(port))

    @property
    def address(self):
        return f"sentinel://127.0.0.1:{free_port()},127.0.0.1:{self.sentinel.port}/{NAME}"

    def stop(self):
        for server in (*self.servers, self.sentinel):
            server.stop()


class Sentinel(Server):
    def __init__(self, folder, port):
        self.watched = port
        super().__init__(folder, port=free_port(), unix=False)

    def arguments(self):
        file = self.folder / "sentinel.conf"
        file.write_text(f"port {self.port}\ndir {self.folder}\n"
                        f"sentinel monitor {NAME} 127.0.0.1 {self.watched} 1\n"
                        f"sentinel down-after-milliseconds {NAME} 500\n"
                        f"sentinel failover-timeout {NAME} 3000\n")
        return ["redis-server", str(file), "--sentinel"]

    def say(self, *words):
        return self.client(decode_responses=True).execute_command("SENTINEL " + words[0], *words[1:])


@pytest.fixture
def watched(tmp_path):
    watched = Watched(tmp_path)
    yield watched
    watched.stop()


def test_it_conforms_though_the_first_sentinel_is_away(watched):
    assert_conforms(watched.address)
    assert run_probe("check", watched.address).returncode == 0


def test_a_name_that_no_sentinel_knows(watched):
    address = f"sentinel://127.0.0.1:{watched.sentinel.port}/others"
    run = run_probe("check", address, "patience=400")
    assert run.returncode == 3 and "does not know" in run.stdout


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSTOP])
def test_a_primary_that_fails(watched, end):
    probe = Probe(watched.address, "patience=500")
    owner = Owner(probe, 20)
    owner.claim()
    for _ in range(30):
        owner.step()
    owner.finish()
    old = watched.primary()
    wait_for_replica(old, watched.servers[1])
    old.signal(end)
    for _ in range(30):
        owner.step()
    owner.finish()
    assert owner.read()
    assert watched.primary() is not old
    assert probe.words_of_news() == ["away", "back"], probe.news
    old.signal(signal.SIGCONT)
    probe.end()


def test_a_failover_that_loses_the_last_writes_shows(watched):
    """The replica hears nothing any more: what the primary has acknowledged since is lost."""
    probe = Probe(watched.address, "patience=500")
    probe.ask("claim", 0, 5, 1, -1, 0)
    probe.ask("write", 0, 1, 0, 1, 0, "1:1:5:kept")
    old, replica = watched.servers
    wait_for_replica(old, replica)
    replica.signal(signal.SIGSTOP)
    assert old.client().execute_command("CLIENT KILL", "TYPE", "replica") == 1
    assert probe.ask("write", 0, 1, 1, 2, 0, "1:2:5:lost").result == "ok"
    old.stop()
    replica.signal(signal.SIGCONT)
    wait_for(lambda: watched.primary() is replica)
    answer = wait_for(lambda: (lambda read: read if read.result == "ok" else None)(probe.ask("read", 0, 1)))
    assert (answer.version, answer.entries) == (1, {1: (1, 5, "kept")})
    assert probe.ask("write", 0, 1, 2, 3, 0, "1:3:5:next").result == "refused"
    probe.end()
