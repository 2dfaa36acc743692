"""Companies: their events, `lead company:DOMAIN`, `leads --companies`. Three people of one works look
at prices: 10 points each, of which the company counts half; the second one makes the herd."""
import json

import pytest

from play import lines, page
from program import run, write

MODEL = """waterhole: 1
name: works
scores:
  - { id: interest, rules: [ { id: page, on: page_view, points: 10 } ] }
  - { id: depth, entity: company, rules: [ { id: earned, on: page_view, points: touch.earned.interest * 0.5 } ] }
segments:
  - { id: busy, entity: company, when: count(people) >= 3 }
qualification:
  - { id: herd, entity: company, arm: distinct(it.person of page_view within 7d) >= 2, note: "{company.domain}" }
"""
ANN, BOB, CEM = "ann@works.example", "bob@works.example", "cem@works.example"
STORY = [page((5, 9), ANN, company={"name": "Works"}), page((6, 9), BOB), page((7, 9), CEM),
         page((7, 10), "eve@other.example")]


@pytest.fixture(name="folder", scope="module")
def _folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("company")
    write(folder, "model.yaml", MODEL)
    write(folder, "touches.jsonl", lines(STORY))
    result = run(folder, "up", "--play", "touches.jsonl", "--clock", "log", "--once", "--model",
                 "model.yaml", "--data", "state", "--json")
    assert result.code == 0, result.err
    write(folder, "events", result.out)
    return folder


def told(folder, *words):
    result = run(folder, *words, "--data", "state", "--json")
    assert (result.code, result.err) == (0, "")
    return result.objects()


def test_its_events_say_which_company(folder):
    events = [json.loads(line) for line in (folder / "events").read_text().splitlines()]
    herd, busy = [event for event in events if event["type"].startswith("company.")]
    assert (herd["type"], herd["qualification"], herd["episode"]) == ("company.qualified", "herd", 1)
    assert herd["company"] == {"domain": "works.example", "name": "Works"}
    assert herd["note"] == "works.example" and herd["route"] is None
    assert herd["scores"] == {"depth": 10.000}
    assert "lead_id" not in herd and "contact" not in herd and "also" not in herd
    assert herd["id"].startswith(herd["company_id"] + "/") and herd["id"].endswith("/herd/1/qualified")
    assert (busy["type"], busy["name"]) == ("company.segment_entered", "busy")


def test_its_story_names_the_persons(folder):
    (company,) = told(folder, "lead", "company:works.example")
    assert company["key"] == "company:works.example"
    assert company["company"] == {"domain": "works.example", "name": "Works"}
    assert company["scores"] == {"depth": 15.000} and company["segments"] == ["busy"]
    persons = [told(folder, "lead", f"email:{who}")[0]["lead_id"] for who in (ANN, BOB, CEM)]
    assert sorted(touch["person"] for touch in company["touches"]) == sorted(persons)
    assert [event["type"] for event in company["announced"]] == [
        "company.qualified", "company.segment_entered"]


def test_its_story_as_text(folder):
    result = run(folder, "lead", "company:works.example", "--data", "state")
    assert result.code == 0, result.err
    assert "Works, works.example" in result.out and "company id" in result.out


def test_companies_have_a_list_of_their_own(folder):
    rows = told(folder, "leads", "--companies")
    assert [row["key"] for row in rows] == ["company:works.example", "company:other.example"]
    assert rows[0]["ripe"] == ["herd"]
    keys = {row["key"] for row in told(folder, "leads")}
    assert keys == {f"email:{who}" for who in (ANN, BOB, CEM, "eve@other.example")}
