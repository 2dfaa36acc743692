"""Commands beside a running `up`: tap, lead, leads, and the page of the sample."""
import json
import re
import shutil
import signal
import subprocess

import pytest

from live import running, up
from play import MODEL, RIVALS
from program import TOP, run, write

SAMPLE = TOP / "deploy/sample"
PRICES = {"type": "page_view", "page": {"path": "/prices"}}


@pytest.fixture(name="folder")
def _folder(tmp_path):
    write(tmp_path, "model.yaml", MODEL)
    write(tmp_path, "rivals.csv", RIVALS)
    return tmp_path


def awaited(look, holds):
    """Asks again until it holds; what is accepted is decided a moment later."""
    for _ in range(600):
        found = look()
        if holds(found):
            return found
        subprocess.run(["sleep", "0.05"], check=True)
    raise AssertionError(found)


def test_tap_shows_a_touch_and_what_it_brings(folder):
    with up(folder, "model.yaml") as server, \
            running(folder, "tap", "--listen", server.address) as tap:
        tap.out.until("about")
        # Sent until it is heard, because nobody says when tap has begun to listen.
        awaited(lambda: server.send({**PRICES, "identifiers": {"anon": "c-1"}}),
                lambda _: not tap.out.queue.empty())
        tap.out.until(r"  page_view +anon:c-1 +/prices$")
        server.send({"type": "demo_request", "identifiers": {"email": "ann@works.example"}})
        tap.out.until(r"  demo_request +ann@works\.example$")
        tap.out.until(r"\* qualified fast +ann@works\.example +to team; grade C")
        assert tap.end(signal.SIGINT) == 0


def test_tap_takes_up_again_after_a_restart(folder):
    with up(folder, "model.yaml") as server:
        address = server.address
        tap = running(folder, "tap", "--listen", address)
        with tap as program:
            program.out.until("about")
            awaited(lambda: server.send({**PRICES, "identifiers": {"anon": "c-1"}}),
                    lambda _: not program.out.queue.empty())
            server.program.end()
            program.err.until("trying again in 250ms")
            with running(folder, "up", "--model", "model.yaml", "--data", "state", "--listen",
                         address) as again:
                again.out.until("up at ")
                server.send({"type": "demo_request", "identifiers": {"email": "a@works.example"}})
                awaited(lambda: server.send({**PRICES, "identifiers": {"anon": "c-2"}}),
                        lambda _: any("c-2" in str(line) for line in list(program.out.queue.queue)))
            assert program.end() == 0


def test_lead_and_leads_read_while_up_writes(folder):
    with up(folder, "model.yaml") as server:
        server.send({"id": "t1", **PRICES, "identifiers": {"email": "ann@works.example"},
                     "lead": {"role": "Head"}})
        shown = awaited(lambda: run(folder, "lead", "ann@works.example", "--data", "state", "--json"),
                        lambda result: result.code == 0)
        (story,) = shown.objects()
        assert story["scores"] == {"interest": 15.0} and story["grade"] == "B"
        server.send({"id": "t2", "type": "demo_request", "identifiers": {"email": "bob@mill.example"}})
        rows = awaited(lambda: run(folder, "leads", "--data", "state", "--json").objects(),
                       lambda found: len(found) == 2)
        assert [(row["key"], row["ripe"]) for row in rows] == [
            ("email:bob@mill.example", ["fast"]), ("email:ann@works.example", [])]
        (everything,) = run(folder, "lead", "ann@works.example", "--data", "state",
                            "--export").objects()
        assert [record["id"] for record in everything["records"]] == ["t1"]


def test_export_has_everything_of_the_lead_and_nothing_of_others(folder):
    with up(folder, "model.yaml") as server:
        server.send({"id": "t1", **PRICES, "identifiers": {"email": "ann@works.example"},
                     "device": {"browser": "Netscape"}, "properties": {"unread": "by any rule"},
                     "consent": {"marketing": True}},
                    {"id": "t2", **PRICES, "identifiers": {"email": "bob@mill.example"}})
        server.send({"id": "t3", "type": "demo_request",
                     "identifiers": {"email": "ann@works.example"}})
        exported = awaited(
            lambda: run(folder, "lead", "ann@works.example", "--data", "state", "--export"),
            lambda result: result.code == 0 and "qualified" in result.out)
        (everything,) = exported.objects()
    assert list(everything) == ["lead", "history", "records", "events"]
    assert everything["lead"]["key"] == "email:ann@works.example"
    assert [row["id"] for row in everything["history"]] == ["t1", "t3"]
    first = everything["history"][0]
    assert (first["type"], first["page.path"], first["consent.marketing"], first["verdict"]) == (
        "page_view", "/prices", True, "human")
    # What no rule reads is not in the history, but still in the log.
    assert everything["records"][0]["properties"] == {"unread": "by any rule"}
    assert everything["records"][0]["device"]["browser"] == "Netscape"
    assert [record["id"] for record in everything["records"]] == ["t1", "t3"]
    assert {event["type"] for event in everything["events"]} >= {"lead.qualified"}
    assert "bob@mill.example" not in exported.out


def test_export_is_of_now(folder):
    result = run(folder, "lead", "x@works.example", "--export", "--at", "2026-01-05")
    assert result.code == 2 and '"--export" does not go with "--at"' in result.err


def key_of(folder, key):
    """The key of the lead that is meant; None when there is none."""
    found = run(folder, "lead", key, "--data", "state", "--json")
    return found.objects()[0]["key"] if found.code == 0 else None


def test_a_device_is_split_from_a_person_and_given_back(folder):
    pair = ("anon:c-1", "email:ann@works.example")
    with up(folder, "model.yaml") as server:
        server.send({**PRICES, "identifiers": {"anon": "c-1"}},
                    {**PRICES, "identifiers": {"anon": "c-1", "email": "ann@works.example"}})
        awaited(lambda: key_of(folder, "anon:c-1"), lambda key: key == "email:ann@works.example")
        assert "anon:c-1 belongs to email:ann@works.example" in run(
            folder, "lead", "anon:c-1", "--data", "state").err
        for word, key in (("split", "anon:c-1"), ("allow", "email:ann@works.example")):
            assert run(folder, "identity", word, *pair, "--listen", server.address).code == 0
            awaited(lambda: key_of(folder, "anon:c-1"), lambda found, key=key: found == key)
        rows = run(folder, "leads", "--data", "state", "--json").objects()
        assert [row["key"] for row in rows] == ["email:ann@works.example"]


def test_records_are_joined_and_stand_alone_again(folder):
    with up(folder, "model.yaml") as server:
        server.send({**PRICES, "identifiers": {"crm": "1"}}, {**PRICES, "identifiers": {"crm": "2"}})
        awaited(lambda: key_of(folder, "crm:1"), lambda key: key == "crm:1")
        for words, key in ((("join", "crm:1", "crm:2"), "crm:2"), (("alone", "crm:1"), "crm:1")):
            assert run(folder, "identity", *words, "--listen", server.address).code == 0
            awaited(lambda: key_of(folder, "crm:1"), lambda found, key=key: found == key)


def test_a_lead_is_erased_with_its_devices(folder):
    with up(folder, "model.yaml") as server:
        server.send({**PRICES, "identifiers": {"anon": "c-1", "email": "ann@works.example"}},
                    {**PRICES, "identifiers": {"email": "bob@mill.example"}})
        awaited(lambda: key_of(folder, "anon:c-1"), lambda key: key == "email:ann@works.example")
        result = run(folder, "lead", "anon:c-1", "--erase", "--listen", server.address)
        assert (result.code, result.err) == (0, "")
        for key in ("email:ann@works.example", "anon:c-1"):
            awaited(lambda key=key: key_of(folder, key), lambda found: found is None)
        assert key_of(folder, "bob@mill.example") == "email:bob@mill.example"
        again = run(folder, "lead", "anon:c-1", "--erase", "--listen", server.address)
        assert again.code == 1 and "knows no lead" in again.err


# The page of the sample, run by a machine that is no browser but has the same language.
PAGE = """
const sent = []
globalThis.localStorage = {}
globalThis.location = {search: process.argv[2], href: "https://pumps.example/" + process.argv[2]}
globalThis.document = {forms: [{}]}
globalThis.fetch = (url, options) => sent.push({url, ...options})
SCRIPT
document.forms[0].onsubmit({preventDefault() {}, target: {email: {value: process.argv[3]}}})
console.log(JSON.stringify(sent))
"""


@pytest.mark.skipif(not shutil.which("node"), reason="there is no node on this machine")
def test_the_page_ripens_a_lead(folder):
    script = re.search(r"<script>(.*)</script>", (SAMPLE / "page.html").read_text(), re.S)[1]
    write(folder, "page.js", PAGE.replace("SCRIPT", script))
    out = subprocess.run(["node", folder / "page.js", "?p=/pricing", "you@stadtwerke.example"],
                         check=True, capture_output=True, text=True, timeout=60).stdout
    visit, request = json.loads(out)
    assert visit["url"] == "http://127.0.0.1:8440/v1/touchpoints"
    with up(folder, SAMPLE) as server:
        server.send(json.loads(visit["body"]), json.loads(request["body"]))
        found = server.program.out.until(r"qualified fast_lane +(\S+)")
        assert found[1] == "you@stadtwerke.example"
    anon = json.loads(visit["body"])["identifiers"]["anon"]
    assert json.loads(request["body"])["identifiers"] == {"anon": anon,
                                                          "email": "you@stadtwerke.example"}
    assert json.loads(visit["body"])["page"]["path"] == "/pricing"


def test_the_page_has_ten_lines():
    assert len((SAMPLE / "page.html").read_text().splitlines()) == 10
