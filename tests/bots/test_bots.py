"""What the starter `mail` makes of scanners and of people: the confusion matrix, in points.

The trace is played through the real program, with the starter's model as it is; what each kind
would have brought without verdicts is counted here from the trace. The targets are those of
tests/models/bots.md.
"""
import collections
import json
import os
import pathlib
import shutil
import subprocess

import pytest

import trace

TOP = pathlib.Path(__file__).resolve().parents[2]
WATERHOLE = pathlib.Path(os.environ.get("WATERHOLE", TOP / "build/dev/waterhole")).resolve()
SEEDS = (1, 2, 3)
A_CLICK = 2 + 3    # click and sure of the starter


def play(folder, records, change=lambda text: text):
    """Events of the whole trace under the starter's model, changed or as it is."""
    model = folder / "model"
    shutil.copytree(TOP / "deploy/starters/mail", model)
    shutil.copy(TOP / "tests/bots/measure.yaml", model / "measure.yaml")
    (model / "model.yaml").write_text(change((model / "model.yaml").read_text()))
    touches = folder / "touches.jsonl"
    touches.write_text("".join(json.dumps(record) + "\n" for record in records))
    result = subprocess.run(
        [WATERHOLE, "up", "--play", touches, "--clock", "log", "--once", "--json",
         "--model", model], capture_output=True, text=True, timeout=300, check=False)
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]


def brought(records, truth):
    """Points by lead if every click were believed: each link of a mail once."""
    links = {(record["identifiers"]["email"], record["send"], record["link"])
             for record in records if record.get("properties", {}).get("truth") == truth}
    return collections.Counter({who: A_CLICK * n for who, n in collections.Counter(
        who for who, _, _ in links).items()})


def told(events, kind, name):
    """The last value of each lead under that trigger."""
    return {event["contact"]["email"]: float(event["with"][name])
            for event in events if event["type"] == f"lead.{kind}"}


def by_kind(points):
    total = collections.Counter()
    for who, n in points.items():
        total[who.split("-")[0]] += n
    return total


def row(truth, kind, would, stays):
    gone = would - stays
    return (f"  {truth:8} {kind:10}{would:12.0f}{gone:11.0f}{stays:12.0f}"
            f"   {100 * gone / would:5.1f} % struck")


def table(seed, machines, left, people, kept):
    lines = [f"seed {seed}: points of clicks, and what became of them",
             "                        would be     struck    believed"]
    for truth, would, stays in (("machine", machines, left), ("person", people, kept)):
        would, stays = by_kind(would), by_kind(stays)
        for kind in sorted(would):
            lines.append(row(truth, kind, would[kind], stays[kind]))
        lines.append(row(truth, "all", sum(would.values()), sum(stays.values())))
    return "\n".join(lines)


@pytest.mark.parametrize("seed", SEEDS)
def test_scanners_lose_their_points_and_people_keep_theirs(tmp_path, capsys, seed):
    records = trace.trace(seed)
    events = play(tmp_path, records)
    machines, people = brought(records, "machine"), brought(records, "person")
    left, kept = told(events, "after_scan", "machines"), told(events, "at_end", "people")
    assert machines.keys() <= left.keys() and people.keys() <= kept.keys()
    left = {who: left[who] for who in machines}
    kept = {who: kept[who] for who in people}
    with capsys.disabled():
        print("\n" + table(seed, machines, left, people, kept))
    assert set(by_kind(machines)) == {*trace.SCANNERS, "office"}
    assert set(by_kind(people)) == {*trace.SCANNERS, *trace.PEOPLE}
    assert sum(left.values()) <= 0.05 * sum(machines.values())
    assert sum(people.values()) - sum(kept.values()) <= 0.01 * sum(people.values())


def test_a_trace_is_a_function_of_its_seed():
    assert trace.trace(7) == trace.trace(7)
    assert trace.trace(7) != trace.trace(8)


def without_evidence(text):
    return text[:text.index("  evidence:")] + text[text.index("  confirm:"):]


def test_without_evidence_machines_would_be_believed(tmp_path):
    """The measure sees points where nothing takes them away."""
    records = [record for record in trace.trace(1) if trace.kind_of(record) == "instant"]
    events = play(tmp_path, records, without_evidence)
    assert told(events, "after_scan", "machines") == dict(brought(records, "machine"))
