"""Clients that are slow, many, or odd."""
import json
import re
import resource
import socket
import time

import pytest

from probe import await_that, read_all, request_bytes, serving, touch


def test_pipelined_requests_are_answered_in_order(probe):
    requests = [request_bytes(touch(id=str(n))) for n in range(20)]
    requests.insert(7, b"GET /nope HTTP/1.1\r\nHost: x\r\n\r\n")
    with probe.connect() as connection:
        connection.sendall(b"".join(requests) + b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
                           b"Connection: close\r\n\r\n")
        said = read_all(connection)
    codes = re.findall(rb"HTTP/1.1 (\d+)", said)
    assert codes == [b"200"] * 7 + [b"404"] + [b"200"] * 14
    assert [one["id"] for one in probe.touches()] == [str(n) for n in range(20)]


def test_pipelined_while_the_first_waits(probe):
    probe.tell("hold")
    with probe.connect() as connection:
        connection.sendall(request_bytes(touch(id="a")) +
                           request_bytes(touch(id="b"), "Connection: close"))
        probe.await_held(1)
        probe.tell("release")
        said = read_all(connection)
    assert said.count(b"HTTP/1.1 200 OK") == 2


def test_expect_100_continue(probe):
    body = json.dumps(touch()).encode()
    head = (b"POST /v1/touchpoints HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n"
            b"Expect: 100-continue\r\nConnection: close\r\n\r\n" % len(body))
    with probe.connect() as connection:
        connection.sendall(head)
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 Continue")
        connection.sendall(body)
        assert read_all(connection).startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize("header, status", [
    (b"Content-Length: 99999999\r\n", b"413"),
    (b"Content-Length: 10\r\nContent-Encoding: br\r\n", b"415")])
def test_expect_100_continue_is_refused_at_once(probe, header, status):
    with probe.connect() as connection:
        connection.sendall(b"POST /v1/touchpoints HTTP/1.1\r\nHost: x\r\n" + header +
                           b"Expect: 100-continue\r\n\r\n")
        assert connection.recv(1000).split()[1] == status


def test_a_client_that_closes_its_half():
    with serving(idle_ms=1000) as probe:
        with probe.connect() as connection:
            connection.sendall(request_bytes(touch()))
            connection.shutdown(socket.SHUT_WR)
            assert read_all(connection).startswith(b"HTTP/1.1 200 OK")
        with probe.connect() as connection:
            connection.sendall(request_bytes(touch())[:-5])
            connection.shutdown(socket.SHUT_WR)
            assert b" 200 " not in read_all(connection)
        assert len(probe.log()) == 1


def test_two_lengths(probe):
    for headers in (b"Content-Length: 5\r\nContent-Length: 6\r\n",
                    b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"):
        with probe.connect() as connection:
            connection.sendall(b"POST /v1/touchpoints HTTP/1.1\r\nHost: x\r\n"
                               b"Connection: close\r\n" + headers + b"\r\n0\r\n\r\n  ")
            assert read_all(connection).split()[1:2] in ([b"400"], [])
    assert probe.log("rejected") == []


NONSENSE = [b"\x16\x03\x01\x02\x00\x01", b"hello\r\n\r\n", b"\0" * 1000, b"GET / HTTP/9.9\r\n\r\n",
            b"POST /v1/touchpoints HTTP/1.1\r\n\r\n",
            b"POST /v1/touchpoints HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"]


def test_nonsense_instead_of_http():
    with serving(idle_ms=1000) as probe:
        connections = [probe.connect() for _ in NONSENSE]
        for connection, nonsense in zip(connections, NONSENSE):
            connection.sendall(nonsense)
            connection.shutdown(socket.SHUT_WR)
        for connection in connections:
            assert b" 200 " not in read_all(connection)
        assert probe.ask("GET", "/healthz").status == 200


def test_a_slow_client_holds_nothing_for_ever():
    # It sends again and again, so that it is never idle; only the whole request's time ends it.
    with serving(request_ms=300) as probe:
        slow = probe.connect()
        body = probe.connect()
        body.sendall(request_bytes(touch())[:-40])
        silent = probe.connect()
        gone = []

        def cut(connection):
            try:
                connection.sendall(b"x")
                connection.settimeout(0.01)
                return connection.recv(1000) == b""
            except TimeoutError:
                return False
            except OSError:
                return True
        await_that(lambda: cut(slow) and cut(body))
        silent.settimeout(60)
        assert read_all(silent) == b"" and gone == []
        assert probe.post(touch()).status == 200
        assert len(probe.log()) == 1


def test_an_idle_connection_ends():
    with serving(idle_ms=1000) as probe, probe.connect() as connection:
        connection.sendall(request_bytes(touch()))
        assert read_all(connection).startswith(b"HTTP/1.1 200 OK")


def test_a_client_that_does_not_read_its_answer_is_cut():
    with serving(idle_ms=1000, read_key="r") as probe:
        asked = b"GET /v1/recent?read_key=r HTTP/1.1\r\nHost: x\r\n\r\n"
        probe.post([touch(page={"path": "/" + "x" * 200})] * 100)
        with probe.connect() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.settimeout(0.2)
            try:
                while True:
                    connection.sendall(asked * 100)
            except TimeoutError:
                pass
            except OSError:
                return
            connection.settimeout(60)
            read_all(connection)


@pytest.fixture
def many_files():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 8192 if hard == resource.RLIM_INFINITY else min(8192, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(wanted, soft), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_two_thousand_idle_connections_do_not_stop_others(many_files):
    with serving() as probe:
        idle = [probe.connect() for _ in range(2000)]
        for number, connection in enumerate(idle[::100]):
            connection.sendall(request_bytes(touch(id=str(number)), "Connection: close"))
            assert read_all(connection).startswith(b"HTTP/1.1 200 OK")
        assert probe.post(touch()).status == 200
        for connection in idle:
            connection.close()


def test_more_idle_connections_than_there_are_places():
    with serving(connections_max=40) as probe:
        idle = []
        for number in range(150):
            idle.append(probe.connect())
            if number % 10 == 9:
                assert probe.post(touch(id=str(number))).status == 200
        assert len(probe.log()) == 15
        for connection in idle:
            connection.close()


def test_busy_connections_are_not_cut_for_new_ones():
    with serving(connections_max=16) as probe:
        probe.tell("hold")
        busy = [probe.connect() for _ in range(10)]
        for number, connection in enumerate(busy):
            connection.sendall(request_bytes(touch(id=str(number)), "Connection: close"))
        probe.await_held(10)
        idle = [probe.connect() for _ in range(50)]
        probe.tell("release")
        for connection in busy:
            assert read_all(connection).startswith(b"HTTP/1.1 200 OK")
        for connection in idle:
            connection.close()


def test_many_requests_on_one_connection(probe):
    with probe.connect() as connection:
        reader = connection.makefile("rb")
        begin = time.monotonic()
        for number in range(500):
            connection.sendall(request_bytes(touch(id=str(number))))
            assert reader.readline() == b"HTTP/1.1 200 OK\r\n"
            while reader.readline() != b"\r\n":
                pass
            assert reader.read(15) == b'{"accepted":1}\n'
        # Each is answered by an event, not by a timer: a bound against waiting, not a measurement.
        assert time.monotonic() - begin < 60
    assert len(probe.log()) == 500
