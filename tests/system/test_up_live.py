"""`waterhole up` as a person runs it: touches over HTTP, signals, its folder, its bounds."""
import itertools
import json
import random
import signal
import time

import pytest
from prometheus_client.parser import text_string_to_metric_families

from disk import fill_and_free, small_disk
from engine import MODEL, PATIENCE, Engine, Load, kept, kept_events, now, touch, wait_for


def test_a_touch_becomes_an_event(tmp_path):
    with Engine(tmp_path).wait_ready() as engine:
        status, body = engine.post(touch(1, 1, "demo_request"))
        assert (status, json.loads(body)) == (200, {"accepted": 1})
        (event,) = wait_for(engine.events)
        assert event["type"] == "lead.asked"
        assert event["why"]["because"]["touch"] == "t-1"
        assert engine.end() == 0
    assert kept_events(tmp_path) == [event]
    assert "Waterhole is up at http://127.0.0.1" in engine.errors()
    assert "curl http://127.0.0.1" in engine.errors()
    assert "Ended in order: 1 lead event" in engine.errors()


def metric(engine, name, **labels):
    text = engine.get("/metrics")[1].decode()
    return sum(sample.value for family in text_string_to_metric_families(text)
               for sample in family.samples
               if sample.name == name and labels.items() <= sample.labels.items())


def test_points_that_are_taken_back_are_counted(tmp_path):
    model = MODEL.replace("scores:", """\
verdict:
  evidence:
    - { id: storm, on: page_view, burst: { same: touch.page.path, count: 3, within: 60s }, is: bot }
scores:""")
    with Engine(tmp_path, model=model).wait_ready() as engine:
        assert engine.post(touch(1, 1), touch(2, 1))[0] == 200
        engine.wait_processed()
        assert engine.lead(1)["scores"]["touches"] == 2
        assert metric(engine, "waterhole_struck_points_total") == 0
        assert engine.post(touch(3, 1))[0] == 200
        engine.wait_processed()
        assert engine.lead(1)["scores"]["touches"] == 0
        # Two pages of one point each, in thousandths; the third had brought nothing yet.
        assert metric(engine, "waterhole_struck_points_total", reason="burst") == 2000
        assert metric(engine, "waterhole_struck_points_total") == 2000


def test_a_touch_counts_at_once_and_after_a_restart(tmp_path):
    with Engine(tmp_path).wait_ready() as engine:
        for number in range(5):
            assert engine.post(touch(number, 1))[0] == 200
        engine.wait_processed()
        assert engine.lead(1)["scores"]["touches"] == 5
        assert engine.end() == 0
    with Engine(tmp_path).wait_ready() as engine:
        assert engine.lead(1)["scores"]["touches"] == 5
        assert engine.post(touch(4, 1), touch(5, 1))[0] == 200
        engine.wait_processed()
        assert engine.lead(1)["scores"]["touches"] == 6


def test_sigterm_under_load_ends_in_order(tmp_path):
    with Engine(tmp_path).wait_ready() as engine:
        loads = [Load(engine.port, itertools.count(client * 1000000), 20, random.Random(client), 3)
                 for client in range(3)]
        for load in loads:
            load.start()
        wait_for(lambda: sum(len(load.acknowledged) for load in loads) > 100)
        assert engine.end() == 0
        for load in loads:
            load.end()
    sure = {item["id"] for load in loads for item in load.acknowledged}
    maybe = {item["id"] for load in loads for item in load.doubtful}
    found = [json.loads(row[0])["id"]
             for row in kept(tmp_path, "SELECT value FROM log WHERE topic = 0")]
    assert len(found) == len(set(found))
    assert sure <= set(found) <= sure | maybe
    # Everything was processed and flushed: each partition's watermark is its newest record.
    ((behind,),) = kept(tmp_path, "SELECT count(*) FROM meta WHERE watermark = 0")
    assert behind == 0


def test_a_second_signal_ends_at_once_and_loses_nothing(tmp_path):
    with Engine(tmp_path).wait_ready() as engine:
        assert engine.post(*(touch(number, number % 7) for number in range(500)))[0] == 200
        engine.process.send_signal(signal.SIGINT)
        engine.process.send_signal(signal.SIGINT)
        assert engine.process.wait(PATIENCE) == 0
    with Engine(tmp_path).wait_ready() as engine:
        engine.wait_processed()
        assert sum(engine.lead(lead)["scores"]["touches"] for lead in range(7)) == 500


def test_a_second_process_on_the_folder_is_refused(tmp_path):
    with Engine(tmp_path).wait_ready() as engine, Engine(tmp_path) as second:
        assert second.process.wait(PATIENCE) == 3
        assert f"is in use by process {engine.process.pid}:" in engine.errors()
        assert engine.post(touch(1, 1))[0] == 200


def test_a_damaged_file_is_refused(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/waterhole.db").write_bytes(b"no database" * 1000)
    with Engine(tmp_path) as engine:
        assert engine.process.wait(PATIENCE) == 3
    assert "waterhole.db\" is damaged or no file of this program" in engine.errors()


def test_readers_beside_the_writer(tmp_path):
    with Engine(tmp_path).wait_ready() as engine:
        assert engine.post(touch(1, 1, "demo_request"))[0] == 200
        assert wait_for(lambda: kept_events(tmp_path))[0]["type"] == "lead.asked"


def test_data_size_pushes_back_and_goes_on_when_there_is_room(tmp_path):
    large = {"properties": {"text": "x" * 2000, "more": "y" * 2000}}
    # A leads topic that fills the file: nothing of it may go before its time but under the limit.
    with Engine(tmp_path, env={"WATERHOLE_DATA_SIZE": "2MiB"}).wait_ready() as engine:
        numbers = itertools.count()
        answers = set()
        for _ in range(60):
            items = [{**touch(next(numbers), 1), **large} for _ in range(40)]
            answers.add(engine.post(*items)[0])
        assert answers <= {200, 503}
        # What was processed went to make room, so in the end it is taken again.
        wait_for(lambda: engine.post(touch(next(numbers), 2))[0] == 200)
        assert engine.end() == 0
    assert (tmp_path / "data/waterhole.db").stat().st_size <= 2 * 1024 * 1024
    ((start,),) = kept(tmp_path, "SELECT max(start) FROM ends WHERE topic = 0")
    assert start > 0


def test_playing_then_live(tmp_path):
    old = [{**touch(number, 1), "occurred_at": f"2026-01-0{number + 1}T09:00:00Z"}
           for number in range(5)]
    old.append({**touch(5, 1, "demo_request"), "occurred_at": "2026-01-07T09:00:00Z"})
    (tmp_path / "touches.jsonl").write_text("".join(json.dumps(item) + "\n" for item in old))
    with Engine(tmp_path, "--play", tmp_path / "touches.jsonl", "--clock", "log") as engine:
        engine.wait_ready()
        wait_for(lambda: "Waterhole is up" in engine.errors())
        assert "Played 6 records: 6 touches of 1 lead" in engine.errors()
        assert engine.post(touch(6, 1, "demo_request"))[0] == 200
        events = wait_for(lambda: len(engine.events()) == 2 and engine.events())
        assert engine.lead(1)["scores"]["touches"] == 5
        assert engine.end() == 0
    assert events[0]["decided_at"] == "2026-01-07T09:00:00.000Z"
    assert events[1]["decided_at"] > now()[:10]


def test_a_bad_model_is_refused_on_sighup_and_the_old_one_stays(tmp_path):
    with Engine(tmp_path).wait_ready() as engine:
        (tmp_path / "model.yaml").write_text(MODEL.replace("points: 1", "points: one"))
        engine.process.send_signal(signal.SIGHUP)
        wait_for(lambda: "the new model is refused" in engine.errors())
        assert "model.yaml:6" in engine.errors()
        assert engine.post(touch(1, 1))[0] == 200
        engine.wait_processed()
        assert engine.lead(1)["scores"]["touches"] == 1


def test_metrics_are_read_by_a_foreign_parser(tmp_path):
    with Engine(tmp_path).wait_ready() as engine:
        assert engine.post(touch(1, 1), touch(2, 1, "demo_request"), touch(1, 1))[0] == 200
        engine.wait_processed()
        text = engine.get("/metrics")[1].decode()
    families = {family.name: family for family in text_string_to_metric_families(text)}
    for family in families.values():
        assert family.documentation
        assert family.type in ("counter", "gauge", "histogram")
        names = [(item.name, tuple(sorted(item.labels.items()))) for item in family.samples]
        assert len(names) == len(set(names))

    def value(name, **labels):
        family = families[name.removesuffix("_total")]
        return sum(item.value for item in family.samples
                   if item.name == name and labels.items() <= item.labels.items())

    assert value("waterhole_touches_total", result="accepted") == 2
    assert value("waterhole_touches_total", result="duplicate") == 1
    assert value("waterhole_lead_events_total", type="trigger") == 1
    assert value("waterhole_partitions", state="ready") == 8
    buckets = [item for item in families["waterhole_touch_to_committed_seconds"].samples
               if item.name.endswith("_bucket")]
    assert buckets[-1].labels["le"] == "+Inf" and buckets[-1].value == 3
    assert [item.value for item in buckets] == sorted(item.value for item in buckets)


def test_unused_memory_and_time_are_little(tmp_path):
    """Bounds are ten times what is expected: this finds what is broken, not what is slow."""
    with Engine(tmp_path, env={"ASAN_OPTIONS": "quarantine_size_mb=1"}).wait_ready() as engine:
        engine.wait_processed()
        before = cpu(engine)
        time.sleep(2)  # there is no event to wait for: nothing is what must happen
        assert cpu(engine) - before < 0.5


def cpu(engine):
    with open(f"/proc/{engine.process.pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def test_a_full_disk_pushes_back_and_goes_on_when_there_is_room(tmp_path):
    with small_disk(tmp_path / "disk") as place:
        if place is None:
            pytest.skip("no file system of its own can be mounted here")
        fill_and_free(place)
