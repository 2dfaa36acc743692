"""`waterhole lead KEY` of a lead in the middle of sequences, from what `up --data` left."""
from play import ANN, lines, page, record
from program import run, write

KEY = f"email:{ANN}"

MODEL = """\
waterhole: 1
name: goals
zone: Europe/Berlin
triggers:
  - id: bought
    within: 4d
    sequence:
      - { on: page_view }
      - { on: download, times: 2 }
      - { on: order_placed }
    missed: not_bought
  - id: quiet
    sequence:
      - { as: got, on: download }
      - { not: any, within: 2d }
    with: { asset: got.asset }
"""


def play(folder, records):
    write(folder, "model.yaml", MODEL)
    write(folder, "touches.jsonl", lines(records))
    result = run(folder, "up", "--play", "touches.jsonl", "--clock", "log", "--once", "--model",
                 "model.yaml", "--data", "state", "--json")
    assert result.code == 0, result.err
    return result.objects()


def test_how_far_they_are_and_until_when(tmp_path):
    first, then = page((5, 9), ANN), record((6, 9), "download", ANN, asset="guide.pdf")
    play(tmp_path, [first, then])
    result = run(tmp_path, "lead", KEY, "--data", "state", "--json")
    (found,) = result.objects()
    assert found["sequences"] == [
        {"trigger": "bought", "taken": 2, "steps": 3, "times": 1, "since": "2026-01-05T09:00:00.000Z",
         "last_at": "2026-01-06T09:00:00.000Z", "until": "2026-01-09T09:00:00.000Z",
         "matches": False, "missed": "not_bought", "touches": [first["id"], then["id"]]},
        {"trigger": "quiet", "taken": 1, "steps": 1, "since": "2026-01-06T09:00:00.000Z",
         "last_at": "2026-01-06T09:00:00.000Z", "until": "2026-01-08T09:00:00.000Z",
         "matches": True, "missed": None, "touches": [then["id"]]}]
    assert [(x["at"], x["name"]) for x in found["coming"]] == [
        ("2026-01-08T09:00:00.000Z", "quiet"), ("2026-01-09T09:00:00.000Z", "not_bought")]
    assert """
In the middle of
  bought: 2 of 3 steps (the last 1 of 2 times) since 2026-01-05 10:00, until 2026-01-09 10:00, then not_bought
  quiet: 1 of 1 step since 2026-01-06 10:00, fires at 2026-01-08 10:00 unless something comes
""" in run(tmp_path, "lead", KEY, "--data", "state").out


def test_events_name_their_touches(tmp_path):
    first, then = page((5, 9), ANN), record((6, 9), "download", ANN, asset="guide.pdf")
    again = record((6, 10), "download", ANN, asset="sheet.pdf")
    order, later = record((7, 9), "order_placed", ANN), page((20, 9), ANN)
    events = play(tmp_path, [first, then, again, order, later])
    assert [(x["type"], x["touches"], x.get("with"), x["why"]["because"]["touch"]) for x in events] == [
        ("lead.bought", [first["id"], then["id"], again["id"], order["id"]], None, order["id"])]
    (found,) = run(tmp_path, "lead", KEY, "--data", "state", "--json").objects()
    assert [x["trigger"] for x in found["sequences"]] == ["bought"]


def test_what_was_missed_says_how_far_it_came(tmp_path):
    first, then = page((5, 9), ANN), record((6, 9), "download", ANN, asset="guide.pdf")
    later = page((20, 9), ANN)
    events = play(tmp_path, [first, then, later])
    assert [(x["type"], x["occurred_at"], x["touches"], x.get("with")) for x in events] == [
        ("lead.quiet", "2026-01-08T09:00:00.000Z", [then["id"]], {"asset": "guide.pdf"}),
        ("lead.not_bought", "2026-01-09T09:00:00.000Z", [first["id"], then["id"]], None)]
