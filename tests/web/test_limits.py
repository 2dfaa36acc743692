"""Bounds: bodies, records, the queue towards the log, and what happens when it does not answer."""
import gzip
import json
import threading

from probe import await_that, packed, read_all, request_bytes, serving, touch

MIB = 1 << 20


def test_a_body_of_just_the_limit():
    text = json.dumps(touch())
    with serving(body_max=4096) as probe:
        assert probe.post(text + " " * (4096 - len(text))).status == 200
        answer = probe.post(text + " " * (4097 - len(text)))
        assert answer.status == 413 and "4096" in answer.json["error"]
        assert len(probe.log()) == 1


def test_too_much_without_a_length(probe):
    def parts():
        for _ in range(40):
            yield b" " * 65536
    answer = probe.ask("POST", "/v1/touchpoints", parts())
    assert answer.status == 413


def test_chunked(probe):
    text = json.dumps(touch()).encode()
    answer = probe.ask("POST", "/v1/touchpoints", iter([text[:10], text[10:11], text[11:]]))
    assert answer.status == 200


def test_a_client_that_never_stops_sending_is_cut(probe):
    with probe.connect() as connection:
        connection.sendall(b"POST /v1/touchpoints HTTP/1.1\r\nHost: x\r\n"
                           b"Transfer-Encoding: chunked\r\n\r\n")
        sent = 0
        try:
            while sent < 64 * MIB:
                connection.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")
                sent += 65536
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert MIB < sent < 64 * MIB
    assert probe.post(touch()).status == 200


def test_gzip_bombs(probe):
    once = gzip.compress(b" " * (900 * MIB // 8), 9)
    assert len(once) < MIB // 2
    for bomb in (once, gzip.compress(once), packed("[" + "{}," * MIB + "{}]"),
                 gzip.compress(b"") * 20000 + once):
        answer = probe.post(bomb, Content_Encoding="gzip")
        assert answer.status in (413, 400), answer.body
        assert probe.log() == []
    assert probe.post(once, Content_Encoding="gzip").status == 413


def test_as_many_records_as_one_request_may_have(probe):
    one = '{"type":"a"}'
    answer = probe.post("[" + ",".join([one] * 10000) + "]")
    assert answer.status == 400 and len(answer.json["rejected"]) == 10000
    assert [one["index"] for one in answer.json["rejected"]] == list(range(10000))
    for body in ("[" + ",".join([one] * 10001) + "]", "\n".join([one] * 10001)):
        answer = probe.post(body)
        assert answer.status == 413 and "10000" in answer.json["error"]
    assert len(probe.log("rejected")) == 10000


def test_brackets_without_end(probe):
    for body in ("[" * 500000, "{\"a\":" * 100000, "[" * 300000 + "]" * 300000, "\"" * 500001):
        answer = probe.post(body)
        assert answer.status == 400 and len(answer.json["rejected"]) == 1


def test_headers_beyond_their_limit(probe):
    with probe.connect() as connection:
        connection.sendall(request_bytes(touch(), "X-Long: " + "x" * 100000))
        assert b" 431 " in connection.recv(100)
    with probe.connect() as connection:
        connection.sendall(b"GET /" + b"x" * 100000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b" 4" in connection.recv(100)
    assert probe.ask("GET", "/healthz").status == 200


def test_nothing_is_answered_before_the_log_has_it(probe):
    probe.tell("hold")
    answers = []
    client = threading.Thread(target=lambda: answers.append(probe.post(touch())))
    client.start()
    probe.await_held(1)
    assert answers == [] and probe.log() == []
    assert probe.ask("GET", "/healthz").status == 200
    probe.tell("release")
    client.join()
    assert answers[0].status == 200 and len(probe.log()) == 1


def test_a_full_queue_pushes_back():
    with serving(queue_max=3000) as probe:
        probe.tell("hold")
        waiting = []
        for number in range(3):
            connection = probe.connect()
            connection.sendall(request_bytes(touch(id=str(number), note="x" * 1000)))
            waiting.append(connection)
        await_that(lambda: ("/v1/touchpoints", 429) in probe.answered())
        assert int(probe.tell("held")) == 2
        answer = probe.post(touch(id="one more", note="x" * 1000))
        assert answer.status == 429 and answer.headers["Retry-After"] == "1"
        probe.tell("release")
        await_that(lambda: len(probe.log()) == 2)
        assert probe.post(touch(id="one more", note="x" * 1000)).status == 200
        for connection in waiting:
            connection.close()


def test_one_request_larger_than_the_queue_is_taken_alone():
    with serving(queue_max=10) as probe:
        assert probe.post(touch()).status == 200


def test_a_log_that_does_not_answer_in_time():
    with serving(patience_ms=50) as probe:
        probe.tell("hold")
        answer = probe.post(touch(id="again"))
        assert answer.status == 503 and int(answer.headers["Retry-After"]) > 0
        assert "same id" in answer.json["error"]
        # It is still on its way: the log gets it late, and once more when the client repeats it.
        probe.tell("release")
        assert probe.post(touch(id="again")).status == 200
        assert [one["id"] for one in probe.touches()] == ["again", "again"]


def test_a_disk_without_room():
    with serving() as probe:
        for outcome in ("NO_ROOM", "UNKNOWN"):
            probe.tell("outcome", outcome)
            answer = probe.post([touch(), {"bad": 1}])
            assert answer.status == 503 and int(answer.headers["Retry-After"]) > 0
            assert "Set-Cookie" not in answer.headers
        assert probe.log() == [] and probe.log("rejected") == []
        probe.tell("outcome", "COMMITTED")
        assert probe.post(touch()).status == 200


def test_a_client_that_leaves_while_its_touch_is_written(probe):
    probe.tell("hold")
    with probe.connect() as connection:
        connection.sendall(request_bytes(touch(id="left")))
        probe.await_held(1)
    probe.tell("release")
    await_that(lambda: len(probe.log()) == 1)
    assert probe.post(touch(id="next")).status == 200


def test_stopping_answers_what_is_under_way(probe):
    probe.tell("hold")
    idle = probe.connect()
    busy = probe.connect()
    busy.sendall(request_bytes(touch()))
    probe.await_held(1)
    probe.tell("stop")
    assert read_all(idle) == b""
    probe.tell("release")
    said = read_all(busy)
    assert said.startswith(b"HTTP/1.1 200 OK") and b"Connection: close" in said
    assert probe.process.wait(60) == 0


def test_stopping_does_not_wait_for_ever():
    with serving(grace_ms=50) as probe:
        probe.tell("hold")
        busy = probe.connect()
        busy.sendall(request_bytes(touch()))
        probe.await_held(1)
        slow = probe.connect()
        slow.sendall(request_bytes(touch())[:-20])
        probe.tell("stop")
        assert read_all(busy).startswith(b"HTTP/1.1 503 ")
        read_all(slow)
        assert probe.process.wait(60) == 0


def test_ending_at_once_with_everything_under_way():
    with serving() as probe:
        probe.tell("hold")
        probe.tell("stories", "NEVER")
        waiting = [probe.connect() for _ in range(4)]
        waiting[0].sendall(request_bytes(touch()))
        waiting[1].sendall(request_bytes(b"", method="GET", path="/v1/leads/email:a@b.example"))
        waiting[2].sendall(request_bytes(b"", method="GET", path="/v1/events"))
        waiting[3].sendall(request_bytes(touch())[:-9])
        assert waiting[2].recv(1000).startswith(b"HTTP/1.1 200 OK")
        probe.await_held(1)
    for connection in waiting:
        assert b'"accepted"' not in read_all(connection)
        connection.close()
