"""A labelled trace of mail clicks: five kinds of scanners, and people.

    python3 trace.py SEED        JSON lines in order of arrival, for `waterhole up --play`

Each lead gets one mail of 6 to 12 links. props.truth says who clicked; nothing else depends on it.
A trace is a function of its seed alone.
"""
import json
import math
import random
import sys
from datetime import datetime, timezone

START = datetime(2026, 3, 2, tzinfo=timezone.utc).timestamp()
MINUTE, DAY = 60, 86400

AGENTS = [f"Mozilla/5.0 ({system}) {browser}" for system in
          ("Windows NT 10.0", "Macintosh", "X11; Linux", "iPhone", "Android 14")
          for browser in ("Firefox/147.0", "Chrome/143.0", "Safari/19.1", "Edge/143.0")]
SCANNERS = ("instant", "delayed", "random_ip", "spoofing", "avoiding")
PEOPLE = ("usual", "fast", "office")
LEADS = {**{kind: 50 for kind in SCANNERS}, "usual": 180, "fast": 90, "office": 130}


class Mail:
    """One mail to one lead, and what happens to its links."""

    def __init__(self, r, kind, number):
        self.r, self.kind, self.number = r, kind, number
        self.who = f"{kind}-{number}@works.example"
        self.sent = START + r.uniform(0, 20 * DAY)
        self.send = f"mail-{number % 7}"
        self.links = [f"l{i}" for i in range(r.randint(6, 12))]
        # A gateway has addresses of its own; an office shares one.
        self.home = f"198.51.100.{r.randint(1, 250)}" if kind != "office" else "203.0.113.9"
        self.agent = r.choice(AGENTS)
        self.records = []
        self.add(self.sent, "email_sent", send=self.send)

    def add(self, at, kind, **fields):
        self.records.append((at, {"type": kind, "identifiers": {"email": self.who}, **fields}))

    def click(self, at, link, truth, ip, agent):
        self.add(at, "email_click", send=self.send, link=link, links=len(self.links),
                 network={"ip": ip}, device={"user_agent": agent}, properties={"truth": truth})

    # ---- machines ------------------------------------------------------------------------

    def scan(self, kind):
        r = self.r
        ip, agent = f"192.0.2.{r.randint(1, 250)}", r.choice(AGENTS)
        if self.kind == "office" and r.random() < 0.2:
            ip = self.home             # the gateway stands in the office
        is_late = kind in ("delayed", "random_ip") or (kind == "avoiding" and r.random() < 0.3)
        at = self.sent + (r.uniform(5, 60) * MINUTE if is_late else r.uniform(0.5, 20))
        links = self.links + ["hidden"]
        if kind == "avoiding":
            links = r.sample(self.links, r.randint(2, len(self.links)))
        longest = {"spoofing": 40, "random_ip": 4}.get(kind, 1.5)
        last = at
        for link in links:
            self.click(at, link, "machine", self.random_ip() if kind == "random_ip" else ip,
                       r.choice(AGENTS) if kind == "spoofing" else agent)
            last = at
            at += r.uniform(0, longest)
        self.add(last, "scan_ended")

    def random_ip(self):
        return ".".join(str(self.r.randint(1, 223)) for _ in range(4))

    # ---- people --------------------------------------------------------------------------

    def read(self, fast):
        """From forty seconds to two days after the mail, most of them soon."""
        r = self.r
        at = self.sent + 40 * math.exp(r.uniform(0, math.log(2 * DAY / 40)))
        links = r.sample(self.links, 2 if fast else r.choice([1, 1, 1, 2, 2, 3]))
        for link in links:
            self.click(at, link, "person", self.home, self.agent)
            if r.random() < 0.8:       # the others block the page's script
                self.add(at + r.uniform(1, 20), "page_view", page={"path": f"/{link}"})
            at += r.uniform(0.5, 2) if fast else r.uniform(15, 400)

    def happen(self):
        if self.kind in SCANNERS:
            self.scan(self.kind)
        if self.kind == "office" and self.r.random() < 0.5:
            self.scan(self.r.choice(SCANNERS))
        if self.kind in PEOPLE or self.r.random() < 0.5:
            self.read(self.kind == "fast")
        self.add(START + 40 * DAY, "measured")
        return self.records


def stamp(at):
    return datetime.fromtimestamp(round(at, 3), timezone.utc).isoformat().replace("+00:00", "Z")


def trace(seed):
    r = random.Random(f"bots {seed}")
    records = []
    for kind, count in LEADS.items():
        for number in range(count):
            records += Mail(r, kind, number).happen()
    records.sort(key=lambda item: item[0])
    return [{"id": f"t{number:05}", "occurred_at": stamp(at), "received_at": stamp(at), **record}
            for number, (at, record) in enumerate(records)]


def kind_of(record):
    return record["identifiers"]["email"].split("-")[0]


if __name__ == "__main__":
    for line in trace(int(sys.argv[1])):
        print(json.dumps(line))
