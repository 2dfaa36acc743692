"""`waterhole lead KEY --why EVENT_ID`: one event explained, from what was known when it was decided.
The story's numbers follow from play.py by hand."""
import pytest
from play import ANN, MODEL, RIVALS, STORY, lines, page, record
from program import run, write

KEY = f"email:{ANN}"


def keep(folder, records):
    write(folder, "model.yaml", MODEL)
    write(folder, "rivals.csv", RIVALS)
    write(folder, "touches.jsonl", lines(records))
    done = run(folder, "up", "--play", "touches.jsonl", "--clock", "log", "--once", "--model",
               "model.yaml", "--data", "state", "--json")
    assert done.code == 0, done.err
    return done.objects()


def why(folder, event, *words):
    return run(folder, "lead", KEY, "--data", "state", "--why", event, *words)


def told(folder, event):
    done = why(folder, event, "--json")
    assert (done.code, done.err) == (0, ""), done.err
    (found,) = done.objects()
    return found


@pytest.fixture(name="folder")
def _folder(tmp_path):
    keep(tmp_path, STORY)
    return tmp_path


def test_the_text_as_a_whole(folder):
    event = told(folder, "ready/1/qualified")["event"]["id"]
    assert why(folder, event).out == f"""\
qualified ready, episode 1
event {event}
  when          2026-01-07 10:00, Europe/Berlin
  because of    attributes, touch attributes-7-9
  2026-01-07 10:00  attributes          -                             -
  route         all, to team
  note          warm, grade B

What it hangs on, as known then
    needs       yes      interest >= hot   (is 35, asked for >= 30)
    and         yes      grade >= "B"   (is B, asked for >= B)
    waits for   yes      consent.marketing
    but not if  no       lead.company in rivals
    withers if  no       interest < 20   (is 35, asked for < 20)

interest 35.000: every point
  page                         +15.000   3 touches, last 2026-01-06 10:00
  prices                       +20.000   2 touches, last 2026-01-06 10:00
  together                      35.000

grade B: how well it fits, starting from C
  role          match      +3/3   lead.role == "Head"
  size          unknown       0   lead.employees >= 50; if it is so: +1/3
  young         unknown       0   lead.age < 3; if it is so: -1/3

Computed again from what was known then
  the same scores
"""


def test_the_touch_with_its_points(tmp_path):
    keep(tmp_path, STORY)
    found = told(tmp_path, "compare/1/stage_changed")
    assert found["touch"]["id"] == "page_view-5-9"
    assert [(item["rule"], item["points"]) for item in found["touch"]["points"]] \
        == [("page", 5.0), ("prices", 10.0)]
    # Known then: nothing but that touch.
    assert found["lead"]["scores"] == {"interest": 15.0} and found["same_scores"]
    assert [touch["id"] for touch in found["lead"]["touches"]] == ["page_view-5-9"]
    assert found["lead"]["as_known_then"] is True


def test_time_alone(tmp_path):
    keep(tmp_path, STORY + [page((30, 9), {"anon": "c-2"})])
    found = told(tmp_path, "ready/1/withered")
    # Ten silent days take 20 of 35 points; below 20 it withers.
    assert found["touch"] is None and found["same_scores"]
    assert found["lead"]["at"] == "2026-01-16T09:00:00.000Z"
    assert found["lead"]["scores"] == {"interest": 15.0}
    out = why(tmp_path, "withered").out
    assert "  because of    time alone: something became due, no touch\n  reason        disarm\n" in out
    assert "    withers if  yes      interest < 20   (is 15, asked for < 20)\n" in out
    asleep = told(tmp_path, "asleep/1/segment_entered")
    assert asleep["conditions"] == [{"condition": "silent(20d)", "state": "true"}]


def test_what_came_later_was_not_known(tmp_path):
    late = {**page((5, 12), ANN), "received_at": "2026-01-08T09:00:00Z"}
    keep(tmp_path, STORY + [late])
    found = told(tmp_path, "ready/1/qualified")
    assert found["event"]["scores"] == found["lead"]["scores"] == {"interest": 35.0}
    assert found["same_scores"] is True
    assert "page_view-5-12" not in [touch["id"] for touch in found["lead"]["touches"]]


def test_a_trigger_and_its_values(tmp_path):
    keep(tmp_path, STORY[:4] + [record((8, 9), "demo_request", ANN, page={"path": "/demo"})])
    found = told(tmp_path, "asked/demo_request-8-9/fired")
    assert found["event"]["type"] == "lead.asked" and found["touch"]["type"] == "demo_request"
    assert "  with          where = /demo\n" in why(tmp_path, "asked/demo_request-8-9/fired").out


def test_an_event_of_an_id_that_became_part_of_it(tmp_path):
    seen = page((5, 9), {"anon": "c-9"})
    said = page((5, 10), {"anon": "c-9", "email": ANN})
    events = keep(tmp_path, [seen, said])
    (stage,) = [event for event in events if event["type"] == "lead.stage_changed"
                and event["because" if "because" in event else "why"]["because"]["touch"] == seen["id"]]
    found = told(tmp_path, stage["id"])
    assert found["event"]["lead_id"] == stage["lead_id"] != found["lead"]["lead_id"]
    assert f"it left under lead id {stage['lead_id']}, which belongs to this lead now" \
        in why(tmp_path, stage["id"]).out


def test_no_such_event(tmp_path):
    events = keep(tmp_path, STORY + [page((8, 9), "bob@works.example")])
    done = why(tmp_path, "nothing")
    assert done.code == 1 and 'no event "nothing" of this lead; its latest are\n  ' in done.err
    assert done.err.count("/compare/1/stage_changed") == 1
    (other,) = [event for event in events if event["contact"]["email"] == "bob@works.example"
                and event["type"] == "lead.stage_changed"]
    assert f"it is one of lead {other['lead_id']}" in why(tmp_path, other["id"]).err


@pytest.mark.parametrize("word", ["--at", "--export"])
def test_what_does_not_go_together(folder, word):
    words = (word, "2026-01-06") if word == "--at" else (word,)
    done = why(folder, "qualified", *words)
    assert done.code == 2 and '"--why" goes with neither "--at" nor "--export"' in done.err
