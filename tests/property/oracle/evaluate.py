"""Values as functions of (history, model, moment): everything is read off the whole history known.

A position is (time, number of touches seen). A due position at t sees the touches before t; the
position of a touch sees the touches up to itself. Positions compare as tuples.
"""
from bisect import bisect_left, bisect_right

from . import clock, mistakes, textual, values, worth
from .touches import MAIL_PROVIDERS, STRENGTH, Moment, registrable
from .values import FALSE, TRUE, VERDICTS

POINTS_OF_AWARD = 10**9
POINTS_OF_SCORE = 10**12
PERIODS = ("day", "week", "month", "quarter", "year")


class Place:
    """Where an expression is read: a position, with the touch and the counted touch if any."""
    __slots__ = ("t", "k", "touch", "it", "raw")

    def __init__(self, t, k, touch=None, it=None, raw=False):
        self.t, self.k, self.touch, self.it, self.raw = t, k, touch, it, raw

    def position(self):
        return (self.t, self.k)

    def of(self, it):
        return Place(self.t, self.k, self.touch, it, self.raw)


class Values:
    """All values of one lead for one set of known touches, up to a horizon."""

    def __init__(self, model, touches, horizon):
        self.m, self.touches, self.horizon = model, touches, horizon
        self.times = [x.at for x in touches]
        self.memo = {}
        self._depends = {}
        for index, touch in enumerate(touches):
            touch.index = index
        for touch in touches:
            if touch.place is None:
                touch.place = self._place_of(touch)

    # ---- positions -----------------------------------------------------------------------

    def due(self, t):
        cut = bisect_right if mistakes.on("due_after_touch") else bisect_left
        return (t, cut(self.times, t))

    def after(self, t):
        return (t, bisect_right(self.times, t))

    def at_touch(self, touch):
        return (touch.at, touch.index + 1)

    def place(self, position, touch=None):
        return Place(position[0], position[1], touch)

    def touch_at(self, position):
        """The touch whose own position this is, or None at a due position."""
        k = position[1]
        if k and self.touches[k - 1].at == position[0]:
            return self.touches[k - 1]
        return None

    def positions(self, dues):
        """Positions of all touches up to the horizon, and of the due times given, in order."""
        found = {self.at_touch(x) for x in self.touches if x.at <= self.horizon}
        if self.times:
            found |= {self.due(t) for t in dues if self.times[0] < t <= self.horizon}
        return sorted(found)

    def once(self, key, make):
        if key not in self.memo:
            self.memo[key] = make()
        return self.memo[key]

    # ---- touches, verdicts, sessions -----------------------------------------------------

    def _place_of(self, touch):
        here = Place(touch.at, touch.index + 1, touch)
        touch.place = False
        return next((p for p in self.m.places if self.ev(p.match, here) == TRUE), False)

    def verdict(self, touch):
        def make():
            level = VERDICTS.index(self.m.starts.get(touch.type, "human"))
            here = Place(touch.at, touch.index + 1, touch, raw=True)
            for e in self.m.evidence:
                if any(self.is_one(touch, one) for one in e.on) and self.ev(e.when, here) == TRUE:
                    level = min(level, VERDICTS.index(e.level))
            return level
        return self.once(("verdict", touch.index), make)

    def visible(self, touch):
        return mistakes.on("bots_count") or self.verdict(touch) >= VERDICTS.index(self.m.minimum)

    def seen(self, k, raw=False):
        if raw:
            return self.touches[:k]
        return self.once(("seen", k), lambda: [x for x in self.touches[:k] if self.visible(x)])

    def enough(self, item, level):
        if level is None or isinstance(item, Moment) or mistakes.on("verdict_ignored"):
            return True
        return self.verdict(item) >= VERDICTS.index(level)

    def is_one(self, touch, one):
        if one[0] == "type":
            return touch.act if one[1] == "any" else touch.type == one[1]
        if one[0] == "session":
            return touch.index in self.once("begins", lambda: {run[0].index for run in self.sessions()})
        return False

    def sessions(self):
        """Runs of visible acts of web and product; gaps are looked at from the left."""
        def make():
            runs = []
            for x in self.touches:
                source = x.source in ("web", "product") or mistakes.on("session_of_any_act")
                if not (x.act and source and self.visible(x)):
                    continue
                if runs and (x.at - runs[-1][-1].at < self.m.gap or (
                        mistakes.on("session_gap_inclusive") and x.at - runs[-1][-1].at == self.m.gap)):
                    runs[-1].append(x)
                else:
                    runs.append([x])
            return runs
        return self.once("sessions", make)

    def session(self, here):
        """(index, touches up to here) of the session open at the position, or None."""
        k = here.k - 1 if mistakes.on("own_session_closed") and here.touch else here.k
        begun = [i for i, run in enumerate(self.sessions()) if run[0].index < k]
        if not begun:
            return None
        run = [x for x in self.sessions()[begun[-1]] if x.index < k]
        return (begun[-1], run) if here.t < run[-1].at + self.m.gap else None

    def session_ends(self):
        return {x.at + self.m.gap for run in self.sessions() for x in run}

    def session_field(self, name, here):
        found = self.session(here)
        if found is None:
            return None
        index, run = found
        if name == "number":
            return ("n", (index + 1) * 1000)
        if name == "pages":
            return ("n", 1000 * sum(x.type == "page_view" for x in run))
        if name == "touches":
            return ("n", 1000 * len(run))
        if name == "length":
            return ("d", here.t - run[0].at)
        if name == "gap":
            return ("d", run[0].at - self.sessions()[index - 1][-1].at) if index else None
        return None

    # ---- attributes ----------------------------------------------------------------------

    def stated(self, here, table, name):
        """(was it ever stated, the latest statement) up to the position."""
        said = [x for x in self.seen(here.k) if name in getattr(x, table)]
        if not said:
            return False, None
        best = max(said, key=lambda x: x.arrived) if mistakes.on("latest_arrival_wins") else said[-1]
        return True, getattr(best, table)[name]

    def lead_field(self, name, here):
        seen = self.seen(here.k)
        if name in ("first_at", "last_at"):
            acts = [x.at for x in seen if x.act]
            return ("t", acts[0 if name == "first_at" else -1]) if acts else None
        if name == "known":
            return values.boolean(any(k in x.identifiers for x in seen for k in STRENGTH[:4]))
        if name == "shared":
            return FALSE
        if name in ("email", "phone"):
            carried = [x.identifiers[name][0] for x in seen if x.identifiers.get(name)]
            return ("s", carried[-1]) if carried else None
        if name == "company":
            return self._company_of_lead(here, seen)
        was, said = self.stated(here, "lead", name)
        if name == "country" and not was:
            where = [x.field(("network", "country")) for x in seen if x.field(("network", "country"))]
            return where[-1] if where else None
        return self._typed(name, said)

    def _typed(self, name, said):
        if said is None:
            return None
        if str(self.m.lead_types.get(name, "")) == "time" and isinstance(said, str):
            when = clock.parse_time(said, self.m.zone)
            return ("t", when) if when is not None else None
        return textual.literal(said)

    def _company_of_lead(self, here, seen):
        was, said = self.stated(here, "company", "domain")
        if was:
            return ("s", said) if said is not None else None
        mail = self.lead_field("email", here)
        if mail:
            domain = registrable(mail[1].rpartition("@")[2])
            if domain and domain not in MAIL_PROVIDERS:
                return ("s", domain)
        if self.lead_field("known", here) == FALSE:
            owners = [x.field(("network", "organisation")) for x in seen
                      if x.field(("network", "organisation"))]
            return ("s", owners[-1][1].lower()) if owners else None
        return None

    # ---- expressions ---------------------------------------------------------------------

    def ev(self, node, here):
        kind = node[0]
        if kind == "const":
            return node[1]
        if kind in ("agg", "silent", "since") and here.it is None:
            touch = here.touch if self.depends(node, "touch") else None
            key = (id(node), here.t, here.k, touch and id(touch), here.raw)
            return self.once(key, lambda: self._ev(node, here))
        return self._ev(node, here)

    def _ev(self, node, here):
        return getattr(self, "ev_" + node[0])(node, here)

    def true(self, node, here):
        return self.ev(node, here) == TRUE

    def depends(self, node, name):
        """Whether a tree names `touch` (or another first word)."""
        key = (id(node), name)
        if key not in self._depends:
            self._depends[key] = self._names(node, name)
        return self._depends[key]

    def _names(self, node, name):
        if not isinstance(node, tuple) or not node:
            return False
        if node[0] == "path" and len(node) == 2 and isinstance(node[1], tuple):
            return node[1][0] == name
        if node[0] == "const":
            return False
        return any(self._names(x, name) for x in node)

    def ev_not(self, node, here):
        x = self.ev(node[1], here)
        if x is None and mistakes.on("unknown_is_false"):
            return TRUE
        return values.boolean(not x[1]) if x and x[0] == "b" else None

    def ev_neg(self, node, here):
        return values.negate(self.ev(node[1], here))

    def _two(self, node, here, decides):
        pair = [self.ev(x, here) for x in node[1:]]
        pair = [x if x and x[0] == "b" else None for x in pair]
        if decides in pair:
            return decides
        return None if None in pair else values.boolean(not decides[1])

    def ev_and(self, node, here):
        return self._two(node, here, FALSE)

    def ev_or(self, node, here):
        return self._two(node, here, TRUE)

    def ev_rel(self, node, here):
        a, b = self.ev(node[2], here), self.ev(node[3], here)
        if node[1] == "in":
            return values.boolean(values.is_in(a, b))
        return values.boolean(values.compare(node[1], a, b, self.m.orders))

    def ev_arith(self, node, here):
        a, b = self.ev(node[2], here), self.ev(node[3], here)
        if node[1] in "+-":
            return values.add(a, b, 1 if node[1] == "+" else -1)
        return values.multiply(a, b) if node[1] == "*" else values.divide(a, b)

    def ev_listed(self, node, here):
        return ("list", tuple(self.ev(x, here) for x in node[1]))

    def ev_method(self, node, here):
        return textual.method(node[1], self.ev(node[2], here), [self.ev(x, here) for x in node[3]])

    def ev_call(self, node, here):
        name, args = node[1], node[2]
        if name == "has":
            return values.boolean(self.ev(args[0], here) is not None)
        if name == "time":
            return ("t", clock.parse_time(args[0][1][1], self.m.zone))
        given = [self.ev(x, here) for x in args]
        if name == "default":
            return given[0] if given[0] is not None else given[1]
        if name in self.m.tables:
            return self.m.tables[name].look(given[0])
        return textual.chosen(name, given)

    def ev_path(self, node, here):
        first, rest = node[1][0], node[1][1:]
        if first in ("touch", "it"):
            item = here.touch if first == "touch" else here.it
            if item is None:
                return None
            if rest == ("verdict",):
                return None if isinstance(item, Moment) else ("l", "verdict", VERDICTS[self.verdict(item)])
            return item.field(rest)
        if first == "lead" and rest:
            return self.lead_field(rest[0], here)
        if first == "company" and rest:
            return textual.literal(self.stated(here, "company", rest[0])[1])
        if first == "consent" and rest:
            said = self.stated(here, "consent", rest[0])[1]
            return values.boolean(said) if isinstance(said, bool) else None
        if first == "session" and rest:
            return self.session_field(rest[0], here)
        return self.name(first, here)

    def name(self, name, here):
        if name == "now":
            return ("t", here.t)
        if name in ("grade", "stage", "stage_since", "stale", "ripe"):
            return getattr(self, "value_of_" + name)(here)
        sort, what = self.m.names[name]
        if sort == "constants":
            return self.m.constants[name]
        if sort == "lists":
            return self.m.lists[name]
        if sort == "schedules":
            return values.boolean(self.m.schedules[name].holds(here.t))
        if sort == "score":
            return ("n", self.score(what, here))
        if sort == "label":
            return self.label(what, here)
        if sort == "segment":
            return values.boolean(self.segment(what, here))
        if sort == "qualification":
            return values.boolean(self.ripe(what, here))
        return None

    # ---- aggregates ----------------------------------------------------------------------

    def derived(self, one):
        """All moments of entered(…), left(…), changed(…), fired(…) up to the horizon."""
        def make():
            part = self.m.names[one[1]][1]
            if one[0] == "fired":
                return [Moment(position) for position, _, _ in self.firings(part)]
            if one[0] == "changed":
                return self._label_changes(part)
            wanted, was, found = one[0] == "entered", False, []
            for position, flag in self.track(part.when):
                if flag != was and flag == wanted:
                    found.append(Moment(position))
                was = flag
            return found
        return self.once(("derived", one), make)

    def _label_changes(self, label):
        was, found = self.label(label, self.empty()), []
        for position in self.positions(self.label_breaks(label)):
            value = self.label(label, self.place(position))
            if value != was:
                found.append(Moment(position, was, value))
            was = value
        return found

    def empty(self):
        """The lead without touches, at the moment of its first touch."""
        return Place(self.times[0] if self.times else self.horizon, 0)

    def where_of(self, item):
        return item.position if isinstance(item, Moment) else self.at_touch(item)

    def items(self, selector, here):
        """What a selector finds up to the position, in order."""
        found = self.once(("items", selector, here.k, here.raw), lambda: [
            x for x in self.seen(here.k, here.raw) if any(self.is_one(x, o) for o in selector)])
        if all(o[0] in ("type", "session") for o in selector):
            return found
        found = [(self.at_touch(x), 0, x) for x in found]
        for nth, one in enumerate(selector):
            if one[0] in ("entered", "left", "changed", "fired"):
                found += [(x.position, nth + 1, x) for x in self.derived(one)
                          if x.position <= here.position()]
        return [x for _, _, x in sorted(found, key=lambda f: f[:2])]

    def span(self, node):
        return self.ev(node, Place(0, 0))[1]

    def within(self, found, window, here):
        """The items of a window that ends at the position."""
        if window is None:
            return found
        kind = window[0]
        if kind == "within":
            low = here.t - self.span(window[1])
            if mistakes.on("window_inclusive"):
                return [x for x in found if x.at >= low]
            return [x for x in found if x.at > low]
        if kind == "between":
            low, high = here.t - self.span(window[1]), here.t - self.span(window[2])
            if mistakes.on("between_swapped_ends"):
                return [x for x in found if low <= x.at < high]
            return [x for x in found if low < x.at <= high]
        if kind == "since":
            marks = self.items(window[1], here)
            return [x for x in found if self.where_of(x) > self.where_of(marks[-1])] if marks else found
        if window[1] == "session":
            open_now = self.session(here)
            return [x for x in found if self.where_of(x) >= self.at_touch(open_now[1][0])] \
                if open_now else []
        if kind == "this":
            low, high = clock.bounds(here.t, window[1], self.m.zone)
        else:
            low, high = clock.previous(here.t, window[1], self.m.zone)
        return [x for x in found if low <= x.at < high]

    def ev_agg(self, node, here):
        _, what, value, selector, where, window = node
        found = self.within(self.items(selector, here), window, here)
        if where is not None:
            found = [x for x in found if self.true(where, here.of(x))]
        if what == "count":
            return ("n", 1000 * len(found))
        known = [v for v in (self.ev(value, here.of(x)) for x in found) if v is not None]
        return textual.aggregate(what, known)

    def ev_silent(self, node, here):
        _, selector, where, span = node
        seen = self.seen(here.k, here.raw)
        if not seen:
            return FALSE
        found = [x for x in self.items(selector, here)
                 if where is None or self.true(where, here.of(x))]
        last = found[-1].at if found else seen[0].at
        pause = here.t - last
        if mistakes.on("silent_exclusive"):
            return values.boolean(pause > self.span(span))
        return values.boolean(pause >= self.span(span))

    def ev_since(self, node, here):
        found = [x for x in self.items(node[1], here)
                 if node[2] is None or self.true(node[2], here.of(x))]
        return ("d", here.t - found[-1].at) if found else None

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

    # ---- labels, segments, grade, stage, ripeness ----------------------------------------

    def label(self, label, here):
        here = Place(here.t, here.k)
        if label.of is not None:
            x = self.ev(label.of, here)
            below = [n for n, low in label.bands if x and x[0] == "n" and low <= x[1]]
            return ("l", label.id, below[-1]) if below else None
        for when, name in label.cases:
            if when is None or self.true(when, here):
                return ("l", label.id, name)
        return None

    def segment(self, segment, here):
        return self.true(segment.when, Place(here.t, here.k))

    def value_of_grade(self, here):
        if self.m.fit is None:
            return None
        here = Place(here.t, here.k)
        at = values.GRADES.index(str(self.m.fit.get("start", "D")))
        for c in self.m.criteria:
            x = self.ev(c.when, here)
            policy = str(c.raw.get("mismatch", self.m.fit.get("mismatch", "ignore")))
            if x == TRUE:
                at += c.thirds
            elif x == FALSE and policy == "subtract" and not mistakes.on("mismatch_ignored"):
                at -= c.thirds
        return ("l", "grade", values.GRADES[max(0, min(12, at))])

    def stage_track(self):
        """[(position, stage, since)]: the fold of rules 20."""
        return self.once("stage", lambda: self._fold_stage())

    def _fold_stage(self):
        order, track = self.m.stage_order, []
        stage, since, held = order[0], None, None
        moments = self.moments_of([m.on for m in self.m.moves if m.on])
        for position in self.positions(self.stage_breaks()):
            here = [(item, one) for where, _, item, one in moments if where == position]
            if since is None and self.seen(position[1]):
                since = self.seen(position[1])[0].at
            before = stage
            for item, one in here:
                if one is None and str(self.m.stages.get("from", "")) == "place" and item.place:
                    stage = self._propose(stage, item.place.raw.get("stage"), False)
            fits = [any(self.fits(m, item, one, position) for item, one in here) if m.on
                    else self.true(m.when, self.place(position)) for m in self.m.moves]
            # A due time is a moment of the stage only where what a move says changes.
            states = [x for x, m in zip(fits, self.m.moves) if not m.on]
            is_touch = any(one is None for _, one in here)
            is_due = (held is not None and states != held) or \
                any(x for x, m in zip(fits, self.m.moves) if m.on)
            held = states
            for move, fit in zip(self.m.moves, fits):
                if fit and (is_touch or is_due):
                    stage = self._propose(stage, move.to, move.back)
            if stage != before:
                since = position[0]
            track.append((position, stage, since))
        return track

    def _propose(self, stage, to, back):
        if to is None:
            return stage
        order = self.m.stage_order
        free = back or not self.m.never_back or mistakes.on("stage_back")
        return str(to) if free or order.index(str(to)) > order.index(stage) else stage

    def stage_now(self, here):
        past = [e for e in self.stage_track() if e[0] <= here.position()]
        return (past[-1][1], past[-1][2]) if past else (self.m.stage_order[0], None)

    def value_of_stage(self, here):
        return ("l", "stage", self.stage_now(here)[0]) if self.m.stages else None

    def value_of_stage_since(self, here):
        since = self.stage_now(here)[1] if self.m.stages else None
        return ("t", since) if since is not None else None

    def value_of_stale(self, here):
        if not self.m.stages:
            return FALSE
        stage, since = self.stage_now(here)
        return values.boolean(stage in self.m.stale and since is not None
                              and here.t - since >= self.m.stale[stage])

    def value_of_ripe(self, here):
        return values.boolean(any(self.ripe(q, here) for q in self.m.qualifications))

    def ripe_track(self, q):
        """[(position, armed, ripe)] of a qualification."""
        return self.once(("ripe", q.id), lambda: self._fold_ripe(q))

    def _fold_ripe(self, q):
        armed, until, track = False, None, []
        moments = self.moments_of([q.on]) if q.on else []
        dues = self.qualification_breaks(q)
        for position in self.positions(dues):
            here = self.place(position)
            if q.on:
                if q.runs_out and armed and position[0] >= until:
                    armed = False
                hit = any(where == position and self.fits(q, item, one, position)
                          for where, _, item, one in moments)
                if hit and (not armed or mistakes.on("on_extends")):
                    armed, until = True, position[0] + q.cool_down
                if q.disarm is not None and self.true(q.disarm, here):
                    armed = False
            else:
                armed = self._armed(q, armed, here)
            out = q.exception is not None and self.true(q.exception, here) \
                and not mistakes.on("except_ignored")
            track.append((position, armed, armed and not out))
        return track

    def _armed(self, q, armed, here):
        arm = self.true(q.arm, here)
        if q.never:
            return armed or arm
        disarm = self.true(q.disarm, here) if q.disarm is not None else not arm
        if disarm and not (arm and mistakes.on("disarm_loses")):
            return False
        return armed or arm

    def ripe(self, q, here):
        past = [e for e in self.ripe_track(q) if e[0] <= here.position()]
        return bool(past) and past[-1][2]

    # ---- triggers ------------------------------------------------------------------------

    def key_of(self, position):
        touch = self.touch_at(position)
        return touch.id if touch else f"due-{position[0]}"

    def firings(self, trigger):
        """[(position, key, item)]: every match, announced or not."""
        return self.once(("firings", trigger.id), lambda: self._firings(trigger))

    def _firings(self, trigger):
        found = []
        if trigger.on:
            paid = {}
            for position, _, item, one in self.moments_of([trigger.on]):
                if self.fits(trigger, item, one, position) and \
                        self.pays(trigger.once, paid, self.place(position, item), item):
                    found.append((position, self.key_of(position), item))
            return found
        was = False if mistakes.on("edge_from_false") else self.true(trigger.when, self.empty())
        for position, flag in self.track(trigger.when):
            if flag and not was:
                found.append((position, self.key_of(position), self.touch_at(position)))
            was = flag
        return found

    # ---- when things change by themselves ------------------------------------------------

    def track(self, node):
        """[(position, is it true)] of a condition, at every position where it may change."""
        return self.once(("track", id(node)), lambda: [
            (p, self.true(node, self.place(p))) for p in self.positions(self.breaks(node))])

    def present(self, node, position, start):
        """(is it true, the position where that began); None where it is `start` and never changed."""
        flag, began = start, None
        for where, value in self.track(node):
            if where > position:
                break
            if value != flag:
                flag, began = value, where
        return flag, began

    def breaks(self, node):
        """Due times, up to the horizon, among which are all at which the value changes."""
        from . import breaks
        return self.once(("breaks", id(node)), lambda: breaks.of(self, node))

    def label_breaks(self, label):
        from . import breaks
        return self.once(("label", label.id), lambda: breaks.of_label(self, label))

    def stage_breaks(self):
        from . import breaks
        return self.once("stage breaks", lambda: breaks.of_stage(self))

    def qualification_breaks(self, q):
        from . import breaks
        return self.once(("qualification", q.id), lambda: breaks.of_qualification(self, q))


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
