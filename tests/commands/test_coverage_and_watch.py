"""`waterhole test --coverage` and `--watch`."""
import ctypes
import os
import select
import subprocess
import time

from program import KEPT, WATERHOLE, run, write

MODEL = """\
waterhole: 1
name: small
scores:
  - id: interest
    rules:
      - { id: page, on: page_view, points: 5 }
      - { id: mail, on: email_click, points: 3 }
segments: [ { id: busy, when: interest >= 10 } ]
triggers: [ { id: asked, on: demo_request } ]
qualification: [ { id: ready, arm: interest >= 10, disarm: interest < 5 } ]
"""
TEST = """\
model: model.yaml
tests:
  - name: a page brings five
    touches: [ { at: 0d, type: page_view } ]
    expect: [ { at: 1d, score: { interest: %s } } ]
"""


def test_coverage_names_what_no_test_brought_to_do_anything(tmp_path):
    write(tmp_path, "model.yaml", MODEL)
    write(tmp_path, "one.test.yaml", TEST % 5)
    done = run(tmp_path, "test", "--coverage", "one.test.yaml")
    assert done.code == 0, done.err
    assert done.lines[-5:] == ["model.yaml: 1 of 5 parts tested",
                               "  no test for the rule interest.mail",
                               "  no test for the segment busy",
                               "  no test for the trigger asked",
                               "  no test for the qualification ready"]


def test_coverage_counts_what_was_announced(tmp_path):
    write(tmp_path, "model.yaml", MODEL)
    write(tmp_path, "one.test.yaml", """\
model: model.yaml
tests:
  - name: two pages and a request
    touches:
      - { at: 0d, type: page_view }
      - { at: 1d, type: page_view }
      - { at: 2d, type: demo_request }
    expect: [ { at: 3d, score: { interest: 10 } } ]
""")
    done = run(tmp_path, "test", "--coverage", "one.test.yaml")
    assert done.lines[-2:] == ["model.yaml: 4 of 5 parts tested",
                               "  no test for the rule interest.mail"]


def read_until(process, text, seconds=60):
    """What the program said up to the text."""
    said = b""
    end = time.monotonic() + seconds
    while text not in said and time.monotonic() < end:
        if select.select([process.stdout], [], [], 1)[0]:
            chunk = os.read(process.stdout.fileno(), 4096)
            assert chunk, said
            said += chunk
    assert text in said, said
    return said


def test_watch_runs_again_when_the_model_changes(tmp_path):
    write(tmp_path, "models/model.yaml", MODEL)
    write(tmp_path, "tests/one.test.yaml", (TEST % 5).replace("model.yaml", "../models/model.yaml"))
    process = subprocess.Popen([WATERHOLE, "test", "--watch", "tests"], cwd=tmp_path, env=KEPT,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        assert b"1 passed, 0 failed" in read_until(process, b"Ctrl-C ends")
        write(tmp_path, "models/model.yaml", MODEL.replace("points: 5", "points: 55"))
        assert b"0 passed, 1 failed" in read_until(process, b"Ctrl-C ends")
        write(tmp_path, "tests/one.test.yaml",
              (TEST % 55).replace("model.yaml", "../models/model.yaml"))
        assert b"1 passed, 0 failed" in read_until(process, b"Ctrl-C ends")
    finally:
        process.kill()
        process.wait()


class Closed:
    """Waits until somebody has read a file and closed it (inotify: IN_CLOSE_NOWRITE)."""

    def __init__(self, path):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.fd = self.libc.inotify_init1(os.O_CLOEXEC)
        assert self.libc.inotify_add_watch(self.fd, os.fsencode(path), 0x10) >= 0

    def wait(self, seconds=60):
        assert select.select([self.fd], [], [], seconds)[0]
        os.close(self.fd)


def test_watch_sees_what_changes_while_tests_run(tmp_path):
    """The model of the first file changes after it was read, while the second file is run."""
    model = write(tmp_path, "model.yaml", MODEL)
    write(tmp_path, "other.yaml", MODEL)
    write(tmp_path, "a.test.yaml", TEST % 5)
    long = "".join(f"  - {{ name: t{n}, touches: [ {{ at: 0d, type: page_view, repeat: 900, every: 1m "
                   "} ], expect: [ { at: 1d, score: { interest: 4500 } } ] }\n" for n in range(60))
    write(tmp_path, "b.test.yaml", "model: other.yaml\ntests:\n" + long)
    closed = Closed(model)
    process = subprocess.Popen([WATERHOLE, "test", "--watch", "."], cwd=tmp_path, env=KEPT,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        closed.wait()
        write(tmp_path, "model.yaml", MODEL.replace("points: 5", "points: 55"))
        said = read_until(process, b"Ctrl-C ends")
        assert b"61 passed, 0 failed" in said and b"60 passed, 1 failed" in said, said
    finally:
        process.kill()
        process.wait()
