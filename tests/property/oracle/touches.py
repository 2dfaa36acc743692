"""A touch as the language sees it: from the JSON of a touchpoint to named fields."""
import json

from . import clock
from .model import KNOWN_NOT_ACTS, SOURCE_OF

TEXTS = ("asset product form link send session channel currency media theme").split()
NESTED = {
    "page": "url host path query title referrer".split(),
    "campaign": "source medium name term content click_id".split(),
    "network": "ip country region city asn organisation".split(),
    "device": "agent class browser".split(),
}
STRENGTH = ["crm", "user", "email", "phone", "anon"]
MAIL_PROVIDERS = {"gmail.com", "gmx.de", "outlook.com", "web.de", "yahoo.com", "icloud.com"}


def micros(stamp):
    if isinstance(stamp, str):
        from zoneinfo import ZoneInfo
        return clock.parse_time(stamp, ZoneInfo("UTC"))
    return stamp * (10**6 if stamp < 10**11 else 1000 if stamp < 10**14 else 1)


def literal(x):
    """A JSON value as a value of the language."""
    if isinstance(x, bool):
        return ("b", x)
    if isinstance(x, (int, float)):
        return ("n", round(x * 1000)) if isinstance(x, int) else ("n", _decimal(repr(x)))
    if isinstance(x, str):
        return ("s", x)
    return None


def _decimal(shown):
    from decimal import Decimal
    return int(Decimal(shown) * 1000)


def registrable(host):
    """The domain that somebody registered; enough of it for the domains of the tests."""
    parts = host.lower().split(".")
    keep = 3 if len(parts) > 2 and ".".join(parts[-2:]) in ("co.uk", "com.au") else 2
    return ".".join(parts[-keep:]) if len(parts) >= keep else None


class Touch:
    def __init__(self, raw, model, arrived):
        self.raw, self.arrived = raw, arrived
        self.id, self.type = raw["id"], raw["type"]
        self.at = micros(raw["occurred_at"])
        self.digest = json.dumps(raw, sort_keys=True)
        self.source = raw.get("source") or SOURCE_OF.get(self.type, "web")
        self.act = model.act_of.get(self.type, self.type not in KNOWN_NOT_ACTS)
        self.lead = raw.get("lead", {})
        self.company = raw.get("company", {})
        self.consent = raw.get("consent", {})
        self.identifiers = {}
        for kind, given in raw.get("identifiers", {}).items():
            given = given if isinstance(given, list) else [given]
            self.identifiers[kind] = sorted(x.strip().lower() if kind == "email" else x for x in given)
        self.fields = self._fields(raw)
        self.place = None

    def _fields(self, raw):
        found = {("id",): ("s", self.id), ("type",): ("s", self.type), ("source",): ("s", self.source),
                 ("at",): ("t", self.at)}
        if "received_at" in raw:
            found[("received",)] = ("t", micros(raw["received_at"]))
        for name in TEXTS:
            if isinstance(raw.get(name), str):
                found[(name,)] = ("s", raw[name])
        for group, names in NESTED.items():
            given = dict(raw.get(group, {}))
            if "user_agent" in given:
                given["agent"] = given.pop("user_agent")
            for name in names:
                if given.get(name) is not None:
                    found[(group, name)] = ("s", str(given[name]))
        for name in ("links", "seconds"):
            if name in raw:
                found[(name,)] = literal(raw[name])
        if "amount" in raw:
            amount = raw["amount"]
            found[("amount",)] = ("n", _decimal(amount)) if isinstance(amount, str) else literal(amount)
        for name, x in raw.get("properties", {}).items():
            if literal(x) is not None:
                found[("props", name)] = literal(x)
        return found

    def field(self, path):
        if path == ("place",):
            return ("s", self.place.id) if self.place else None
        if path in (("theme",), ("media",)):
            own = self.fields.get(path)
            given = self.place.raw.get(path[0]) if self.place else None
            return own or (("s", str(given)) if given else None)
        return self.fields.get(path)

    def order(self):
        return (self.at, self.id.encode())


class Moment:
    """A derived moment (entered, left, changed, fired) that stands where a touch may."""

    def __init__(self, position, come_from=None, come_to=None):
        self.position, self.at = position, position[0]
        self.ends = {("from",): come_from, ("to",): come_to}

    def field(self, path):
        return ("t", self.at) if path == ("at",) else self.ends.get(path)
