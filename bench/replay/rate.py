#!/usr/bin/python3
"""How fast recorded touches are replayed, and models tested.

    bench/replay/rate.py WATERHOLE [--copies 50] [--runs 3]

Replays the sample of deploy/sample, in so many copies with leads of their own, on one core and on
all of them, and runs a thousand model tests: those of tests/models, over and
over. Prints the best of the runs, because what disturbs a run only makes it
longer, and beside the time the processor's own, which other work on the machine changes little.
"""
import argparse
import json
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
UNTIL = "2026-11-24T15:00:00+01:00"
TESTS = 1000


def sample():
    """The touches of the sample that can be read."""
    command = [sys.executable, str(TOP / "deploy/sample/generate.py"), "--until", UNTIL]
    made = subprocess.run(command, check=True, capture_output=True).stdout
    for line in made.splitlines():
        try:
            touch = json.loads(line)
        except ValueError:
            continue
        if isinstance(touch.get("identifiers"), dict):
            yield touch


def renamed(value, copy):
    """An identifier of the copy's own; the domain of an address stays."""
    if isinstance(value, list):
        return [renamed(item, copy) for item in value]
    return f"c{copy}.{value}" if isinstance(value, str) and value else value


def write_copies(path, copies):
    """All copies, touch by touch, so that time goes on as in one."""
    count = 0
    with open(path, "w", encoding="utf-8") as file:
        for touch in sample():
            for copy in range(copies):
                mine = {**touch, "identifiers": {kind: renamed(value, copy) for kind, value
                                                 in touch["identifiers"].items()}}
                if "id" in touch:
                    mine["id"] = f"{touch['id']}.{copy}"
                file.write(json.dumps(mine) + "\n")
                count += 1
    return count


def processor():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def seconds(command, cores=None):
    """Time, time of the processor, and what was printed."""
    before = (lambda: os.sched_setaffinity(0, cores)) if cores else None
    begin, used = time.perf_counter(), processor()
    done = subprocess.run(command, preexec_fn=before, capture_output=True, check=False)
    took, used = time.perf_counter() - begin, processor() - used
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return took, used, done.stdout.decode()


def best(runs, command, cores=None):
    """The least of each."""
    found = [seconds(command, cores) for _ in range(runs)]
    return min(one[0] for one in found), min(one[1] for one in found), found[0][2]


def model_tests(waterhole, runs):
    folder = TOP / "tests/models"
    files = sorted(folder.glob("*/*.test.yaml"))
    _, _, said = seconds([waterhole, "test", *files])
    once = int(re.search(r"(\d+) passed, 0 failed", said.splitlines()[-1])[1])
    times = TESTS // once + 1
    took, used, _ = best(runs, [waterhole, "test", *(files * times)])
    share = TESTS / (once * times)
    print(f"a thousand model tests: {took * share:.2f} s, {used * share:.2f} s of the processor "
          f"({len(files)} files with {once} tests, {times} times)")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("waterhole", type=pathlib.Path)
    parser.add_argument("--copies", type=int, default=50)
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    waterhole = args.waterhole.resolve()
    cores = sorted(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "touches.jsonl"
        count = write_copies(path, args.copies)
        size = path.stat().st_size / 1e6
        command = [waterhole, "replay", path, "--model", TOP / "deploy/sample/pumps.yaml", "--csv"]
        for name, where in (("one core", {cores[0]}), (f"{len(cores)} cores", set(cores))):
            took, used, said = best(args.runs, command, where)
            print(f"replay, {name}: {count:,} touches ({size:.0f} MB, {said.count(chr(10)) - 1:,} "
                  f"leads) in {took:.2f} s, {count / took:,.0f} touches/s; {used:.2f} s of the "
                  f"processor, {count / used:,.0f} touches/s")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"most memory of one run: {peak:.0f} MiB")
    model_tests(waterhole, args.runs)


if __name__ == "__main__":
    main()
