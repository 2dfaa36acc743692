"""All values of one lead for one set of known touches, up to a horizon."""
from . import mistakes, values
from .history import Place
from .scores import Scores
from .values import FALSE, TRUE

__all__ = ["Place", "Values"]


class Values(Scores):
    """Labels, segments, grade, stage, ripeness and triggers, on top of scores and history."""

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

    def endings(self, trigger):
        """[(whole or missed, position, run)] of a sequence, in order."""
        from . import sequence
        return self.once(("endings", trigger.id), lambda: sequence.Walk(self, trigger).result())

    def _firings(self, trigger):
        found = []
        if trigger.sequence:
            return [(position, self.key_of(position), self.touch_at(position))
                    for kind, position, _ in self.endings(trigger) if kind == "whole"]
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
