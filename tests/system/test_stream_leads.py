"""Leads of the stream, read from Redis and Kafka by commands and over HTTP, beside `up` with the
same touches. Each touch comes when the one before has acted everywhere, at a moment that every
partition has reached, so that both must tell the same, to the byte."""
import csv
import datetime
import io
import json
import signal
import subprocess
import threading
import time

import pytest
import requests

from engine import PATIENCE, TOP, WATERHOLE, free_port, wait_for
from stream import Redis, Stream

MODEL = TOP / "deploy/sample/pumps.yaml"
PARTITIONS = 4
# One device in each partition: it brings the clock of the partition to the moment.
PACE = {}
ANNA, BEN = "anna.berg@stadtwerke.example", "ben@works.example"
BEGIN = datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.timezone.utc)


def murmur2(key):
    """Kafka's own partitioner, from its documentation."""
    data, mask = key.encode(), 0xFFFFFFFF
    value = 0x9747b28c ^ len(data)
    for at in range(0, len(data) - 3, 4):
        part = int.from_bytes(data[at:at + 4], "little") * 0x5bd1e995 & mask
        part = (part ^ part >> 24) * 0x5bd1e995 & mask
        value = (value * 0x5bd1e995 & mask) ^ part
    rest = data[len(data) // 4 * 4:]
    if rest:
        value = (value ^ int.from_bytes(rest, "little")) * 0x5bd1e995 & mask
    value = (value ^ value >> 13) * 0x5bd1e995 & mask
    return (value ^ value >> 15) & 0x7FFFFFFF


for number in range(64):
    PACE.setdefault(murmur2(f"anon:pace-{number}") % PARTITIONS, f"pace-{number}")


def at(hours):
    return (BEGIN + datetime.timedelta(hours=hours)).isoformat().replace("+00:00", "Z")


def touch(hours, kind, who, **more):
    return {"id": f"{kind}-{hours}", "type": kind, "source": "web", "identifiers": who,
            "occurred_at": at(hours), "received_at": at(hours), **more}


def page(hours, who, path, **more):
    return touch(hours, "page_view", who, page={"path": path}, session=f"s-{hours}", **more)


STORY = [
    page(0, {"anon": "c-1"}, "/cases/one"),
    touch(1, "download", {"anon": "c-1"}, asset="heat-pump-guide.pdf"),
    page(24, {"anon": "c-1"}, "/pricing"),
    touch(25, "form_submit", {"email": ANNA, "anon": "c-1"}, form="contact", consent={"marketing": True},
          lead={"name": "Anna Berg", "role": "Head of Energy", "industry": "energy", "employees": 200}),
    page(26, {"anon": "c-1"}, "/selector"),
    touch(30, "webinar_attended", {"email": ANNA}),
    page(48, {"anon": "c-2"}, "/pricing"),
    page(49, {"email": BEN, "anon": "c-2"}, "/pricing", lead={"role": "buyer"}),
    touch(50, "demo_request", {"crm": "0035", "email": BEN}),
    page(60, {"anon": "c-3"}, "/jobs", device={"class": "robot"}),
    page(72, {"user": "u-7"}, "/pricing"),
    touch(96, "identity.split", {"anon": "c-2"},
          properties={"weak": "anon:c-2", "strong": f"email:{BEN}"}),
    page(97, {"anon": "c-2"}, "/pricing"),
    touch(120, "outcome_won", {"crm": "0035"}, amount="1200"),
    page(144, {"email": "gone@else.example"}, "/pricing"),
    touch(145, "identity.erase", {"email": "gone@else.example"},
          properties={"who": "email:gone@else.example"}),
    touch(170, "demo_request", {"email": ANNA}),
]
KEYS = [f"email:{ANNA}", "anon:c-1", f"email:{BEN}", "crm:0035", "anon:c-2", "user:u-7", "anon:c-3",
        f"anon:{PACE[0]}"]


def steps():
    for item in STORY:
        clock = item["received_at"]
        paces = [{"id": f"pace-{p}-{clock}", "type": "page_view", "source": "web", "occurred_at": clock,
                  "received_at": clock, "identifiers": {"anon": anon}, "device": {"class": "robot"}}
                 for p, anon in sorted(PACE.items())]
        yield paces, [item]


def through_up(folder):
    lines = [json.dumps(item) for paces, items in steps() for item in paces + items]
    (folder / "touches.jsonl").write_text("\n".join(lines) + "\n")
    subprocess.run([WATERHOLE, "up", "--model", MODEL, "--data", folder / "data", "--play",
                    folder / "touches.jsonl", "--clock", "log", "--once", "--json"],
                   stdout=subprocess.DEVNULL, timeout=300, check=True)


def is_at_rest(engines):
    """Nothing is left to read, and all that was made of it is in the store."""
    for engine in engines:
        lines = requests.get(engine.url + "/metrics", timeout=5).text.splitlines()
        if any(line.startswith("waterhole_lag_records") for line in lines):
            return False
        if any(line.startswith("waterhole_store_dirty_entries") and not line.endswith(" 0")
               for line in lines):
            return False
    return sum(engine.partitions() for engine in engines) == PARTITIONS


def rest(engines):
    seen = []

    def is_quiet():
        seen.append(is_at_rest(engines))
        return len(seen) > 3 and all(seen[-3:])
    wait_for(is_quiet)


def through_stream(stream, engines):
    for paces, items in steps():
        stream.send(*paces)
        rest(engines)
        stream.send(*items)
        rest(engines)


class Both:
    def __init__(self, folder, stream, store, engines):
        self.folder, self.stream, self.store, self.engines = folder, stream, store, engines

    def of_up(self, *words):
        return self.run(["--data", self.folder / "data"], None, words)

    def of_stream(self, *words):
        return self.run([], self.stream.environment, words)

    def run(self, options, environment, words):
        return subprocess.run([WATERHOLE, *words, *options], capture_output=True, env=environment,
                              timeout=PATIENCE, cwd=self.folder)

    def same(self, *words):
        """What both print, which is the same."""
        up, stream = self.of_up(*words), self.of_stream(*words)
        assert stream.stderr.decode() == up.stderr.decode()
        assert (stream.returncode, stream.stdout.decode()) == (up.returncode, up.stdout.decode())
        return stream.stdout.decode()


@pytest.fixture(scope="module", name="both")
def _both(kafka, tmp_path_factory):
    folder = tmp_path_factory.mktemp("leads")
    through_up(folder)
    with Redis(folder) as store, \
            Stream(folder, kafka, store, PARTITIONS, MODEL.read_text(), WATERHOLE_MODEL=str(MODEL),
                   WATERHOLE_ENGINE_CLOCK="log", WATERHOLE_ENGINE_ANNOUNCE_NOT_OLDER_THAN="400d",
                   WATERHOLE_LOG_LEVEL="info",
                   WATERHOLE_KAFKA_PROPERTIES="session.timeout.ms=6000") as stream:
        engines = [stream.engine("e0").wait(), stream.engine("e1").wait()]
        through_stream(stream, engines)
        yield Both(folder, stream, store, engines)


def test_leads_lists_the_same(both):
    rows = list(csv.DictReader(io.StringIO(both.same("leads", "--format", "csv"))))
    assert len(rows) >= 5
    both.same("leads")
    assert json.loads(both.same("leads", "--ripe", "--json").splitlines()[0])["key"] == f"email:{ANNA}"
    both.same("leads", "--companies", "--json")


@pytest.mark.parametrize("key", KEYS)
def test_lead_tells_the_same(both, key):
    assert len(both.same("lead", key)) > 100
    story = json.loads(both.same("lead", key, "--json"))
    assert story["key"]


def test_lead_tells_the_same_of_the_past(both):
    then = json.loads(both.same("lead", f"email:{ANNA}", "--at", at(27), "--json"))
    assert then["as_known_then"] and 0 < len(then["touches"]) < 7


def test_why_explains_the_same_event(both):
    story = json.loads(both.same("lead", f"email:{ANNA}", "--json"))
    event = next(item["id"] for item in story["announced"] if item["type"] == "lead.qualified")
    why = json.loads(both.same("lead", f"email:{ANNA}", "--why", event, "--json"))
    assert why["event"]["id"] == event and why["same_scores"] is True
    unknown = both.of_stream("lead", f"email:{ANNA}", "--why", "nothing/of/the/kind")
    assert unknown.returncode == 1 and event in unknown.stderr.decode()


def test_export_has_the_same_records_and_events(both):
    of_up, of_stream = (json.loads(run("lead", f"email:{ANNA}", "--export").stdout)
                        for run in (both.of_up, both.of_stream))
    assert of_stream["lead"] == of_up["lead"] and of_stream["history"] == of_up["history"]
    for name in "records", "events":
        assert len(of_up[name]) > 1
        assert sorted(of_stream[name], key=lambda r: r["id"]) == sorted(of_up[name], key=lambda r: r["id"])


def test_who_is_not_there_is_not_found(both):
    both.same("lead", "email:gone@else.example")
    both.same("lead", f"email:{ANNA[1:]}")
    for engine in both.engines:
        for key in "email:gone@else.example", "user:nobody":
            answer = requests.get(f"{engine.url}/v1/leads/{key}", timeout=PATIENCE)
            assert (answer.status_code, answer.json()) == (404, {"error": "no lead has this key"})


@pytest.mark.parametrize("key", [*KEYS, ANNA])
def test_every_engine_answers_for_every_partition(both, key):
    told = json.loads(both.of_up("lead", key, "--json").stdout)
    for engine in both.engines:
        assert 0 < engine.partitions() < PARTITIONS
        answer = requests.get(f"{engine.url}/v1/leads/{key}", timeout=PATIENCE)
        assert (answer.status_code, answer.json()) == (200, told)
        by_id = requests.get(f"{engine.url}/v1/leads/{told['lead_id']}", timeout=PATIENCE)
        assert by_id.json() == told


def test_at_is_answered_as_by_the_command(both):
    told = json.loads(both.of_up("lead", f"email:{ANNA}", "--at", at(27), "--json").stdout)
    for engine in both.engines:
        answer = requests.get(f"{engine.url}/v1/leads/email:{ANNA}", params={"at": at(27)}, timeout=PATIENCE)
        assert answer.json() == told
        assert requests.get(f"{engine.url}/v1/leads/email:{ANNA}?at=soon", timeout=PATIENCE).status_code == 400
        assert requests.get(f"{engine.url}/v1/leads/nobody", timeout=PATIENCE).status_code == 400
        assert requests.get(f"{engine.url}/v1/leads/user:nobody?at={at(1)}", timeout=PATIENCE).status_code == 404


def test_pages_and_strangers_do_not_read_leads(both):
    url = f"{both.engines[0].url}/v1/leads/email:{ANNA}"
    assert requests.get(url, headers={"Origin": "https://pumps.example"}, timeout=PATIENCE).status_code == 403
    assert requests.get(url, headers={"X-Forwarded-For": "203.0.113.7"}, timeout=PATIENCE).status_code == 403
    assert requests.post(url, timeout=PATIENCE).status_code == 405


def test_a_key_is_asked_for_where_one_is_configured(both):
    engine = both.stream.engine("e2", WATERHOLE_COLLECT_READ_KEYS="sesame").wait()
    url = f"{engine.url}/v1/leads/email:{ANNA}"
    assert requests.get(url, timeout=PATIENCE).status_code == 401
    assert requests.get(url, headers={"Authorization": "Bearer sesam"}, timeout=PATIENCE).status_code == 401
    answer = requests.get(url, headers={"Authorization": "Bearer sesame"}, timeout=PATIENCE)
    assert answer.json()["key"] == f"email:{ANNA}"
    assert engine.kill(15) == 0


def test_without_a_store_a_command_says_so(both):
    away = {**both.stream.environment, "WATERHOLE_STORE": f"redis://127.0.0.1:{free_port()}"}
    run = both.run([], away, ["lead", f"email:{ANNA}"])
    assert run.returncode == 3 and b"the store does not answer" in run.stderr
    nowhere = {name: value for name, value in away.items() if name != "WATERHOLE_STORE"}
    run = both.run([], nowhere, ["leads"])
    assert run.returncode == 2 and b"no store" in run.stderr


def test_an_engine_tells_again_when_the_store_is_back(both):
    url = f"{both.engines[0].url}/v1/leads/email:{ANNA}"
    both.store.process.send_signal(signal.SIGSTOP)
    away = requests.get(url, timeout=PATIENCE)
    both.store.process.send_signal(signal.SIGCONT)
    assert (away.status_code, away.json()) == (503, {"error": "cannot be told at present"})
    wait_for(lambda: requests.get(url, timeout=PATIENCE).status_code == 200)


def recorded(run):
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


def test_record_saves_the_topic_as_up_saves_its_folder(both):
    of_up, of_stream = recorded(both.of_up("record")), recorded(both.of_stream("record"))
    by_id = [sorted(touches, key=lambda t: t["id"]) for touches in (of_up, of_stream)]
    assert by_id[0] == by_id[1] and len(of_up) == 5 * len(STORY)
    ids = [item["id"] for item in STORY]
    assert [t["id"] for t in of_stream if t["id"] in ids] == ids


def test_record_keeps_to_the_range(both):
    words = ("--from", at(24), "--to", "2026-11-03T11:00")  # of the model's zone: 10:00 UTC
    of_stream = recorded(both.of_stream("record", *words))
    assert [t["id"] for t in of_stream if not t["id"].startswith("pace")] == ["page_view-24"]
    by_offset = recorded(both.of_stream("record", "--from", "2", "--to", "5"))
    assert len(by_offset) == 3 * PARTITIONS
    (both.folder / "key").write_text("sixteen bytes at least")
    hidden = [recorded(run("record", "--pseudonymise", "key")) for run in (both.of_up, both.of_stream)]
    assert ANNA not in json.dumps(hidden[1])
    by_id = [sorted(touches, key=lambda t: t["id"]) for touches in hidden]
    assert by_id[0] == by_id[1]


class Tap:
    """`waterhole tap` on the topics, until it is told to end."""

    def __init__(self, both, *words):
        self.process = subprocess.Popen([WATERHOLE, "tap", *words], stdout=subprocess.PIPE, text=True,
                                        cwd=both.folder, env=both.stream.environment)

    def lines(self, is_enough):
        found = []
        while not is_enough(found):
            found.append(self.process.stdout.readline())
            assert found[-1], found
        return found

    def end(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


# What follows changes leads.


def send_until_seen(both, tap, number=0):
    """A tap shows what comes after it began, and says nothing about when that is."""
    seen = []
    threading.Thread(target=lambda: seen.extend(tap.lines(lambda lines: len(lines) == 1)), daemon=True).start()

    def is_seen():
        nonlocal number
        number += 1
        both.stream.send(touch(200 + number, "page_view", {"anon": "pace-0"}, device={"class": "robot"}))
        time.sleep(0.2)
        return seen
    wait_for(is_seen)
    return json.loads(seen[0])


def test_tap_shows_touches_decisions_and_what_is_rejected(both):
    tap = Tap(both, "--json")
    first = send_until_seen(both, tap)
    assert (first["type"], first["identifiers"], first["became"]) == ("page_view", {"anon": "pace-0"}, "accepted")
    both.stream.producer.produce(both.stream.prefix + "touchpoints", b"{", "user:u1")
    both.stream.send(touch(400, "demo_request", {"email": "tap@works.example"}, page={"path": "/demo"}))
    lines = [json.loads(line) for line in tap.lines(
        lambda lines: any("not_json" in line for line in lines) and any("lead.qualified" in line for line in lines))]
    assert tap.end() == 0
    assert [t["page"] for t in lines if t.get("type") == "demo_request"] == [{"path": "/demo"}]
    told = next(t for t in lines if t.get("type") == "lead.qualified")
    assert told["contact"]["email"] == "tap@works.example" and told["why"]["because"]["touch"] == "demo_request-400"
    assert [t["became"] for t in lines if t.get("reason") == "not_json"] == ["rejected"]


def test_tap_keeps_to_its_filter_and_draws_lines(both):
    tap = Tap(both, "--type", "demo_request", "--lead", "email:tap@works.example")
    assert "what" in tap.lines(lambda lines: len(lines) == 1)[0]
    seen = []
    threading.Thread(target=lambda: seen.extend(tap.lines(lambda lines: len(lines) == 1)), daemon=True).start()
    for number in range(401, 700):
        both.stream.send(touch(number, "demo_request", {"email": "other@works.example"}),
                         touch(number, "page_view", {"email": "tap@works.example"}),
                         touch(number, "demo_request", {"email": "tap@works.example"}, page={"path": "/demo"}))
        time.sleep(0.2)
        if seen:
            break
    assert tap.end() == 0
    assert seen[0].split()[2:] == ["demo_request", "tap@works.example", "/demo"]


def test_commands_about_who_is_who_are_touches_in_the_topic(both):
    done = both.of_stream("identity", "split", "anon:c-1", f"email:{ANNA}")
    assert done.returncode == 0 and done.stdout.startswith(b"Written: identity.split")
    rest(both.engines)
    assert json.loads(both.of_stream("lead", "anon:c-1", "--json").stdout)["key"] == "anon:c-1"
    written = json.loads(both.of_stream("identity", "allow", "anon:c-1", f"email:{ANNA}", "--json").stdout)
    assert written["properties"] == {"weak": "anon:c-1", "strong": f"email:{ANNA}"}
    rest(both.engines)
    assert json.loads(both.of_stream("lead", "anon:c-1", "--json").stdout)["key"] == f"email:{ANNA}"


def test_erase_forgets_whoever_has_the_key(both):
    done = both.of_stream("lead", "anon:c-1", "--erase")
    assert done.returncode == 0 and f"Everything known of email:{ANNA}".encode() in done.stdout
    rest(both.engines)
    assert both.of_stream("lead", f"email:{ANNA}").returncode == 1
    answer = requests.get(f"{both.engines[0].url}/v1/leads/email:{ANNA}", timeout=PATIENCE)
    assert answer.status_code == 404
    assert both.of_stream("lead", "user:nobody", "--erase").returncode == 1
