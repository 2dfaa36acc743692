"""What a start says about the Redis that it is given, and who is let in how."""
import subprocess

import pytest
from owner import Owner
from server import Probe, Server, assert_conforms, free_port, run_probe

# What the store needs of a user; commands/contract.md 8 names the same.
RIGHTS = ("~wh:*", "~suite-*", "resetchannels", "-@all", "+eval", "+evalsha", "+script|load", "+info",
          "+config|get", "+exists", "+hmget", "+hset", "+hincrby", "+mget", "+mset", "+getrange", "+del",
          "+zadd", "+zrem", "+zrange", "+zcount", "+zrangebyscore", "+zrangebylex")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("redis"), port=free_port())
    control = server.client()
    control.execute_command("ACL", "SETUSER", "leads", "on", ">p@ss:wörd", *RIGHTS)
    control.execute_command("ACL", "SETUSER", "blind", "on", ">blind", *RIGHTS, "-info", "-config|get",
                            "-script|load")
    yield server
    server.stop()


def test_a_policy_that_may_evict_leads_is_refused(server):
    control = server.client()
    for policy, code in (("allkeys-lru", 2), ("allkeys-random", 2), ("volatile-lru", 0), ("noeviction", 0)):
        control.config_set("maxmemory-policy", policy)
        run = run_probe("check", server.address, "patience=500")
        assert run.returncode == code, run.stdout
        assert policy in run.stdout
        assert code == 0 or "expected noeviction" in run.stdout


def test_a_policy_that_changes_later_stops_who_comes_then(server):
    control = server.client()
    control.config_set("maxmemory-policy", "allkeys-lfu")
    probe = Probe(server.address, "patience=400")
    assert probe.ask("meta", 0).result == "failed"
    assert "allkeys-lfu" in probe.news[0]
    control.config_set("maxmemory-policy", "noeviction")
    while probe.ask("meta", 0).result != "ok":
        pass
    assert probe.words_of_news() == ["away", "back"]
    probe.end()


def test_a_note_says_what_a_restart_costs(server, tmp_path):
    assert "keeps nothing on a disk" in run_probe("check", server.address).stdout
    dumps = Server(tmp_path / "dumps", "--save", "3600 1", port=free_port())
    log = Server(tmp_path / "log", "--appendonly", "yes", port=free_port())
    assert "keeps dumps only" in run_probe("check", dumps.address).stdout
    assert "disk" not in run_probe("check", log.address).stdout
    dumps.stop()
    log.stop()


def test_nobody_there_may_pass(tmp_path):
    run = run_probe("check", f"unix://{tmp_path}/nobody.sock", "patience=300")
    assert run.returncode == 3 and "No such file" in run.stdout
    run = run_probe("check", f"redis://127.0.0.1:{free_port()}", "patience=300")
    assert run.returncode == 3 and "refused" in run.stdout
    run = run_probe("check", "redis://no-such-host.invalid", "patience=300")
    assert run.returncode == 3


def test_a_replica_is_no_store(server, tmp_path):
    replica = Server(tmp_path / "replica", "--replicaof", f"127.0.0.1 {server.port}", port=free_port())
    run = run_probe("check", replica.address, "patience=300")
    assert run.returncode == 2 and "expected the primary" in run.stdout
    replica.stop()


def test_a_user_with_just_these_rights(server):
    # The password has an @, a colon and an umlaut: as %XX in the address.
    assert_conforms(f"redis://leads:p%40ss%3Aw%C3%B6rd@127.0.0.1:{server.port}")


def test_a_user_who_may_not_ask_what_it_is(server):
    probe = Probe(f"redis://blind:blind@127.0.0.1:{server.port}", "patience=2000", "prefix=wh:blind")
    owner = Owner(probe, 7)
    owner.claim()
    for _ in range(40):
        owner.step()
    owner.finish()
    assert owner.read() and not probe.news
    probe.end()


def test_a_wrong_password_is_told_and_never_shown(server):
    for address in ("redis://leads:secret-1@127.0.0.1", "redis://nobody:secret-1@127.0.0.1"):
        run = run_probe("check", f"{address}:{server.port}", "patience=300")
        assert run.returncode == 2 and "WRONGPASS" in run.stdout
        assert "secret-1" not in run.stdout + run.stderr


def test_a_password_that_is_missing(tmp_path):
    server = Server(tmp_path / "closed", "--requirepass", "open", port=free_port())
    run = run_probe("check", server.address, "patience=300")
    assert run.returncode == 2 and "NOAUTH" in run.stdout
    assert_conforms(f"redis://:open@127.0.0.1:{server.port}")
    server.stop()


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    """An authority, a server's certificate for localhost and 127.0.0.1, one for somebody else, and a
    client's."""
    folder = tmp_path_factory.mktemp("papers")

    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    for authority in ("authority", "stranger"):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", f"/CN={authority}", "-keyout", f"{authority}.key", "-out", f"{authority}.pem")
    for name, names in (("server", "DNS:localhost,IP:127.0.0.1"), ("other", "DNS:other.example"),
                        ("client", "DNS:client")):
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                "-keyout", f"{name}.key", "-out", f"{name}.csr")
        (folder / "names").write_text(f"subjectAltName={names}\n")
        openssl("x509", "-req", "-days", "2", "-in", f"{name}.csr", "-CA", "authority.pem", "-CAkey",
                "authority.key", "-CAcreateserial", "-extfile", "names", "-out", f"{name}.pem")
    return folder


def tls_server(tmp_path, papers, name, clients="no"):
    port = free_port()
    server = Server(tmp_path / name, "--tls-port", port, "--tls-cert-file", papers / f"{name}.pem",
                    "--tls-key-file", papers / f"{name}.key", "--tls-ca-cert-file", papers / "authority.pem",
                    "--tls-auth-clients", clients)
    return server, port


def test_tls(tmp_path, papers):
    server, port = tls_server(tmp_path, papers, "server")
    authority = f"authorities={papers / 'authority.pem'}"
    assert_conforms(f"rediss://localhost:{port}", authority)
    assert_conforms(f"rediss://127.0.0.1:{port}", authority)
    for wrong in (f"authorities={papers / 'stranger.pem'}", "nothing"):
        run = run_probe("check", f"rediss://localhost:{port}", wrong, "patience=500")
        assert run.returncode == 2 and "certificate" in run.stdout, run.stdout
    server.stop()


def test_tls_to_somebody_else(tmp_path, papers):
    server, port = tls_server(tmp_path, papers, "other")
    run = run_probe("check", f"rediss://localhost:{port}", f"authorities={papers / 'authority.pem'}",
                    "patience=500")
    assert run.returncode == 2, run.stdout
    assert "mismatch" in run.stdout or "certificate verify failed" in run.stdout, run.stdout
    server.stop()


def test_tls_with_a_certificate_of_our_own(tmp_path, papers):
    server, port = tls_server(tmp_path, papers, "server", clients="yes")
    authority = f"authorities={papers / 'authority.pem'}"
    run = run_probe("check", f"rediss://localhost:{port}", authority, "patience=500")
    # What comes first is chance: the server's complaint, or the end of the connection.
    assert run.returncode in (2, 3), run.stdout
    assert_conforms(f"rediss://localhost:{port}", authority, f"certificate={papers / 'client.pem'}",
                    f"key={papers / 'client.key'}")
    run = run_probe("check", f"rediss://localhost:{port}", authority, f"certificate={papers / 'client.pem'}",
                    f"key={papers / 'server.key'}")
    assert run.returncode == 2 and "store.tls.key" in run.stdout
    server.stop()


def test_plain_text_is_no_tls(server):
    run = run_probe("check", f"rediss://localhost:{server.port}", "patience=500")
    assert run.returncode == 3 and "rediss" not in run.stdout
