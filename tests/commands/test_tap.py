"""`waterhole tap`: what passes, one line each, from a stream that breaks and comes back."""
import json
import queue
import signal
import subprocess
import threading

import pytest

from door import Stream, door_that
from program import KEPT, WATERHOLE, run

TOUCH = {"id": "t1", "type": "page_view", "source": "web", "became": "accepted",
         "occurred_at": "2026-11-24T09:59:59Z", "received_at": "2026-11-24T10:00:00.250Z",
         "identifiers": {"anon": "c-81"}, "page": {"path": "/pricing"}}
DEMO = {**TOUCH, "type": "demo_request", "page": {"path": "/demo"},
        "identifiers": {"anon": "c-81", "email": ["Ann@Works.Example", "a@works.example"]}}
REJECTED = {"type": "page_view", "received_at": "2026-11-24T10:00:02Z", "reason": "bad_time",
            "field": "occurred_at", "detail": "24.11.2026", "identifiers": {"anon": "c-9"}}
QUALIFIED = {"id": "9b1e/1/fast_lane/1/qualified", "type": "lead.qualified",
             "lead_id": "9b1e00aa9b1e00aa9b1e00aa9b1e00aa", "also": ["41c0aaaaaaaaaaaa"],
             "qualification": "fast_lane", "contact": {"email": "ann@works.example"},
             "grade": "B-", "note": "hot", "route": {"rule": "keep", "to": "team", "owner": "eva"},
             "decided_at": "2026-11-24T10:00:01.500Z", "occurred_at": "2026-11-24T10:00:00Z"}
STAGE = {"id": "x/1/stage/1/stage_changed", "type": "lead.stage_changed", "from": "look",
         "to": "compare", "lead_id": "77aa00aa9b1e00aa9b1e00aa9b1e00aa",
         "decided_at": "2026-11-24T10:00:01Z", "contact": {"email": None}}


def message(name, data):
    return f"id: 1\nevent: {name}\ndata: {json.dumps(data)}\n\n"


def messages():
    return (": hello\n\n" + message("touch", TOUCH) + message("touch", DEMO)
            + message("lead.qualified", QUALIFIED) + message("lead.stage_changed", STAGE)
            + message("rejected", REJECTED))


class Tap:
    """`waterhole tap` in the background; lines are awaited."""

    def __init__(self, folder, door, *words):
        self.process = subprocess.Popen(
            [WATERHOLE, "tap", "--listen", door.address, *words], cwd=folder, env=KEPT,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.out, self.err = self.reader(self.process.stdout), self.reader(self.process.stderr)

    @staticmethod
    def reader(stream):
        lines = queue.Queue()

        def read():
            for line in stream:
                lines.put(line.rstrip("\n"))
            lines.put(None)
        threading.Thread(target=read, daemon=True).start()
        return lines

    def end(self, how=signal.SIGINT):
        self.process.send_signal(how)
        return self.process.wait(30)

    def lines(self, count):
        return [self.out.get(timeout=30) for _ in range(count)]


def seen(folder, count, *words):
    """So many lines of the stream above, and nothing after them."""
    with door_that((200, Stream(messages() + message("touch", {**TOUCH, "type": "the_end"}),
                                hold=True))) as door:
        tap = Tap(folder, door, *words)
        lines = tap.lines(count)
        assert tap.end() == 0
    return lines


def words(line):
    return line.split()


def test_each_thing_is_one_line(tmp_path):
    heading, page, demo, ripe, stage, bad = seen(tmp_path, 6)
    assert words(heading) == ["time", "(UTC)", "what", "who", "about"]
    assert words(page) == ["2026-11-24", "10:00:00", "page_view", "anon:c-81", "/pricing"]
    assert words(demo) == ["2026-11-24", "10:00:00", "demo_request", "Ann@Works.Example", "/demo"]
    assert ripe.split("  ")[0] == "2026-11-24 10:00:01"
    assert words(ripe)[2:6] == ["*", "qualified", "fast_lane", "ann@works.example"]
    assert ripe.endswith("to eva; grade B-; hot")
    assert words(stage)[2:] == ["*", "stage_changed", "77aa00aa9b1e", "from", "look;", "to",
                                "compare"]
    assert words(bad)[2:] == ["!", "page_view", "anon:c-9", "rejected:", "bad_time,",
                              "occurred_at,", "24.11.2026"]


def test_it_asks_for_touches_too_and_names_its_key(tmp_path):
    with door_that((200, Stream(messages(), hold=True))) as door:
        tap = Tap(tmp_path, door)
        tap.lines(2)
        tap.end()
    assert door.asked[0].path == "/v1/events?touches=1"
    with door_that((401, {})) as door:
        refused = run(tmp_path, "tap", "--listen", door.address,
                      WATERHOLE_COLLECT_READ_KEYS="reader")
    assert door.asked[0].headers["Authorization"] == "Bearer reader"
    assert refused.code == 2 and 'first key of "collect.read_keys"' in refused.err


@pytest.mark.parametrize("words_given, what", [
    (("--type", "demo_request"), ["demo_request"]),
    (("--type", "qualified"), ["* qualified fast_lane"]),
    (("--lead", "anon:c-81"), ["page_view", "demo_request"]),
    (("--lead", "ann@works.example"), ["demo_request", "* qualified fast_lane"]),
    (("--lead", "9b1e00"), ["* qualified fast_lane"]),
    (("--lead", "41c0aaaa"), ["* qualified fast_lane"]),
    (("--rejected",), ["! page_view"]),
    (("--lead", "anon:c-81", "--type", "page_view"), ["page_view"]),
])
def test_filters(tmp_path, words_given, what):
    wanted = [*what, "the_end"] if words_given == ("--lead", "anon:c-81") else what
    lines = seen(tmp_path, 1 + len(wanted), *words_given)[1:]
    assert [line[21:].strip().split("  ")[0] for line in lines] == wanted


def test_an_anonymous_lead_is_known_by_its_hash(tmp_path):
    # Its events name it by the keyed hash only, as the program itself writes it when it plays.
    play = {"id": "1", "type": "page_view", "identifiers": {"anon": "c-81"},
            "occurred_at": "2026-01-05T10:00:00Z", "page": {"path": "/"}}
    (tmp_path / "model.yaml").write_text(
        "waterhole: 1\nname: m\nqualification: [ { id: seen, on: page_view } ]\n")
    (tmp_path / "t.jsonl").write_text(json.dumps(play) + "\n")
    (event,) = run(tmp_path, "up", "--model", "model.yaml", "--play", "t.jsonl", "--clock", "log",
                   "--once", "--json").objects()
    with door_that((200, Stream(message("lead.qualified", QUALIFIED)
                                + message("lead.qualified", event), hold=True))) as door:
        tap = Tap(tmp_path, door, "--lead", "anon:c-81", "--json")
        (line,) = tap.lines(1)
        tap.end()
    assert json.loads(line) == event


def test_json_is_what_came(tmp_path):
    lines = seen(tmp_path, 5, "--json")
    assert [json.loads(line) for line in lines] == [TOUCH, DEMO, QUALIFIED, STAGE, REJECTED]


def test_a_stream_that_breaks_off_is_taken_up_again(tmp_path):
    with door_that((200, Stream(message("touch", TOUCH))), (503, {}),
                   (200, Stream(message("touch", DEMO), hold=True))) as door:
        tap = Tap(tmp_path, door)
        lines = tap.lines(3)
        told = [tap.err.get(timeout=30) for _ in range(2)]
        assert tap.end(signal.SIGTERM) == 0
    assert "page_view" in lines[1] and "demo_request" in lines[2]
    assert told == ["waterhole: the connection ended; trying again in 250ms",
                    "waterhole: the connection ended; trying again in 500ms"]
    assert len(door.asked) == 3


def test_it_ends_while_it_waits_for_the_other_side(tmp_path):
    with door_that((200, Stream(message("touch", TOUCH)))) as door:
        tap = Tap(tmp_path, door)
        tap.lines(2)
    for _ in range(4):
        last = tap.err.get(timeout=30)
    assert "no answer from" in last and last.endswith("trying again in 2s")
    assert tap.end() == 0


def test_nobody_is_there_at_all(tmp_path):
    with door_that() as door:
        address = door.address
    result = run(tmp_path, "tap", "--listen", address)
    assert result.code == 3 and "does `" in result.err and "up` run there?" in result.err


def test_what_is_no_json_and_what_would_move_the_cursor(tmp_path):
    odd = {**TOUCH, "page": {"path": "/\x1b[31mred"}}
    with door_that((200, Stream("event: touch\ndata: {oops\n\n" + message("touch", odd)
                                + "data: 3\n\n" + message("touch", DEMO), hold=True))) as door:
        tap = Tap(tmp_path, door)
        lines = tap.lines(3)
        tap.end()
    assert lines[1].endswith("/?[31mred") and "demo_request" in lines[2]
