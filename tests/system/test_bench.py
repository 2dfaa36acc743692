"""The bench still runs, and what it measures is the job that it says. No time is looked at."""
import re
import subprocess

from engine import TOP, WATERHOLE


def test_a_small_bench_prints_its_table_and_agrees():
    run = subprocess.run(
        [TOP / "bench/run", "--waterhole", WATERHOLE, "--touches", "2000", "--leads", "200",
         "--rounds", "1", "--seconds", "2", "--warm", "0", "--rate", "100", "--no-profile"],
        capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stdout + run.stderr[-3000:]
    expected = int(re.search(r"^([\d,]+) times somebody becomes ripe$", run.stdout, re.M)[1])
    assert expected > 3
    assert f"{expected} events, 0 of them differ" in run.stdout
    head, row = run.stdout.splitlines()[-2:]
    columns = [re.split(r"  +", line) for line in (head, row)]
    assert columns[0][1:] == ["touches/s", "CPU s", "with its store", "broker's CPU s", "MiB",
                              "store's MiB", "p50 ms", "p99 ms"]
    assert columns[1][0] == "waterhole" and "-" not in columns[1] and len(columns[1]) == 9
