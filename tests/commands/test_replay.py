"""`waterhole replay`: two models over the sample against what `up` says of each alone, counted here
by a few lines of Python; one model; a sweep; outcomes; wrong use."""
import csv
import gzip
import hashlib
import io
import json
import shutil
import subprocess

import pytest
from play import ANN, MODEL, RIVALS, STORY, lines, record
from program import run, write
from sample import model_text, write_sample


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The sample's touches, its model, and one with another threshold."""
    folder = tmp_path_factory.mktemp("replay")
    model = model_text()
    write_sample(folder, {"now": model, "next": model.replace("hot: 90", "hot: 75")})
    return folder


def ripenings(folder, model):
    """(lead id, qualification) → begin of the first episode that was not withdrawn."""
    played = run(folder, "up", "--model", model, "--play", "touches.jsonl", "--clock", "log",
                 "--once", "--json")
    standing = {}
    for event in played.objects():
        if event["type"] not in ("lead.qualified", "lead.withdrawn"):
            continue
        key = (event["lead_id"], event["qualification"])
        episodes = standing.setdefault(key, {})
        if event["type"] == "lead.qualified":
            episodes[event["episode"]] = event["occurred_at"]
        else:
            del episodes[event["episode"]]
    return {key: episodes[min(episodes)] for key, episodes in standing.items() if episodes}


def change(first, second):
    if first == second:
        return "same"
    if first is None:
        return "gained"
    if second is None:
        return "lost"
    return "earlier" if second < first else "later"


def test_the_difference_of_two_models_is_that_of_two_plays(sample):
    first, second = ripenings(sample, "now"), ripenings(sample, "next")
    expected = sorted(change(first.get(key), second.get(key)) for key in first.keys() | second)
    done = run(sample, "replay", "touches.jsonl", "--model", "now", "--against", "next", "--csv")
    assert done.code == 0, done.err
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert sorted(row["change"] for row in rows) == [word for word in expected if word != "same"]
    times = sorted((first.get(key) or "", second.get(key) or "") for key in first.keys() | second
                   if first.get(key) != second.get(key))
    assert sorted((row["first_at"], row["second_at"]) for row in rows) == times
    summary = run(sample, "replay", "touches.jsonl", "--model", "now", "--against", "next",
                  "--json").objects()[-1]
    for word in ("same", "gained", "lost", "earlier", "later"):
        assert summary[word] == expected.count(word), word
    assert len(rows) > 3


def test_the_result_is_the_same_every_time_and_packed(sample):
    words = ("replay", "--model", "now", "--against", "next", "--json")
    first = run(sample, *words, "touches.jsonl")
    packed = subprocess.run(["gzip", "-c", sample / "touches.jsonl"], check=True,
                            capture_output=True).stdout
    write(sample, "touches.jsonl.gz", packed)
    assert run(sample, *words, "touches.jsonl").out == first.out
    assert run(sample, *words, "touches.jsonl.gz").out == first.out
    assert run(sample, *words, "-", stdin=packed).out == first.out


def test_it_does_not_matter_how_the_records_come(sample):
    words = ("replay", "--model", "now", "--csv")
    whole = (sample / "touches.jsonl").read_bytes()
    expected = run(sample, *words, "touches.jsonl").out
    half = whole.index(b"\n", len(whole) // 2) + 1
    write(sample, "first.jsonl", whole[:half])
    write(sample, "second.jsonl.gz", gzip.compress(whole[half:]))
    write(sample, "two.gz", gzip.compress(whole[:half]) + gzip.compress(whole[half:]))
    for files in (("first.jsonl", "second.jsonl.gz"), ("two.gz",)):
        assert run(sample, *words, *files).out == expected
    assert run(sample, *words, "first.jsonl", "-", stdin=whole[half:]).out == expected
    # Packed by a program that is not ours, where it is there; record makes .zst itself.
    if shutil.which("zstd"):
        packed = subprocess.run(["zstd", "-q", "-c"], input=whole, check=True, capture_output=True)
        write(sample, "touches.jsonl.zst", packed.stdout)
        assert run(sample, *words, "touches.jsonl.zst").out == expected
    write(sample, "cut.gz", gzip.compress(whole)[:-20])
    broken = run(sample, *words, "cut.gz")
    assert (broken.code, broken.out) == (1, "") and "cut.gz: the packed data" in broken.err


def test_rows_that_do_not_fit_into_memory_come_in_their_order(tmp_path):
    """About half a MB of rows, twice what stays in memory; every number follows from the touches."""
    write(tmp_path, "model.yaml", MODEL)
    write(tmp_path, "rivals.csv", RIVALS)
    leads = {f"lead-{number:05}@works.example": number % 4 for number in range(3000)}
    touches = [{"id": f"{who}-{n}", "type": "page_view", "identifiers": {"email": who},
                "occurred_at": f"2026-01-05T{9 + n:02}:00:00Z", "page": {"path": "/prices"}}
               for who, hours in leads.items() for n in range(hours + 1)]
    touches.sort(key=lambda touch: (touch["occurred_at"], hashlib.md5(touch["id"].encode()).hexdigest()))
    write(tmp_path, "touches.jsonl", lines(touches))
    words = ("replay", "touches.jsonl", "--model", "model.yaml")
    done = run(tmp_path, *words, "--csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    # 5 for each page, 10 once on that day.
    assert [(row["lead"], row["interest"]) for row in rows] == \
        [(f"email:{who}", str(10 + 5 * (hours + 1))) for who, hours in sorted(leads.items())]
    assert run(tmp_path, *words, "--csv").out == done.out
    summary = run(tmp_path, *words, "--json").objects()
    assert len(summary) == 3001 and summary[-1]["first"]["leads"] == 3000


def test_equal_models_differ_nowhere(sample):
    done = run(sample, "replay", "touches.jsonl", "--model", "now", "--against", "now", "--json")
    (summary,) = done.objects()
    assert summary["first"] == summary["second"]
    assert summary["gained"] + summary["lost"] + summary["earlier"] + summary["later"] == 0


def test_a_sweep_has_a_row_for_each_value_and_the_present(sample):
    done = run(sample, "replay", "touches.jsonl", "--model", "now", "--sweep", "hot=75..90/15",
               "--json")
    own, low, same = done.objects()
    assert own["own"] and own["measure"] == same["measure"]
    assert (low["value"], same["value"]) == ("75", "90")
    alone = run(sample, "replay", "touches.jsonl", "--model", "next", "--json").objects()[-1]
    assert low["measure"] == alone["first"]
    assert low["earlier_by_seconds"] > 0 and same["earlier_by_seconds"] == 0


def story(tmp_path, records=()):
    write(tmp_path, "model.yaml", MODEL)
    write(tmp_path, "rivals.csv", RIVALS)
    write(tmp_path, "touches.jsonl", lines([*STORY, *records]))


def test_one_model_tells_each_lead(tmp_path):
    story(tmp_path)
    done = run(tmp_path, "replay", "touches.jsonl", "--model", "model.yaml", "--json")
    robot, ann, summary = done.objects()
    assert robot["lead"] == "anon:c-1" and robot["ripenings"] == []
    assert ann["lead"] == f"email:{ANN}" and ann["scores"] == {"interest": 35.0}
    (ripe,) = ann["ripenings"]
    assert ripe["at"] == "2026-01-07T09:00:00.000Z" and ripe["qualification"] == "ready"
    assert (summary["records"], summary["first"]["leads"], summary["first"]["ripe"]) == (5, 2, 1)
    table = run(tmp_path, "replay", "touches.jsonl", "--model", "model.yaml", "--csv")
    rows = {row["lead"]: row for row in csv.DictReader(io.StringIO(table.out))}
    assert rows[f"email:{ANN}"]["interest"] == "35"
    assert rows[f"email:{ANN}"]["ripe_since"] == "2026-01-07T09:00:00.000Z"


def test_outcomes_among_the_touches_and_from_outside(tmp_path):
    story(tmp_path, [record((8, 10), "outcome_won", ANN, source="crm")])
    write(tmp_path, "outcomes.csv",
          "lead,at,outcome\nanon:c-1,2026-01-09,won\nbob@works.example,2026-01-09T10:00Z,lost\n")
    done = run(tmp_path, "replay", "touches.jsonl", "--model", "model.yaml", "--outcomes",
               "outcomes.csv", "--json")
    measure = done.objects()[-1]["first"]
    # Ann ripened on the 7th at 9:00 UTC and won on the 8th at 10:00; the robot never ripened.
    assert (measure["won"], measure["ripe_won"], measure["ripe"]) == (2, 1, 1)
    assert measure["lead_time_seconds"] == 25 * 3600
    text = run(tmp_path, "replay", "touches.jsonl", "--model", "model.yaml", "--outcomes",
               "outcomes.csv").out
    assert "precision (won of the ripe)" in text and "100.0 %" in text and "50.0 %" in text


def test_wrong_outcomes_are_told_by_row(tmp_path):
    story(tmp_path)
    write(tmp_path, "outcomes.csv", "lead,at,outcome\nnobody,2026-01-09,won\n"
                                    f"{ANN},yesterday,won\n{ANN},2026-01-09,maybe\n")
    done = run(tmp_path, "replay", "touches.jsonl", "--model", "model.yaml", "--outcomes",
               "outcomes.csv")
    assert done.code == 2
    for row, word in (("row 1", "kind:value"), ("row 2", "a time"), ("row 3", "won or lost")):
        assert any(row in line and word in line for line in done.err.splitlines()), row


@pytest.mark.parametrize("words, said", [
    (("--sweep", "hot=1..2"), "NAME=FROM..TO/STEP"),
    (("--sweep", "hot=1..1000/1"), "at most 100 steps"),
    (("--sweep", "hott=10..20/10"), 'did you mean "hot"'),
    (("--sweep", "hot=10..20/10", "--against", "model.yaml"), "does not go with"),
    (("--csv", "--json"), "not both"),
    (("--against", "none.yaml"), "none.yaml"),
])
def test_wrong_use_is_told(tmp_path, words, said):
    story(tmp_path)
    done = run(tmp_path, "replay", "touches.jsonl", "--model", "model.yaml", *words)
    assert done.code in (1, 2) and said in done.err


def test_what_cannot_be_used_is_counted(tmp_path):
    story(tmp_path)
    with open(tmp_path / "touches.jsonl", "a", encoding="utf-8") as file:
        file.write("not json\n" + json.dumps(STORY[0]) + "\n")
    measure = run(tmp_path, "replay", "touches.jsonl", "--model", "model.yaml",
                  "--json").objects()[-1]["first"]
    assert (measure["touches"], measure["repeats"], measure["rejected"]) == (5, 1, 1)
