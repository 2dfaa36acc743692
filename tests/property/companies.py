"""Random companies: people who come, move, are identified late and struck out; as model test files
whose expectations are the oracle's. `python3 companies.py FROM TO` runs seeds and tells the first
that differ."""
import json
import os
import random
import subprocess
import sys
import tempfile

from oracle import company
from oracle.model import Model
from oracle.touches import Touch

START = 1767571200 * 10**6        # 2026-01-05 00:00 UTC, where a test begins
MINUTE, HOUR, DAY = 60, 3600, 86400
DOMAINS = ["a.example", "b.example", "c.example"]
WHO = ["ann", "bob", "cem", "eve"]
DEVICES = ["d1", "d2", "d3"]


class Draw(random.Random):
    def of(self, *choices):
        return self.choice(choices)

    def some(self, choices, least=1):
        return self.sample(choices, self.randint(least, len(choices)))


def leads_part(r):
    page = {"id": "page", "on": "page_view", "points": 5}
    if r.random() < 0.7:
        page["cap"] = {"points": r.of(7, 12), "per": r.of("day", "2h", "session")}
    rules = [page, {"id": "prices", "on": "page_view", "when": 'touch.place == "prices"', "points": 10,
                    "once_per": r.of("session", "1d", "lead")},
             {"id": "file", "on": "download", "points": 20, "once_per": "touch.asset"},
             {"id": "click", "on": "email_click", "verdict": r.of("human", "unconfirmed"), "points": 3}]
    confirm = r.of({"id": "seen", "on": "email_click", "followed_by": "page_view", "within": "30s"},
                   {"id": "calm", "on": "email_click", "quiet": "15m"})
    return {
        "waterhole": 1, "name": "m",
        "places": [{"id": "prices", "match": 'touch.page.path == "/prices"', "theme": "buying",
                    "stage": "assess"}],
        "verdict": {"minimum": r.of("unconfirmed", "human"), "start": {"email_click": "unconfirmed"},
                    "evidence": [{"id": "robot", "on": "any", "when": 'touch.device.class == "robot"',
                                  "is": "bot"},
                                 {"id": "burst", "on": "page_view", "is": "bot",
                                  "burst": {"same": "touch.page.path", "count": 3, "within": "5s"}}],
                    "confirm": [confirm]},
        "fit": {"start": "C", "criteria": [{"id": "role", "when": 'lead.role == "head"', "weight": "3/3"}]},
        "scores": [{"id": "interest", "rules": rules}],
        "labels": [{"id": "heat", "of": "interest", "bands": {"cold": 0, "warm": 15, "hot": 30}}],
        "segments": [{"id": "keen", "when": "interest >= 20"},
                     {"id": "lately", "when": "count(page_view within 2d) >= 2"}],
        "stages": {"order": ["look", "assess", "buy"], "from": "place",
                   "moves": [{"to": "buy", "on": "download"}]},
    }


def condition(r):
    return r.of('touch.place == "prices"', "has(touch.lead.role)", 'touch.lead.role == "head"',
                "touch.earned.interest > 0", 'touch.verdict == "human"', 'touch.theme == "buying"',
                'touch.lead.country != "de"')


def selector(r):
    return r.of("any", "page_view", "page_view | download", "download", "email_click", "attributes")


def number(r):
    window = r.of("within 2d", "within 26h", "this day", "previous day", "between 4d and 1d", "within 9d")
    of = selector(r)
    return r.of(f"count({of} {window})", f"distinct(it.person of {of} {window})",
                f"distinct(it.lead.role of {of} {window})", f"sum(it.earned.interest of {of} {window})",
                f'distinct(it.person of {of} where it.place == "prices" {window})',
                f"default(max(it.earned.interest of {of} {window}), -1)",
                f'count({of} where it.lead.country == "de" {window})', f"count({of})",
                f"sum(it.earned.interest of {of})", "count(page_view this session)")


def of_people(r):
    return r.of("count(people)", "count(people where keen)", "count(people where lately)",
                'count(people where stage >= "assess")', 'count(people where heat >= "warm")',
                'count(people where grade >= "B")', 'count(people where lead.role == "head")',
                "distinct(lead.role of people)", "count(people where lead.known)",
                'count(people where has(lead.role) && !keen)')


def signal(r):
    what = r.of("fired(pair)", "fired(often)", "fired(hit)", "entered(s0)", "left(s1)", "changed(size)")
    return f"count({what} {r.of('within 2d', 'within 9d', 'this day')})"


def triggers(r):
    second = r.of({"on": "download", "when": "touch.person != a.person"},
                  {"on": "page_view", "when": "touch.person == a.person && touch.place == a.place"},
                  {"not": "download", "within": "2d"},
                  {"on": "any", "times": 2, "when": 'touch.lead.role == a.lead.role'})
    pair = {"id": "pair", "within": r.of("3d", "4d"), "sequence": [{"as": "a", "on": "page_view"}, second]}
    hit = {"id": "hit", "on": selector(r), "when": condition(r)}
    if r.random() < 0.5:
        hit["once_per"] = r.of("touch.person", "1d", "session")
    return [pair, {"id": "often", "when": f"distinct(it.person of {selector(r)} within 2d) >= 2"}, hit]


def flag(r):
    return r.of(f"{number(r)} >= {r.randint(1, 6)}", f"{number(r)} > {number(r)}", "depth >= 10", "depth < 20",
                f"silent({r.of('1d', '30h', '3d')})", f"silent({selector(r)} for 2d)",
                f"since({selector(r)}) < 2d", 'company.plan == "pro"', "has(company.plan)",
                'company.domain == "a.example"', "session.number >= 2", "session.touches > 2")


def points_rule(r, name):
    rule = {"id": name, "on": selector(r),
            "points": r.of(3, -2, "touch.earned.interest * 0.5", "touch.earned.interest + 1")}
    if r.random() < 0.5:
        rule["when"] = condition(r)
    if r.random() < 0.6:
        rule["once_per"] = r.of("touch.person", "session", "1d", ["touch.person", "day"], "day", "touch.lead.role",
                                ["touch.person", "8h"])
    elif r.random() < 0.3 and rule["points"] not in (3, -2):
        rule["progressive"] = "touch.person"
    if r.random() < 0.3:
        rule["cap"] = {"points": r.of(8, 15), "per": r.of("day", "3d", "session")}
    return rule


def company_part(r):
    score = {"id": "depth", "rules": [points_rule(r, f"p{n}") for n in range(r.randint(1, 3))]}
    if r.random() < 0.6:
        score["decay"] = r.of({"half_life": "3d"}, {"cliff": "4d"}, {"step_linear": "20%", "every": "1d"},
                              {"half_life": "5d", "only_after": "1d"})
    if r.random() < 0.5:
        score["limit"] = [0, r.of(30, 60)]
    score["rules"].append({"id": "w0", "while": flag_of_rows(r), "points": r.of(4, -3)})
    probe = [{"id": f"v{n}", "while": "count(any) >= 0", "points": number(r)} for n in range(4)]
    probe += [{"id": f"f{n}", "while": "count(any) >= 0", "points": signal(r)} for n in range(2)]
    probe += [{"id": f"u{n}", "while": "count(any) >= 0", "points": of_people(r)} for n in range(3)]
    qualification = [{"id": "herd", "arm": f"distinct(it.person of {selector(r)} within {r.of('1d', '3d')}) >= 2"},
                     {"id": "asked", "on": "download", "when": condition(r)},
                     {"id": "deep", "arm": "depth >= 12", "disarm": "depth < 6"}]
    if r.random() < 0.5:
        qualification[0]["disarm"] = r.of("silent(2d)", "never")
    if r.random() < 0.3:
        qualification[1]["disarm"] = "silent(1d)"
    if r.random() < 0.3:
        qualification[2]["except"] = 'company.plan == "free"'
    return {
        "scores": [score, {"id": "probe", "rules": probe}],
        "labels": [{"id": "size", "of": "depth", "bands": {"small": 0, "mid": 8, "large": 25}}],
        "segments": [{"id": f"s{n}", "when": flag(r)} for n in range(4)],
        "triggers": triggers(r),
        "qualification": qualification,
    }


def flag_of_rows(r):
    return r.of(f"{number(r)} >= 2", "silent(2d)", f"silent({selector(r)} for 1d)", f"{number(r)} >= 1")


# ---- what happens ----------------------------------------------------------------------------

class Story:
    def __init__(self, r):
        self.r, self.raw, self.count = r, [], 0
        self.owner = {}
        for who in WHO:
            if r.random() < 0.85:
                self.add(r.randint(0, 2 * DAY), who, "attributes", company={"domain": r.choice(DOMAINS)})
        for _ in range(r.randint(14, 30)):
            self.happen()
        for device in r.some(DEVICES, 0):
            self.identify(device)
        if r.random() < 0.3:
            device, who = r.choice(DEVICES), r.choice(WHO)
            self.command("split", {"weak": f"anon:{device}", "strong": f"user:{self.owner.get(device, who)}"})
        if r.random() < 0.3:
            self.command("erase", {"who": f"user:{r.choice(WHO)}"})

    def add(self, at, who, kind, **more):
        self.count += 1
        ids = {"anon": who} if who in DEVICES else {"user": who}
        touch = {"at": at, "id": f"t{self.count:03}", "who": who, "type": kind, "ids": ids, **more}
        if self.r.random() < 0.25:
            touch["arrives"] = at + self.r.of(MINUTE, 3 * HOUR, 2 * DAY)
        self.raw.append(touch)
        return touch

    def happen(self):
        r = self.r
        at, who = r.randint(0, 9 * DAY // HOUR) * HOUR + r.of(0, 0, 7, 1800), r.choice(WHO + DEVICES)
        more = {}
        if who in DEVICES:
            more["network"] = {"organisation": r.of("A.example", "b.example", "B.EXAMPLE")}
        if r.random() < 0.12:
            more["company"] = {"domain": r.choice(DOMAINS)} if who in WHO else {"plan": "pro"}
        if r.random() < 0.15:
            more.setdefault("company", {})["plan"] = r.of("pro", "free")
        if r.random() < 0.3:
            more["lead"] = {r.of("role", "country"): r.of("head", "de", "clerk")}
        kind = r.of("page_view", "page_view", "page_view", "download", "email_click", "attributes", "email_sent",
                    "login")
        if kind == "page_view":
            more["page"] = r.of("/prices", "/", "/jobs")
            if r.random() < 0.15:
                more["device"] = {"class": "robot"}
        if kind == "download":
            more["asset"] = r.of("guide", "list")
        self.add(at, who, kind, **more)
        if kind == "page_view" and r.random() < 0.2:
            for second in range(1, r.of(2, 3)):
                self.add(at + second, who, kind, page=more["page"])
        if kind == "email_click" and r.random() < 0.5:
            self.add(at + r.of(5, 29, 30, 60), who, "page_view", page="/")

    def identify(self, device):
        r = self.r
        who = r.choice(WHO)
        touch = self.add(r.randint(1, 10) * DAY, who, "login")
        touch["ids"] = {"user": who, "anon": device}
        self.owner[device] = who

    def command(self, name, props):
        """At a time of its own, so that nothing arrives together with it."""
        self.count += 1
        self.raw.append({"at": self.r.randint(24, 12 * 24) * HOUR + 11 * MINUTE, "id": f"t{self.count:03}",
                         "who": WHO[0], "type": "identity." + name, "props": props})

    def looks(self):
        r = self.r
        times = [t.get("arrives", t["at"]) for t in [*r.sample(self.raw, 3), self.raw[-1]]]
        times += [t["at"] + r.of(DAY, 2 * DAY, 30 * HOUR, 15 * MINUTE, 26 * HOUR) for t in r.sample(self.raw, 2)]
        times += [r.randint(3, 14) * DAY, 16 * DAY]
        return sorted(set(times))

    def known(self, model, now):
        """{lead key: touches} as of a moment."""
        people = People()
        for raw in sorted(self.raw, key=lambda raw: raw.get("arrives", raw["at"])):
            if raw.get("arrives", raw["at"]) <= now:
                people.take(raw)
        found = {}
        for raw in people.touches:
            found.setdefault(people.owner(raw), []).append(touch_of(raw, model))
        return found


class People:
    """Whose a touch is, as far as these worlds go: a device is of whoever was seen with it, unless
    the two were taken apart; who is erased takes along what was his (identity.md 4, 8)."""

    def __init__(self):
        self.touches, self.seen_with, self.apart, self.erased = [], {}, set(), {}

    def owner(self, raw):
        home = raw["ids"].get("user", raw["who"])
        who = self.seen_with.get(home, (home, 0))[0]
        return home if (home, who) in self.apart and "split_ignored" not in company.active else who

    def take(self, raw):
        if raw["type"] == "identity.split":
            props = raw["props"]
            self.apart.add((props["weak"].split(":")[1], props["strong"].split(":")[1]))
        elif raw["type"] == "identity.erase":
            self.erase(raw["props"]["who"].split(":")[1], raw["at"])
        elif raw["at"] > self.erased.get(raw["ids"].get("user", raw["who"]), -1):
            self.touches.append(raw)
            if len(raw["ids"]) == 2:
                self.seen_with[raw["ids"]["anon"]] = (raw["ids"]["user"], raw["at"])

    def erase(self, who, at):
        if "erased_stays" in company.active:
            return
        self.erased[who] = at
        for device, (owner, since) in list(self.seen_with.items()):
            if owner == who and (device, who) not in self.apart:
                self.erased[device] = at
        self.touches = [raw for raw in self.touches if self.owner(raw) != who or raw["at"] > at]
        self.seen_with = {device: (owner, since) for device, (owner, since) in self.seen_with.items()
                          if owner != who or since > at}


def touch_of(raw, model):
    more = {k: v for k, v in raw.items() if k not in ("at", "arrives", "who", "ids", "page")}
    if "page" in raw:
        more["page"] = {"path": raw["page"], "url": raw["page"]}
    more["identifiers"] = raw["ids"]
    more["occurred_at"] = START + raw["at"] * 10**6
    return Touch(more, model, START + raw.get("arrives", raw["at"]) * 10**6)


class World:
    """A model and what happens, from a seed."""

    def __init__(self, seed):
        r = Draw(seed)
        self.leads, self.parts = leads_part(r), company_part(r)
        self.story = Story(r)
        self.looks = self.story.looks()

    def model(self):
        whole = dict(self.leads)
        for section, items in self.parts.items():
            items = [{**item, "entity": "company"} for item in items]
            whole[section] = whole.get(section, []) + items
        return json.dumps(whole, indent=1)

    def answers(self):
        """[(seconds, domain, what the oracle says)]"""
        leads = Model(json.dumps(self.leads))
        parts = Model(json.dumps({"waterhole": 1, "name": "m", **self.parts}))
        reads, found = company.Reads(self.parts), []
        for at in self.looks:
            now = START + at * 10**6
            for domain, it in sorted(company.companies(leads, parts, reads, self.story.known(leads, at), now).items()):
                found.append((at, domain, company.answer(it, now)))
        return found

    def tests(self):
        touches = [{**t, "at": f"{t['at']}s", **({"arrives": f"{t['arrives']}s"} if "arrives" in t else {})}
                   for t in self.story.raw]
        expect = [{"at": f"{at}s", "company": domain,
                   **{k: v for k, v in said.items() if v}} for at, domain, said in self.answers()]
        test = {"name": "as the oracle says", "touches": touches, "expect": expect}
        return json.dumps({"model": "m.yaml", "tests": [test]}, indent=1)


def compared(program, seed):
    """What the program says against the oracle; empty when both agree."""
    world = World(seed)
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("m.yaml", world.model()), ("m.test.yaml", world.tests())):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        done = subprocess.run([program, "test", folder], capture_output=True, text=True, check=False, timeout=120)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def main(first, last):
    for seed in range(int(first), int(last)):
        said = compared(os.environ["WATERHOLE"], seed)
        if said:
            print(f"seed {seed}\n{said}")
            return 1
    print("all agree")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
