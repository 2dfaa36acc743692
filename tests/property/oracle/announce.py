"""Announcements of one lead (rules 3.7): what leaves, given what had been announced before."""
from . import mistakes, values
from .evaluate import Place, Values
from .nurture import Tracks
from .values import TRUE
from .verdicts import calm_moments


class Episode:
    def __init__(self, number, begin):
        self.number, self.begin = number, begin
        self.closed, self.withdrawn = None, False


class Lead:
    """The history of a lead and the memory of its announcements."""

    def __init__(self, model, name):
        self.m, self.name = model, name
        self.touches, self.at = [], None
        self.events = []
        self.last = None                    # the latest moment to which time was advanced
        self.processed = -(1 << 63)
        self.inside = {s.id: False for s in model.segments}
        self.labels = {}
        self.stage = model.stage_order[0] if model.stages else None
        self.counts = {}
        self.seen = {t.id: set() for t in model.triggers}
        self.flags = {}
        self.fired_at = {}
        self.fired = {t.id: 0 for t in model.triggers}
        self.state = {q.id: "green" for q in model.qualifications}
        self.episodes = {q.id: [] for q in model.qualifications}
        self.tracks = Tracks(model)
        self.brought = []                   # moments of the decisions of the look that runs
        self.serial, self.by = 0, (0, 0)    # messages so far, of all leads; what this look is of

    # ---- time and messages ---------------------------------------------------------------

    def values(self, now):
        """The values known at `now`; the last ones are kept as long as nothing new is known."""
        if self.at is None or self.at.touches is not self.touches or self.at.horizon != now:
            self.at = Values(self.m, self.touches, now)
        return self.at

    def message(self, now, touch):
        self.advance(now)
        if not self._insert(touch):
            return
        lead = self.values(now)
        self._start_edges(lead)
        if touch.at <= now:
            self.by = (1, self.serial)
            self._look(lead, lead.after(now), now, lead.at_touch(touch))
            self.by = (0, 0)
        self.processed = max(self.processed, touch.at)

    def _insert(self, touch):
        same = [x for x in self.touches if x.id == touch.id]
        if same and (same[0].at, same[0].digest) <= (touch.at, touch.digest):
            if not mistakes.on("second_of_one_id_wins") or same[0].digest == touch.digest:
                return False
        self.touches = [x for x in self.touches if x.id != touch.id] + [touch]
        if mistakes.on("first_tie_by_arrival"):
            self.touches.sort(key=lambda x: x.at)
        else:
            self.touches.sort(key=lambda x: x.order())
        for index, x in enumerate(self.touches):
            x.index = index
        return True

    def advance(self, now):
        last = self.last if self.last is not None else -(1 << 63)
        self.last = max(last, now)
        if not self.touches:
            return
        for calm in calm_moments(self.m, self.touches, last, now):
            self._pass(last, calm - 1, None)
            self._pass(calm - 1, calm, calm)    # what it confirms counts from now on, at its own time
            last = calm
        self._pass(last, now, None)

    def _pass(self, last, now, calm):
        """Moments in (last, now], judged as of `now`; `calm`: a moment for itself."""
        if last >= now:
            return
        lead = self.values(now)
        moments = {lead.due(t) for t in self._dues(lead) if last < t <= now}
        moments |= {lead.at_touch(x) for x in self.touches if last < x.at <= now}
        moments |= {lead.due(calm)} if calm is not None else set()
        done = None
        while True:
            ends = {lead.due(t) for t in self._cool_downs() | self.tracks.dues()
                    if last < t <= now}
            ahead = [p for p in moments | ends if done is None or p > done]
            if not ahead:
                return
            done = min(ahead)
            if lead.times[0] <= done[0]:
                self.brought = []
                self._look(lead, done, done[0], done)
                if self.brought:
                    self.processed = max(self.processed, done[0])

    def _dues(self, lead):
        found = set()
        for tree in [self.m.audience] + [s.when for s in self.m.segments] + \
                [q.gate for q in self.m.qualifications]:
            found |= lead.breaks(tree) if tree is not None else set()
        for label in self.m.labels:
            found |= lead.label_breaks(label) if label.announce else set()
        for trigger in self.m.triggers:
            if trigger.sequence:
                found |= {position[0] for _, position, _ in lead.endings(trigger)}
                continue
            found |= lead.breaks(trigger.when) if not trigger.on else {
                position[0] for position, _, _ in lead.firings(trigger)}
        for q in self.m.qualifications:
            found |= lead.qualification_breaks(q)
        if self.m.stages:
            found |= lead.stage_breaks()
        return found | self.tracks.breaks(lead)

    def _cool_downs(self):
        return {e.begin + q.cool_down for q in self.m.qualifications for e in self.episodes[q.id]}

    def _start_edges(self, lead):
        """What is known before anything was looked at: the values of a lead without touches."""
        if self.flags or self.labels or self.tracks.entered:
            return
        self.tracks.starts(lead)
        for trigger in self.m.triggers:
            if not trigger.on and not trigger.sequence:
                self.flags[trigger.id] = lead.true(trigger.when, lead.empty()) \
                    and not mistakes.on("edge_from_false")
        for label in self.m.labels:
            self.labels[label.id] = lead.label(label, lead.empty())

    # ---- one look ------------------------------------------------------------------------

    def _look(self, lead, position, now, cause):
        self.now, self.position, self.cause = now, position, cause
        self.audience = None
        if self.m.audience is not None:
            inside, began = lead.present(self.m.audience, position, False)
            if not inside:
                return
            self.audience = began
        self.brought = []
        for segment in self.m.segments:
            if segment.announce:
                self._segment(lead, segment)
        for label in self.m.labels:
            if label.announce:
                self._label(lead, label)
        for trigger in self.m.triggers:
            (self._endings if trigger.sequence else self._firings if trigger.on
             else self._edge)(lead, trigger)
        if self.m.stages:
            self._stage(lead)
        for q in self.m.qualifications:
            self._qualification(lead, q)
        self.tracks.look(self, lead)
        if self.brought and lead.touch_at(cause) is None:
            self.brought.append(now)    # a due time at which something was decided counts itself
        self.processed = max([self.processed] + self.brought)

    def _moment(self, began):
        """The bringing position of a value that began there (None: never, so the cause)."""
        at = began if began is not None else self.cause
        return max(at, self.audience) if self.audience is not None else at

    def _say(self, lead, kind, name, n, at, **more):
        touch = lead.touch_at(at)
        self.brought.append(at[0])
        event = {"event": kind, "name": name, "n": n, "lead": self.name, "decided": self.now,
                 "occurred": at[0], "late": self.processed > at[0],
                 "because": touch.id if touch else "due"}
        event.update(more)
        self.events.append(event)

    def _count(self, key):
        self.counts[key] = self.counts.get(key, 0) + 1
        return self.counts[key]

    def _segment(self, lead, segment):
        flag, began = lead.present(segment.when, self.position, False)
        if flag == self.inside[segment.id]:
            return
        self.inside[segment.id] = flag
        self._say(lead, "segment_entered" if flag else "segment_left", segment.id,
                  self._count(("segment", segment.id)), self._moment(began))

    def _label(self, lead, label):
        value = lead.label(label, lead.place(self.position))
        was = self.labels[label.id]
        if value == was:
            return
        began = [x.position for x in lead.derived(("changed", label.id)) if x.position <= self.position]
        self.labels[label.id] = value
        self._say(lead, "label_changed", label.id, self._count(("label", label.id)),
                  self._moment(began[-1] if began else None),
                  **{"from": was and was[-1], "to": value and value[-1]})

    def _stage(self, lead):
        here = lead.place(self.position)
        stage = lead.stage_now(here)[0]
        if stage == self.stage:
            return
        began, before = None, self.m.stage_order[0]
        for position, value, _ in lead.stage_track():
            if position <= self.position and value != before:
                began = position
            before = value if position <= self.position else before
        was, self.stage = self.stage, stage
        self._say(lead, "stage_changed", stage, self._count(("stage",)),
                  self._moment(began), **{"from": was, "to": stage})

    # ---- triggers ------------------------------------------------------------------------

    def _fire(self, lead, trigger, position, key, kind="whole", run=None):
        """Announces a firing, unless its key was seen, or cool-down or maximum hold it back."""
        if (kind, key) in self.seen[trigger.id]:
            return
        self.seen[trigger.id].add((kind, key))
        moment = max(position[0], self.processed)
        last = self.fired_at.get(trigger.id)
        full = trigger.max is not None and self.fired[trigger.id] >= trigger.max
        if full or (last is not None and moment < last + trigger.cool_down):
            self.brought.append(position[0])
            return
        self.fired_at[trigger.id] = moment
        self.fired[trigger.id] += 1
        here = lead.place(self.position, lead.touch_at(position))
        more, touch = {}, lead.touch_at(position)
        if run is not None:
            here.run = run.names(trigger.sequence.steps)
            if run.shown() not in ([], [touch and touch.id]):
                more["touches"] = run.shown()
        carried = {k: lead.ev(v, here) for k, v in trigger.carries.items()}
        if carried:
            more["with"] = {k: values.text(v) for k, v in carried.items()}
        name = trigger.id if kind == "whole" else trigger.sequence.missed
        self._say(lead, "fired", name, self.fired[trigger.id], position, key=key, carried=carried,
                  **more)
        self.tracks.wish(trigger.wishes, position)

    def _is_told(self, position):
        """What is older than the history kept may be folded: it is told to nobody."""
        return position <= self.position and position[0] >= self.now - self.m.keep

    def _endings(self, lead, trigger):
        """Of several of one kind and position the second has the key KEY.2."""
        numbers = {}
        for kind, position, run in lead.endings(trigger):
            number = numbers[kind, position] = numbers.get((kind, position), 0) + 1
            if self._is_told(position):
                key = lead.key_of(position) + (f".{number}" if number > 1 else "")
                self._fire(lead, trigger, position, key, kind, run)

    def _firings(self, lead, trigger):
        for position, key, _ in lead.firings(trigger):
            if self._is_told(position):
                self._fire(lead, trigger, position, key)

    def _edge(self, lead, trigger):
        flag, began = lead.present(trigger.when, self.position, lead.true(trigger.when, lead.empty()))
        was, self.flags[trigger.id] = self.flags[trigger.id], flag
        if flag and not was:
            at = self._moment(began)
            self._fire(lead, trigger, at, lead.key_of(at))

    # ---- qualifications ------------------------------------------------------------------

    def _intervals(self, lead, q):
        """Ripe intervals [from, to) up to the position: (from, to or None, how it ended)."""
        found, start = [], None
        for position, armed, ripe in lead.ripe_track(q):
            if position > self.position:
                break
            if ripe and start is None:
                start = position
            elif not ripe and start is not None:
                end = "except" if armed else ("over" if q.runs_out else "disarm")
                found.append((start, position, end))
                start = None
        return found + ([(start, None, None)] if start is not None else [])

    def _qualification(self, lead, q):
        intervals = self._intervals(lead, q)
        ripe = bool(intervals) and intervals[-1][1] is None
        if self.state[q.id] == "announced":
            gate_shut = mistakes.on("gate_ends") and q.gate is not None and \
                not lead.true(q.gate, lead.place(self.position))
            if ripe and not gate_shut:
                return
            self._close(lead, q, intervals)
        self._hindsight(lead, q, intervals)
        if not ripe:
            self.state[q.id] = "green"
            return
        at = self._free(lead, q, intervals[-1][0])
        if at is None:
            self.state[q.id] = "held"
            return
        self.state[q.id] = "announced"
        episode = Episode(len(self.episodes[q.id]) + 1, max(at[0], self.processed))
        self.episodes[q.id].append(episode)
        self._qualified(lead, q, episode, at)

    def _close(self, lead, q, intervals):
        episode = self.episodes[q.id][-1]
        episode.closed = self.now
        self.state[q.id] = "green"
        since = [i for i in intervals
                 if i[0][0] <= self.now and (i[1] is None or i[1][0] > episode.begin)]
        if not since:
            episode.withdrawn = True
            self._say(lead, "withdrawn", q.id, episode.number, self.cause)
            return
        _, end, how = since[-1]
        end = end or self.position
        if how == "over":
            self.brought.append(end[0])
        else:
            self._say(lead, "withered", q.id, episode.number, end, reason=how)

    def _hindsight(self, lead, q, intervals):
        """The last closed episode is withdrawn once it never was."""
        if not self.episodes[q.id]:
            return
        episode = self.episodes[q.id][-1]
        if episode.closed is None or episode.withdrawn:
            return
        if not any(i[0][0] < episode.closed and (i[1] is None or i[1][0] > episode.begin)
                   for i in intervals):
            episode.withdrawn = True
            self._say(lead, "withdrawn", q.id, episode.number, self.cause)

    def _free(self, lead, q, began):
        """The position that brings an episode now, or None while something holds it back."""
        at = self._moment(began)
        if q.max is not None and len(self.episodes[q.id]) >= q.max:
            return None
        standing = [e for e in self.episodes[q.id]
                    if not e.withdrawn or mistakes.on("cool_down_of_withdrawn")]
        if standing:
            over = standing[-1].begin + q.cool_down
            if self.now < over:
                return None
            at = max(at, lead.due(over)) if q.cool_down else at
        if q.gate is not None:
            open_now, opened = lead.present(q.gate, self.position, False)
            if not open_now:
                return None
            at = max(at, opened)
        return at

    def _qualified(self, lead, q, episode, at):
        here = lead.place(self.position, lead.touch_at(at))
        note = self._text(lead, q.note, here)[0] if q.note is not None else None
        carried = {k: lead.ev(v, here) for k, v in q.carries.items()}
        self._say(lead, "qualified", q.id, episode.number, at, candidates=self._routes(lead, here),
                  asked=self.by, began=episode.begin, note=note, carried=carried)
        self.tracks.wish(q.wishes, at)

    def _text(self, lead, pieces, here):
        """A text template filled in, and whether all of it was known."""
        from .values import plain
        found, known = "", True
        for piece in pieces:
            if isinstance(piece, str):
                found += piece
            else:
                x = lead.ev(piece, here)
                known = known and x is not None
                found += plain(x)
        return found, known

    def _routes(self, lead, here):
        """Those that are true, up to the first that takes everybody."""
        found, bare = [], Place(here.t, here.k)
        for route in self.m.routes:
            if route.when is not None and lead.ev(route.when, bare) != TRUE:
                continue
            to, known = self._text(lead, route.to, here)
            if known and to:
                found.append((route, to))
                if not route.counts:
                    break
        return found
