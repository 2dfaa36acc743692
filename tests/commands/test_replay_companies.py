"""`waterhole replay` of companies: against what `up` says of each model alone, and by hand."""
import csv
import io
import json

import pytest
from play import lines, page
from program import run, write
from sample import model_text, write_sample

PARTS = """
{leads}
  - id: depth
    entity: company
    decay: {{ half_life: 60d }}
    rules:
      - {{ id: of_people, on: any, points: touch.earned.interest * 0.2 }}
      - {{ id: crowd, while: count(people where has(lead.role)) >= 2, points: 5 }}
"""
HERD = """
  - id: herd
    entity: company
    arm: distinct(it.person of any within 14d) >= {people} && depth >= 3
    disarm: silent(20d)
    cool_down: 10d
"""


def with_companies(text, people):
    """The sample's model with a score of companies and a herd of so many people."""
    leads, rest = text.split("\nlabels:")
    assert "\nscores:" in leads and "\nqualification:\n" in rest
    rest = rest.replace("\nqualification:", "\nqualification:" + HERD.format(people=people))
    return PARTS.format(leads=leads) + "\nlabels:" + rest


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The sample's touches under two models that differ in how many people are a herd."""
    folder = tmp_path_factory.mktemp("replay")
    model = model_text()
    people = {"now": 2, "next": 3}
    write_sample(folder, {name: with_companies(model, n) for name, n in people.items()})
    for name in people:
        played = run(folder, "up", "--model", name, "--play", "touches.jsonl", "--clock", "log",
                     "--once", "--json")
        assert played.code == 0, played.err
        write(folder, f"{name}.events", played.out)
    return folder


def ripenings(folder, model):
    """domain → begin and depth of the first episode of its herd that stands, as `up` told it."""
    standing = {}
    for event in map(json.loads, (folder / f"{model}.events").read_text().splitlines()):
        if event["type"] == "company.qualified":
            standing.setdefault(event["company"]["domain"], {})[event["episode"]] = \
                (event["occurred_at"], event["scores"]["depth"])
        elif event["type"] == "company.withdrawn":
            del standing[event["company"]["domain"]][event["episode"]]
    return {domain: episodes[min(episodes)] for domain, episodes in standing.items() if episodes}


def test_companies_ripen_as_in_a_play(sample):
    done = run(sample, "replay", "touches.jsonl", "--model", "now", "--json")
    *rows, summary = done.objects()
    companies = {row["company"]: row for row in rows if "company" in row}
    first = {domain: tuple(row["ripenings"][0][name] for name in ("at", "score"))
             for domain, row in companies.items() if row["ripenings"]}
    expected = ripenings(sample, "now")
    assert first == expected and len(expected) > 2
    assert (summary["first"]["companies"]["known"], summary["first"]["companies"]["ripe"]) == \
        (len(companies), len(expected))


def test_the_difference_of_two_models_is_that_of_two_plays(sample):
    first, second = ({domain: at for domain, (at, _) in ripenings(sample, model).items()}
                     for model in ("now", "next"))
    done = run(sample, "replay", "touches.jsonl", "--model", "now", "--against", "next", "--csv")
    rows = {row["lead"]: row for row in csv.DictReader(io.StringIO(done.out))}
    expected = {f"company:{domain}": (first.get(domain, ""), second.get(domain, ""))
                for domain in first.keys() | second if first.get(domain) != second.get(domain)}
    assert {key: (row["first_at"], row["second_at"]) for key, row in rows.items()} == expected
    assert len(expected) > 1 and {row["qualification"] for row in rows.values()} == {"herd"}


def test_a_sweep_counts_companies(sample):
    model = with_companies(model_text(), "crowd")
    write(sample, "swept.yaml", model.replace("\nconstants: {", "\nconstants: { crowd: 2,"))
    write(sample, "target-companies.csv", (sample / "now/target-companies.csv").read_text())
    done = run(sample, "replay", "touches.jsonl", "--model", "swept.yaml", "--sweep", "crowd=2..3/1",
               "--json")
    _, two, three = done.objects()
    assert two["measure"]["companies"]["ripe"] == len(ripenings(sample, "now"))
    assert three["measure"]["companies"]["ripe"] == len(ripenings(sample, "next"))


def test_it_does_not_matter_who_lies_in_one_heap(sample):
    """A stranger before all others moves everybody into another heap, as another number of cores does."""
    words = ("replay", "--model", "now", "--against", "next", "--csv")
    whole = (sample / "touches.jsonl").read_bytes()
    assert len(whole) > 3 * 256 * 1024  # several heaps
    expected = run(sample, *words, "touches.jsonl").out
    at = "2025-05-01T00:00:00Z"
    for strangers in (1, 2, 3):
        before = [{"id": f"s-{n}", "type": "email_sent", "identifiers": {"anon": f"stranger-{n}"},
                   "occurred_at": at, "received_at": at} for n in range(strangers)]
        assert run(sample, *words, "-", stdin=lines(before).encode() + whole).out == expected


MODEL = """waterhole: 1
name: works
scores:
  - { id: interest, decay: { half_life: 5d }, rules: [ { id: page, on: page_view, points: 80 } ] }
  - { id: depth, entity: company, rules: [ { id: earned, on: page_view, points: touch.earned.interest * 0.5 } ] }
qualification:
  - { id: gone, arm: silent(5d) && interest > 0 }
  - { id: herd, entity: company, arm: count(page_view) >= 3 }
  - { id: still, entity: company, arm: depth > 0 && silent(7d), disarm: never }
"""
ANN, BOB = "ann@works.example", "bob@works.example"


def test_a_company_by_hand(tmp_path):
    """Bob went from the works to the other company, and with him all that he did."""
    moved = page((6, 9), BOB, company={"domain": "other.example"})
    write(tmp_path, "model.yaml", MODEL)
    write(tmp_path, "touches.jsonl",
          lines([page((5, 9), ANN), page((5, 10), BOB), moved, page((7, 9), ANN),
                 page((8, 9), "cem@other.example"), page((9, 9), ANN)]))
    done = run(tmp_path, "replay", "touches.jsonl", "--model", "model.yaml", "--json")
    *rows, summary = done.objects()
    works, other = (next(row for row in rows if row.get("company") == domain)
                    for domain in ("works.example", "other.example"))
    assert (works["scores"], other["scores"]) == ({"depth": 120.000}, {"depth": 120.000})
    ripe = {row["company"]: [(item["qualification"], item["at"]) for item in row["ripenings"]]
            for row in (works, other)}
    assert ripe == {"works.example": [("herd", "2026-01-09T09:00:00.000Z")],
                    "other.example": [("herd", "2026-01-08T09:00:00.000Z")]}
    assert summary["first"]["companies"] == {"known": 2, "ripe": 2, "episodes": 2, "withdrawn": 0}
    table = run(tmp_path, "replay", "touches.jsonl", "--model", "model.yaml", "--csv")
    rows = {row["lead"]: row for row in csv.DictReader(io.StringIO(table.out))}
    row = rows["company:works.example"]
    assert (row["interest"], row["depth"], row["episodes"]) == ("", "120", "1")
    assert rows[f"email:{ANN}"]["depth"] == ""


def test_who_ripens_by_time_is_looked_at_then(tmp_path):
    """Whatever comes next: the score is that of the fifth day of silence, half of 80."""
    write(tmp_path, "model.yaml", MODEL)
    write(tmp_path, "other.yaml", MODEL.replace("silent(5d)", "silent(6d)").replace("7d", "8d"))
    write(tmp_path, "touches.jsonl", lines([page((5, 9), ANN), page((25, 9), "eve@far.example")]))
    done = run(tmp_path, "replay", "touches.jsonl", "--model", "model.yaml", "--against", "other.yaml",
               "--csv")
    rows = [tuple(row.values()) for row in csv.DictReader(io.StringIO(done.out))]
    assert rows == [
        ("later", "company:works.example", "still", "2026-01-12T09:00:00.000Z",
         "2026-01-13T09:00:00.000Z", "40", "40", "", "0", "0"),
        ("later", f"email:{ANN}", "gone", "2026-01-10T09:00:00.000Z", "2026-01-11T09:00:00.000Z",
         "40", "40", "", "0", "0")]
