"""Random worlds: a model that uses the constructs of the language, touches, and looks.

    python3 generate.py SEED            one world as JSON lines
    python3 generate.py --coverage N    how often each construct stands in the worlds 0 … N-1

Seeds from 100000 on make long lives under a short `history.keep`, so that touches are folded away;
seeds from 200000 on are about sequences, those from 300000 on about verdicts in hindsight, every
fourth of both with folds.

A world is a function of its seed alone. Every construct is counted where it is written.
"""
import collections
import json
import random
import sys
from datetime import datetime, timezone

MINUTE, HOUR, DAY = 60 * 10**6, 3600 * 10**6, 86400 * 10**6
STARTS = ["2026-01-05", "2026-03-20", "2026-10-19", "2025-12-18", "2026-04-18", "2026-06-24"]
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Africa/Cairo",
         "Australia/Lord_Howe", "Pacific/Apia"]
TYPES = {
    "web": ["page_view", "page_ping", "download", "form_submitted", "webinar_registered",
            "webinar_attended", "demo_request", "site_search"],
    "product": ["login", "feature_used"],
    "email": ["email_open", "email_click", "email_sent", "email_unsubscribed"],
    "crm": ["attributes", "sales_rejected", "outcome_won"],
    "sales": ["call", "offer_sent", "offer_opened"],
    "own": ["badge_scanned", "sample_shipped"],
}
PATHS = ["/", "/pricing", "/pricing/pumps", "/docs/a", "/docs/b", "/careers/x", "/Über?"]
ASSETS = ["guide.pdf", "sheet.pdf", "w1", "w2"]
INDUSTRIES = ["energy", "water", "Building", "retail"]
ROLES = ["Head of Energy", "buyer", "Managing Director", "intern"]
DOMAINS = ["acme.example", "pumps.example", "rival.example"]
COUNTRIES = ["DE", "AT", "FR"]
PLANS = ["pro", "free", "7"]
LEVELS = ["bot", "suspect", "unconfirmed", "human"]
GRADES = ["F", "D-", "D", "D+", "C-", "C", "C+", "B-", "B", "B+", "A-", "A", "A+"]
STAGES = ["inform", "enable", "assess", "buy", "use"]
LONG = ["1h", "6h", "12h", "1d", "36h", "2d", "3d", "5d", "1w", "10d", "14d", "30d", "1d1h"]
FOLDS_FROM = 100000
SEQUENCES_FROM = 200000
HINDSIGHT_FROM = 300000
SHORT = ["30s", "1m", "2m5s", "10m", "30m", "1h", "90m", "3h", "12h", "1d"]
FINE = ["250ms", "1500ms", "1s1us"]


def micros(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp()) * 10**6


class Quoted(str):
    """Text that stands in double quotes."""


def dump(value, indent=0):
    """Block YAML; a scalar that plain style would break stands in single quotes."""
    pad = "  " * indent
    lines = []
    if isinstance(value, dict):
        for key, x in value.items():
            lines += _entry(f"{pad}{key}:", x, indent)
        return lines
    for x in value:
        if isinstance(x, dict):
            inner = dump(x, indent + 1)
            lines += [pad + "- " + inner[0].lstrip()] + inner[1:]
        else:
            lines.append(f"{pad}- {scalar(x)}")
    return lines


def _entry(head, x, indent):
    if isinstance(x, (dict, list)) and not x:
        return [f"{head} {'{}' if isinstance(x, dict) else '[]'}"]
    if isinstance(x, list) and all(isinstance(y, str) and scalar(y) == y and not set(y) & set(",[]{}")
                                   for y in x):
        return [f"{head} [{', '.join(x)}]"]
    if isinstance(x, (dict, list)):
        return [head] + dump(x, indent + 1)
    return [f"{head} {scalar(x)}"]


def scalar(x):
    x = str(x) if not isinstance(x, str) else x
    if isinstance(x, Quoted):
        return json.dumps(x, ensure_ascii=False)
    plain = x and x[0] not in "!\"'[]{}&*#|>@%`,?:- " and ": " not in x and " #" not in x \
        and not x.endswith(":")
    if x and x[0] == "-" and len(x) > 1 and x[1].isdigit():
        plain = ": " not in x and " #" not in x
    return x if plain else "'" + x.replace("'", "''") + "'"


def folds(seed):
    """Whether the lives of a seed are so long that what was first is folded away."""
    return seed >= FOLDS_FROM and (seed < SEQUENCES_FROM or seed % 4 == 0)


class Writer:
    """Writes one random model; what was written earlier may be named later."""

    def __init__(self, seed, used=None):
        self.r, self.seed = random.Random(seed), seed
        self.used = used if used is not None else collections.Counter()
        self.fine = self.r.random() < 0.25
        self.short = self.r.random() < 0.35
        self.durations = (SHORT if self.short else LONG) + (FINE if self.fine else [])
        self.focus = self.r.choice([None, None, "ripe", "points"])
        self.looks_back = seed >= HINDSIGHT_FROM
        self.sequences = seed >= SEQUENCES_FROM and not self.looks_back
        self.folds = folds(seed)
        self.q = random.Random(f"routes {seed}")   # of its own, so that the rest stays what it was
        if self.folds:
            self.short, self.durations = False, [d for d in LONG if d not in ("10d", "14d", "30d")]
        self.start = micros(self.r.choice(STARTS))
        self.scores, self.segments, self.labels, self.triggers, self.quals = [], [], [], [], []
        self.stages = self.grade = self.fit_done = False
        self.model = {"waterhole": "1", "name": "random_model"}
        self.rule_count = 0
        self.drawn = []
        self.named = collections.Counter()     # touch types that the model names

    # ---- small choices -------------------------------------------------------------------

    def use(self, name):
        self.used[name] += 1

    def some(self, chance):
        return self.r.random() < chance

    def of(self, options):
        return self.r.choice(list(options))

    def span(self):
        if self.some(0.1) and self.durations_named:
            self.use("span constant")
            return self.of(self.durations_named)
        return self.duration()

    def duration(self):
        found = self.of(self.durations)
        self.drawn.append(found)
        return found

    def number(self, low, high):
        if self.some(0.2):
            self.use("decimals")
            return f"{self.r.randint(low, high)}.{self.of(['5', '25', '333', '125'])}".replace("--", "-")
        return str(self.r.randint(low, high))

    def op(self):
        op = self.of(["<", "<=", ">", ">=", ">=", ">", "==", "!="])
        self.use("relation " + op)
        return op

    def order_op(self):
        op = self.of(["<", "<=", ">", ">="])
        self.use("relation " + op)
        return op

    def types(self):
        pool = [t for ts in TYPES.values() for t in ts]
        found = self.of(["page_view"] * 6 + ["download", "form_submitted", "email_click"] * 2 + pool)
        self.named[found] += 1
        return found

    def selector(self, derived=True, it=True):
        roll = self.r.random()
        if roll < 0.15:
            self.use("selector any")
            return "any"
        if roll < 0.2:
            self.use("selector session")
            return "session"
        if roll < 0.3 and derived:
            found = self.derived()
            if found:
                return found
        if roll < 0.45:
            self.use("selector |")
            return f"{self.types()} | {self.types()}"
        if roll < 0.48:
            self.use("selector string")
            return '"badge_scanned"'
        self.use("selector type")
        return self.types()

    def derived(self):
        pool = [f"entered({s})" for s in self.segments] + [f"left({s})" for s in self.segments] + \
            [f"changed({l})" for l, _ in self.labels] + [f"fired({t})" for t in self.triggers]
        if not pool:
            return None
        found = self.of(pool)
        self.use("selector " + found.split("(")[0])
        return found

    def window(self, whole=True, since=True):
        kinds = ["within"] * 6 + ["between", "between", "this", "this", "previous", "this session"]
        kinds += ["since"] if since and not self.folds else []
        kinds += ["whole"] * 2 if whole else []
        kind = self.of(kinds)
        self.use("window " + kind)
        if kind == "within":
            return " within " + self.span()
        if kind == "between":
            sized = self.durations
            far, near = self.of(range(1, len(sized))), 0
            pair = sorted([sized[far], sized[near], self.of(sized)], key=_length)
            return f" between {pair[-1]} and {pair[0]}" if pair[0] != pair[-1] else " within " + pair[0]
        if kind in ("this", "previous"):
            period = self.of(["day", "day", "week", "month", "quarter", "year"][:3 if self.folds else 6 if kind == "this" else 5])
            self.use("period " + period)
            return f" {kind} {period}"
        if kind == "this session":
            return " this session"
        return " since " + self.selector() if kind == "since" else ""

    # ---- expressions ---------------------------------------------------------------------

    def item_bool(self, it, touch=False):
        """A condition over one touch, named `it` or `touch`."""
        atoms = [
            f'{it}.page.path.glob("/pricing*")', f'{it}.page.path.startsWith("/docs")',
            f'{it}.page.path == "{self.of(PATHS)}"', f'{it}.page.title.contains("Pump")',
            f'{it}.page.path.endsWith("a")', f'{it}.asset == "{self.of(ASSETS)}"',
            f'{it}.asset in ["guide.pdf", "w1"]', f'{it}.seconds {self.op()} {self.number(5, 60)}',
            f'{it}.amount {self.order_op()} {self.number(0, 100)}', f'{it}.props.plan == "pro"',
            f'{it}.props.seats {self.op()} {self.number(1, 9)}', f'{it}.props.trial',
            f'{it}.theme == "buying"', f'{it}.media == "owned"', f'has({it}.asset)',
            f'{it}.source == "{self.of(["web", "email", "crm"])}"',
            f'{it}.campaign.source.imatch("news|Mail")', f'{it}.device.class != "robot"',
            f'{it}.send.matches("^s[12]$")', f'{it}.type != "page_view"', f'{it}.page.path.size() > 5',
            f'{it}.network.country == "DE"', f'{it}.currency == "EUR"', f'{it}.page.title.lower() == "pumps"',
            f'{it}.channel == "email" || {it}.links > 3', f'{it}.form == "contact"',
            f'{it}.product < "HX-3"', f'!has({it}.session)',
        ]
        if "places" in self.model:
            atoms += [f'{it}.place == "pricing"'] * 3
        if touch and "verdict" in self.model:
            atoms.append(f'{it}.verdict >= "human"')
        found = self.of(atoms)
        self.note(found)
        return found

    def note(self, text):
        for word in ("glob", "startsWith", "endsWith", "contains", "matches", "imatch", "lower", "size",
                     "has(", "props", " in ", "!has"):
            if word in text:
                self.use("expr " + word.strip(" ("))

    def where(self, touch, whole):
        if not self.some(0.5):
            return ""
        if touch and not whole and self.some(0.5):
            field = self.of(["asset", "page.path", "send", "product", "props.plan", "type", "at"])
            self.use("where it.x == touch.x")
            return f" where it.{field} {'==' if field != 'at' else '<'} touch.{field}"
        self.use("where")
        return " where " + self.item_bool("it")

    def count(self, touch=False):
        window = self.window()
        self.use("agg count")
        selector = self.selector()
        where = "" if "(" in selector else self.where(touch, window == "")
        return f"count({selector}{where}{window})"

    def amount(self, touch=False):
        """A numeric aggregate."""
        what = self.of(["sum", "min", "max", "avg", "distinct", "first", "last"])
        window = self.window(whole=what != "distinct")
        self.use("agg " + what)
        value = self.of(["it.seconds", "it.amount", "it.props.seats", "it.seconds * 2",
                         "it.amount / 3", "it.links - it.seconds"])
        if what == "distinct":
            value = self.of(["it.asset", "it.page.path", "it.place" if "places" in self.model
                             else "it.type", "it.props.plan", "it.seconds"])
        selector = self.selector(derived=False)
        return f"{what}({value} of {selector}{self.where(touch, window == '')}{window})"

    def textual(self):
        what = self.of(["first", "last", "top", "list"])
        self.use("agg " + what)
        window = self.window(whole=what in ("first", "last"))
        field, literal = self.of([("it.asset", self.of(ASSETS)), ("it.type", self.types()),
                                  ("it.props.plan", "pro"), ("it.page.path", self.of(PATHS))])
        inner = f"({field} of {self.selector(derived=False)}{self.where(False, window == '')}{window})"
        return f'"{literal}" in list{inner}' if what == "list" else f'{what}{inner} == "{literal}"'

    def lead_bool(self):
        found = self.of([
            'lead.industry == "energy"', 'lead.industry.imatch("energy|building")', "has(lead.role)",
            'lead.role.matches("Head|Director")', f"lead.employees {self.order_op()} {self.number(10, 90)}",
            "lead.is_customer", "!lead.is_customer", 'lead.country == "DE"', 'lead.country in ["DE", "AT"]',
            "lead.known", "consent.marketing", "consent.marketing == false", 'company.plan == "pro"',
            "company.employees >= 100", 'lead.email.endsWith(".example")', "default(lead.employees, 0) < 50",
            'default(lead.industry, "none") != "water"', "has(lead.phone)", 'lead.company == "acme.example"',
            "lead.company in targets", "lead.industry.lower() in names", "has(company.domain)",
            "lead.employees * 2 >= company.employees - 10", "lead.birthday < now",
        ])
        self.note(found)
        self.use("lead, consent, company")
        return found

    def session_bool(self):
        self.use("session.*")
        return self.of(["session.number >= 2", "session.pages > 2", f"session.gap >= {self.of(self.durations)}",
                        "session.touches >= 3", f"session.length >= {self.of(['1m', '5m', '10m'])}",
                        "has(session.number)"])

    def clock_bool(self):
        self.use("clocks")
        day = datetime.fromtimestamp((self.start + self.r.randint(1, 30) * DAY) // 10**6, timezone.utc)
        return self.of([
            f"since({self.selector()}) {self.order_op()} {self.span()}",
            f"now - lead.first_at >= {self.span()}", f"now - lead.last_at > {self.span()}",
            f'now >= time("{day:%Y-%m-%d}")', f'now < time("{day:%Y-%m-%dT%H:%M}")',
            f"now - max(it.at of {self.types()} within {self.span()}) < {self.span()}",
            f"since({self.types()} where {self.item_bool('it')}) < {self.span()}",
            f"lead.first_at + {self.span()} {self.order_op()} now",
        ])

    def silence(self):
        self.use("silent")
        kind = self.r.randint(0, 2)
        if kind == 0:
            return f"silent({self.span()})"
        if kind == 1:
            return f"silent({self.selector()} for {self.span()})"
        return f"silent({self.types()} where {self.item_bool('it')} for {self.span()})"

    def model_bool(self):
        """A condition over what the model defined before."""
        pool = []
        for score in self.scores:
            pool += [f"{score} {self.order_op()} {self.number(-5, 60)}"] * 3
            pool += [f"{score} >= needed(lead.tier)", f"{score} >= bar"]
        pool += self.segments + [f"!{s}" for s in self.segments]
        for label, names in self.labels:
            ordered, names = names
            literal = self.of(names)
            pool.append(f'{label} {self.op() if ordered else "=="} "{literal}"')
            pool.append(f'{label} in ["{names[0]}", "{names[-1]}"]')
        if self.fit_done:
            pool += [f'grade {self.op()} "{self.of(GRADES)}"'] * 2
        if self.stages:
            pool += [f'stage {self.op()} "{self.of(STAGES)}"', "stale",
                     f"now - stage_since >= {self.span()}"]
        pool += ["office", "season", "!office"]
        pool += self.quals
        found = self.of(pool)
        for word, name in (("grade", "grade"), ("stage ", "stage"), ("stale", "stale"),
                           ("stage_since", "stage_since"), ("office", "schedule"), ("season", "schedule"),
                           ("needed", "table in expression")):
            if word in found:
                self.use("name " + name)
        for sort, names in (("score", self.scores), ("segment", self.segments), ("qualification", self.quals),
                            ("label", [l for l, _ in self.labels])):
            if any(found.lstrip("!").split(" ")[0] == n for n in names):
                self.use("name " + sort)
        return found

    def condition(self, touch=False, depth=2, model=True, clocks=True):
        if depth and self.some(0.35):
            self.use("expr &&, ||, !")
            kind = self.of(["and", "and", "or", "not", "paren"])
            left = self.condition(touch, depth - 1, model, clocks)
            right = self.condition(touch, depth - 1, model, clocks)
            if kind == "not":
                return f"!({left})"
            if kind == "paren":
                return f"({left} || {right}) && {self.condition(touch, 0, model, clocks)}"
            return f"{left} && {right}" if kind == "and" else f"{left} || {right}"
        kinds = ["count"] * 5 + ["amount"] * 2 + ["textual", "silence", "lead", "lead", "session", "momentum",
                                                  "function"]
        kinds += ["clock"] if clocks else []
        kinds += ["model"] * 4 if model else []
        kinds += ["touch"] * 6 if touch else []
        kind = self.of(kinds)
        if kind == "count":
            return f"{self.count(touch)} {self.of(['>=', '>', self.op()])} {self.of([0, 1, 1, 2, 2, 3])}"
        if kind == "amount":
            return f"{self.amount(touch)} {self.op()} {self.number(1, 60)}"
        if kind == "momentum":
            self.use("expr arithmetic")
            a, b = sorted(self.r.sample(self.durations, 2), key=_length)
            return f"count(any within {a}) > count(any between {b} and {a}) / {self.of(['4', '2', '1.5'])}"
        if kind == "function":
            self.use("expr least, greatest, abs, default")
            return f"{self.formula()} {self.order_op()} {self.number(0, 20)}"
        if kind == "touch":
            self.use("touch in condition")
            return self.item_bool("touch", touch=True)
        return {"textual": self.textual, "silence": self.silence, "lead": self.lead_bool,
                "session": self.session_bool, "clock": self.clock_bool, "model": self.model_bool}[kind]()

    def formula(self, touch=False):
        """A number without clocks."""
        inner = self.of([self.count(), f"default({self.amount()}, 1)", "default(lead.employees, 3)"])
        return self.of([
            f"least({inner}, 5)", f"greatest({inner}, 2) - 1", f"abs(3 - {inner})", f"{inner} * 0.35",
            f"{inner} / 3", f"visits({inner})", f"({inner} + 1) * 2 - 0.5", f"-{inner} + 4", inner,
        ])

    # ---- sections ------------------------------------------------------------------------

    def head(self):
        m = self.model
        zone = self.of(ZONES)
        if zone != "UTC" or self.some(0.5):
            m["zone"] = zone
            self.use("zone")
        m["constants"] = {"bar": self.number(5, 30), "gain": str(self.r.randint(1, 9)),
                          "span_a": self.duration(), "word": "pro"}
        self.durations_named = ["span_a"]
        m["tables"] = {"worth": {"page_view": "2", "download": "15", "email_click": "3",
                                 "form_submitted": "20.5", "email_unsubscribed": "-15",
                                 "default": self.of(["0", "1"])},
                       "status": {"webinar_registered": "20", "webinar_attended": "35"},
                       "needed": {"gold": "10", "basic": "40", "default": "25"},
                       "visits": {"1": "5", "3": "10", "10": "20",
                                  **({"default": "0"} if self.some(0.5) else {})}}
        m["lists"] = {"targets": ["acme.example", "pumps.example"], "names": ["energy", "water"]}
        day = datetime.fromtimestamp((self.start + 3 * DAY) // 10**6, timezone.utc)
        end = datetime.fromtimestamp((self.start + 17 * DAY) // 10**6, timezone.utc)
        m["schedules"] = {"office": {"days": self.of(["mon-fri", "mon-wed,sat", "tue-thu,sun"]),
                                     "hours": Quoted(self.of(["08:00-18:00", "02:30-17:15", "00:00-12:00"]))},
                          "season": {"from": f"{day:%Y-%m-%d}", "until": f"{end:%Y-%m-%dT%H:%M}"}}
        if self.some(0.3):
            m["schedules"]["office"]["zone"] = self.of(ZONES)
            self.use("schedule zone")
        for name in ("constants", "tables", "lists", "schedules"):
            self.use(name)
        if self.some(0.6):
            self.use("data")
            m["data"] = {"lead": {"industry": "string", "role": "string", "employees": "number",
                                  "is_customer": "bool", "tier": "string", "owner": "string",
                                  "birthday": "time"}}
            if self.some(0.5):
                m["data"]["touches"] = {"badge_scanned": "act", "sample_shipped": "no_act"}
                self.use("data.touches")
        else:
            # Without a declaration a birthday is text and does not compare with a time.
            m["data"] = {"lead": {"birthday": "time", "industry": "string", "role": "string",
                                  "employees": "number", "is_customer": "bool", "tier": "string",
                                  "owner": "string"},
                         "company": {"domain": "string", "plan": "string", "employees": "number"},
                         "props": {"plan": "string", "seats": "number", "trial": "bool"}}
            self.use("data.props")
        if self.folds:
            m["history"] = {"keep": "31d"}
        elif self.some(0.2):
            m["history"] = {"keep": "500d", "touches": "1500"}
            self.use("history")
        if self.some(0.3):
            m["sessions"] = {"gap": self.of(["10m", "1h", "15m", "2h"])}
            self.use("sessions.gap")

    def places(self):
        found = [{"id": "pricing", "match": 'touch.type == "page_view" && touch.page.path.glob("/pricing*")',
                  "theme": "buying", "stage": "assess"},
                 {"id": "docs", "match": 'touch.page.path.startsWith("/docs")', "stage": "enable",
                  "media": "owned"},
                 {"id": "guide", "match": 'touch.asset == "guide.pdf" || touch.asset in names',
                  "theme": "efficiency", "media": "paid"}]
        self.model["places"] = found[:self.r.randint(1, 3)]
        self.use("places")

    def verdict(self):
        v = {}
        if self.some(0.5):
            v["minimum"] = self.of(["bot", "suspect", "unconfirmed", "unconfirmed", "human"])
        if self.some(0.6):
            v["start"] = {"email_open": "unconfirmed", "email_click": self.of(["unconfirmed", "suspect"]),
                          self.types(): "unconfirmed"}
            self.use("verdict.start")
        if self.some(0.8) or not v:
            v["evidence"] = [{"id": "robot", "on": self.of(["any", "page_view | email_click"]),
                              "when": 'touch.device.class == "robot"', "is": self.of(LEVELS[:3])}]
            if self.some(0.6):
                v["evidence"].append({
                    "id": "quick", "on": "email_click", "is": self.of(LEVELS[:3]),
                    "when": self.of([
                        f"count(email_click where it.send == touch.send within {self.duration()}) >= 2",
                        'touch.network.country == "FR"', "touch.links > 4",
                        f"count(any within {self.duration()}) > 3"])})
                self.use("evidence with aggregates")
            self.use("evidence")
        if self.looks_back:
            self.hindsight(v)
        self.model["verdict"] = v
        self.use("verdict")

    def hindsight(self, v):
        """Evidence that later touches bring to earlier ones, and what confirms."""
        def reach():
            return self.duration() if self.some(0.5) else self.of(["1s", "30s", "5m1s", "31m"])
        same = ["touch.send", "touch.send", "touch.send", "touch.session", "touch.device.class"]
        more = []
        if self.some(0.6):
            burst = {"id": "burst", "on": self.of(["email_click", "email_click | email_open", "any", self.types()]),
                     "burst": {"same": self.of(same), "count": str(self.r.randint(2, 3)), "within": reach()},
                     "is": self.of(LEVELS[:3])}
            if self.some(0.3):
                burst["when"] = self.of(["touch.links > 1", "has(touch.link)", 'touch.network.country != "FR"'])
            more.append(burst)
            self.use("burst")
        for name in ("close", "closer"):
            if (more or "evidence" in v) and self.some(0.4):
                near = {"same": self.of(same), "within": reach(), "any": self.r.sample(
                    ["touch.link", "touch.network.country", "touch.device.class", "touch.type"], self.r.randint(1, 3))}
                if self.some(0.5):
                    near["back"] = reach()
                    self.use("near back")
                more.append({"id": name, "on": self.of(["email_click", "any", "any", self.types()]),
                             "near": near, "is": self.of(LEVELS[:3])})
                self.use("near")
        if more:
            v["evidence"] = v.get("evidence", []) + more
            self.r.shuffle(v["evidence"])
        if "start" in v and self.some(0.7):
            v["confirm"] = [{"id": "seen", "on": self.of(["email_click | email_open", "any"]),
                             "followed_by": self.types(), "within": reach()}][:self.r.randint(0, 1)]
            if self.some(0.7) or not v["confirm"]:
                v["confirm"].append({"id": "calm", "on": self.of(["email_click", "any"]), "quiet": reach()})
                self.use("confirm quiet")
            self.use("confirm")

    def fit(self):
        criteria = []
        for n in range(self.r.randint(1, 4)):
            when = self.lead_bool() if self.some(0.8) else self.condition(depth=1, model=False, clocks=False)
            c = {"id": f"c{n}", "when": when,
                 "weight": f"{self.of(['', '', '', '-'])}{self.r.randint(1, 3)}/3"}
            if self.some(0.2):
                c["mismatch"] = self.of(["ignore", "subtract"])
                self.use("criterion mismatch")
            criteria.append(c)
        self.model["fit"] = {"criteria": criteria}
        if self.some(0.6):
            self.model["fit"]["start"] = self.of(GRADES)
        if self.some(0.4):
            self.model["fit"]["mismatch"] = "subtract"
            self.use("fit mismatch")
        self.fit_done = True
        self.use("fit")

    def decay(self):
        kinds = ["step_linear", "step_geometric", "cliff"] + ([] if self.fine else ["half_life"] * 3)
        kind = self.of(kinds)
        self.use("decay " + kind)
        span = self.of([d for d in self.durations if _length(d) >= (10 * MINUTE if self.short else 6 * HOUR)])
        if kind.startswith("step") and _length(span) > 3 * DAY:
            span = "3d"
        if kind.startswith("step") and self.folds:
            span = "6h"                        # points may not last longer than the history kept
        self.drawn += [span] * 3
        found = {kind: span} if kind in ("half_life", "cliff") else \
            {kind: self.of(["20%", "12.5%", "33.3%", "50%", "7%"]), "every": span}
        if self.some(0.3):
            found["only_after"] = self.duration()
            self.use("decay only_after")
        return found

    def limit(self):
        self.use("limit")
        return self.of([["0", "none"], ["0", "50"], ["-10", "20.5"], ["none", "30"], ["0", "100"]])

    def cap(self):
        per = self.of(["day", "week", "month", "session", self.duration(), "1d"])
        self.use("cap per " + ("duration" if per[0].isdigit() else per))
        return {"points": self.of(["10", "4.5", "20", "-10", "3"]), "per": per}

    def once(self):
        def one():
            kind = self.of(["lead", "company", "session", "period", "duration", "duration", "duration", "value", "value"])
            self.use("once_per " + kind)
            return {"period": self.of(["day", "week", "month"]), "duration": self.duration() if kind == "duration" else "",
                    "value": self.of(["touch.asset", "touch.page.path", "touch.send", "touch.props.plan",
                                      "lead.industry", "touch.theme"])}.get(kind, kind)
        if self.some(0.2):
            found = list(dict.fromkeys(one() for _ in range(self.r.randint(2, 3))))
            spans = [x for x in found if x[0].isdigit()]
            self.use("once_per list")
            return [x for x in found if x not in spans] + spans[:1]
        return one()

    def points(self):
        return self.of([self.number(1, 20), str(self.r.randint(1, 20)), f"-{self.r.randint(1, 10)}", "gain",
                        "worth(touch.type)", "touch.seconds * 0.2", "touch.amount / 7", "touch.amount * 0.355", "-touch.seconds * 0.505", "visits(touch.props.seats)",
                        f"{self.count(True)} * 2", "touch.props.seats - 2", "default(touch.seconds, 4)"])

    def rule(self, groups):
        self.rule_count += 1
        rule = {"id": f"r{self.rule_count}"}
        if groups and self.some(0.6):
            rule["group"] = self.of(groups)
        if self.some(0.22):
            rule["while"] = self.of(["true", self.condition(), self.condition(), self.condition()])
            rule["points"] = self.of([self.number(1, 15), f"-{self.r.randint(1, 9)}", self.formula()] + [
                f"{s} * 0.5" for s in self.scores])
            self.use("while")
        else:
            self._on(rule)
            if self.some(0.08):
                rule["set"] = self.of(["0", "5", "-2.5", "touch.props.seats"])
                self.use("set")
                if self.some(0.3):
                    rule["once_per"] = self.once()
            else:
                self._worth(rule)
        if self.some(0.2):
            rule["limit"] = self.limit()
            self.use("limit of rule")
        return rule

    def _on(self, part):
        part["on"] = self.selector()
        if "(" in part["on"]:
            # A derived moment has no fields of a touch: such rules look at the moment alone.
            if self.some(0.4):
                part["when"] = self.condition()
            self.use("on derived")
            return
        if self.some(0.15 if self.focus == "points" else 0.4):
            part["when"] = self.condition(touch=True, depth=1)
            self.use("when")
        if self.some(0.4 if "verdict" in self.model else 0.05):
            part["verdict"] = self.of(["unconfirmed", "human"])
            self.use("verdict of a part")

    def _worth(self, rule):
        derived = "(" in rule["on"]
        rule["points"] = self.number(1, 20) if derived else self.points()
        if self.some(0.12) and not derived:
            rule["on"], rule["points"] = self.of([
                ("webinar_registered | webinar_attended", "status(touch.type)"),
                ("page_view | download | form_submitted", "worth(touch.type)"),
                ("any", "touch.props.seats * 3"), ("any", "worth(touch.type)")])
            rule.pop("when", None)
            rule["progressive"] = self.of(["touch.asset", "lead", "touch.theme"])
            self.use("progressive")
        elif self.some(0.5):
            if self.some(0.5) and not derived:
                rule["on"] = self.of(["page_view", "any", "email_click | page_view"])
                rule["points"] = self.number(1, 12)
                rule.pop("when", None)
            rule["once_per"] = self.once() if not derived else self.of(["lead", "day", self.duration()])
        if self.some(0.25):
            rule["cap"] = self.cap()
            self.use("cap of rule")
        if self.some(0.25):
            rule["decay"] = "none" if self.some(0.3) else self.decay()
            self.use("decay of rule")

    def score(self):
        name = f"score_{len(self.scores)}"
        score = {"id": name}
        if self.scores and self.some(0.2):
            terms = [f"{self.of(['0.6', '2', '-0.25'])} * {s}" for s in self.r.sample(self.scores, 1)]
            terms.append(self.of(["0.4 * " + self.of(self.scores), "least(" + self.of(self.scores) + ", 20)",
                                  f"default({self.amount()}, 0)"]))
            score["value"] = " + ".join(terms)
            self.use("score value")
        else:
            groups = {}
            if self.some(0.5):
                for g in ("web", "mail")[:self.r.randint(1, 2)]:
                    groups[g] = {}
                    for key, make, chance in (("limit", self.limit, 0.6), ("cap", self.cap, 0.4),
                                              ("decay", self.decay, 0.3)):
                        if self.some(chance):
                            groups[g][key] = make()
                            self.use(key + " of group")
                    groups[g] = groups[g] or {"limit": self.limit()}
                score["groups"] = groups
                self.use("groups")
            if self.some(0.6):
                score["decay"] = self.decay()
                self.use("decay of score")
            if self.some(0.2):
                score["cap"] = self.cap()
                self.use("cap of score")
            if self.some(0.15):
                score["suspend"] = self.condition(depth=1)
                self.use("suspend of score")
            score["rules"] = [self.rule(list(groups)) for _ in range(self.r.randint(2, 5))]
        if self.some(0.4):
            score["limit"] = self.limit()
            self.use("limit of score")
        self.model.setdefault("scores", []).append(score)
        self.scores.append(name)
        self.use("score")

    def label(self):
        name = f"label_{len(self.labels)}"
        label = {"id": name}
        if self.some(0.6):
            label["of"] = self.of(self.scores + [self.formula()]) if self.scores else self.formula()
            label["bands"] = {"cool": self.of(["-20", "0", "2"]), "warm": self.of(["5", "8.5"]),
                              "hot": self.of(["20", "31"])}
            names = (True, ["cool", "warm", "hot"])
            self.use("label bands")
        else:
            label["cases"] = [{"when": self.condition(), "label": "alpha"},
                              {"when": self.condition(), "label": "beta"}]
            if self.some(0.6):
                label["cases"].append({"label": "rest"})
            names = (False, ["alpha", "beta"] + (["rest"] if len(label["cases"]) == 3 else []))
            self.use("label cases")
        if self.some(0.6):
            label["announce"] = "true"
            self.use("label announce")
        self.model.setdefault("labels", []).append(label)
        self.labels.append((name, names))

    def segment(self):
        name = f"seg_{len(self.segments)}"
        segment = {"id": name, "when": self.condition()}
        if self.some(0.15):
            segment["announce"] = "false"
            self.use("segment announce false")
        self.model.setdefault("segments", []).append(segment)
        self.segments.append(name)
        self.use("segment")

    def trigger(self):
        name = f"trig_{len(self.triggers)}"
        trigger = {"id": name}
        if self.some(0.5):
            self._on(trigger)
            self.use("trigger on")
            if self.some(0.4) and "(" not in trigger["on"]:
                trigger["once_per"] = self.once()
                self.use("trigger once_per")
        else:
            trigger["when"] = self.condition()
            self.use("trigger when")
        if self.some(0.4):
            trigger["cool_down"] = self.duration()
            self.use("trigger cool_down")
        if self.some(0.2):
            trigger["max"] = str(self.r.randint(1, 3))
            self.use("trigger max")
        self.model.setdefault("triggers", []).append(trigger)
        self.triggers.append(name)

    # ---- sequences -----------------------------------------------------------------------

    def sequence(self):
        name = f"seq_{len(self.triggers)}"
        trigger = {"id": name}
        count = self.of([1, 2, 2, 2, 3, 3, 4])
        self.limited = self.folds or self.some(0.7)
        pool = [self.types() for _ in range(self.r.randint(1, 3))]
        self.step_names = set()
        steps = [self.step(n, pool, trigger) for n in range(count)]
        if count == 1 and "times" not in steps[0]:
            steps[0]["times"] = self.of(["2", "3"])
            if not self.limited:
                self._within(steps[0])
        if self.limited:
            trigger["within"] = self.of(["1d", "2d", "5d"]) if self.folds else self.duration()
            self.use("sequence within")
        if self.some(0.35) and count > 1:
            self.absence(steps, trigger, pool)
        trigger["sequence"] = self.guards(steps, pool)
        named = [s["as"] for s in steps if "as" in s]
        self.after(trigger, named)
        if self.some(0.3):
            trigger["missed"] = "no_" + name
            self.use("sequence missed")
        if self.some(0.25):
            trigger["cool_down"] = self.duration()
            self.use("sequence cool_down")
        if self.some(0.15):
            trigger["max"] = str(self.r.randint(1, 3))
        if named and self.some(0.7):
            trigger["with"] = {f"w{n}": f"{s}.{self.of(['id', 'asset', 'at', 'page.path', 'seconds'])}"
                               for n, s in enumerate(named)}
            self.use("sequence with")
        self.model.setdefault("triggers", []).append(trigger)
        self.triggers.append(name)
        self.use("sequence")

    def after(self, trigger, named):
        policy = self.of(["skip_past", "skip_to_next", "no_skip", "no_skip", "skip_to_first", "skip_to_last"])
        if policy.startswith("skip_to_") and policy != "skip_to_next":
            if not named:
                return
            policy = {policy: self.of(named)}
        if policy != "skip_past":
            trigger["after_match"] = policy
        self.use("after_match " + (policy if isinstance(policy, str) else list(policy)[0]))

    def _of_steps(self, pool):
        """Which touches: mostly of a few types that come up again, so that runs get somewhere."""
        roll = self.r.random()
        if roll < 0.12:
            return self.derived() or self.of(pool)
        if roll < 0.17:
            return "session"
        if roll < 0.24:
            return "any"
        return self.of(pool) if roll < 0.8 else f"{self.of(pool)} | {self.types()}"

    def step(self, n, pool, trigger):
        step = {}
        if self.some(0.6):
            step["as"] = f"{trigger['id']}_{n}"
        step["on"] = self._of_steps(pool)
        derived = "(" in step["on"]
        named = [f"{trigger['id']}_{k}" for k in range(n) if k in self.step_names]
        if named and self.some(0.3):
            back = self.of(named)
            step["when"] = self.of([
                f"touch.asset == {back}.asset", f"touch.page.path != {back}.page.path",
                f"touch.at - {back}.at >= {self.duration()}", f"has({back}.seconds)",
                f"count(any where it.asset == {back}.asset within {self.span()}) >= 2",
                f"touch.id != {back}.id && {back}.verdict >= \"human\"" if "verdict" in self.model
                else f"touch.id != {back}.id"])
            self.use("step back-reference")
        elif self.some(0.15):
            step["when"] = self.condition(touch=not derived, depth=1)
            self.use("step when")
        if self.some(0.1):
            step["verdict"] = self.of(["unconfirmed", "human"])
            self.use("step verdict")
        self._times(step, derived, n)
        if n > 0:
            if self.some(0.35):
                step["link"] = self.of(["next", "then_any"])
                self.use("step link " + step["link"])
            if self.some(0.2):
                step["optional"] = "true"
                self.use("step optional")
            if not self.limited or self.some(0.3):
                self._within(step)
        if "as" in step:
            self.step_names.add(n)
        return step

    def _times(self, step, derived, n):
        if not self.some(0.35):
            return
        step["times"] = self.of(["2", "3", "1..2", "2..4"] + (["1..", "2.."] * 2 if self.limited else []))
        self.use("step times" + (" open" if step["times"].endswith("..") else ""))
        if self.some(0.3):
            step["each"] = "next"
            self.use("step each next")
        if self.some(0.3):
            step["until"] = self.condition(touch=True, depth=0) if "as" not in step or self.some(0.7) \
                else f"touch.page.path == {step['as']}.page.path"
            self.use("step until")
        if n == 0 and (not self.limited or self.some(0.3)):
            self._within(step)

    def _within(self, step):
        far = self.of(["1d", "2d"]) if self.folds else self.duration()
        if _length(far) > 10 * DAY:
            far = "5d"
        step["within"] = far
        self.use("step within")
        if self.some(0.2):
            near = self.duration()
            if _length(near) < _length(far):
                step["within"] = [near, far]
                self.use("step within [A, B]")

    def absence(self, steps, trigger, pool):
        """The last step becomes one that must not come."""
        far = self.of(["12h", "1d"]) if self.folds else self.duration()
        if self.limited and _length(far) >= _length(trigger["within"]):
            return
        last = {"not": steps[-1]["on"] if self.some(0.5) else self._of_steps(pool), "within": far}
        if "when" in steps[-1] and last["not"] == steps[-1]["on"]:
            last["when"] = steps[-1]["when"]
        steps[-1] = last
        self.use("step not last")

    def guards(self, steps, pool):
        found = steps[:1]
        for step in steps[1:]:
            if self.some(0.15):
                found.append({"not": self._of_steps(pool)})
                if self.some(0.3):
                    found[-1]["within"] = self.duration()
                self.use("step not between")
            found.append(step)
        return found

    def stage(self):
        moves = []
        for _ in range(self.r.randint(1, 4)):
            move = {"to": self.of(STAGES)}
            if self.some(0.6):
                move["on"] = self.selector()
                if self.some(0.3):
                    move["when"] = self.condition(touch="(" not in move["on"])
                self.use("move on")
            else:
                move["when"] = self.condition()
                self.use("move when")
            if self.some(0.2):
                move["back"] = "true"
                self.use("move back")
            moves.append(move)
        stages = {"order": STAGES, "moves": moves}
        if "places" in self.model and self.some(0.7):
            stages["from"] = "place"
            self.use("stages from place")
        if self.some(0.25):
            stages["never_back"] = "false"
            self.use("never_back false")
        if self.some(0.6):
            stages["stale"] = {self.of(STAGES): self.duration(), "inform": self.duration()}
            self.use("stages stale")
        self.model["stages"] = stages
        self.stages = True
        self.use("stages")

    def qualification(self):
        name = f"qual_{len(self.quals)}"
        q = {"id": name}
        sharp = self.focus == "ripe"
        if self.some(0.35):
            self._on(q)
            if sharp and self.some(0.6):
                q["on"] = self.of(["any", "page_view", "email_click | download"])
                q.pop("when", None)
            self.use("qualification on")
            if self.some(0.2 if sharp else 0.4):
                q["disarm"] = self.of(["never", self.condition(depth=1), self.condition(depth=1)])
        elif self.scores and self.some(0.2 if sharp else 0.6):
            score, high = self.of(self.scores), self.r.choice([2, 5, 5, 9, 14, 20, 40])
            q["arm"] = f"{score} >= {high}"
            if self.some(0.6):
                q["disarm"] = self.of(["never", f"{score} < {self.r.randint(0, high)}",
                                       f"{score} < {high - 1}.5"])
        else:
            q["arm"] = self.of([self.condition(), self.narrow()] + [self.narrow()] * 3 * sharp)
            if self.some(0.3):
                q["disarm"] = self.of(["never", self.silence(), f"count({self.types()} within {self.span()}) == 0"])
        for key in ("arm", "disarm"):
            if key in q:
                self.use(f"qualification {key}" + (" never" if q[key] == "never" else ""))
        for key, chance in (("gate", 0.35), ("except", 0.3)):
            if self.some(chance / 3 if sharp else chance):
                q[key] = self.of([self.lead_bool(), "office", self.condition(depth=1)])
                self.use("qualification " + key)
        if self.some(0.8 if sharp else 0.5):
            q["cool_down"] = self.duration()
            self.use("qualification cool_down")
        if self.some(0.15):
            q["max"] = str(self.r.randint(1, 3))
            self.use("qualification max")
        if self.some(0.3):
            q["note"] = Quoted(self.of(["{lead.industry}, at {touch.asset}", "grade {grade}!", "of {lead.company}"])
                               if self.fit_done else "{lead.industry} at {touch.asset}")
            self.use("note")
        self.model.setdefault("qualification", []).append(q)
        self.quals.append(name)
        self.use("qualification")

    def narrow(self):
        """A condition that a late touch easily refutes."""
        self.use("qualification arm narrow")
        kind = self.of(["page_view", "any", "email_click", self.types()])
        return self.of([
            f"count({kind} within {self.span()}) == {self.r.randint(1, 2)}",
            f"count({kind}) == {self.r.randint(1, 3)}", f'last(it.type of any) != "{self.types()}"',
            f"sum(it.seconds of {kind}) < {self.r.randint(10, 90)}",
            f"count({kind}) > 0 && count({self.types()}) == 0", "session.touches == 2",
        ])

    def routes(self):
        self.model["routes"] = [
            {"id": "own", "to": Quoted("{lead.owner}")},
            {"id": "dach", "when": self.of(['lead.country in ["DE", "AT"]', self.condition(depth=1)]),
             "to": "team_dach"},
            {"id": "named", "to": Quoted("team_{lead.country}")},
        ][self.r.randint(0, 2):]
        if self.some(0.5):
            self.model["routes"].append({"id": "rest", "to": "inbox"})
        self.use("routes")
        for route in self.model["routes"]:
            self.counter(route)

    def counter(self, route):
        """Owners, room, stickiness, on some routes."""
        names = self.q.sample(["anna", "ben", "cem", "dora", "eve"], self.q.randint(1, 4))
        kind = self.q.choice(["", "round_robin", "weighted", "weighted"])
        if kind == "weighted":
            route.update(pick=kind, of={name: str(self.q.randint(1, 4)) for name in names})
        elif kind:
            route.update(pick=kind, of=names)
        if kind and self.q.random() < 0.4:
            route["sticky"] = self.q.choice(self.durations)
            self.use("routes sticky")
        if self.q.random() < 0.4:
            per = self.q.choice(["day", "day", "week", "month", "quarter", "year"])
            route["capacity"] = {"count": str(self.q.randint(1, 3)), "per": per}
            self.use(f"routes capacity {per}")
        if kind:
            self.use(f"routes {kind}")

    # ---- nurture -------------------------------------------------------------------------

    def nurture(self):
        """Tracks, with random numbers of their own: the rest of the world stays as it was."""
        for n in range(1 if self.some(0.7) else 2):
            name = f"track{n}"
            track = {"id": name, "enter": self.of([self.condition(depth=1), self.narrow(), self.narrow()])}
            if self.some(0.5):
                track["exit"] = self.of([self.condition(depth=1), "ripe", "consent.marketing == false"])
                self.use("track exit")
            track["steps"] = self.steps()
            self.model.setdefault("nurture", []).append(track)
            self.use("track")
            for part in self.model.get("triggers", []) + self.model.get("qualification", []):
                if self.some(0.3):
                    word = self.of(["start", "start", "stop"])
                    part.setdefault("actions", []).append({word: name})
                    self.use("action " + word)

    def wait(self):
        return self.of(self.drawn) if self.drawn and self.some(0.7) else self.of(self.durations)

    def steps(self):
        """Jumps go forward, but for one back over a wait."""
        steps, names = [], []
        for n in range(self.r.randint(2, 7)):
            names.append(f"s{n}")
            kind = self.of(["wait"] * 4 + ["send"] * 4 + ["ask", "ask", "task", "note", "go", "go"])
            self.use("step " + kind)
            step = {"id": names[-1]}
            if kind == "wait":
                step["wait"] = self.wait()
            elif kind == "ask":
                step["ask"] = self.of(["lead.role", "lead.industry", "consent.marketing", "company.plan"])
            elif kind == "go":
                step["when"] = self.condition(depth=1)
            else:
                step[kind] = Quoted(self.of(["guide", "of {touch.asset}", "{lead.industry} for {lead.role}"]))
            if kind in ("send", "ask", "task", "note") and self.some(0.25):
                step["in"] = "office"
                self.use("step in")
            steps.append(step)
        steps.append({"id": "last", "wait": self.wait()})
        steps += [{"when": self.condition(depth=1), "go": self.of(names)}, {"end": "true"}][:self.r.randint(0, 2)]
        for at, step in enumerate(steps):
            if "when" in step and "go" not in step:
                step["go"] = self.of([x["id"] for x in steps[at + 1:] if "id" in x])
        return steps

    def write(self):
        self.head()
        if self.some(0.7):
            self.places()
        if self.looks_back or self.some(0.5):
            self.verdict()
        if self.some(0.15):
            self.model["suspend"] = self.condition(depth=1, model=False)
            self.use("suspend of model")
        if self.some(0.6):
            self.fit()
        self.score()
        plan = [self.score] * (3 if self.focus == "points" else self.r.randint(0, 2)) + [self.label] * self.r.randint(0, 2) + \
            [self.segment] * self.r.randint(1, 3) + [self.trigger] * self.r.randint(0, 3) + \
            [self.qualification] * (self.r.randint(3, 6) if self.focus == "ripe" else self.r.randint(1, 3)) + [self.stage] * (1 if self.some(0.6) else 0)
        if self.sequences:
            plan = plan[:self.r.randint(2, 5)] + [self.sequence] * self.r.randint(1, 4)
        self.r.shuffle(plan)
        for make in plan:
            make()
        if self.some(0.6):
            self.routes()
        if self.some(0.15):
            self.model["audience"] = self.condition(depth=1)
            self.use("audience")
        if not self.stages:
            for place in self.model.get("places", []):
                place.pop("stage", None)
        self.extra()
        return "\n".join(dump(self.model)) + "\n"

    def extra(self):
        """What came later draws from numbers of its own, so that worlds stay what they were."""
        kept = self.r, list(self.drawn), self.named.copy()
        self.r = random.Random(f"nurture {self.seed}")
        if self.some(0.6):
            self.nurture()
        self.r, self.drawn, self.named = kept


def _length(text):
    units = {"us": 1, "ms": 1000, "s": 10**6, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
    total, digits, at = 0, "", 0
    while at < len(text):
        if text[at].isdigit():
            digits += text[at]
            at += 1
            continue
        unit = text[at:at + 2] if text[at:at + 2] in units else text[at]
        total += int(digits) * units[unit]
        digits, at = "", at + len(unit)
    return total


class Visitors:
    """Random touches of a few leads, in the order in which they arrive."""

    def __init__(self, writer):
        self.w, self.r = writer, writer.r
        self.leads = ["ann", "bob", "cem"][:self.r.randint(1, 3)]
        self.length = 2 * DAY if writer.short else self.r.choice([12, 25, 45]) * DAY
        if writer.folds:
            self.length = 110 * DAY
        self.prompt = 1 if writer.focus == "ripe" else self.r.choice([1, 5, 5, 9])
        self.number = 0
        self.messages = []

    def moments(self, count):
        """Times on a coarse grid, so that touches meet the ends of windows, with bursts between."""
        grid = 10 * MINUTE if self.w.short else 6 * HOUR
        found = []
        while len(found) < count:
            at, twin = self.w.start + self.r.randint(0, self.length // grid) * grid, None
            if found and self.r.random() < 0.4:
                # Exactly a duration of the model after another touch: ends of windows must be hit.
                twin = self.r.choice(found)[0]
                at = twin + _length(self.r.choice(self.spans()))
            elif self.w.fine and self.r.random() < 0.4:
                at += self.r.choice([0, 1, 250000, 1500000, 1000001, 999999])
            for _ in range(self.r.choice([1, 1, 2, 4, 6])):
                found.append((at, twin or at))
                twin = at
                at += self.r.choice([0, 10**6, 30 * 10**6, MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE])
        return sorted(found[:count])

    def spans(self):
        """Durations that the model uses, more than once where it does so."""
        fitting = [x for x in self.w.drawn if _length(x) < self.length]
        return fitting or self.w.durations[:4]

    def touch(self, lead, at, again=None):
        self.number += 1
        r = self.r
        group = r.choice(["web"] * 6 + ["email"] * 3 + ["product", "crm", "crm", "sales", "own"])
        kind = r.choice(TYPES[group])
        if group == "web" and r.random() < 0.4:
            kind = "page_view"
        if again or r.random() < 0.5 and self.w.named:
            kind = again or r.choice(sorted(self.w.named))
            group = next(g for g, kinds in TYPES.items() if kind in kinds)
        raw = {"id": f"{r.choice('abcdefgh')}{self.number:03d}", "type": kind, "occurred_at": at,
               "identifiers": {"anon": "c-" + lead} if lead == "cem" else {"user": lead}}
        if group != "own" or r.random() < 0.5:
            raw["source"] = {"own": r.choice(["web", "sales", "product"])}.get(group, group)
        self._fields(raw, group, kind)
        if group == "crm" and kind == "attributes" or r.random() < 0.3:
            self._attributes(raw, lead)
        return raw

    def _fields(self, raw, group, kind):
        r = self.r

        def maybe(name, chance, make):
            if r.random() < chance:
                raw[name] = make()
        if kind in ("page_view", "page_ping", "site_search", "download"):
            path = r.choice(PATHS)
            maybe("page", 0.9, lambda: {"url": "https://site.example" + path, "path": path,
                                        "title": r.choice(["Pumps", "Pricing of Pumps", "Docs"])})
        maybe("asset", 0.9 if kind.startswith(("download", "webinar")) else 0.1, lambda: r.choice(ASSETS))
        maybe("seconds", 0.4, lambda: r.choice([5, 10, 30, 60, 12.5, 7.345]))
        maybe("amount", 0.2, lambda: r.choice(["129.90", "50", "-3.125", "7", "33.333"]))
        maybe("currency", 0.1, lambda: r.choice(["EUR", "USD"]))
        maybe("theme", 0.1, lambda: r.choice(["buying", "efficiency"]))
        maybe("media", 0.05, lambda: r.choice(["owned", "earned"]))
        maybe("product", 0.2, lambda: r.choice(["HX-200", "HX-300"]))
        maybe("form", 0.2, lambda: r.choice(["contact", "demo"]))
        maybe("session", 0.2, lambda: r.choice(["x1", "x2"]))
        maybe("channel", 0.2, lambda: r.choice(["email", "social"]))
        if group == "email":
            maybe("send", 0.9, lambda: r.choice(["s1", "s2", "s3"]))
            maybe("link", 0.5, lambda: r.choice(["l1", "l2"]))
            maybe("links", 0.5, lambda: r.choice([1, 4, 12]))
        maybe("campaign", 0.15, lambda: {"source": r.choice(["newsletter", "MAIL", "ads"]), "name": "autumn"})
        maybe("network", 0.2, lambda: {"country": r.choice(COUNTRIES), "organisation": r.choice(["Acme GmbH", "Pumps"]),
                                       "ip": "192.0.2.1"})
        maybe("device", 0.3, lambda: {"class": r.choice(["desktop", "mobile", "robot"]), "browser": "Chrome"})
        props = {}
        if r.random() < 0.4:
            props["plan"] = r.choice(PLANS) if r.random() < 0.85 else 7
        if r.random() < 0.4:
            props["seats"] = r.choice([1, 2, 5, 12, 2.5]) if r.random() < 0.85 else "many"
        if r.random() < 0.3:
            props["trial"] = r.choice([True, False])
        if props and "data" in self.w.model and "props" in self.w.model["data"]:
            props = {k: v for k, v in props.items() if isinstance(v, {"plan": str, "seats": (int, float),
                                                                      "trial": bool}[k])}
        if props:
            raw["properties"] = props

    def _attributes(self, raw, lead):
        r = self.r
        given = {}
        for name, chance, options in (("industry", 0.5, INDUSTRIES + [None]), ("role", 0.4, ROLES),
                                      ("employees", 0.5, [5, 20, 60, 90, 45.5]),
                                      ("is_customer", 0.2, [True, False]), ("country", 0.2, COUNTRIES),
                                      ("tier", 0.3, ["gold", "basic", "odd"]), ("owner", 0.2, ["eva", "tom"]),
                                      ("birthday", 0.1, ["2026-01-20T00:00:00Z", "1990-05-01T12:30:00+02:00"])):
            if r.random() < chance:
                given[name] = r.choice(options)
        if given:
            raw["lead"] = given
        if r.random() < 0.3:
            raw["company"] = {k: v for k, v in (("domain", r.choice(DOMAINS)), ("plan", r.choice(["pro", "free"])),
                                                ("employees", r.choice([50, 120]))) if r.random() < 0.6}
        if r.random() < 0.4:
            raw["consent"] = {"marketing": r.choice([True, True, False])}
        if r.random() < 0.3 and lead != "cem":
            raw["identifiers"]["email"] = f"{lead}@{r.choice(DOMAINS + ['gmail.com', 'mail.acme.example'])}"
        if r.random() < 0.1 and lead != "cem":
            raw["identifiers"]["phone"] = "+4969123"

    def arrive(self, raw, lead):
        """The message of a touch: mostly at once, sometimes late, sometimes twice."""
        at, r = raw["occurred_at"], self.r
        lateness = r.choice([0] * self.prompt + [10**6, MINUTE] + [HOUR, DAY, 5 * DAY, 10 * DAY][:2 if self.w.short else 4])
        now = at + lateness
        self.messages.append((now, len(self.messages), lead, raw))
        if r.random() < 0.06:
            again = now + r.choice([0, MINUTE, DAY])
            self.messages.append((again, len(self.messages), lead, raw))
        if r.random() < 0.03:
            other = dict(raw, occurred_at=at + r.choice([-1, 1]) * HOUR)
            when = max(now, other["occurred_at"]) + r.choice([0, HOUR])
            self.messages.append((when, len(self.messages), lead, other))

    def world(self, text):
        for lead in self.leads:
            kinds = {}
            for at, twin in self.moments(self.r.randint(8, 24)):
                again = kinds.get(twin) if self.r.random() < 0.6 else None
                raw = self.touch(lead, at, again)
                kinds.setdefault(at, raw["type"])
                self.arrive(raw, lead)
        self.messages.sort(key=lambda x: x[:2])
        end = self.messages[-1][0]
        lines = [{"model": text}]
        looks = sorted([self.look_at(end) for _ in range(self.r.randint(6, 11))] +
                       [end, end + self.r.choice([HOUR, 3 * DAY, 20 * DAY])])
        waiting = list(self.messages)
        for at in looks:
            while waiting and waiting[0][0] <= at:
                now, _, lead, raw = waiting.pop(0)
                lines.append({"now": now, "touch": raw, "lead": lead})
            lines.append({"now": at, "look": True, "values": self.values()})
        return lines

    def look_at(self, end):
        """Mostly a moment at which something is due: a touch and a duration."""
        if self.r.random() < 0.7:
            touch = self.r.choice(self.messages)
            at = touch[3]["occurred_at"] + _length(self.r.choice(self.spans()))
        else:
            at = self.w.start + self.r.randint(0, (end - self.w.start) // (10 * MINUTE)) * 10 * MINUTE
        return max(self.messages[0][0], at) if at < end + 30 * DAY else end

    def values(self):
        w = self.w
        makers = [w.count, w.amount, w.lead_bool, w.session_bool, w.clock_bool, w.silence, w.textual,
                  w.model_bool, w.formula, w.condition]
        extra = ["list(it.asset of any within 30d)", "top(it.type of any within 10d)", "lead.first_at",
                 "lead.last_at", "lead.company", "lead.country", "session.length", "now - lead.first_at",
                 "first(it.at of any)", "avg(it.at of any)", "max(it.seconds of any within 20d)",
                 "lead.email", "consent.marketing", "ripe", "lead.industry + lead.role"]
        if w.sequences:
            extra = [f"count(fired({t}){window})" for t in w.triggers for window in ("", " within 5d")]
        return [self.r.choice(makers)() if self.r.random() < 0.6 else self.r.choice(extra) for _ in range(4)]


def world(seed, used=None):
    writer = Writer(seed, used)
    text = writer.write()
    return Visitors(writer).world(text)


def main(argv):
    if argv[0] == "--coverage":
        used = collections.Counter()
        for seed in range(int(argv[1])):
            world(seed, used)
        for name, n in sorted(used.items()):
            print(f"{n:7d}  {name}")
        return 0
    for line in world(int(argv[0])):
        print(json.dumps(line, ensure_ascii=False, sort_keys=True))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
