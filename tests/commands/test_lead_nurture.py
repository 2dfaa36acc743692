"""`waterhole lead KEY` of a lead on a nurture track, from what `up --data` left."""
from datetime import datetime, timezone

from play import ANN, lines, page, record
from program import run, write

KEY = f"email:{ANN}"

MODEL = """\
waterhole: 1
name: guides
zone: Europe/Berlin
data: { lead: { role: string } }
nurture:
  - id: guides
    enter: count(page_view within 7d) > 0
    steps:
      - { wait: 2d }
      - send: guide for {default(lead.role, "everybody")}
      - { wait: 5d }
      - { when: count(email_click within 7d) > 0, go: deepen }
      - { id: remind, send: reminder }
      - { end: true }
      - { id: deepen, ask: lead.role }
"""


def play(folder, records):
    write(folder, "model.yaml", MODEL)
    write(folder, "touches.jsonl", lines(records))
    result = run(folder, "up", "--play", "touches.jsonl", "--clock", "log", "--once", "--model",
                 "model.yaml", "--data", "state")
    assert result.code == 0, result.err


def told(folder, *words):
    result = run(folder, "lead", KEY, "--data", "state", *words)
    assert (result.code, result.err) == (0, "")
    (found,) = result.objects()
    return found


def test_where_it_is_and_what_comes(tmp_path):
    play(tmp_path, [page((5, 9), ANN), page((8, 9), ANN)])
    found = told(tmp_path, "--json")
    assert found["nurture"] == [{"track": "guides", "since": "2026-01-05T09:00:00.000Z", "step": "4",
                                 "does": "go", "at": "2026-01-12T09:00:00.000Z"}]
    (sent,) = found["announced"]
    assert (sent["type"], sent["name"], sent["to"], sent["occurred_at"]) == (
        "lead.nurture", "guides", "send guide for everybody", "2026-01-07T09:00:00.000Z")
    assert found["coming"][0] == {
        "at": "2026-01-12T09:00:00.000Z", "kind": "event", "type": "lead.nurture", "name": "guides",
        "from": "remind", "to": "send reminder"}
    text = run(tmp_path, "lead", KEY, "--data", "state").out
    assert """
On its way along
  guides since 2026-01-05 10:00, next is step 4: go, at 2026-01-12 10:00
""" in text
    assert "nurture guides             send guide for everybody" in text
    assert "2026-01-12 10:00  guides: send reminder (step remind)" in text


def test_the_events_as_they_leave(tmp_path):
    play(tmp_path, [page((5, 9), ANN), record((11, 9), "email_click", ANN), page((14, 9), ANN)])
    export = told(tmp_path, "--export")
    steps = [event for event in export["events"] if event["type"] == "lead.nurture"]
    assert [(event["track"], event["step"], event["action"], event["decided_at"])
            for event in steps] == [
        ("guides", "2", {"send": "guide for everybody"}, "2026-01-07T09:00:00.000Z"),
        ("guides", "deepen", {"ask": "lead.role"}, "2026-01-12T09:00:00.000Z")]
    life = int(datetime(2026, 1, 5, 9, tzinfo=timezone.utc).timestamp()) * 1000000
    assert steps[1]["id"] == f"{steps[1]['lead_id']}/{life}/guides/2/nurture"
    assert steps[0]["why"]["because"] == {"touch": None, "type": None,
                                          "at": "2026-01-07T09:00:00.000Z"}
    assert "actions" not in steps[0]
    (again,) = export["lead"]["nurture"]  # the window was empty from the 12th on: an edge
    assert (again["since"], again["step"]) == ("2026-01-14T09:00:00.000Z", "2")
