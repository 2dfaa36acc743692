"""The expected answer of a world: python3 -m oracle.world FILE [--mistake NAME]"""
import json
import sys

from . import expr, mistakes, values
from .announce import Lead
from .counters import Counters
from .model import Model
from .touches import Touch

SHOWN = ("event", "name", "n", "lead", "decided", "occurred", "late", "because", "reason", "route",
         "note", "key", "from", "to", "touches", "with", "step", "send", "ask", "task")


def answer(lines):
    """The lines of the answer, as objects: events since the last look, then the look."""
    model = Model(lines[0]["model"])
    leads, told, found, trees = {}, {}, [], {}
    counters = Counters(model, leads)
    looks = 0
    for number, line in enumerate(lines[1:]):
        if "touch" in line:
            lead = leads.setdefault(line["lead"], Lead(model, line["lead"]))
            lead.serial = number
            lead.message(line["now"], Touch(line["touch"], model, line["now"]))
            continue
        for lead in leads.values():
            lead.advance(line["now"])
        counters.resolve()
        found += _events(leads, told)
        for text in line.get("values", []):
            trees.setdefault(text, expr.parse(text))
        found.append({"look": looks, "now": line["now"], "leads": {
            name: _state(lead, line["now"], {t: trees[t] for t in line.get("values", [])})
            for name, lead in leads.items()}})
        looks += 1
    return found


def _events(leads, told):
    found = []
    for name in sorted(leads):
        new = leads[name].events[told.get(name, 0):]
        told[name] = len(leads[name].events)
        new.sort(key=lambda e: (e["decided"], e["event"], e["name"], e["n"], e.get("key", "")))
        found += [{k: e[k] for k in SHOWN if k in e} for e in new]
    return found


def _state(lead, now, trees):
    model, at = lead.m, lead.values(now)
    here = at.place(at.after(now))
    label = {l.id: at.label(l, here) for l in model.labels}
    grade = at.value_of_grade(here)
    stage = at.value_of_stage(here)
    since = at.value_of_stage_since(here)
    return {
        "scores": {s.id: values.decimal(at.score(s, here)) for s in model.scores},
        "ledger": {s.id: {r: values.decimal(x) for r, x in at.ledger(s, here).items()}
                   for s in model.scores if s.value is None},
        "grade": grade and grade[-1],
        "labels": {k: v and v[-1] for k, v in label.items()},
        "stage": stage and stage[-1],
        "stage_since": since and since[1],
        "segments": sorted(s.id for s in model.segments if at.segment(s, here)),
        "ripe": {q.id: at.ripe(q, here) for q in model.qualifications},
        "verdicts": {t.id: values.VERDICTS[at.verdict(t)] for t in at.touches[:here.k]},
        "values": {text: values.text(at.ev(tree, here)) for text, tree in trees.items()},
    }


def canonical(line):
    return json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def main(argv):
    if "--mistake" in argv:
        mistakes.active.add(argv[argv.index("--mistake") + 1])
    for line in answer(read(argv[0])):
        print(canonical(line))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
