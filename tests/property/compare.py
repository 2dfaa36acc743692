"""Compares the engine's probe with the oracle on random worlds.

    python3 compare.py PROBE FROM TO        seeds FROM … TO-1; prints the first difference of each
    python3 compare.py PROBE FILE.world…    stored worlds
    python3 compare.py --mistakes N         for each planted mistake the first of the seeds under N, then
                                            of N from SEQUENCES_FROM and HINDSIGHT_FROM on, that shows it
    python3 compare.py --store SEED…        worlds/SEED.world with its expected answer
"""
import json
import os
import random
import subprocess
import sys
import tempfile

import generate
from oracle import mistakes, world

WORLDS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "worlds")


def text_of(lines):
    return "".join(json.dumps(x, ensure_ascii=False, sort_keys=True) + "\n" for x in lines)


def fresh(seed):
    """A world as it is read back from its file."""
    return [json.loads(x) for x in text_of(generate.world(seed)).splitlines()]


def permuted(lines, seed):
    """The same touches in another order of arrival, with one look at the end."""
    r = random.Random(seed)
    looks = [x for x in lines if "look" in x]
    end = looks[-1]["now"]
    touches = []
    for x in lines:
        if "touch" in x:
            at = x["touch"]["occurred_at"]
            touches.append(dict(x, now=at + r.randint(0, max(0, end - at)) if r.random() < 0.5 else at))
    r.shuffle(touches)
    touches.sort(key=lambda x: x["now"])
    return [lines[0]] + touches + [looks[-1]]


def last_look(answer):
    """What law 5 promises: the values of the last look, without its number."""
    found = [json.loads(x) for x in answer if x.startswith('{"leads"')][-1]
    found.pop("look")
    return found


def expected(lines):
    return [world.canonical(x) for x in world.answer(lines)]


def answered(probe, lines):
    """The probe's lines in canonical form, its events sorted as the oracle's are."""
    with tempfile.NamedTemporaryFile("w", suffix=".world", encoding="utf-8", delete=False) as file:
        file.write(text_of(lines))
    try:
        run = subprocess.run([probe, file.name], capture_output=True, timeout=120, check=False)
    finally:
        os.unlink(file.name)
    if run.returncode != 0:
        return [f"the probe ended with {run.returncode}: {run.stderr.decode(errors='replace')[-2000:]}"]
    found, events = [], []
    for line in run.stdout.decode().splitlines():
        x = json.loads(line)
        if "event" in x:
            events.append(x)
            continue
        events.sort(key=lambda e: (e["lead"], e["decided"], e["event"], e["name"], e["n"], e.get("key", "")))
        found += [world.canonical(e) for e in events] + [world.canonical(x)]
        events = []
    return found


def forgetting(lines, answer):
    """An answer without verdicts where the history is short: folded touches have none any more."""
    if "keep: 31d" not in lines[0]["model"]:
        return answer
    found = []
    for line in answer:
        x = json.loads(line)
        for lead in x.get("leads", {}).values():
            lead.pop("verdicts")
        found.append(world.canonical(x))
    return found


def compared(probe, lines):
    """The first difference between the probe and the oracle on one world, or None."""
    found = answered(probe, lines)
    if found and not found[0].startswith("{"):
        return found[0]
    return difference(forgetting(lines, expected(lines)), forgetting(lines, found))


def _paths(a, b, at=""):
    if isinstance(a, dict) and isinstance(b, dict):
        for key in sorted(set(a) | set(b)):
            if a.get(key, "absent") != b.get(key, "absent"):
                yield from _paths(a.get(key, "absent"), b.get(key, "absent"), f"{at}.{key}")
    elif a != b:
        yield f"{at}: expected {json.dumps(a)}, found {json.dumps(b)}"


def difference(wanted, found):
    """The first difference of two answers for a reader, or None."""
    for nth, line in enumerate(wanted):
        if nth >= len(found):
            return f"line {nth + 1} is missing: {line}"
        if line == found[nth]:
            continue
        try:
            a, b = json.loads(line), json.loads(found[nth])
        except ValueError:
            return found[nth]
        if ("look" in a) != ("look" in b):
            return f"line {nth + 1}: expected {line[:300]}\n         found {found[nth][:300]}"
        return f"line {nth + 1} " + (f"(look {a['look']})" if "look" in a else line) + "\n  " + \
            "\n  ".join(list(_paths(a, b))[:12])
    return f"one line too many: {found[len(wanted)]}" if len(found) > len(wanted) else None


def find_mistakes(count):
    seeds = [*range(count), *range(generate.SEQUENCES_FROM, generate.SEQUENCES_FROM + count),
             *range(generate.HINDSIGHT_FROM, generate.HINDSIGHT_FROM + count)]
    worlds = {seed: fresh(seed) for seed in seeds}
    right = {}
    with open(os.path.join(WORLDS, "mistakes.txt"), "w", encoding="utf-8") as file:
        for name in sorted(mistakes.ALL):
            for seed, lines in worlds.items():
                right.setdefault(seed, expected(lines))
                mistakes.active.add(name)
                wrong = expected(lines)
                mistakes.active.clear()
                if wrong != right[seed]:
                    print(name, seed, file=file)
                    break
            else:
                print(f"{name}: not seen")


def store(seeds):
    for seed in seeds:
        lines = fresh(int(seed))
        for ending, text in (("world", text_of(lines)), ("expected", "\n".join(expected(lines)) + "\n")):
            with open(os.path.join(WORLDS, f"{seed}.{ending}"), "w", encoding="utf-8") as file:
                file.write(text)


def main(argv):
    if argv[0] in ("--mistakes", "--store"):
        os.makedirs(WORLDS, exist_ok=True)
        find_mistakes(int(argv[1])) if argv[0] == "--mistakes" else store(argv[1:])
        return 0
    probe, rest = argv[0], argv[1:]
    if rest[0].isdigit():
        named = ((seed, fresh(seed)) for seed in range(int(rest[0]), int(rest[1])))
    else:
        named = ((path, world.read(path)) for path in rest)
    bad = total = 0
    for name, lines in named:
        total += 1
        what = compared(probe, lines)
        if what:
            bad += 1
            print(f"world {name}: {what}", flush=True)
    print(f"{total} worlds, {bad} different")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
