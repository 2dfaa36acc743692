"""More touches than the stream can take: clients that do not wait, and what they were answered."""
import itertools
import json
import os
import pathlib
import threading
import time

import requests

from engine import now

# Of a request; together with the clients' number far more than the door's queue.
TOUCHES = 500
# Every so many touches one is announced: what was acknowledged is found again by these.
ANNOUNCED = 50


class Client(threading.Thread):
    """Sends one request after the other, at most so many touches in a second, and never again what
    was refused."""

    def __init__(self, url, name, rate, leads=5000):
        super().__init__(daemon=True)
        self.url, self.name, self.rate, self.leads = url, name, rate, leads
        self.answers = {}
        self.acknowledged, self.doubtful = [], []
        self.sent = 0
        self.is_over = threading.Event()
        self.template = "\n".join(self.line(n) for n in range(TOUCHES))

    def line(self, number):
        path = "/announced" if number % ANNOUNCED == 0 else "/"
        return json.dumps({"id": f"{self.name}-@-{number}", "type": "page_view", "source": "web",
                           "identifiers": {"user": f"u{hash((self.name, number)) % self.leads}"},
                           "occurred_at": "NOW", "page": {"path": path}})

    def run(self):
        session = requests.Session()
        began = time.monotonic()
        for turn in itertools.count():
            wait = began + self.sent / self.rate - time.monotonic()
            if self.is_over.wait(max(0, wait)):
                break
            self.post(session, turn)
        session.close()

    def post(self, session, turn):
        body = self.template.replace("@", str(turn)).replace("NOW", now())
        ids = [f"{self.name}-{turn}-{n}" for n in range(0, TOUCHES, ANNOUNCED)]
        self.sent += TOUCHES
        try:
            status = session.post(self.url + "/v1/touchpoints", body, timeout=60).status_code
        except requests.RequestException:
            status = 0
        self.answers[status] = self.answers.get(status, 0) + 1
        if status == 200:
            self.acknowledged += ids
        elif status != 429:
            self.doubtful += ids


class Sampler(threading.Thread):
    """Memory of processes and the lag of the engine, while it goes on."""

    def __init__(self, engine, processes, pause=0.5):
        super().__init__(daemon=True)
        self.engine, self.processes, self.pause = engine, processes, pause
        self.rows = []  # (seconds, MB of each process, records that wait)
        self.is_over = threading.Event()

    def run(self):
        began = time.monotonic()
        while not self.is_over.wait(self.pause):
            self.rows.append((time.monotonic() - began,
                              [memory(process) for process in self.processes], self.lag()))

    def lag(self):
        try:
            text = requests.get(self.engine.url + "/metrics", timeout=30).text
        except requests.RequestException:
            return 0
        return sum(int(line.split()[-1]) for line in text.splitlines()
                   if line.startswith('waterhole_lag_records{topic="touchpoints"'))

    def end(self):
        self.is_over.set()
        self.join()

    def growth(self, process):
        """MB that the last third of the time has more than the first one, at their most."""
        third = max(1, len(self.rows) // 3)
        first = max(row[1][process] for row in self.rows[:third])
        return max(row[1][process] for row in self.rows[-third:]) - first


def memory(process):
    """MB that a process has in memory."""
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def flood(url, rate, seconds, clients):
    """The clients, after their time is over."""
    threads = [Client(url, f"c{n}", rate / clients) for n in range(clients)]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    for thread in threads:
        thread.is_over.set()
    for thread in threads:
        thread.join()
    return threads


def answers(clients):
    total = {}
    for client in clients:
        for status, count in client.answers.items():
            total[status] = total.get(status, 0) + count
    return total


# The address sanitizer keeps what was freed for a while: less of it, so that growth is seen.
LEAN = {"ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=4"}
