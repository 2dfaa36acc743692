"""Forms and headers of records: protobuf in and out, content-type, traceparent."""
import json
import subprocess

import pytest
import requests

from engine import PATIENCE, WATERHOLE, now, touch, wait_for
from stream import Redis, Stream

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture(name="store", scope="module")
def _store(tmp_path_factory):
    with Redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(name="stream")
def _stream(kafka, store, tmp_path):
    with Stream(tmp_path, kafka, store, WATERHOLE_LOG_LEVEL="info") as parts:
        yield parts


def produce(stream, value, partition=None, key="user:u1", **headers):
    where = {} if partition is None else {"partition": partition}
    stream.producer.produce(stream.prefix + "touchpoints", value, key, **where,
                            headers={name.replace("_", "-"): text for name, text in headers.items()})
    assert stream.producer.flush(PATIENCE) == 0


def headers(message):
    return {name: value.decode() for name, value in message.headers()}


def announced(number, **more):
    return json.dumps({**touch(number, 1, path="/announced"), **more})


def test_a_content_type_says_how_a_record_is_read(stream):
    stream.engine("e0").wait()
    produce(stream, announced(1), content_type="application/json; charset=utf-8")
    produce(stream, announced(2), content_type="text/plain")
    produce(stream, announced(3), content_type="application/x-protobuf")
    produce(stream, b"\x1a\x02hi", content_type="application/json")
    rejected = stream.read("rejected", lambda found: len(found) == 2)
    assert sorted(headers(m)["wh-reason"] for m in rejected) == ["not_json", "not_protobuf"]
    assert {e["why"]["because"]["touch"] for e in stream.events(2, grace=1)} == {"t-1", "t-2"}


def test_a_trace_goes_from_the_touch_to_the_event_that_it_caused(stream):
    """Also of one that came in elsewhere; what is none is not passed on."""
    stream.engine("e0").wait()
    for number in range(4):
        produce(stream, announced(number), partition=number, key="other", traceparent=TRACE)
    produce(stream, announced(4), traceparent="00-nothing")
    produce(stream, announced(5))
    messages = stream.read("leads", lambda found: len(found) == 6)
    traces = {json.loads(m.value())["why"]["because"]["touch"]: headers(m).get("traceparent") for m in messages}
    assert traces == {**{f"t-{n}": TRACE for n in range(4)}, "t-4": None, "t-5": None}


def test_events_leave_as_protobuf_and_are_read_by_all_commands(stream):
    engine = stream.engine("e0", WATERHOLE_ENGINE_OUTPUT="protobuf").wait()
    at = now()
    produce(stream, announced(1, occurred_at=at), traceparent=TRACE)
    message = stream.read("leads", lambda found: len(found) == 1)[0]
    found = headers(message)
    assert found["content-type"] == "application/x-protobuf"
    assert (found["ce_type"], found["traceparent"]) == ("lead.seen", TRACE)
    assert found["ce_id"].encode() in message.value() and message.value()[:1] != b"{"
    assert found["ce_subject"] == message.key().decode()

    def run(*words):
        return json.loads(subprocess.run([WATERHOLE, *words], capture_output=True, check=True, timeout=PATIENCE,
                                         env=stream.environment, cwd=stream.folder).stdout)

    def told():
        answer = requests.get(f"{engine.url}/v1/leads/user:u1", timeout=PATIENCE)
        return answer.status_code == 200 and answer.json()["announced"]
    assert [item["id"] for item in wait_for(told)] == [found["ce_id"]]
    assert [item["id"] for item in run("lead", "user:u1", "--json")["announced"]] == [found["ce_id"]]
    (event,) = run("lead", "user:u1", "--export")["events"]
    assert (event["id"], event["type"], event["touches"]) == (found["ce_id"], "lead.seen", ["t-1"])
    why = run("lead", "user:u1", "--why", found["ce_id"], "--json")
    assert why["event"]["id"] == found["ce_id"] and why["touch"]["id"] == "t-1"
    assert engine.metric('waterhole_lead_events_total{type="trigger"}') == 1
