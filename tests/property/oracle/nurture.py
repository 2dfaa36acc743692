"""Where a lead is on its nurture tracks (rules 26): memory, as all announcements are."""
from . import expr, mistakes

CATCH_UP = 64
DAY = 86400 * 10**6


class Step:
    KINDS = ("wait", "go", "send", "ask", "note", "task", "end")

    def __init__(self, raw, ids, nth):
        self.kind, self.name = next(k for k in self.KINDS if k in raw), ids[nth]
        self.schedule = str(raw["in"]) if "in" in raw else None
        self.wait = expr.duration(raw["wait"]) if "wait" in raw else None
        self.when = expr.parse(raw["when"]) if "when" in raw else None
        self.go = ids.index(str(raw["go"])) if "go" in raw else None
        self.text = expr.template(raw.get(self.kind, ""))
        self.asked = expr.parse(raw["ask"]) if "ask" in raw else None


class Track:
    def __init__(self, raw):
        self.id, self.enter = str(raw["id"]), expr.parse(raw["enter"])
        self.exit = expr.parse(raw["exit"]) if "exit" in raw else None
        ids = [str(s.get("id", nth + 1)) for nth, s in enumerate(raw["steps"])]
        self.steps = [Step(s, ids, nth) for nth, s in enumerate(raw["steps"])]


def read_tracks(raw):
    return [Track(t) for t in raw.get("nurture", [])]


def read_wishes(raw):
    """What the actions of an announcement want of tracks, in their order."""
    return [(word, str(action[word])) for action in raw.get("actions", [])
            for word in ("start", "stop") if word in action]


class Run:
    """A lead on a track; one that is over is only remembered."""

    def __init__(self, key, began):
        self.key, self.began = key, began
        self.step, self.due, self.over = 0, began, False


class Tracks:
    """Part of the lead whose announcements these are."""

    def __init__(self, model):
        self.m = model
        self.runs = {t.id: [] for t in model.tracks}
        self.entered = {}
        self.wishes = {}

    def starts(self, lead):
        """Whether a lead without touches would be on a track already."""
        self.entered = {t.id: lead.true(t.enter, lead.empty()) for t in self.m.tracks}

    def breaks(self, lead):
        found = set()
        for track in self.m.tracks:
            found |= lead.breaks(track.enter)
            found |= lead.breaks(track.exit) if track.exit is not None else set()
        return found

    def dues(self):
        return {r.due for runs in self.runs.values() for r in runs
                if not r.over and r.due is not None}

    def wish(self, actions, at):
        """What the actions of an announcement want of tracks; done at the end of the look."""
        for word, track in actions:
            stop, start = self.wishes.get(track, (False, None))
            self.wishes[track] = (True, None) if word == "stop" else (stop, at)

    def look(self, who, lead):
        """`who` is the lead with its present look, `lead` its values."""
        for track in self.m.tracks:
            self._track(who, lead, track)
        self.wishes = {}

    def _going(self, track):
        return next((r for r in self.runs[track.id] if not r.over), None)

    def _left(self, who, lead, track, since):
        """Was exit ever true after that time, as it is known now?"""
        if track.exit is None:
            return False
        flag, ends = lead.true(track.exit, lead.empty()), []
        for position, value in lead.track(track.exit):
            if position > who.position:
                break
            if flag and not value:
                ends.append(position[0])
            flag = value
        if mistakes.on("exit_ignored"):
            return False
        return flag or any(end > since for end in ends)

    def _begin(self, who, lead, track, at, asked):
        key = lead.key_of(at)
        if not asked and any(r.key == key for r in self.runs[track.id]):
            return False
        run = Run(key, max(at[0], who.processed))
        spent = self._going(track) is not None or self._left(who, lead, track, run.began)
        if asked and spent:
            return False
        who.brought.append(at[0])
        run.over = spent
        self.runs[track.id].append(run)
        return not spent

    def _track(self, who, lead, track):
        run = self._going(track)
        if run is not None and self._left(who, lead, track, run.began):
            run.over = True
        new = None
        flag, began = lead.present(track.enter, who.position, lead.true(track.enter, lead.empty()))
        was, self.entered[track.id] = self.entered[track.id], flag
        if flag and not was:
            at = who._moment(began)
            new = at if self._begin(who, lead, track, at, False) else None
        stop, start = self.wishes.get(track.id, (False, None))
        if stop and self._going(track) is not None:
            self._going(track).over = True
            new = None
        if start is not None and self._begin(who, lead, track, start, True):
            new = start
        run = self._going(track)
        if run is not None:
            self._walk(who, lead, track, run, new)

    def _walk(self, who, lead, track, run, at):
        waits = 0
        if at is None and run.due is not None and run.due <= who.now:
            at = who._moment(lead.due(run.due))
            run.due = max(run.due, at[0])
        while not run.over and run.due is not None and run.due <= who.now:
            if run.step == len(track.steps):
                run.over = True
                return
            waited = self._step(who, lead, track, run, at)
            if waited is not None:
                at, waits = lead.due(run.due) if run.due is not None else None, waits + 1
            if waits == CATCH_UP and run.due is not None and run.due <= who.now:
                run.due = who.now + waited

    def _step(self, who, lead, track, run, at):
        """Does one; the time that it waits for, None when it goes on at once."""
        step = track.steps[run.step]
        if step.kind == "end":
            run.over = True
        elif step.kind == "wait":
            run.due, run.step = run.due + step.wait, run.step + 1
            return step.wait
        elif step.kind == "go":
            fits = step.when is None or lead.true(step.when, lead.place(who.position))
            run.step = step.go if fits else run.step + 1
        elif step.asked is not None and lead.ev(step.asked, lead.place(who.position)) is not None \
                and not mistakes.on("asks_what_is_known"):
            run.step += 1
        elif step.schedule is not None and not self.m.schedules[step.schedule].holds(run.due):
            before, run.due = run.due, self._opens(self.m.schedules[step.schedule], run.due)
            return None if run.due is None else run.due - before
        else:
            self._act(who, lead, track, step, at)
            run.step += 1
        return None

    @staticmethod
    def _opens(schedule, after):
        first = max(after, schedule.start or after)
        found = [x for x in schedule.changes(after, first + 9 * DAY) if schedule.holds(x)]
        return min(found) if found else None

    @staticmethod
    def _act(who, lead, track, step, at):
        here = lead.place(who.position, lead.touch_at(at))
        text = who._text(lead, step.text, here)[0]
        who._say(lead, "nurture", track.id, who._count(("track", track.id)), at, step=step.name,
                 carried={step.kind: ("s", text), "step": ("s", step.name)}, **{step.kind: text})
