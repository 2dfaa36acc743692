"""Runs model test files (reference 8) on the oracle: python3 -m oracle.modeltest FILE…"""
import os
import sys

from . import clock, expr, values
from .announce import Lead
from .counters import Counters
from .model import Model, read_yaml
from .touches import Touch

DIRECT = ("source asset product form link send session channel currency media theme links seconds "
          "amount campaign network device company lead consent").split()


class Failed(Exception):
    pass


def json_of(x):
    """A YAML scalar or mapping of a touch as JSON would bring it."""
    if isinstance(x, dict):
        return {k: json_of(v) for k, v in x.items()}
    if isinstance(x, list):
        return [json_of(v) for v in x]
    if not getattr(x, "quoted", False):
        if x in ("true", "false"):
            return x == "true"
        if x in ("null", "~"):
            return None
        if expr.is_number(x):
            return float(x) if "." in x else int(x)
    return str(x)


class Test:
    def __init__(self, raw, model_name, folder):
        self.raw = raw
        path = os.path.join(folder, str(raw.get("model", model_name)))
        with open(path, encoding="utf-8") as file:
            self.model = Model(file.read(), os.path.dirname(path), raw.get("constants"))
        self.start = clock.parse_time(str(raw.get("start", "2026-01-05")), self.model.zone)
        self.leads, self.trees = {}, {}
        self.counters = Counters(self.model, self.leads)
        self.messages = []
        self.number = 0
        people = raw.get("leads") or {"lead": raw.get("lead", {})}
        self.first = next(iter(people))
        for who, attributes in people.items():
            self._attributes(who, attributes, raw.get("company"))
        for touch in raw.get("touches") or []:
            self._touch(touch)
        self.messages.sort(key=lambda x: x[0])

    def at(self, text):
        if expr.is_duration(str(text)):
            return self.start + expr.duration(str(text))
        return clock.parse_time(str(text), self.model.zone)

    def lead(self, who):
        return self.leads.setdefault(who, Lead(self.model, who))

    def _statements(self, raw, given):
        """Attributes as a test writes them: consent, company, e-mail and phone among them."""
        given = json_of(given)
        consent = given.pop("consent", None)
        if consent:
            raw["consent"] = dict(raw.get("consent", {}), **consent)
        if "company" in given:
            raw["company"] = dict(raw.get("company", {}), domain=given.pop("company"))
        for kind in ("email", "phone"):
            if kind in given:
                raw["identifiers"][kind] = given.pop(kind)
        raw["lead"] = given

    def _attributes(self, who, attributes, company):
        self.lead(who)
        if not attributes and not company:
            return
        raw = {"id": "0-" + who, "type": "attributes", "occurred_at": self.start,
               "identifiers": {"user": who}}
        if company:
            raw["company"] = json_of(company)
        self._statements(raw, attributes)
        self.messages.append((self.start, who, raw))

    def _touch(self, given):
        for nth in range(int(given.get("repeat", 1))):
            shift = nth * expr.duration(given["every"]) if "every" in given else 0
            at = self.at(given["at"]) + shift
            arrives = self.at(given["arrives"]) + shift if "arrives" in given else at
            who = str(given.get("who", self.first))
            self.number += 1
            named = str(given.get("id", f"t{self.number:04d}"))
            raw = {"id": named if nth == 0 or "id" not in given else f"{named}.{nth + 1}",
                   "type": str(given["type"]), "occurred_at": at, "received_at": arrives,
                   "identifiers": json_of(given.get("ids", {"user": who}))}
            for key in DIRECT:
                if key in given:
                    raw[key] = json_of(given[key])
            if "page" in given:
                page = given["page"]
                raw["page"] = json_of(page) if isinstance(page, dict) else \
                    {"url": str(page), "path": str(page)}
            if "props" in given:
                raw["properties"] = json_of(given["props"])
            if "lead" in raw:
                self._statements(raw, given["lead"])
            self.messages.append((arrives, who, raw))

    def run(self):
        """All expectations, in the order of their time; a list of what failed."""
        failures, waiting = [], list(self.messages)
        checks = sorted(self.raw.get("expect") or [], key=lambda x: self.at(x["at"]))
        for check in checks:
            at = self.at(check["at"])
            while waiting and waiting[0][0] <= at:
                now, who, raw = waiting.pop(0)
                self.lead(who).serial = len(self.messages) - len(waiting)
                self.lead(who).message(now, Touch(raw, self.model, now))
            for lead in self.leads.values():
                lead.advance(at)
            self.counters.resolve()
            try:
                self._check(check, at)
            except Failed as bad:
                failures.append(f"{self.raw['name']}: at {check['at']}: {bad}")
        return failures

    def _check(self, check, at):
        lead = self.leads[str(check.get("who", self.first))]
        now = lead.values(at)
        here = now.place(now.after(at))
        for key, expected in check.items():
            known = getattr(self, "_is_" + key, None)
            if known:
                known(check, expected, now, here)
        for key in ("event", "no_event"):
            if key in check:
                self._events(check, key, lead, at)

    @staticmethod
    def _number(what, expected, found):
        wanted, _, slack = str(expected).partition("±")
        off = expr.thousandths(slack.strip()) if slack else 0
        if abs(expr.thousandths(wanted.strip()) - found) > off:
            raise Failed(f"{what}: expected {expected}, found {values.decimal(found)}")

    @staticmethod
    def _same(what, expected, found):
        if str(expected) != str(found):
            raise Failed(f"{what}: expected {expected}, found {found}")

    def _is_score(self, _, expected, now, here):
        scores = {s.id: s for s in self.model.scores}
        for name, n in expected.items():
            self._number(name, n, now.score(scores[name], here))

    def _is_ledger(self, _, expected, now, here):
        found = {}
        for score in self.model.scores:
            found.update(now.ledger(score, here))
        for name, n in expected.items():
            self._number(name, n, found[name])

    def _is_grade(self, _, expected, now, here):
        self._same("grade", expected, now.value_of_grade(here)[-1])

    def _is_stage(self, _, expected, now, here):
        self._same("stage", expected, now.value_of_stage(here)[-1])

    def _is_label(self, _, expected, now, here):
        labels = {l.id: l for l in self.model.labels}
        for name, wanted in expected.items():
            found = now.label(labels[name], here)
            self._same(name, wanted, found[-1] if found else "none")

    def _is_segment(self, _, expected, now, here):
        segments = {s.id: s for s in self.model.segments}
        for name, wanted in expected.items():
            self._same(name, wanted, str(now.segment(segments[name], here)).lower())

    def _is_ripe(self, _, expected, now, here):
        if not isinstance(expected, dict):
            self._same("ripe", expected, values.text(now.value_of_ripe(here)))
            return
        known = {q.id: q for q in self.model.qualifications}
        for name, wanted in expected.items():
            self._same(name, wanted, str(now.ripe(known[name], here)).lower())

    def _is_verdict(self, _, expected, now, here):
        for touch in now.touches:
            if touch.id in expected:
                self._same(touch.id, expected[touch.id], values.VERDICTS[now.verdict(touch)])

    def _is_value(self, _, expected, now, here):
        for text, wanted in expected.items():
            # Trees are kept: values are remembered by the identity of their tree.
            self.trees.setdefault(text, expr.parse(text))
            found = now.ev(self.trees[text], here)
            shown = {"n": lambda: values.decimal(found[1]), "d": lambda: found[1]}
            if found and found[0] == "n":
                self._number(text, wanted, found[1])
            elif found and found[0] == "d":
                self._same(text, expr.duration(str(wanted)), shown["d"]())
            else:
                self._same(text, wanted, found[-1] if found and found[0] in "sl" else values.text(found))

    def _events(self, check, key, lead, at):
        kind, _, name = str(check[key]).partition(" ")
        # A window that ends at `at`: exactly there, or from `from` on.
        since = self.at(check["from"]) if "from" in check else (at if key == "event" else self.start)
        found = [e for e in lead.events if since <= e["decided"] <= at and self._named(e, kind, name)
                 and self._matches(check, e)]
        wanted = 0 if key == "no_event" else int(check.get("count", 1))
        if len(found) != wanted:
            raise Failed(f"{key} {check[key]}: expected {wanted}, found {len(found)}; events so far: "
                         + "; ".join(f"{e['event']} {e['name']} @{e['decided'] - self.start}"
                                     for e in lead.events))

    @staticmethod
    def _named(event, kind, name):
        if event["event"] == "fired":
            return event["name"] == kind and not name
        return event["event"] == kind and name in ("", event["name"])

    @staticmethod
    def _matches(check, event):
        route = event.get("route") or {}
        if "owner" in check and str(check["owner"]) != str(route.get("owner", "none")):
            return False
        if "route" in check and str(check["route"]) not in (route.get("to"), route.get("rule")):
            return False
        for key, found in (("note", event.get("note")),
                           ("episode", event["n"]), ("late", str(event["late"]).lower())):
            if key in check and str(check[key]) != str(found):
                return False
        carried = event.get("carried") or {}
        return all((values.plain(carried[k]) if carried.get(k) else "unknown") == str(v)
                   for k, v in (check.get("with") or {}).items())


def run_file(path):
    with open(path, encoding="utf-8") as file:
        raw = read_yaml(file.read())
    failures, count = [], 0
    for test in raw["tests"]:
        count += 1
        failures += Test(test, raw.get("model"), os.path.dirname(path)).run()
    return count, failures


def main(paths):
    total, bad = 0, 0
    for path in paths:
        count, failures = run_file(path)
        total += count
        bad += len(failures)
        for line in failures:
            print(f"{path}: {line}")
    print(f"{total} tests, {bad} failed expectations")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
