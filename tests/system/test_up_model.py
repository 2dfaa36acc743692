"""A model that changes under `up`: by SIGHUP, between two runs, and one that cannot be used."""
import json
import signal
import subprocess

from engine import MODEL, PATIENCE, WATERHOLE, Engine, kept, kept_events, touch, wait_for

# Five pages make a lead ripe, or three.
RIPE = MODEL.replace("triggers:", """\
qualification:
  - { id: keen, arm: touches >= LIMIT }
triggers:""")
HIGH = RIPE.replace("LIMIT", "5")
LOW = RIPE.replace("LIMIT", "3")


def reload(engine, model, said):
    (engine.folder / "model.yaml").write_text(model)
    before = engine.errors().count(said)
    engine.process.send_signal(signal.SIGHUP)
    wait_for(lambda: engine.errors().count(said) > before)


def post_pages(engine, first, count, lead=1):
    items = [touch(number, lead) for number in range(first, first + count)]
    assert engine.post(*items)[0] == 200
    engine.wait_processed()


def model_hash(engine):
    lines = engine.get("/metrics")[1].decode().splitlines()
    (line,) = [line for line in lines if line.startswith("waterhole_model_info")]
    return line.split('hash="')[1].split('"')[0]


def types(folder):
    return [event["type"] for event in kept_events(folder)]


def test_a_lower_threshold_acts_at_once(tmp_path):
    with Engine(tmp_path, model=HIGH).wait_ready() as engine:
        old = model_hash(engine)
        post_pages(engine, 0, 2)
        reload(engine, LOW, "the new model is in use")
        assert model_hash(engine) != old
        post_pages(engine, 2, 1)
        assert wait_for(lambda: types(tmp_path)) == ["lead.qualified"]
        assert engine.lead(1)["scores"]["touches"] == 3
        assert engine.end() == 0
    assert len(kept(tmp_path, "SELECT hash FROM models")) == 2


def test_under_the_old_threshold_nothing_is_announced(tmp_path):
    with Engine(tmp_path, model=HIGH).wait_ready() as engine:
        post_pages(engine, 0, 4)
        assert engine.end() == 0
    assert types(tmp_path) == []


def test_back_to_the_model_before(tmp_path):
    with Engine(tmp_path, model=HIGH).wait_ready() as engine:
        old = model_hash(engine)
        reload(engine, LOW, "the new model is in use")
        post_pages(engine, 0, 2)
        reload(engine, HIGH, "the new model is in use")
        assert model_hash(engine) == old
        post_pages(engine, 2, 2)
        assert types(tmp_path) == []
        post_pages(engine, 4, 1)
        assert types(tmp_path) == ["lead.qualified"]
        reload(engine, HIGH, "the model is the same as before")
    # Whoever looks into the folder sees the model used last.
    with Engine(tmp_path, model=None).wait_ready() as engine:
        assert model_hash(engine) == old


def test_a_start_with_another_model(tmp_path):
    with Engine(tmp_path, model=HIGH).wait_ready() as engine:
        for lead in range(20):
            post_pages(engine, 10 * lead, 2, lead)
        assert engine.end() == 0
    more = LOW.replace("points: 1", "points: 10").replace(">= 3", ">= 30")
    with Engine(tmp_path, model=more).wait_ready() as engine:
        # Not touched since: told as the new model has it, whether it was looked at yet or not.
        assert engine.lead(7)["scores"]["touches"] == 20
        post_pages(engine, 500, 1)
        assert engine.lead(1)["scores"]["touches"] == 30
        assert wait_for(lambda: types(tmp_path)) == ["lead.qualified"]
        assert engine.end() == 0
    with Engine(tmp_path, model=None).wait_ready() as engine:
        assert engine.lead(1)["scores"]["touches"] == 30
        assert engine.lead(7)["scores"]["touches"] == 20
        assert engine.get("/healthz")[0] == 200
        assert engine.end() == 0


def test_a_killed_process_goes_on_under_another_model(tmp_path):
    """What is replayed was made under the old model, which only the folder still has."""
    env = {"WATERHOLE_ENGINE_FLUSH": "1h"}
    with Engine(tmp_path, model=HIGH, env=env).wait_ready() as engine:
        for lead in range(20):
            post_pages(engine, 10 * lead, 2, lead)
        engine.kill()
    with Engine(tmp_path, model=LOW).wait_ready() as engine:
        post_pages(engine, 500, 1)
        assert types(tmp_path) == ["lead.qualified"]
        assert [engine.lead(lead)["scores"]["touches"] for lead in range(20)] == [
            3 if lead == 1 else 2 for lead in range(20)]


def test_commands_read_what_the_new_model_has_not_looked_at(tmp_path):
    """The writer is killed before it could look at every lead again."""
    with Engine(tmp_path, model=HIGH).wait_ready() as engine:
        for lead in range(20):
            post_pages(engine, 10 * lead, 2, lead)
        assert engine.end() == 0
    more = LOW.replace("points: 1", "points: 10")
    env = {"WATERHOLE_ENGINE_FLUSH": "1h"}
    with Engine(tmp_path, model=more, env=env).wait_ready() as engine:
        engine.kill()
    told = subprocess.run([WATERHOLE, "lead", "user:u7", "--data", tmp_path / "data", "--json"],
                          capture_output=True, check=False, timeout=PATIENCE)
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["scores"]["touches"] == 20


def recorded(engine):
    return engine.metric('waterhole_suppressed_total{reason="model"}')


def told_of(folder, key):
    """What `lead` says, as text."""
    done = subprocess.run([WATERHOLE, "lead", key, "--data", folder / "data"], check=False,
                          capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_only_the_model_changes_is_recorded_and_explained(tmp_path):
    with Engine(tmp_path, model=HIGH).wait_ready() as engine:
        post_pages(engine, 0, 4)
        post_pages(engine, 10, 2, lead=2)
        reload(engine, LOW, "the new model is in use")
        new = model_hash(engine)
        wait_for(lambda: recorded(engine) == 1)
        (ripe,) = engine.lead(1)["qualifications"]
        assert (ripe["state"], ripe["episodes"], ripe["began_by"]) == ("recorded", 1, new)
        post_pages(engine, 20, 1)
        post_pages(engine, 30, 1, lead=2)
        # The one that was ripe by the model alone says nothing more; the other has ripened.
        wait_for(lambda: types(tmp_path))
        assert [event["lead_id"] for event in kept_events(tmp_path)] == [
            engine.lead(2)["lead_id"]]
        assert engine.end() == 0
    said = told_of(tmp_path, "user:u1")
    assert "keen: ripe, but nobody was told: recorded " in said
    assert f" when the model became {new[:12]}, silently" in said


def test_what_only_the_model_changes_is_announced_if_it_wants_that(tmp_path):
    loud = LOW.replace("waterhole: 1", "waterhole: 1\nadopt: announce")
    with Engine(tmp_path, model=HIGH).wait_ready() as engine:
        old = model_hash(engine)
        post_pages(engine, 0, 4)
        post_pages(engine, 10, 5, lead=2)
        assert types(tmp_path) == ["lead.qualified"]
        reload(engine, loud, "the new model is in use")
        wait_for(lambda: len(types(tmp_path)) == 2)
        (event,) = [event for event in kept_events(tmp_path)
                    if event["lead_id"] == engine.lead(1)["lead_id"]]
        because = event["why"]["because"]
        assert (because["touch"], because["model"]) == (None, old)
        assert event["occurred_at"] == event["decided_at"] == because["at"]
        assert event["model"]["hash"] == model_hash(engine)
        # Whom the next one never finds ripe is taken back, in the same way.
        none = loud.replace("touches >= 3", "touches >= 300")
        reload(engine, none, "the new model is in use")
        wait_for(lambda: len(types(tmp_path)) == 4)
        ends = [event for event in kept_events(tmp_path) if event["type"] != "lead.qualified"]
        assert [(event["type"], event["reason"]) for event in ends] == [
            ("lead.withdrawn", "model")] * 2
        assert engine.end() == 0
    assert "handed over" in told_of(tmp_path, "user:u1")


def test_a_silent_model_ends_episodes_silently_and_once(tmp_path):
    """The one that was announced counts; the next one is told."""
    with Engine(tmp_path, model=LOW).wait_ready() as engine:
        post_pages(engine, 0, 3)
        assert types(tmp_path) == ["lead.qualified"]
        reload(engine, HIGH, "the new model is in use")
        new = model_hash(engine)
        wait_for(lambda: engine.lead(1)["qualifications"][0].get("ended_by") == new)
        assert engine.lead(1)["qualifications"][0]["state"] == "green"
        engine.kill()
    with Engine(tmp_path, model=HIGH).wait_ready() as engine:
        post_pages(engine, 20, 2)
        wait_for(lambda: len(types(tmp_path)) == 2)
        assert [event["episode"] for event in kept_events(tmp_path)] == [1, 2]
        assert engine.end() == 0


def test_a_bad_model_is_refused_and_a_good_one_follows(tmp_path):
    with Engine(tmp_path, model=HIGH).wait_ready() as engine:
        old = model_hash(engine)
        reload(engine, LOW.replace("touches >= 3", "touches >= three"),
               "the new model is refused, the old one stays")
        assert model_hash(engine) == old
        post_pages(engine, 0, 3)
        assert types(tmp_path) == []
        reload(engine, LOW, "the new model is in use")
        post_pages(engine, 10, 3, lead=2)
        assert "lead.qualified" in types(tmp_path)
    assert len(kept(tmp_path, "SELECT hash FROM models")) == 2
