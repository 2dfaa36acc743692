"""Values as functions of (history, model, moment): everything is read off the whole history known.

A position is (time, number of touches seen). A due position at t sees the touches before t; the
position of a touch sees the touches up to itself. Positions compare as tuples.
"""
from bisect import bisect_left, bisect_right

from . import clock, mistakes, textual, values
from .touches import MAIL_PROVIDERS, STRENGTH, Moment, registrable
from .values import FALSE, TRUE, VERDICTS
from .verdicts import Verdicts


class Place:
    """Where an expression is read: a position, with the touch and the counted touch if any."""
    __slots__ = ("t", "k", "touch", "it", "raw", "run")

    def __init__(self, t, k, touch=None, it=None, raw=False, run=None):
        self.t, self.k, self.touch, self.it, self.raw = t, k, touch, it, raw
        self.run = run    # in a sequence: what the names of its steps stand for

    def position(self):
        return (self.t, self.k)

    def of(self, it):
        return Place(self.t, self.k, self.touch, it, self.raw, self.run)


class History(Verdicts):
    """The touches known of one lead, up to a horizon: order, verdicts, sessions, attributes."""

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

    def own_place(self, touch):
        """Where verdicts judge: at the touch, with all that came before, believed or not."""
        return Place(touch.at, touch.index + 1, touch, raw=True)

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
        if table == "consent":  # of several at one time a withdrawal wins
            ties = [x for x in said if x.at == best.at and getattr(x, table)[name] is False]
            best = ties[-1] if ties else best
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
