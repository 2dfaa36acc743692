"""The sample through real Kafka and Redis, under the clock of the touches, beside the same touches
through `up`: what is promised for any order holds between the two."""
import json
import subprocess
import sys

import pytest

from engine import TOP, WATERHOLE
from stream import Redis, Stream

SAMPLE = TOP / "deploy/sample"
UNTIL = "2026-11-24T15:00:00+01:00"
# In no partition does the clock stand before this: touches of nobody in particular, in each of them.
END = "2026-11-24T15:00:30.000Z"
STRONGEST = ["crm", "user", "email", "phone", "anon"]


def sample():
    run = subprocess.run([sys.executable, SAMPLE / "generate.py", "--until", UNTIL, "--leads", "30"], check=True,
                         capture_output=True)
    lines = run.stdout.split(b"\n")[:-1]
    last = [json.dumps({"id": f"end-{n}", "type": "page_view", "source": "web", "occurred_at": END,
                        "received_at": END, "identifiers": {"anon": f"end-{n}"}}).encode()
            for n in range(64)]
    return lines + last


def key_of(line):
    """What a producer that knows the contract gives as the record's key; None: it knows none."""
    try:
        identifiers = json.loads(line)["identifiers"]
        kind = next(kind for kind in STRONGEST if identifiers.get(kind))
        value = identifiers[kind]
        value = value[0] if isinstance(value, list) else value
        return f"{kind}:{value.strip().lower() if kind == 'email' else value}"
    except (ValueError, KeyError, StopIteration, TypeError, AttributeError):
        return None


def through_up(folder, lines):
    (folder / "touches.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    run = subprocess.run([WATERHOLE, "up", "--model", SAMPLE / "pumps.yaml", "--data", folder / "data",
                          "--play", folder / "touches.jsonl", "--clock", "log", "--once", "--json"],
                         capture_output=True, timeout=300, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def through_stream(stream, lines):
    stream.engine("e0").wait()
    for line in lines:
        stream.producer.produce(stream.prefix + "touchpoints", line, key_of(line))
        stream.producer.poll(0)
    assert stream.producer.flush(120) == 0


class Standing:
    """What a consumer has that reads the events in any order: identity.md 7 and contract.md 5."""

    def __init__(self, events):
        self.into = {}
        self.newest = {}  # (lead, kind, name) -> (number, event)
        self.ended = set()
        for event in events:
            self.read(event)

    def read(self, event):
        kind, lead = event["type"], event["lead_id"]
        if kind == "lead.merged":
            self.into[lead] = max(self.into.get(lead, (0, None)), (event["turn"], event["into"]))
        elif kind == "lead.revived":
            self.into[lead] = max(self.into.get(lead, (0, None)), (event["turn"], ""))
        elif kind in ("lead.withered", "lead.withdrawn"):
            self.ended.add((event["id"].rsplit("/", 1)[0]))
        elif kind == "lead.qualified":
            self.keep(event, "qualified", event["id"].split("/")[2], event["episode"])
        elif kind in ("lead.stage_changed", "lead.label_changed"):
            self.keep(event, kind, event["name"] if "name" in event else "", int(event["id"].split("/")[3]))

    def keep(self, event, kind, name, number):
        place = (event["lead_id"], event["life"], kind, name)
        if number >= self.newest.get(place, (0, None))[0]:
            self.newest[place] = (number, event)

    def home(self, lead):
        seen = set()
        while self.into.get(lead, (0, ""))[1] and lead not in seen:
            seen.add(lead)
            lead = self.into[lead][1]
        return lead

    def qualified(self):
        return {(self.home(lead), name) for lead, _, kind, name in self.newest if kind == "qualified"}

    def standing(self):
        return {(self.home(lead), name) for (lead, _, kind, name), (_, event) in self.newest.items()
                if kind == "qualified" and event["id"].rsplit("/", 1)[0] not in self.ended}

    def stages(self):
        """Of leads that are still leads; the name of the event is the new stage's."""
        last = {}
        for (lead, life, kind, _), (number, event) in self.newest.items():
            if kind == "lead.stage_changed" and self.home(lead) == lead:
                last[lead] = max(last.get(lead, ("", "")), (event["occurred_at"], event["to"]))
        return {lead: stage for lead, (_, stage) in last.items()}

    def merged(self):
        return {lead: self.home(lead) for lead in self.into if self.home(lead) != lead}


@pytest.fixture(scope="module")
def both(kafka, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    lines = sample()
    of_up = through_up(folder, lines)
    with Redis(folder) as store, \
            Stream(folder, kafka, store, model=(SAMPLE / "pumps.yaml").read_text(),
                   WATERHOLE_MODEL=str(SAMPLE / "pumps.yaml"), WATERHOLE_ENGINE_CLOCK="log",
                   WATERHOLE_ENGINE_ANNOUNCE_NOT_OLDER_THAN="400d",
                   WATERHOLE_KAFKA_PROPERTIES="session.timeout.ms=6000") as stream:
        through_stream(stream, lines)
        of_stream = stream.events(len(of_up) * 9 // 10, grace=20, patience=150)
    yield of_up, of_stream


def test_no_event_comes_twice(both):
    for events in both:
        ids = [event["id"] for event in events]
        assert len(ids) == len(set(ids)) > 50


def told_of_strangers(events, known):
    """Whom only a device names, and who never was anybody else: their touches need no handoff. When a
    life begins depends on what else is in the partition."""
    return sorted((event["lead_id"], event["id"].split("/")[2:], event["type"], event["occurred_at"],
                   json.dumps(event["scores"]), json.dumps(event["why"]))
                  for event in events if event.get("contact", {}).get("email", "") is None
                  and event["lead_id"] not in known)


def test_of_leads_without_handoff_the_same_is_told(both):
    known = {lead for events in both for event in events if event["type"] in ("lead.merged", "lead.revived")
             for lead in (event["lead_id"], event.get("into"))}
    of_up, of_stream = (told_of_strangers(events, known) for events in both)
    assert of_up == of_stream
    assert len(of_up) > 3


def test_the_same_stages_are_reached(both):
    of_up, of_stream = (Standing(events).stages() for events in both)
    common = of_up.keys() & of_stream.keys()
    assert {lead: of_up[lead] for lead in common} == {lead: of_stream[lead] for lead in common}
    assert len(common) > 5
