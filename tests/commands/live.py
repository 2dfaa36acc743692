"""`waterhole up` in the background, on a free port of this machine."""
import contextlib
import json
import pathlib
import queue
import re
import signal
import subprocess
import threading
import time
import urllib.request

from program import KEPT, WATERHOLE

PATIENCE = 60  # seconds, only against hanging


class Lines:
    """What a program prints, line by line as it comes."""

    def __init__(self, stream):
        self.queue = queue.Queue()
        self.seen = []
        threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def _read(self, stream):
        for line in stream:
            self.queue.put(line.rstrip("\n"))
        self.queue.put(None)

    def until(self, pattern):
        """The match of the first line that fits."""
        while True:
            line = self.queue.get(timeout=PATIENCE)
            assert line is not None, self.seen
            self.seen.append(line)
            match = re.search(pattern, line)
            if match:
                return match


class Program:
    def __init__(self, folder, *words, **environment):
        self.process = subprocess.Popen(
            [WATERHOLE, *map(str, words)], cwd=folder, env={**KEPT, **environment},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.out, self.err = Lines(self.process.stdout), Lines(self.process.stderr)

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


@contextlib.contextmanager
def running(folder, *words, **environment):
    program = Program(folder, *words, **environment)
    try:
        yield program
    finally:
        if program.process.poll() is None:
            program.process.kill()
        program.process.wait(PATIENCE)


class Up:
    """The address of a running `up`, and touches for it."""

    def __init__(self, folder, program):
        self.folder = pathlib.Path(folder)
        self.program = program
        self.address = program.out.until(r"up at http://(\S+?)[,.]?(?:\s|$)")[1]

    def send(self, *touches):
        """Accepted, and therefore kept."""
        body = "".join(json.dumps({"source": "web", "occurred_at": time.time(), **touch}) + "\n"
                       for touch in touches).encode()
        request = urllib.request.Request(f"http://{self.address}/v1/touchpoints", body)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            assert json.load(answer) == {"accepted": len(touches)}


@contextlib.contextmanager
def up(folder, model, *words, **environment):
    with running(folder, "up", "--model", model, "--data", "state", "--listen", "127.0.0.1:0",
                 *words, **environment) as program:
        yield Up(folder, program)
