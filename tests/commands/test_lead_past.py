"""`waterhole lead KEY --at T` against a play that stops at T: what was announced by then, where the
lead was on its tracks, and what seemed to come."""
import pytest

from play import ANN, lines, page, record
from program import run, write

MODEL = """\
waterhole: 1
name: past
scores: [ { id: interest, decay: { half_life: 4d }, rules: [ { id: page, on: page_view, points: 10 } ] } ]
labels: [ { id: heat, of: interest, announce: true, bands: { cold: 0, warm: 8, hot: 18 } } ]
segments: [ { id: quiet, when: silent(2d) } ]
triggers:
  - { id: back, when: silent(3d), cool_down: 5d }
  - { id: asked, on: demo_request, max: 1 }
  - { id: bought, sequence: [ { on: page_view }, { on: order_placed } ], within: 4d, missed: not_bought }
qualification:
  - { id: ready, arm: interest >= 15, disarm: interest < 7, cool_down: 3d }
nurture:
  - id: guides
    enter: count(page_view within 7d) > 0
    exit: count(order_placed) > 0
    steps:
      - { wait: 1d }
      - { send: guide }
      - { wait: 2d }
      - { when: count(demo_request within 9d) > 0, go: end }
      - { send: reminder }
      - { wait: 1d }
      - { id: end, task: call }
"""
STORY = [page((5, 9), ANN), page((6, 9), ANN), record((8, 11), "demo_request", ANN), page((9, 9), ANN),
         record((14, 9), "demo_request", ANN), record((17, 9), "order_placed", ANN), page((25, 9), ANN)]
TOLD = ("scores", "labels", "segments", "nurture", "coming", "announced", "qualifications", "sequences")


def told(folder, records, *words):
    write(folder, "model.yaml", MODEL)
    write(folder, "touches.jsonl", lines(records))
    result = run(folder, "up", "--play", "touches.jsonl", "--clock", "log", "--once", "--model",
                 "model.yaml", "--data", "state")
    assert result.code == 0, result.err
    (found,) = run(folder, "lead", f"email:{ANN}", "--data", "state", "--json", *words).objects()
    assert set(TOLD) <= found.keys()
    return {name: found[name] for name in TOLD}


@pytest.mark.parametrize("day, hour", [(5, 12), (6, 10), (7, 12), (8, 12), (9, 10), (11, 12), (13, 9),
                                       (16, 12), (18, 9)])
def test_it_is_what_a_play_that_stops_then_says(tmp_path, day, hour):
    end = record((day, hour), "attributes", "eve@far.example")
    before = [touch for touch in STORY if touch["occurred_at"] <= end["occurred_at"]]
    stopped = told(tmp_path / "stopped", [*before, end])
    assert told(tmp_path / "whole", STORY, "--at", end["occurred_at"]) == stopped
    assert stopped["coming"]


def test_the_story_goes_through_what_is_compared(tmp_path):
    """On the 8th: two steps done, the third under way; the sequence is missed on the 9th."""
    found = told(tmp_path, STORY, "--at", "2026-01-08T12:00:00Z")
    assert found["nurture"] == [{"track": "guides", "since": "2026-01-05T09:00:00.000Z", "step": "end",
                                 "does": "task", "at": "2026-01-09T09:00:00.000Z"}]
    assert {"lead.nurture", "lead.asked", "lead.label_changed", "lead.qualified"} <= \
        {event["type"] for event in found["announced"]}
    assert {"lead.not_bought", "lead.label_changed", "lead.nurture"} <= \
        {item["type"] for item in found["coming"] if item["kind"] == "event"}
