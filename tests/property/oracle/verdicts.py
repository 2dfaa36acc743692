"""Verdicts of rules 11, each from its definition: over all touches that are known at a moment."""
from . import mistakes
from .values import TRUE, VERDICTS


class Verdicts:
    """What of each touch is believed at the horizon; mixed into History."""

    def verdict(self, touch):
        return self.once(("verdict", touch.index), lambda: self._verdict(touch))

    def _verdict(self, touch):
        start = VERDICTS.index(self.m.starts.get(touch.type, "human"))
        if touch.at > self.horizon:
            return start
        against = self._accusations()[touch.index]
        if against:
            return min([start] + [self._level(e) for e in against])
        if start == VERDICTS.index("unconfirmed") and self._is_confirmed(touch):
            return VERDICTS.index("human")
        return start

    @staticmethod
    def _level(evidence):
        return VERDICTS.index(evidence.level)

    def _known(self):
        return [x for x in self.touches if x.at <= self.horizon]

    def _on(self, part, touch, key="on"):
        return any(self.is_one(touch, one) for one in getattr(part, key))

    def _says(self, tree, touch):
        return self.ev(tree, self.own_place(touch))

    def _alike(self, tree, a, b):
        x = self._says(tree, a)
        return x is not None and x == self._says(tree, b)

    # ---- evidence ------------------------------------------------------------------------

    def _accusations(self):
        """{index: the evidence that holds}: the least such sets that bear each other out."""
        return self.once("accusations", self._accuse)

    def _accuse(self):
        found = {x.index: [] for x in self.touches}
        for e in self.m.evidence:
            if e.burst is not None:
                for x in self._bursts(e):
                    found[x.index].append(e)
            elif e.near is None:
                for x in self._known():
                    if self._on(e, x) and self._says(e.when, x) == TRUE:
                        found[x.index].append(e)
        while self._spread(found):
            pass
        return found

    def _bursts(self, e):
        """All of `count` or more alike that lie less than `within` apart."""
        pool = [x for x in self._known() if self._on(e, x)
                and (e.when is None or self._says(e.when, x) == TRUE)]
        hit = set()
        for first in pool:
            together = [x for x in pool if 0 <= x.at - first.at < e.burst.within
                        and self._alike(e.burst.same, first, x)]
            if len(together) >= e.burst.count:
                hit |= {x.index for x in (together[e.burst.count - 1:]
                                          if mistakes.on("burst_spares_earlier") else together)}
        return [x for x in pool if x.index in hit]

    def _spread(self, found):
        """One round of `near`: what those that are accused by now say of others."""
        more = []
        for e in self.m.evidence:
            if e.near is None:
                continue
            accused = [x for x in self._known()
                       if any(self._level(other) <= self._level(e) for other in found[x.index])]
            for y in self._known():
                if e not in found[y.index] and self._on(e, y) and \
                        any(x is not y and self._is_near(e.near, x, y) for x in accused):
                    more.append((y.index, e))
        for index, e in more:
            found[index].append(e)
        return bool(more)

    def _is_near(self, near, x, y):
        """y is alike x, and less than `within` after or `back` before it."""
        close = 0 <= y.at - x.at < near.within or 0 < x.at - y.at < near.back
        return close and self._alike(near.same, x, y) and \
            any(self._alike(tree, x, y) for tree in near.any)

    # ---- confirmation --------------------------------------------------------------------

    def _is_confirmed(self, touch):
        for c in self.m.confirms:
            if not self._on(c, touch):
                continue
            if c.quiet is not None and touch.at + c.quiet <= self.horizon:
                return True
            if c.quiet is None and any(
                    x is not touch and 0 <= x.at - touch.at < c.within
                    and self._on(c, x, "followed_by") for x in self._known()):
                return True
        return False


def calm_moments(model, touches, last, now):
    """When `quiet` is over for some touch, in (last, now]."""
    return sorted({x.at + c.quiet for c in model.confirms if c.quiet is not None for x in touches
                   if last < x.at + c.quiet <= now})
