"""Leads whose every touch is told, who sends their touches, and what must come of them, worked out from
engine/language/rules.md alone."""
import collections
import dataclasses
import threading
import time

import requests

from engine import PATIENCE

HOT, COLD = 60, 20
LAPSE_S = 2

MODEL = f"""\
waterhole: 1
name: crowd
zone: UTC
scores:
  - id: touches
    rules: [ {{ id: each, on: page_view | opened | asked, points: 1 }} ]
  - id: total
    rules: [ {{ id: amount, on: page_view, points: touch.props.amount }} ]
triggers:
  - {{ id: seen, on: page_view | opened }}
  - {{ id: told, on: asked }}
  - id: lapsed
    sequence: [ {{ on: opened }}, {{ not: closed, within: {LAPSE_S}s }} ]
qualification:
  - {{ id: hot, arm: total >= {HOT}, disarm: total < {COLD} }}
"""


@dataclasses.dataclass(slots=True)
class Touch:
    id: str
    kind: str
    amount: int
    identifiers: dict
    occurred_ms: int
    is_certain: bool  # an event must tell of it (rules.md 24)
    sent: float = 0.0  # when it was acknowledged; 0: not yet

    def record(self):
        seconds, ms = divmod(self.occurred_ms, 1000)
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
        return {"id": self.id, "type": self.kind, "identifiers": self.identifiers,
                "occurred_at": f"{at}.{ms:03}Z", "properties": {"amount": self.amount}}


class Lead:
    """One with a device of its own has touches that come by way of another entity, so nothing is known of
    the order in which they act, and no firing on the way is promised: only what is known in the end."""

    def __init__(self, number, has_device):
        self.number = number
        self.has_device = has_device
        self.touches = []

    def identifiers(self, dice):
        user = {"user": f"u{self.number}"}
        device = {"anon": f"d{self.number}"}
        if not self.has_device:
            return user
        return {**user, **device} if not self.touches else dice.choice([user, device])

    def next(self, dice, kind=None):
        kind = kind or dice.choices(["page_view", "opened"], [30, 1])[0]
        last = self.touches[-1].occurred_ms if self.touches else 0
        touch = Touch(f"{self.number}-{len(self.touches)}", kind,
                      dice.randrange(-15, 26) if kind == "page_view" else 0, self.identifiers(dice),
                      max(time.time_ns() // 1_000_000, last + 1),
                      not self.has_device or kind == "asked")
        self.touches.append(touch)
        return touch

    def story(self):
        """After each touch: (touch, touches so far, sum, what is announced)."""
        count = total = episode = 0
        is_hot = False
        for touch in self.touches:
            count += touch.kind != "closed"
            total += touch.amount
            says = ["lead.told" if touch.kind == "asked" else "lead.seen"]
            if not is_hot and total >= HOT:
                is_hot, episode = True, episode + 1
                says.append(f"lead.qualified {episode}")
            elif is_hot and total < COLD:
                is_hot = False
                says.append(f"lead.withered {episode}")
            yield touch, count, total, says

    def is_hot(self):
        last = "withered"
        for *_, says in self.story():
            last = says[-1].split()[0] if len(says) > 1 else last
        return last == "lead.qualified"


class Crowd(threading.Thread):
    """Sends without a pause through a door until `end`; what it was not told to be taken it sends
    again. A lead that has had its touches makes room for another."""

    ACTIVE, LIFE, BODY = 48, 150, 8

    def __init__(self, url, dice, pause=0.04):
        super().__init__(daemon=True)
        self.url, self.dice, self.pause = url, dice, pause
        self.leads, self.active = [], []
        self.by_id = {}
        self.acknowledged = []  # in that order
        self.is_over = threading.Event()
        self.failure = None
        self.refused = collections.Counter()

    def run(self):
        try:
            while not self.is_over.wait(self.pause):
                self.send([self.pick().next(self.dice) for _ in range(self.BODY)])
        except Exception as error:  # told where the test looks
            self.failure = error

    def pick(self):
        self.active = [lead for lead in self.active if len(lead.touches) < self.LIFE]
        while len(self.active) < self.ACTIVE:
            self.active.append(Lead(len(self.leads), has_device=len(self.leads) % 5 == 4))
            self.leads.append(self.active[-1])
        return self.dice.choice(self.active)

    def send(self, touches):
        """Until all of it is acknowledged."""
        body = [touch.record() for touch in touches]
        self.by_id.update({touch.id: touch for touch in touches})
        end = time.monotonic() + 2 * PATIENCE
        while True:
            status = self.post(body)
            if status == 200:
                break
            self.refused[status] += 1
            assert status in (429, 503, None), f"collect answers {status}"
            assert time.monotonic() < end, f"nothing is taken any more: {self.refused}"
            time.sleep(0.1)
        for touch in touches:
            touch.sent = time.monotonic()
        self.acknowledged += touches

    def post(self, body):
        try:
            return requests.post(self.url + "/v1/touchpoints", json=body, timeout=PATIENCE).status_code
        except requests.RequestException:
            return None

    def ask(self):
        """One more touch of each lead, whose event tells what is known of it."""
        asked = [lead.next(self.dice, "asked") for lead in self.leads]
        for begin in range(0, len(asked), 500):
            self.send(asked[begin:begin + 500])

    def end(self):
        self.is_over.set()
        self.join(3 * PATIENCE)
        assert not self.is_alive()
        if self.failure:
            raise self.failure
