"""A small model and what happens to its leads; every expected number follows from it by hand."""
import json

MODEL = """\
waterhole: 1
name: story
zone: Europe/Berlin
constants: { hot: 30 }
lists: { rivals: { file: rivals.csv, column: domain } }
places:
  - { id: prices, match: touch.page.path == "/prices", stage: compare }
verdict:
  evidence: [ { id: robot, on: any, when: touch.device.class == "robot", is: bot } ]
fit:
  start: C
  criteria:
    - { id: role, when: lead.role == "Head", weight: 3/3 }
    - { id: size, when: lead.employees >= 50, weight: 1/3 }
    - { id: young, when: lead.age < 3, weight: -1/3 }
scores:
  - id: interest
    limit: [0, 40]
    rules:
      - { id: page, on: page_view, points: 5 }
      - { id: prices, on: page_view, when: touch.place == "prices", points: 10, once_per: day }
      - { id: quiet, while: silent(10d), points: -20 }
labels: [ { id: heat, of: interest, bands: { cold: 0, warm: 20 } } ]
segments: [ { id: asleep, when: silent(20d) } ]
triggers: [ { id: asked, on: demo_request, with: { where: touch.page.path } } ]
stages: { order: [look, compare, buy], from: place }
qualification:
  - id: ready
    arm: interest >= hot && grade >= "B"
    disarm: interest < 20
    gate: consent.marketing
    except: lead.company in rivals
    cool_down: 5d
    note: "{heat}, grade {grade}"
  - { id: fast, on: demo_request, except: lead.company in rivals }
routes:
  - { id: all, to: team }
"""
RIVALS = "name,domain\nWilo,rival.example\n"


def record(at, kind, who, **more):
    """A touchpoint at an hour of January 2026, received at once."""
    day, hour = at
    time = f"2026-01-{day:02}T{hour:02}:00:00Z"
    if isinstance(who, str):
        who = {"email": who}
    return {"id": f"{kind}-{day}-{hour}", "type": kind, "identifiers": who, "occurred_at": time,
            "received_at": time, **more}


def page(at, who, path="/prices", **more):
    return record(at, "page_view", who, page={"path": path}, **more)


ANN = "ann@works.example"

# Ann: 15 points on the 5th, 5 more an hour later (prices count once a day), 15 on the 6th: 35, ripe
# and held by the gate; consent on the 7th. The clock ends on the 8th at 10:00 in Berlin.
STORY = [
    page((5, 9), ANN, lead={"role": "Head", "name": "Ann Muster"}),
    page((5, 10), ANN),
    page((6, 9), ANN),
    record((7, 9), "attributes", ANN, consent={"marketing": True}),
    page((8, 9), {"anon": "c-1"}, "/jobs", device={"class": "robot"}),
]


def lines(records):
    return "".join(json.dumps(item) + "\n" for item in records)
