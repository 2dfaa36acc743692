"""Scores: which touches are awarded, and what awards are worth at a moment (rules 3.3)."""
from . import clock, mistakes, worth
from .history import Place
from .reading import Reading

POINTS_OF_AWARD = 10**9
POINTS_OF_SCORE = 10**12
PERIODS = ("day", "week", "month", "quarter", "year")


class Scores(Reading):
    """Points of a lead."""

    # ---- scores --------------------------------------------------------------------------

    def moments_of(self, selectors):
        """Visible touches and the derived moments named, as (position, rank, item)."""
        found = [(self.at_touch(x), 0, x, None) for x in self.touches
                 if x.at <= self.horizon and self.visible(x)]
        derived = []
        for selector in selectors:
            derived += [o for o in selector if o[0] not in ("type", "session") and o not in derived]
        for nth, one in enumerate(derived):
            found += [(x.position, nth + 1, x, one) for x in self.derived(one)]
        return sorted(found, key=lambda f: f[:2])

    def occasions(self, selectors):
        """The same, the derived moments of one position in the order of rules 9."""
        found = self.moments_of(selectors)
        ranks = self.m.order()
        ranked = [(position, 0 if one is None else 1 + ranks[one[1]], item, one)
                  for position, _, item, one in found]
        return sorted(ranked, key=lambda f: f[:2])

    def fits(self, part, item, one, position):
        """Whether an item is one that a rule, trigger, move or qualification with `on` names."""
        if one is not None:
            if one not in part.on:
                return False
        elif not any(self.is_one(item, o) for o in part.on):
            return False
        if not self.enough(item, getattr(part, "verdict", None)):
            return False
        return part.when is None or self.true(part.when, self.place(position, item))

    def class_of(self, once, here, item):
        """(class, rolling duration or None) of one touch under `once_per`."""
        parts, span = [], None
        for o in once:
            if o.kind == "span":
                span = o.span
            elif o.kind == "session":
                found = self.session(here)
                parts.append(found[0] if found else None)
            elif o.kind == "company":
                parts.append(self.lead_field("company", here))
            elif o.kind == "value":
                parts.append(self.ev(o.tree, here))
            elif o.kind in PERIODS:
                parts.append(clock.bounds(item.at, o.kind, self.m.zone)[0])
        return tuple(parts), span

    def pays(self, once, paid, here, item):
        """Whether the touch is the first of its class; `paid` remembers."""
        if once is None:
            return True
        key, span = self.class_of(once, here, item)
        if key in paid:
            if span is None:
                return False
            enough = item.at > paid[key] + span if mistakes.on("once_after_more_than") \
                else item.at >= paid[key] + span
            if not enough:
                if mistakes.on("once_from_last_match"):
                    paid[key] = item.at
                return False
        paid[key] = item.at
        return True

    def awards(self, score):
        """All awards of a score in order: (position, rule, amount, is it a set)."""
        return self.once(("awards", score.id), lambda: Ledger(self, score).entries)

    def idle(self, position, pause):
        """The idle clock: pauses beyond `pause`, from the first touch on."""
        if mistakes.on("idle_clock_ignored"):
            return position[0]
        seen = self.seen(position[1])
        if not seen:
            return 0
        marks = [seen[0].at] + [x.at for x in seen if x.act] + [position[0]]
        return sum(max(0, b - a - pause) for a, b in zip(marks, marks[1:]))

    def reading(self, decay, position):
        if decay is None or decay.only_after is None:
            return position[0]
        return self.once(("idle", decay.only_after, position),
                         lambda: self.idle(position, decay.only_after))

    def standing(self, score, position):
        """Awards up to the position that no `set` has cancelled, by rule."""
        entries = [e for e in self.awards(score) if e[0] <= position]
        if not mistakes.on("set_keeps"):
            last = max((i for i, e in enumerate(entries) if e[3]), default=0)
            entries = entries[last:]
        by_rule = {}
        for where, rule, amount, _ in entries:
            by_rule.setdefault(rule.id, []).append((amount, self.reading(rule.decay, where)))
        return by_rule

    def ledger(self, score, here):
        """Each rule's value after decay and its own limit."""
        def make():
            found, standing = {}, self.standing(score, here.position())
            for rule in score.rules:
                if rule.state is not None:
                    points = self.ev(rule.points, Place(here.t, here.k)) \
                        if self.true(rule.state, Place(here.t, here.k)) else None
                    x = points[1] if points and points[0] == "n" else 0
                else:
                    x = worth.value(rule.decay, standing.get(rule.id, []),
                                    self.reading(rule.decay, here.position()))
                found[rule.id] = rule.limit.clamp(x) if rule.limit else x
            return found
        return self.once(("ledger", score.id, here.t, here.k), make)

    def total(self, score, by_rule):
        total, groups = 0, {}
        for rule in score.rules:
            if rule.group:
                groups[rule.group] = groups.get(rule.group, 0) + by_rule[rule.id]
            else:
                total += by_rule[rule.id]
        for name, x in groups.items():
            limit = score.groups[name].limit
            total += limit.clamp(x) if limit and not mistakes.on("limit_before_group") else x
        return self.bounded(score, total)

    @staticmethod
    def bounded(score, total):
        total = score.limit.clamp(total) if score.limit else total
        return max(-POINTS_OF_SCORE, min(POINTS_OF_SCORE, total))

    def score(self, score, here):
        if score.value is not None:
            x = self.ev(score.value, Place(here.t, here.k))
            return self.bounded(score, x[1] if x and x[0] == "n" else 0)
        return self.total(score, self.ledger(score, here))


class Ledger:
    """The awards of one score: match, once, amount, cap (rules 3.3, steps 1 to 4)."""

    def __init__(self, lead, score):
        self.lead, self.score = lead, score
        self.entries = []
        self.paid = {}
        self.highest = {}
        self.passed = []                       # (level, time, class of period, amount, arrival)
        moments = lead.moments_of([r.on for r in score.rules if r.on])
        if mistakes.on("cap_by_arrival"):
            moments.sort(key=lambda f: getattr(f[2], "arrived", 0))
        for position, _, item, one in moments:
            if self._suspended(position):
                continue
            for rule in score.rules:
                if rule.on and lead.fits(rule, item, one, position):
                    self._award(rule, item, position)
        self.entries.sort(key=lambda e: e[0])

    def _suspended(self, position):
        here = self.lead.place(position)
        return not mistakes.on("suspend_ignored") and any(
            s is not None and self.lead.true(s, here)
            for s in (self.lead.m.suspend, self.score.suspend))

    def _award(self, rule, item, position):
        here = self.lead.place(position, item)
        points = self.lead.ev(rule.set if rule.set is not None else rule.points, here)
        if points is None or points[0] != "n":
            return
        if not self.lead.pays(rule.once, self.paid.setdefault(rule.id, {}), here, item):
            return
        amount = max(-POINTS_OF_AWARD, min(POINTS_OF_AWARD, points[1]))
        if rule.set is not None:
            if mistakes.on("set_reopens_once"):
                self.paid.clear()
            self.entries.append((position, rule, amount, True))
            return
        if rule.progressive is not None:
            amount = self._difference(rule, amount, here)
        group = self.score.groups[rule.group] if rule.group else None
        for level, cap in ((("r", rule.id), rule.cap), (("g", rule.group), group and group.cap),
                           ("s", self.score.cap)):
            amount = self._capped(level, cap, amount, here, item)
        self.entries.append((position, rule, amount, False))

    def _difference(self, rule, amount, here):
        best = self.highest.setdefault(rule.id, {})
        key = self.lead.ev(rule.progressive, here)
        if mistakes.on("progressive_pays_all"):
            paid = amount if amount > best.get(key, 0) else 0
        else:
            paid = max(0, amount - best.get(key, 0))
        best[key] = max(best.get(key, 0), amount)
        return paid

    def _window(self, cap, here, item):
        if cap.span is not None or cap.per != "session":
            return None if cap.span is not None else clock.bounds(item.at, cap.per, self.lead.m.zone)[0]
        found = self.lead.session(here)
        return found[0] if found else None

    def _capped(self, level, cap, amount, here, item):
        if cap is None:
            return amount
        window = self._window(cap, here, item)
        if cap.per == "session" and window is None:
            return amount
        sign = 1 if cap.points >= 0 else -1
        if amount * sign > 0:
            got = sum(x for lv, at, w, x in self.passed if lv == level and (
                item.at - cap.span < at if cap.span is not None else w == window) and x * sign > 0)
            room = cap.points - got
            amount = max(0, min(amount, room)) if sign > 0 else min(0, max(amount, room))
        self.passed.append((level, item.at, window, amount))
        return amount
