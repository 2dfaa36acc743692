"""Reads a model: YAML text to parsed sections. It trusts its input; `check` is somebody else."""
import csv
import os
from zoneinfo import ZoneInfo

import yaml

from . import clock, expr, values
from .nurture import read_tracks, read_wishes
from .steps import Sequence

SOURCES = {
    "web": "page_view page_ping site_search download form_submitted form_error video_watched "
           "chat_started cart_updated checkout_started order_placed webinar_registered "
           "webinar_attended webinar_watched demo_request demo_watched contact_request "
           "meeting_requested",
    "product": "login app_open feature_used trial_started support_ticket",
    "email": "email_open email_click email_replied email_unsubscribed email_resubscribed",
    "social": "social_follow social_like social_comment social_share social_message ad_click",
    "sales": "call meeting_held offer_opened",
    "offline": "fair_visit",
}
NOT_ACTS = {
    "email": "email_sent email_delivered email_bounced email_complained",
    "sales": "offer_sent",
    "offline": "webinar_no_show",
    "crm": "attributes sales_accepted sales_rejected outcome_won outcome_lost",
}
SOURCE_OF = {t: s for table in (SOURCES, NOT_ACTS) for s, ts in table.items() for t in ts.split()}
KNOWN_NOT_ACTS = {t for ts in NOT_ACTS.values() for t in ts.split()}
DAY = 86400 * 10**6


class Scalar(str):
    """A YAML scalar; `quoted` tells text from a number in places where both may stand."""
    quoted = False


def read_yaml(text):
    def build(node):
        if isinstance(node, yaml.ScalarNode):
            scalar = Scalar(node.value)
            scalar.quoted = node.style is not None
            return scalar
        if isinstance(node, yaml.SequenceNode):
            return [build(x) for x in node.value]
        return {str(build(k)): build(v) for k, v in node.value}
    return build(yaml.compose(text, Loader=yaml.BaseLoader))


def plain_value(scalar):
    """A scalar of constants and tables."""
    if not getattr(scalar, "quoted", False):
        if expr.is_number(scalar):
            return ("n", expr.thousandths(scalar))
        if expr.is_duration(scalar):
            return ("d", expr.duration(scalar))
    return ("s", str(scalar))


def as_bool(scalar):
    return str(scalar) == "true"


class Table:
    def __init__(self, rows):
        self.default = rows.get("default")
        rows = {k: v for k, v in rows.items() if k != "default"}
        self.numeric = bool(rows) and all(expr.is_number(k) for k in rows)
        if self.numeric:
            self.rows = sorted((expr.thousandths(k), plain_value(v)) for k, v in rows.items())
        else:
            self.rows = {k: plain_value(v) for k, v in rows.items()}
        self.default = plain_value(self.default) if self.default is not None else None

    def look(self, x):
        if x is not None and self.numeric and x[0] == "n":
            below = [v for k, v in self.rows if k <= x[1]]
            return below[-1] if below else self.default
        if x is not None and not self.numeric and x[0] in "sl":
            return self.rows.get(x[-1], self.default)
        return self.default


class Decay:
    def __init__(self, raw):
        self.kind = next(k for k in ("half_life", "step_linear", "step_geometric", "cliff") if k in raw)
        self.span = expr.duration(raw["every"] if self.kind.startswith("step") else raw[self.kind])
        self.share = expr.thousandths(raw[self.kind].rstrip("%")) // 100 \
            if self.kind.startswith("step") else None
        self.only_after = expr.duration(raw["only_after"]) if "only_after" in raw else None


def read_decay(raw):
    if raw is None:
        return None
    return "none" if not isinstance(raw, dict) else Decay(raw)


class Limit:
    def __init__(self, raw):
        self.low, self.high = (None if str(x) == "none" else expr.thousandths(x) for x in raw)

    def clamp(self, x):
        if self.low is not None:
            x = max(x, self.low)
        return x if self.high is None else min(x, self.high)


class Cap:
    def __init__(self, raw):
        self.points = expr.thousandths(raw["points"])
        self.per = str(raw["per"])
        self.span = expr.duration(self.per) if expr.is_duration(self.per) else None


class Once:
    """One part of `once_per`: kind is lead, company, session, a period, `span` or `value`."""

    def __init__(self, raw):
        text = str(raw)
        self.span = self.tree = None
        if text in ("lead", "company", "session") or text in expr.PERIODS:
            self.kind = text
        elif expr.is_duration(text):
            self.kind, self.span = "span", expr.duration(text)
        else:
            self.kind, self.tree = "value", expr.parse(text)


def read_once(raw):
    if raw is None:
        return None
    return [Once(x) for x in (raw if isinstance(raw, list) else [raw])]


class Part:
    """One entry of a section with its parsed expressions as attributes."""

    def __init__(self, raw, trees=(), selectors=(), **more):
        self.raw = raw
        self.id = str(raw.get("id", ""))
        for key in trees:
            setattr(self, key, expr.parse(raw[key]) if key in raw else None)
        for key in selectors:
            setattr(self, key, expr.parse_selector(raw[key]) if key in raw else None)
        for key, value in more.items():
            setattr(self, key, value)


class Model:
    def __init__(self, text, folder=".", constants=None):
        raw = read_yaml(text)
        self.raw, self.folder = raw, folder
        self.zone = ZoneInfo(str(raw.get("zone", "UTC")))
        self.orders = {}
        self.names = {}
        self.ranks = None
        self._data(raw)
        self._constants(raw, constants or {})
        self._scores(raw)
        self._marks(raw)
        self._ripeness(raw)
        self.tracks = read_tracks(raw)
        self.keep = expr.duration(raw.get("history", {}).get("keep", "400d"))

    def _csv(self, name):
        with open(os.path.join(self.folder, str(name)), encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def _constants(self, raw, replaced):
        self.constants = {k: plain_value(v) for k, v in raw.get("constants", {}).items()}
        self.constants.update({k: plain_value(v) for k, v in replaced.items()})
        self.tables, self.lists = {}, {}
        for name, rows in raw.get("tables", {}).items():
            if "file" in rows:
                rows = {r[str(rows["key"])]: Scalar(r[str(rows["value"])])
                        for r in self._csv(rows["file"])}
            self.tables[name] = Table(rows)
        for name, rows in raw.get("lists", {}).items():
            if isinstance(rows, dict):
                rows = [r[str(rows["column"])] for r in self._csv(rows["file"])]
            self.lists[name] = ("list", tuple(("s", str(x)) for x in rows))
        self.schedules = {n: clock.Schedule(r, self.zone)
                          for n, r in raw.get("schedules", {}).items()}
        for sort in ("constants", "tables", "lists", "schedules"):
            self.names.update({n: (sort, n) for n in getattr(self, sort)})

    def _data(self, raw):
        data = raw.get("data", {})
        self.act_of = {t: str(v) == "act" for t, v in data.get("touches", {}).items()}
        self.lead_types = data.get("lead", {})
        self.gap = expr.duration(raw.get("sessions", {}).get("gap", "30m"))
        self.audience = expr.parse(raw["audience"]) if "audience" in raw else None
        self.suspend = expr.parse(raw["suspend"]) if "suspend" in raw else None
        self.places = [Part(p, trees=("match",)) for p in raw.get("places", [])]
        verdict = raw.get("verdict", {})
        self.minimum = str(verdict.get("minimum", "unconfirmed"))
        self.starts = {t: str(v) for t, v in verdict.get("start", {}).items()}
        self.evidence = [self._evidence(e) for e in verdict.get("evidence", [])]
        self.confirms = [Part(c, (), ("on", "followed_by"),
                              within=expr.duration(c["within"]) if "within" in c else None,
                              quiet=expr.duration(c["quiet"]) if "quiet" in c else None)
                         for c in verdict.get("confirm", [])]
        self.fit = raw.get("fit")
        self.criteria = [Part(c, ("when",), thirds=int(str(c["weight"]).split("/")[0]))
                         for c in (self.fit or {}).get("criteria", [])]

    @staticmethod
    def _evidence(e):
        evidence = Part(e, ("when",), ("on",), level=str(e["is"]), burst=None, near=None)
        if "burst" in e:
            burst = e["burst"]
            evidence.burst = Part(burst, ("same",), count=int(burst["count"]),
                                  within=expr.duration(burst["within"]))
        if "near" in e:
            near = e["near"]
            evidence.near = Part(near, ("same",), any=[expr.parse(x) for x in near["any"]],
                                 within=expr.duration(near["within"]),
                                 back=expr.duration(near.get("back", "0s")))
        return evidence

    def _scores(self, raw):
        self.scores = []
        for s in raw.get("scores", []):
            if str(s.get("entity", "lead")) != "lead":
                continue
            score = Part(s, ("value", "suspend"))
            score.limit = Limit(s["limit"]) if "limit" in s else None
            score.cap = Cap(s["cap"]) if "cap" in s else None
            score.groups = {}
            for name, g in s.get("groups", {}).items():
                score.groups[name] = Part(g, limit=Limit(g["limit"]) if "limit" in g else None,
                                          cap=Cap(g["cap"]) if "cap" in g else None,
                                          decay=read_decay(g.get("decay")))
            score.rules = [self._rule(r, score, s) for r in s.get("rules", [])]
            self.scores.append(score)
            self.names[score.id] = ("score", score)

    @staticmethod
    def _rule(r, score, s):
        rule = Part(r, ("when", "points", "set"), ("on",), group=r.get("group"),
                    verdict=str(r["verdict"]) if "verdict" in r else None,
                    once=read_once(r.get("once_per")),
                    limit=Limit(r["limit"]) if "limit" in r else None,
                    cap=Cap(r["cap"]) if "cap" in r else None)
        rule.state = expr.parse(r["while"]) if "while" in r else None
        rule.progressive = None
        if "progressive" in r:
            rule.progressive = ("const", values.TRUE) if str(r["progressive"]) == "lead" \
                else expr.parse(r["progressive"])
        inherited = [read_decay(r.get("decay")),
                     score.groups[rule.group].decay if rule.group else None,
                     read_decay(s.get("decay"))]
        rule.decay = next((d for d in inherited if d is not None), None)
        rule.decay = None if rule.decay == "none" else rule.decay
        return rule

    def _marks(self, raw):
        self.labels, self.segments, self.triggers = [], [], []
        for l in raw.get("labels", []):
            label = Part(l, ("of",), announce=as_bool(l.get("announce", "false")))
            if "bands" in l:
                label.bands = [(n, expr.thousandths(v)) for n, v in l["bands"].items()]
                self.orders[label.id] = [n for n, _ in label.bands]
            label.cases = [(expr.parse(c["when"]) if "when" in c else None, str(c["label"]))
                           for c in l.get("cases", [])]
            self.labels.append(label)
            self.names[label.id] = ("label", label)
        for s in raw.get("segments", []):
            if str(s.get("entity", "lead")) == "lead":
                segment = Part(s, ("when",), announce=as_bool(s.get("announce", "true")))
                self.segments.append(segment)
                self.names[segment.id] = ("segment", segment)
        for t in raw.get("triggers", []):
            if str(t.get("entity", "lead")) == "lead":
                trigger = Part(t, ("when",), ("on",),
                               sequence=Sequence(t) if "sequence" in t else None,
                               once=read_once(t.get("once_per")),
                               verdict=str(t["verdict"]) if "verdict" in t else None,
                               cool_down=expr.duration(t.get("cool_down", "0s")),
                               max=int(t["max"]) if "max" in t else None)
                trigger.wishes = read_wishes(t)
                trigger.carries = {k: expr.parse(v) for k, v in t.get("with", {}).items()}
                self.triggers.append(trigger)
                self.names[trigger.id] = ("trigger", trigger)
        self.stages = raw.get("stages")
        self.stage_order = [str(x) for x in (self.stages or {}).get("order", [])]
        if self.stages:
            self.orders["stage"] = self.stage_order
            self.moves = [Part(m, ("when",), ("on",), to=str(m["to"]),
                               back=as_bool(m.get("back", "false")))
                          for m in self.stages.get("moves", [])]
            self.never_back = as_bool(self.stages.get("never_back", "true"))
            self.stale = {k: expr.duration(v) for k, v in self.stages.get("stale", {}).items()}

    def _ripeness(self, raw):
        self.qualifications = []
        for q in raw.get("qualification", []):
            if str(q.get("entity", "lead")) != "lead":
                continue
            qual = Part(q, ("arm", "when", "gate"), ("on",), disarm=None,
                        verdict=str(q["verdict"]) if "verdict" in q else None,
                        never=str(q.get("disarm", "")) == "never",
                        max=int(q["max"]) if "max" in q else None)
            qual.exception = expr.parse(q["except"]) if "except" in q else None
            if "disarm" in q and not qual.never:
                qual.disarm = expr.parse(q["disarm"])
            qual.cool_down = expr.duration(q.get("cool_down", "1d" if qual.on else "0s"))
            qual.runs_out = bool(qual.on) and qual.disarm is None and not qual.never
            qual.note = expr.template(q["note"]) if "note" in q else None
            qual.wishes = read_wishes(q)
            qual.carries = {k: expr.parse(v) for k, v in q.get("with", {}).items()}
            self.qualifications.append(qual)
            self.names[qual.id] = ("qualification", qual)
        self.routes = [self._route(r) for r in raw.get("routes", [])]

    @staticmethod
    def _route(raw):
        route = Part(raw, ("when",), to=expr.template(raw["to"]))
        of = raw.get("of", [])
        route.owners = {str(k): int(v) for k, v in of.items()} if isinstance(of, dict) else \
            {str(name): 1 for name in of}
        capacity = raw.get("capacity")
        route.capacity = (int(capacity["count"]), str(capacity["per"])) if capacity else None
        route.sticky = expr.duration(raw["sticky"]) if "sticky" in raw else None
        route.counts = bool(route.owners) or route.capacity is not None
        return route

    # ---- order ---------------------------------------------------------------------------

    def order(self):
        """Rank of each score, label, segment and trigger: what one reads comes before it, of several
        the first in the order scores, labels, segments, triggers, stage, qualifications, each in
        file order; then the same order among all (rules 9)."""
        if self.ranks is None:
            vertices = [(x.id, x) for x in self.scores + self.labels + self.segments + self.triggers]
            vertices += [("stage", getattr(self, "moves", []))]
            vertices += [(q.id, q) for q in self.qualifications]
            vertices += [("grade", getattr(self, "criteria", [])), ("suspend", self.suspend)]
            self.ranks = {}
            for name, _ in vertices:
                self._visit(name, dict(vertices), [n for n, _ in vertices])
        return self.ranks

    def _visit(self, name, parts, names, path=()):
        if name in self.ranks or name in path:
            return
        found = set(_named(parts[name]))
        if found & {"stage_since", "stale"}:
            found.add("stage")
        if "ripe" in found:
            found |= {q.id for q in self.qualifications}
        if parts[name] in self.scores:
            found.add("suspend")
        for other in names:
            if other in found and other != name:
                self._visit(other, parts, names, path + (name,))
        self.ranks[name] = len(self.ranks)


def _named(x):
    """First words of all paths and the names in selectors, anywhere in a part of the model."""
    if isinstance(x, dict):
        return [n for v in x.values() for n in _named(v)]
    if isinstance(x, list):
        return [n for v in x for n in _named(v)]
    if isinstance(x, tuple):
        if len(x) == 2 and x[0] == "path":
            return [x[1][0]]
        if x and x[0] == "const":
            return []
        if len(x) == 2 and x[0] in ("entered", "left", "changed", "fired"):
            return [x[1]]
        return [n for v in x for n in _named(v)]
    if isinstance(x, str) or not hasattr(x, "__dict__"):
        return []
    return [n for k, v in vars(x).items() if k not in ("raw", "id") for n in _named(v)]
