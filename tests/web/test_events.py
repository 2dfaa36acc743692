"""GET /v1/events: server-sent events."""
import contextlib
import json
import socket

from probe import await_that, read_all, serving, touch


class Listener:
    def __init__(self, probe, query="", headers=""):
        self.connection = probe.connect()
        self.connection.sendall(f"GET /v1/events{query} HTTP/1.0\r\nHost: localhost\r\n{headers}\r\n"
                                .encode())
        self.lines = self.connection.makefile("r", encoding="utf-8", newline="\n")
        head = self.block()
        assert head[0].startswith("HTTP/1.") and " 200 " in head[0], head
        assert "Content-Type: text/event-stream\r" in head
        assert "retry: 2000" in self.block()

    def block(self):
        lines = []
        while (line := self.lines.readline()).strip():
            assert line.endswith("\n")
            lines.append(line.rstrip("\n"))
        return lines

    def message(self):
        """The next one that is no heartbeat: id, event, data."""
        block = {}
        while "data" not in block:
            lines = self.block()
            assert lines, "the stream ended"
            block = dict(line.split(": ", 1) for line in lines if not line.startswith(":"))
        return block.get("id"), block["event"], json.loads(block["data"])

    def close(self):
        self.lines.close()
        self.connection.close()


@contextlib.contextmanager
def listening(*words, **more):
    listener = Listener(*words, **more)
    try:
        yield listener
    finally:
        listener.close()


def test_lead_events(probe):
    with listening(probe) as one, listening(probe) as two:
        probe.tell("publish", "l/1/hot/1/qualified", "lead.qualified", '{"note":"größer"}')
        probe.tell("publish", "l/1/hot/1/withered", "lead.withered", '{"n":2}')
        for listener in (one, two):
            assert listener.message() == ("l/1/hot/1/qualified", "lead.qualified",
                                          {"note": "größer"})
            assert listener.message() == ("l/1/hot/1/withered", "lead.withered", {"n": 2})


def test_touches_only_for_those_who_ask(probe):
    with listening(probe, "?touches=1") as both, listening(probe) as leads:
        probe.post(touch(id="a", page={"path": "/x"}, product="HX-200"))
        probe.post(b'{"type":"x"}')
        probe.tell("publish", "e", "lead.qualified", "{}")
        _, event, data = both.message()
        received = data.pop("received_at")
        assert event == "touch" and received.endswith("Z")
        assert data == {"id": "a", "type": "page_view", "occurred_at": "2026-11-24T09:00:00.000Z",
                        "identifiers": {"anon": "c-81"}, "page": {"path": "/x"},
                        "product": "HX-200", "became": "accepted"}
        _, event, data = both.message()
        assert event == "rejected" and data["reason"] == "missing" and data["became"] == "rejected"
        assert both.message() == ("e", "lead.qualified", {})
        assert leads.message() == ("e", "lead.qualified", {})


def test_a_touch_is_told_when_the_log_has_it(probe):
    probe.tell("outcome", "NO_ROOM")
    with listening(probe, "?touches=1") as listener:
        probe.post(touch(id="lost"))
        assert listener.message()[2]["became"] == "failed"


def test_who_comes_back_hears_what_it_missed(probe):
    with listening(probe) as listener:
        for number in range(5):
            probe.tell("publish", f"e-{number}", "lead.updated", json.dumps({"n": number}))
        assert listener.message()[0] == "e-0"
    with listening(probe, headers="Last-Event-ID: e-2\r\n") as listener:
        assert [listener.message()[0] for _ in range(2)] == ["e-3", "e-4"]
    with listening(probe, headers="Last-Event-ID: unknown\r\n") as listener:
        probe.tell("publish", "e-5", "lead.updated", "{}")
        assert listener.message()[0] == "e-5"


def test_more_than_the_ring_holds(probe):
    with listening(probe) as listener:
        for number in range(400):
            probe.tell("publish", f"e-{number}", "lead.updated", '{"x":"' + "x" * 30000 + '"}')
            assert listener.message()[0] == f"e-{number}"
    with listening(probe, headers="Last-Event-ID: e-390\r\n") as listener:
        assert [listener.message()[0] for _ in range(9)] == [f"e-{n}" for n in range(391, 400)]


def test_a_slow_listener_is_cut_and_the_others_are_not(probe):
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.connect((probe.host, probe.port))
    slow.sendall(b"GET /v1/events HTTP/1.0\r\nHost: localhost\r\n\r\n")
    slow.settimeout(60)
    assert slow.recv(10)
    with listening(probe) as quick:
        for number in range(400):
            probe.tell("publish", f"e-{number}", "lead.updated", '{"x":"' + "x" * 60000 + '"}')
            assert quick.message()[0] == f"e-{number}"
    assert len(read_all(slow)) < 400 * 60000
    slow.close()


def test_a_listener_for_leads_does_not_mind_many_touches(probe):
    with listening(probe) as leads, listening(probe, "?touches=1") as both:
        for number in range(20):
            probe.post([touch(id=f"{number}-{n}", asset="x" * 250) for n in range(1000)])
            for _ in range(1000):
                both.message()
        probe.tell("publish", "e", "lead.qualified", "{}")
        assert leads.message()[0] == "e"


def test_so_many_listeners_and_no_more(probe):
    with contextlib.ExitStack() as stack:
        listeners = [stack.enter_context(listening(probe)) for _ in range(64)]
        answer = probe.ask("GET", "/v1/events")
        assert answer.status == 503 and answer.headers["Retry-After"]
        listeners[0].close()
        probe.tell("publish", "e", "lead.qualified", "{}")
        assert listeners[1].message()[0] == "e"

        def has_place():
            probe.tell("publish", "e", "lead.qualified", "{}")
            return probe.ask("HEAD", "/v1/events").status == 200
        await_that(has_place)


def test_listeners_are_sent_away_at_the_end():
    with serving() as probe, listening(probe) as listener:
        probe.tell("stop")
        assert listener.lines.read() == ""
        assert probe.process.wait(60) == 0


def test_chunked_for_clients_of_today(probe):
    with probe.connect() as connection:
        connection.sendall(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        lines = connection.makefile("rb")
        head = [lines.readline() for _ in range(9)]
        assert b"Transfer-Encoding: chunked\r\n" in head
