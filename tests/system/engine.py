"""`waterhole up` as a process of its own, on a folder, and a client that is not ours."""
import http.client
import json
import os
import pathlib
import signal
import socket
import sqlite3
import subprocess
import threading
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
WATERHOLE = pathlib.Path(os.environ.get("WATERHOLE", TOP / "build/dev/waterhole")).resolve()
# Nothing here takes longer, unless it hangs.
PATIENCE = 60

# Every page counts: a lead's score is the number of its touches, and each hundredth is announced.
MODEL = """\
waterhole: 1
name: count
zone: UTC
scores:
  - id: touches
    rules: [ { id: page, on: page_view, points: 1 } ]
triggers:
  - { id: asked, on: demo_request }
  - { id: seen, on: page_view, when: touch.page.path == "/announced" }
"""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def now():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def touch(number, lead, kind="page_view", path="/"):
    return {"id": f"t-{number}", "type": kind, "identifiers": {"user": f"u{lead}"},
            "occurred_at": now(), "page": {"path": path}}


def wait_for(condition, patience=PATIENCE):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.005)
    raise AssertionError("it never came")


class Engine:
    """One run of `up` on the folder; `kill` and `end` finish it."""

    def __init__(self, folder, *options, model=MODEL, env=None):
        self.folder = pathlib.Path(folder)
        self.port = free_port()
        path = self.folder / "model.yaml"
        if model is not None:
            path.write_text(model)
        self.out = (self.folder / "out").open("ab")
        self.err = (self.folder / "err").open("ab")
        self.process = subprocess.Popen(
            [WATERHOLE, "up", "--model", path, "--data", self.folder / "data", "--listen",
             f"127.0.0.1:{self.port}", "--json", *map(str, options)],
            stdout=self.out, stderr=self.err, stdin=subprocess.DEVNULL, cwd=self.folder,
            env={**os.environ, "WATERHOLE_LOG_LEVEL": "info", **(env or {})})

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        if self.process.poll() is None:
            self.kill()
        self.out.close()
        self.err.close()

    def wait_ready(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if self.get("/readyz")[0] == 200:
                    return self
            except OSError:
                time.sleep(0.005)
        raise AssertionError(f"not ready: {self.process.poll()}\n{self.errors()}")

    def get(self, path):
        return self.request("GET", path)

    def request(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def post(self, *touches):
        body = "".join(json.dumps(item) + "\n" for item in touches)
        return self.request("POST", "/v1/touchpoints", body)

    def metric(self, name):
        """The value of a series as it is written in /metrics; 0 when it is not there."""
        for line in self.get("/metrics")[1].decode().splitlines():
            if line.startswith(name + " "):
                return float(line.split()[-1])
        return 0.0

    def wait_processed(self):
        """Until everything that was acknowledged has acted."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            lines = self.get("/metrics")[1].decode().splitlines()
            behind = [line for line in lines if line.startswith("waterhole_lag_records")]
            if not behind and 'waterhole_partitions{state="ready"} 8' in lines:
                return self
            time.sleep(0.005)
        raise AssertionError(f"not processed: {behind}")

    def lead(self, number):
        status, body = self.get(f"/v1/leads/user:u{number}")
        return json.loads(body) if status == 200 else None

    def kill(self):
        self.process.kill()
        self.process.wait(PATIENCE)

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def errors(self):
        return (self.folder / "err").read_text(errors="replace")

    def events(self):
        """Lead events as printed, of all runs; the last line of a killed one may break off."""
        found = []
        for line in (self.folder / "out").read_bytes().splitlines():
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
        return found


def kept(folder, query):
    """Rows of the data folder's file, which nobody writes at present."""
    file = sqlite3.connect(f"file:{folder}/data/waterhole.db?mode=ro", uri=True)
    try:
        return file.execute(query).fetchall()
    finally:
        file.close()


def kept_events(folder):
    """Every event in the topic `leads`, as consumers get them."""
    rows = kept(folder, "SELECT value FROM log WHERE topic = 3 ORDER BY partition, position")
    return [json.loads(row[0]) for row in rows]


class Load(threading.Thread):
    """Clients that send touches one after the other and remember which were acknowledged, and which
    may or may not have been taken because the answer never came."""

    def __init__(self, port, numbers, leads, chance, batch=1):
        super().__init__(daemon=True)
        self.port, self.numbers, self.leads, self.chance = port, numbers, leads, chance
        self.batch = batch
        self.acknowledged, self.doubtful, self.refused = [], [], []
        self.is_over = threading.Event()

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        while not self.is_over.is_set():
            sent = [self.next_touch() for _ in range(self.batch)]
            try:
                connection.request("POST", "/v1/touchpoints",
                                   "".join(json.dumps(item) + "\n" for item in sent))
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                self.doubtful += sent
                break
            if answer.status == 200:
                self.acknowledged += sent
            else:
                self.refused += sent
        connection.close()

    def next_touch(self):
        number = next(self.numbers)
        kind = "demo_request" if self.chance.random() < 0.1 else "page_view"
        return touch(number, self.chance.randrange(self.leads), kind)

    def end(self):
        self.is_over.set()
        self.join(PATIENCE)
