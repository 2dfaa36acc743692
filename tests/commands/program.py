"""The program under test, started in a folder of its own, with nothing of the environment."""
import json
import os
import pathlib
import subprocess

TOP = pathlib.Path(__file__).resolve().parents[2]
WATERHOLE = pathlib.Path(os.environ.get("WATERHOLE", TOP / "build/dev/waterhole")).resolve()

# The sanitizers' settings go through; TERM and locale must not matter.
KEPT = {name: text for name, text in os.environ.items() if name.endswith("SAN_OPTIONS")}


class Result:
    def __init__(self, done):
        self.code = done.returncode
        self.out = done.stdout.decode()
        self.err = done.stderr.decode()

    @property
    def lines(self):
        return self.out.splitlines()

    def objects(self):
        """Each line of the output as JSON."""
        return [json.loads(line) for line in self.lines]


def run(folder, *words, stdin=b"", **environment):
    done = subprocess.run([WATERHOLE, *map(str, words)], cwd=folder, input=stdin, timeout=60,
                          env={**KEPT, **environment}, capture_output=True, check=False)
    return Result(done)


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path
