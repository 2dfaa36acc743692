"""Broken and odd models, and exactly what `waterhole check` says about each.

Every folder of check/ holds a model.yaml, the files it names, and expected.txt: the whole output.
Sizes of states are estimates that change with the storage, so expected.txt has [bytes] there.
"""

import os
import pathlib
import re
import subprocess

import pytest

FOLDER = pathlib.Path(__file__).parent / "check"
CASES = sorted(path for path in FOLDER.iterdir() if path.is_dir())


def run_check(case):
    program = pathlib.Path(os.environ["WATERHOLE"]).resolve()
    return subprocess.run(
        [program, "check", "model.yaml"], cwd=case, capture_output=True, text=True, timeout=60
    )


def pattern_of(expected):
    return re.escape(expected).replace(re.escape("[bytes]"), "[0-9,]+")


def test_there_are_cases():
    assert len(CASES) >= 120


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_check_says_exactly_this(case):
    expected = (case / "expected.txt").read_text()
    result = run_check(case)
    assert result.stderr == ""
    if not re.fullmatch(pattern_of(expected), result.stdout):
        assert result.stdout == expected
    assert result.returncode == (1 if ": error: " in expected else 0)
