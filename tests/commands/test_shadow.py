"""A model with `shadow: true`: it decides as the same one without, marks what it says, and never
shares a folder or a process with a live one."""
import re
import signal

import pytest
from live import running, up
from play import ANN, MODEL, RIVALS, STORY, lines, page, record
from program import run, write

SHADOW = MODEL + "shadow: true\n"


@pytest.fixture(name="folder")
def _folder(tmp_path):
    write(tmp_path, "rivals.csv", RIVALS)
    write(tmp_path, "live.yaml", MODEL)
    write(tmp_path, "shadow.yaml", SHADOW)
    write(tmp_path, "touches.jsonl", lines(STORY + [record((8, 10), "demo_request", ANN)]))
    return tmp_path


def play(folder, model, *words, data=None):
    data = model if data is None else data
    return run(folder, "up", "--model", f"{model}.yaml", "--data", data, "--play", "touches.jsonl",
               "--clock", "log", "--once", *words)


def test_it_decides_as_the_live_one_and_each_event_is_marked(folder):
    live, shadow = play(folder, "live", "--json").objects(), play(folder, "shadow", "--json").objects()
    assert len(live) >= 2
    assert not any("shadow" in event for event in live)
    assert all(event.pop("shadow") is True for event in shadow)
    assert {event["model"].pop("hash") for event in live}.isdisjoint(
        event["model"].pop("hash") for event in shadow)
    assert shadow == live


def test_what_up_prints_is_marked(folder):
    told = play(folder, "shadow")
    assert told.code == 0
    assert told.lines[0] == "Model story, a shadow; times in Europe/Berlin."
    assert re.search("^2026-01-08 [0-9:]+ +shadow qualified fast ", told.out, re.M)
    assert " shadow " not in play(folder, "live").out


def test_a_lead_of_a_shadow_says_so(folder):
    play(folder, "shadow")
    (lead,) = run(folder, "lead", ANN, "--data", "shadow", "--json").objects()
    assert lead["shadow"] is True
    play(folder, "live")
    (lead,) = run(folder, "lead", ANN, "--data", "live", "--json").objects()
    assert "shadow" not in lead


@pytest.mark.parametrize("first, second, told", [
    ("live", "shadow", 'the model says "shadow: true", but the one before is live'),
    ("shadow", "live", "the model is live, but the one before is a shadow"),
])
def test_a_folder_is_of_one_kind(folder, first, second, told):
    assert play(folder, first, data="state").code == 0
    before = run(folder, "leads", "--data", "state", "--format", "json").out
    refused = play(folder, second, data="state")
    assert (refused.code, refused.out) == (2, "")
    assert f'"state": {told}' in refused.err
    assert run(folder, "leads", "--data", "state", "--format", "json").out == before
    assert play(folder, first, data="state").code == 0


@pytest.mark.parametrize("first, second, mark, told", [
    (MODEL, SHADOW, "", "but the one before is live"),
    (SHADOW, MODEL, "shadow ", "but the one before is a shadow"),
], ids=["live", "shadow"])
def test_a_process_is_of_one_kind(folder, first, second, mark, told):
    """And what it announces over HTTP is marked or not, as before."""
    write(folder, "model.yaml", first)
    with up(folder, "model.yaml") as server, \
            running(folder, "tap", "--listen", server.address) as tap:
        write(folder, "model.yaml", second)
        server.program.process.send_signal(signal.SIGHUP)
        server.program.err.until(told)
        server.program.err.until("the new model is refused, the old one stays")
        tap.out.until("about")
        while tap.out.queue.empty():
            server.send({"type": "page_view", "identifiers": {"anon": "c-1"}})
        server.send({"type": "demo_request", "identifiers": {"email": ANN}})
        tap.out.until(rf"\* {mark}qualified fast +{ANN} ")


def test_tools_take_it(folder):
    write(folder, "shadow.test.yaml", """\
model: shadow.yaml
tests:
  - name: asked
    touches: [ { at: 1d, type: demo_request } ]
    expect: [ { at: 1d, event: qualified fast } ]
""")
    assert run(folder, "check", "shadow.yaml").code == 0
    tested = run(folder, "test", "shadow.test.yaml")
    assert (tested.code, "1 passed" in tested.out) == (0, True), tested.out
    same = run(folder, "replay", "touches.jsonl", "--model", "live.yaml", "--against", "shadow.yaml",
               "--csv")
    assert (same.code, len(same.lines)) == (0, 1)
