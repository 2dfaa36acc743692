"""Sequences (rules 18): every match and every miss of one lead, found by walking the occasions.

An occasion is a visible touch, or a derived moment that some step names; of one position the touch
comes first, then the moments in the order in which the model works them out. Before the occasions
of a time all runs end whose time has come.
"""
from . import mistakes
from .history import Place
from .values import TRUE

RUNS_MAX = 64
SHOWN_OF_A_STEP = 8


class Taken:
    """A touch or a moment that a step of a run took."""

    def __init__(self, step, item, place, touch):
        self.step, self.item, self.place, self.touch = step, item, place, touch


class Run:
    def __init__(self, taken, ended=False, passed=False):
        self.taken, self.ended, self.passed = taken, ended, passed

    @property
    def step(self):
        return self.taken[-1].step

    def count(self):
        return sum(t.step == self.step for t in self.taken)

    def begin(self):
        return self.taken[0].place

    def latest(self):
        return self.taken[-1].item.at

    def of(self, step):
        return [t for t in self.taken if t.step == step]

    def names(self, steps):
        """What the names of steps stand for: the last touch of each, None where there is none."""
        return {s.name: (self.of(n) or [None])[-1] and self.of(n)[-1].item
                for n, s in enumerate(steps) if s.name}

    def shown(self):
        """Ids of its touches: of each step the first seven and the latest, each touch once."""
        ids = []
        for step in sorted({t.step for t in self.taken}):
            all_of = self.of(step)
            kept = all_of if len(all_of) <= SHOWN_OF_A_STEP \
                else all_of[:SHOWN_OF_A_STEP - 1] + all_of[-1:]
            for t in kept:
                if t.touch and ids[-1:] != [t.touch.id]:
                    ids.append(t.touch.id)
        return ids


class Walk:
    def __init__(self, lead, trigger):
        self.lead, self.s = lead, trigger.sequence
        self.runs, self.found = [], []

    def result(self):
        for position, rank, item, one in self.lead.occasions(self.s.selectors()):
            self._pass_time(position[0])
            self._occasion((position, rank), item, one)
        self._pass_time(self.lead.horizon)
        return self.found

    # ---- what may come next --------------------------------------------------------------

    def _whole(self, run):
        """All that has to happen has happened."""
        steps = self.s.steps
        return run.count() >= steps[run.step].least and \
            all(s.optional or s.absent for s in steps[run.step + 1:])

    def _nexts(self, run):
        """The steps that may take a touch next, but for time."""
        found = []
        if run.count() < self.s.steps[run.step].least:
            return found
        for n in range(run.step + 1, len(self.s.steps)):
            step = self.s.steps[n]
            if step.absent:
                continue
            if step.link != "next" or not run.passed or mistakes.on("next_is_then"):
                found.append(n)
            if not step.optional:
                break
        return found

    def _repeats(self, run):
        step = self.s.steps[run.step]
        return run.count() < step.most and not run.ended and not (step.each_next and run.passed)

    def _guards(self, run):
        if run.count() < self.s.steps[run.step].least:
            return []
        found = []
        for step in self.s.steps[run.step + 1:]:
            if step.absent:
                found.append(step)
            elif not step.optional:
                break
        return found

    def _absence(self, run):
        last = self.s.steps[-1]
        return last.far if last.absent and self._whole(run) else None

    def _alive(self, run, now):
        """Whether anything may still come: what a touch closed may have been all that had time."""
        fars = [self.s.steps[n].far for n in self._nexts(run)]
        fars += [self.s.steps[run.step].far] if self._repeats(run) else []
        return self._absence(run) is not None or any(run.latest() + far > now for far in fars)

    # ---- fits ----------------------------------------------------------------------------

    def _holds(self, tree, run, item, one, position):
        names = run.names(self.s.steps) if run else {s.name: None for s in self.s.steps if s.name}
        here = Place(position[0], position[1], item, run=names)
        return self.lead.ev(tree, here) == TRUE

    def _named(self, step, item, one):
        return one in step.on if one is not None else any(self.lead.is_one(item, o) for o in step.on)

    def _fits(self, step, run, item, one, position):
        if run is not None:
            distance = item.at - run.latest()
            far = step.far + 1 if mistakes.on("step_within_inclusive") else step.far
            if not step.near <= distance < far:
                return False
        if not self._named(step, item, one) or not self.lead.enough(item, step.verdict):
            return False
        if step.when is not None and not self._holds(step.when, run, item, one, position):
            return False
        return step.until is None or not self._holds(step.until, run, item, one, position)

    def _stops(self, run, item, one, position):
        """Whether `until` ends the repetition: at any touch, at a moment that the step names."""
        step = self.s.steps[run.step]
        if step.until is None or (one is not None and not self._named(step, item, one)):
            return False
        return self._holds(step.until, run, item, one, position)

    # ---- one occasion --------------------------------------------------------------------

    def _occasion(self, place, item, one):
        position = place[0]
        touch = self.lead.touch_at(position)
        is_act = one is None and item.act
        after, done = [], []

        def grown(run, step):
            new = Run(run.taken + [Taken(step, item, place, touch)] if run else [Taken(step, item, place, touch)])
            if self._whole(new) and not self.s.steps[-1].absent:
                done.append(new)
            after.append(new)

        for run in self.runs:
            step = next((n for n in self._nexts(run)
                         if self._fits(self.s.steps[n], run, item, one, position)), None)
            repeats = self._repeats(run)
            if step is not None:
                grown(run, step)
                if self.s.steps[step].link != "then_any" or mistakes.on("then_any_is_then"):
                    continue
                stays = Run(run.taken, run.ended, run.passed or is_act)
            else:
                stops = repeats and self._stops(run, item, one, position)
                if repeats and not stops and self._fits(self.s.steps[run.step], run, item, one, position):
                    grown(run, run.step)
                    continue
                if not mistakes.on("not_ignored") and \
                        any(self._fits(g, run, item, one, position) for g in self._guards(run)):
                    continue
                stays = Run(run.taken, run.ended or stops, run.passed or is_act)
            if self._alive(stays, position[0]):
                after.append(stays)
        if self._fits(self.s.steps[0], None, item, one, position):
            grown(None, 0)
        self.runs = after
        self._match(done, position)
        self.runs = [r for r in self.runs if r not in done or self._alive(r, position[0])][-RUNS_MAX:]

    def _match(self, done, position):
        for run in done:
            if run not in self.runs:
                continue    # dropped by another match of this moment
            self.found.append(("whole", position, run))
            self.runs = [r for r in self.runs if not self._drops(run, r)]

    def _drops(self, matched, run):
        policy = self.s.policy if not mistakes.on("after_match_ignored") else "skip_past"
        if policy == "no_skip":
            return False
        if policy == "skip_past":
            return run.begin() <= matched.taken[-1].place
        if policy == "skip_to_next":
            return run.begin() == matched.begin()
        index = next(n for n, s in enumerate(self.s.steps) if s.name == str(self.s.of))
        of = matched.of(index)
        return bool(of) and run.begin() < of[0 if policy == "skip_to_first" else -1].place

    # ---- time ----------------------------------------------------------------------------

    def _end(self, run):
        """(when time ends the run, whether by a match)."""
        limit = run.taken[0].item.at + self.s.limit
        absence = self._absence(run)
        if absence is not None:
            at = run.latest() + absence
            return (at, True) if at < limit else (limit, False)
        fars = [self.s.steps[n].far for n in self._nexts(run)]
        fars += [self.s.steps[run.step].far] if self._repeats(run) else []
        return min(limit, run.latest() + max(fars)), False

    def _pass_time(self, until):
        while True:
            ends = [self._end(r)[0] for r in self.runs]
            if not ends or min(ends) > until:
                return
            at = min(ends)
            position = self.lead.due(at)
            over = [r for r in self.runs if self._end(r) == (at, True)]
            self._match(over, position)
            self.runs = [r for r in self.runs if r not in over]
            for run in [r for r in self.runs if self._end(r)[0] == at]:
                if self.s.missed and (not self._whole(run) or self.s.steps[-1].absent):
                    self.found.append(("missed", position, run))
                self.runs.remove(run)
