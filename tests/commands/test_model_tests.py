"""`waterhole test` as a program: what it runs, the forms of its results, its exit codes."""
import os
import re
import subprocess
import xml.etree.ElementTree

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WATERHOLE = os.environ.get("WATERHOLE", os.path.join(TOP, "build/dev/waterhole"))

MODEL = """\
waterhole: 1
name: pages
constants: { hot: 20 }
scores:
  - id: interest
    rules: [ { id: page, on: page_view, points: 10 } ]
qualification:
  - { id: ready, arm: interest >= hot }
routes:
  - { id: all, to: inbox }
"""

GOOD = """\
model: pages.yaml
tests:
  - name: two pages are enough
    touches: [ { at: 1d, type: page_view, repeat: 2, every: 1h } ]
    expect:
      - { at: 1d, ripe: false, score: { interest: 10 } }
      - { at: 1d1h, event: qualified ready, route: inbox }
"""

BAD = """\
model: pages.yaml
tests:
  - name: one page is <enough>
    touches: [ { at: 1d, type: page_view } ]
    expect: [ { at: 1d, event: qualified ready } ]
  - name: a constant of its own
    constants: { hot: 10 }
    touches: [ { at: 1d, type: page_view } ]
    expect: [ { at: 1d, event: qualified ready } ]
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pages.yaml").write_text(MODEL)
    (tmp_path / "good.test.yaml").write_text(GOOD)
    (tmp_path / "bad.test.yaml").write_text(BAD)
    return tmp_path


def run(*arguments, cwd=None):
    return subprocess.run([WATERHOLE, "test", *map(str, arguments)], cwd=cwd, text=True,
                          capture_output=True, timeout=120, check=False)


def test_a_file_that_passes(folder):
    done = run("good.test.yaml", cwd=folder)
    assert done.returncode == 0
    assert done.stdout == "good.test.yaml: 1 passed\n1 passed, 0 failed\n"
    assert done.stderr == ""


def test_a_folder_runs_all_its_test_files_in_name_order(folder):
    done = run(folder)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0] == f"{folder}/bad.test.yaml: 1 passed, 1 failed"
    assert f"{folder}/good.test.yaml: 1 passed" in lines
    assert lines[-1] == "2 passed, 1 failed"


def test_what_failed_is_told_with_line_and_caret_events_and_scores(folder):
    told = run("bad.test.yaml", cwd=folder).stdout
    assert """
not ok: one page is <enough>
bad.test.yaml:5:32: error: event qualified ready at 1d: expected 1, found 0
    expect: [ { at: 1d, event: qualified ready } ]
                               ^^^^^^^^^^^^^^^
  events of lead so far:
    none
  at 1d:
    interest 10 =
      page 10 by 1 touch, the last at 1d
""" in told


def test_tap(folder):
    done = run("--format", "tap", "good.test.yaml", "bad.test.yaml", cwd=folder)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert [line for line in lines if not line.startswith("#")] == [
        "ok 1 - two pages are enough",
        "not ok 2 - one page is <enough>",
        "ok 3 - a constant of its own",
        "1..3",
    ]
    after = lines[lines.index("not ok 2 - one page is <enough>") + 1]
    assert after == "# bad.test.yaml:5:32: error: event qualified ready at 1d: expected 1, found 0"


def test_junit_is_well_formed(folder):
    done = run("--format=junit", "bad.test.yaml", "good.test.yaml", cwd=folder)
    assert done.returncode == 1
    root = xml.etree.ElementTree.fromstring(done.stdout.encode())
    suites = root.findall("testsuite")
    assert [(s.get("name"), s.get("tests"), s.get("failures")) for s in suites] == [
        ("bad.test.yaml", "2", "1"), ("good.test.yaml", "1", "0")]
    failures = root.findall("testsuite/testcase/failure")
    assert len(failures) == 1
    assert "expected 1, found 0" in failures[0].get("message")
    assert root.find("testsuite/testcase").get("name") == "one page is <enough>"


def test_a_model_with_errors_fails_its_tests_and_is_told_as_by_check(folder):
    (folder / "pages.yaml").write_text(MODEL.replace("interest >= hot", "intrest >= hot"))
    done = run("good.test.yaml", cwd=folder)
    assert done.returncode == 1
    assert ("pages.yaml:8:23: error: unknown name \"intrest\"; did you mean the score \"interest\"?\n"
            "  - { id: ready, arm: intrest >= hot }\n"
            "                      ^^^^^^^\n") in done.stdout
    assert done.stdout.endswith("\n0 passed, 1 failed\n")


@pytest.mark.parametrize("arguments, message", [
    ([], "PATH… is missing"),
    (["--format", "xml", "good.test.yaml"], "text|tap|junit"),
    (["none.test.yaml"], "no such file"),
    (["empty"], "no *.test.yaml in the folder"),
])
def test_wrong_use(folder, arguments, message):
    (folder / "empty").mkdir()
    done = run(*arguments, cwd=folder)
    assert done.returncode == 2
    assert message in done.stderr


def test_equal_runs_give_equal_bytes(folder):
    assert run(folder).stdout == run(folder).stdout


def test_a_thousand_tests_in_one_file(folder):
    with open(os.path.join(TOP, "deploy/sample/more.test.yaml"), encoding="utf-8") as file:
        head, tests = re.split(r"^tests:\n", file.read(), maxsplit=1, flags=re.M)
    assert head == "model: pumps.yaml\n"
    count = tests.count("\n  - name:") + 1
    times = 1000 // count + 1
    sample = os.path.join(TOP, "deploy/sample/pumps.yaml")
    (folder / "many.test.yaml").write_text(f"model: {sample}\ntests:\n" + (tests + "\n") * times)
    done = run("many.test.yaml", cwd=folder)
    assert done.stdout.endswith(f"{count * times} passed, 0 failed\n")
