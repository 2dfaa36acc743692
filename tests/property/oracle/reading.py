"""Expressions, read at a place: operators, names, aggregates over windows."""
from . import clock, mistakes, textual, values
from .history import History, Place
from .touches import Moment
from .values import FALSE, TRUE, VERDICTS


class Reading(History):
    """What an expression says at a position."""

    # ---- expressions ---------------------------------------------------------------------

    def ev(self, node, here):
        kind = node[0]
        if kind == "const":
            return node[1]
        if kind in ("agg", "silent", "since") and here.it is None:
            touch = here.touch if self.depends(node, "touch") else None
            run = tuple((name, id(x)) for name, x in here.run.items()) if here.run else None
            key = (id(node), here.t, here.k, touch and id(touch), here.raw, run)
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
        is_step = rest and here.run is not None and first in here.run
        if first in ("touch", "it") or is_step:
            item = here.run[first] if is_step else here.touch if first == "touch" else here.it
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
