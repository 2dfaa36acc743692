"""POST /v1/touchpoints: what is taken, how it is answered, what reaches the log (contract.md 4)."""
import json
import re
import subprocess

import requests

from probe import packed, request_bytes, serving, touch

ID = re.compile(r"[0-9a-f]{32}")


def test_one_object_a_list_and_lines(probe):
    answer = probe.post(touch())
    assert (answer.status, answer.json) == (200, {"accepted": 1})
    answer = probe.post([touch(id="t-2"), touch(id="t-3")])
    assert (answer.status, answer.json) == (200, {"accepted": 2})
    lines = "\n".join(json.dumps(touch(id=f"t-{n}")) for n in (4, 5, 6)) + "\r\n\r\n"
    assert probe.post(lines).json == {"accepted": 3}
    assert [one["id"] for one in probe.touches()] == [f"t-{n}" for n in range(1, 7)]


def test_an_object_over_several_lines_is_one(probe):
    assert probe.post(json.dumps(touch(), indent=2)).json == {"accepted": 1}


def test_any_content_type_and_none(probe):
    kinds = ["application/json", "text/plain;charset=UTF-8", "application/x-www-form-urlencoded",
             "application/x-ndjson", "nonsense"]
    for number, kind in enumerate(kinds):
        assert probe.post(touch(id=str(number)), Content_Type=kind).status == 200
    with probe.connect() as connection:
        connection.sendall(request_bytes(touch(id="bare"), "Connection: close"))
        assert connection.makefile("rb").readline() == b"HTTP/1.1 200 OK\r\n"
    assert len(probe.log()) == len(kinds) + 1


def test_what_curl_and_requests_send(probe):
    said = subprocess.run(["curl", "-s", "-w", "%{http_code}", probe.url + "/v1/touchpoints",
                           "-d", json.dumps(touch(id="curl"))], capture_output=True, check=True)
    assert said.stdout.endswith(b"200")
    answer = requests.post(probe.url + "/v1/touchpoints", json=[touch(id="requests")], timeout=60)
    assert answer.json() == {"accepted": 1}
    agents = [one["device"]["user_agent"] for one in probe.touches()]
    assert agents[0].startswith("curl/") and agents[1].startswith("python-requests/")


def test_good_and_bad_together(probe):
    body = [touch(id="good"), {"type": "x"}, touch(type=5), 17, touch(id="fine")]
    answer = probe.post(body)
    assert answer.status == 207
    assert answer.json["accepted"] == 2
    rejected = answer.json["rejected"]
    assert [(one["index"], one["reason"], one["field"]) for one in rejected] == [
        (1, "missing", "occurred_at"), (2, "bad_type", "type"), (3, "bad_type", "")]
    assert all(one["detail"] for one in rejected)
    assert [record["reason"] for record in probe.log("rejected")] == [
        "missing", "bad_type", "bad_type"]


def test_rejected_records_keep_their_bytes(probe):
    odd = b'{"type": "x",   "y" : 1.50e0 }'
    answer = probe.post(b"[ " + odd + b" ]")
    assert answer.status == 400 and answer.json["accepted"] == 0
    assert [record["value"] for record in probe.log("rejected")] == [odd]
    assert probe.log() == []


def test_one_broken_line_leaves_the_others(probe):
    good = json.dumps(touch()).encode()
    answer = probe.post(good + b"\n{oops\n" + good)
    assert answer.status == 207 and answer.json["accepted"] == 2
    assert [(one["index"], one["reason"]) for one in answer.json["rejected"]] == [(1, "not_json")]


def test_what_is_no_touch_at_all(probe):
    for body, reason in [(b"hello", "not_json"), (b"{", "not_json"), (b"[{}", "not_json"),
                         (b"[{}]]", "not_json"), (b'"text"', "bad_type"),
                         (b'{"a":"\xff"}', "not_utf8"), (b"\x00", "not_json"),
                         (b'{"type":"a","type":"b"}', "duplicate_key")]:
        answer = probe.post(body)
        assert answer.status == 400, body
        assert [one["reason"] for one in answer.json["rejected"]] == [reason], body
    assert probe.log() == []


def test_nothing_in_the_body(probe):
    for body in (b"", b"  \n ", b"[]", b"[ \n]", b"\xef\xbb\xbf"):
        answer = probe.post(body)
        assert (answer.status, answer.json["accepted"]) == (400, 0), body
    assert probe.log() == [] and probe.log("rejected") == []


def test_a_byte_order_mark_is_passed_over(probe):
    assert probe.post(b"\xef\xbb\xbf" + json.dumps(touch()).encode()).status == 200


def test_key_is_the_strongest_identifier(probe):
    for number, (identifiers, key) in enumerate([
            ({"anon": "c-1", "email": " Ann@Works.Example "}, "email:ann@works.example"),
            ({"anon": ["c-2", "c-1"]}, "anon:c-1"),
            ({"phone": "+49 69 12", "anon": "x"}, "phone:+496912"),
            ({"email": "a@b.example", "user": "42"}, "user:42")]):
        probe.post(touch(id=str(number), identifiers=identifiers))
        assert probe.log()[-1]["key"] == key


def test_what_is_added_and_what_stays(probe):
    sent = ('{"type":"page_view", "occurred_at" : 1795510800.5, "amount":1.50,\n'
            ' "identifiers":{"anon":"c-81"},"page":{"url":"/\\u00e4"},"big":123456789012.125}')
    assert probe.post(sent, User_Agent="tester/1").status == 200
    value = probe.log()[0]["value"].decode()
    assert value.startswith(sent[:-1])
    added = json.loads("{" + value[len(sent):])
    assert ID.fullmatch(added.pop("id"))
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT[\d:.]+Z", added.pop("received_at"))
    assert added == {"network": {"ip": "127.0.0.1"}, "device": {"user_agent": "tester/1"}}


def test_what_the_touch_says_itself_is_kept(probe):
    own = touch(received_at="2026-11-24T09:00:01Z", network={"ip": "203.0.113.7"},
                device={"user_agent": "own/1"})
    probe.post(own)
    assert probe.touches() == [own]


def test_null_and_empty_are_filled(probe):
    probe.post(touch(id="", received_at=None, network={"country": "DE", "ip": None}, device=None),
               User_Agent="tester/1")
    kept = probe.touches()[0]
    assert ID.fullmatch(kept["id"]) and kept["received_at"]
    assert kept["network"] == {"country": "DE", "ip": "127.0.0.1"}
    assert kept["device"] == {"user_agent": "tester/1"}


def test_each_record_gets_an_id_of_its_own(probe):
    one = touch()
    del one["id"]
    probe.post([one] * 50)
    assert len({kept["id"] for kept in probe.touches()}) == 50


def test_a_record_that_grows_beyond_its_limit_is_refused(probe):
    def body(fill):
        return json.dumps(touch(**{f"p{n}": "x" * 2000 for n in range(32)}, last="x" * fill))
    room = 65536 - len(body(0))
    assert 100 < room < 2048
    answer = probe.post(body(room))
    assert answer.status == 400 and answer.json["rejected"][0]["reason"] == "too_large"
    assert "received_at" in answer.json["rejected"][0]["detail"]
    answer = probe.post(body(room + 1))
    assert answer.json["rejected"][0]["reason"] == "too_large"
    assert len(probe.log("rejected")) == 2
    assert probe.post(body(room - 150), User_Agent="t").status == 200


def test_from_future(probe):
    answer = probe.post(touch(occurred_at="2099-01-01T00:00:00Z"))
    assert answer.json["rejected"][0]["reason"] == "from_future"


def test_protobuf_by_content_type(probe):
    def text(tag, value):
        key = tag << 3 | 2
        head = bytes([key]) if key < 128 else bytes([key & 127 | 128, key >> 7])
        return head + bytes([len(value)]) + value
    occurred = bytes([6 << 3]) + b"\x90\xa4\x95\xd8\x06"  # 1795510800 as varint
    record = text(2, b"page_view") + occurred + text(8, text(3, b"ann@works.example"))
    answer = probe.post(record, Content_Type="application/x-protobuf", User_Agent="tester/1")
    assert answer.json == {"accepted": 1}
    kept = probe.log()[0]
    assert kept["key"] == "email:ann@works.example"
    assert kept["value"].startswith(record)
    added = kept["value"][len(record):]
    assert text(33, b"127.0.0.1") in added and text(39, b"tester/1") in added
    answer = probe.post(json.dumps(touch()), Content_Type="application/x-protobuf")
    assert answer.json["rejected"][0]["reason"] == "not_protobuf"


def test_gzip(probe):
    assert probe.post(packed(json.dumps([touch(), touch()])),
                      Content_Encoding="gzip").json == {"accepted": 2}
    two = packed(json.dumps(touch()) + "\n") + packed(json.dumps(touch()))
    assert probe.post(two, Content_Encoding="GZIP").json == {"accepted": 2}


def test_gzip_that_is_none_or_breaks_off(probe):
    whole = packed(json.dumps([touch(id=str(n)) for n in range(100)]))
    bodies = [whole[:-1], whole[:40], whole + b"more", b"hello", json.dumps(touch()).encode(),
              whole[:60] + b"\0\0\0\0" + whole[64:]]
    for body in bodies:
        answer = probe.post(body, Content_Encoding="gzip")
        assert answer.status == 400, body
        assert answer.json["rejected"][0]["reason"] == "not_json"
    assert probe.log() == []
    assert [record["value"] for record in probe.log("rejected")] == bodies


def test_other_encodings(probe):
    for encoding in ("deflate", "br", "zstd", "gzip, gzip", "x"):
        answer = probe.post(touch(), Content_Encoding=encoding)
        assert answer.status == 415 and answer.headers["Accept-Encoding"] == "gzip"
    assert probe.post(touch(), Content_Encoding="identity").status == 200


def test_keys_to_write():
    with serving(write_key=["alpha", "beta"], admin_key="root") as probe:
        answer = probe.post(touch())
        assert answer.status == 401 and "write_keys" in answer.json["error"]
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        for wrong in ("alph", "alphaa", "gamma", "", "ALPHA"):
            assert probe.post(touch(), Authorization="Bearer " + wrong).status == 401
        assert probe.post(touch(), Authorization="Basic alpha").status == 401
        assert probe.post(touch(), Authorization="bearer beta").status == 200
        assert probe.post(touch(), X_Write_Key="alpha").status == 200
        assert probe.post(touch(), "/v1/touchpoints?a=1&write_key=beta").status == 200
        assert probe.post(touch(), "/v1/touchpoints?write_key=b").status == 401
        assert probe.post(touch(), X_Write_Key="root").status == 200
        assert len(probe.log()) == 4 and probe.log("rejected") == []


COMMANDS = [touch(source="crm"), touch(type="outcome_won"),
            touch(type="identity.alone", properties={"lead": "email:a@b.example"})]


def test_commands_need_an_admin_key():
    with serving(write_key="w", admin_key="root") as probe:
        answer = probe.post(COMMANDS + [touch()], X_Write_Key="w")
        assert answer.status == 207 and answer.json["accepted"] == 1
        assert {one["reason"] for one in answer.json["rejected"]} == {"not_allowed"}
        assert [one["index"] for one in answer.json["rejected"]] == [0, 1, 2]
        assert probe.post(COMMANDS[:2], X_Write_Key="root").json == {"accepted": 2}
        assert probe.post(COMMANDS[:2], Authorization="Bearer root").json == {"accepted": 2}
        # Nothing about the program that sends them gets into them.
        assert "network" not in probe.touches()[-1] and "device" not in probe.touches()[-1]


def test_commands_without_keys_come_from_this_machine_only(probe):
    assert probe.post(COMMANDS[0]).status == 200
    assert probe.post(COMMANDS[0], Host=f"localhost:{probe.port}").status == 200
    assert probe.post(COMMANDS[0], Host=f"[::1]:{probe.port}").status == 200
    for foreign in [{"Origin": "http://localhost:1"}, {"X_Forwarded_For": "127.0.0.1"},
                    {"Forwarded": "for=127.0.0.1"}, {"Host": "pumps.example"}, {"Via": "1.1 x"},
                    {"Host": "localhost.pumps.example"}, {"X_Real_IP": "127.0.0.1"}]:
        answer = probe.post(COMMANDS[0], **foreign)
        assert answer.json["rejected"][0]["reason"] == "not_allowed", foreign


def test_the_address_behind_trusted_proxies():
    cases = [({}, "127.0.0.1"),
             ({"X_Forwarded_For": "203.0.113.7"}, "203.0.113.7"),
             ({"X_Forwarded_For": "1.2.3.4, 203.0.113.7, 10.1.2.3"}, "203.0.113.7"),
             ({"X_Forwarded_For": "203.0.113.7:4711"}, "203.0.113.7"),
             ({"Forwarded": 'for="[2001:db8::1]:4711";proto=https, for=10.0.0.1'}, "2001:db8::1"),
             ({"Forwarded": "For=198.51.100.1", "X_Forwarded_For": "1.2.3.4"}, "198.51.100.1"),
             ({"Forwarded": "for=unknown, for=10.9.9.9"}, None),
             ({"X_Forwarded_For": "nonsense"}, None)]
    with serving(proxy=["127.0.0.0/8", "10.0.0.0/8"]) as probe:
        for headers, ip in cases:
            probe.post(touch(), **headers)
            assert probe.touches()[-1].get("network", {}).get("ip") == ip, headers
    with serving() as probe:
        probe.post(touch(), X_Forwarded_For="203.0.113.7")
        assert probe.touches()[-1]["network"]["ip"] == "127.0.0.1"
