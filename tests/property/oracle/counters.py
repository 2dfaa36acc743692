"""Who gets a ripe lead when a route has a counter (rules 26): asked in the order of announcing."""
from . import clock, mistakes


class Counter:
    """Turns and room of one route."""

    def __init__(self, route, zone):
        self.route, self.zone = route, zone
        self.credit = {name: 0 for name in route.owners}
        self.period, self.taken = None, 0

    def has_room(self, at):
        if self.route.capacity is None:
            return True
        count, per = self.route.capacity
        period = at // 86400000000 if mistakes.on("capacity_in_utc") \
            else clock.bounds(at, per, self.zone)[0]
        if period != self.period:
            self.period, self.taken = period, 0
        return self.taken < count

    def take(self, before):
        """The owner; None for a route without owners."""
        self.taken += 1
        if before in self.credit and not mistakes.on("sticky_ignored"):
            if mistakes.on("sticky_takes_a_turn"):
                self.turn()
            return before
        return self.turn() if self.credit else None

    def turn(self):
        if mistakes.on("turns_in_blocks"):
            order = [name for name, weight in self.route.owners.items() for _ in range(weight)]
            self.credit["#"] = self.credit.get("#", 0) + 1
            return order[(self.credit["#"] - 1) % len(order)]
        for name, weight in self.route.owners.items():
            self.credit[name] += weight
        best = max(self.credit, key=self.credit.get)      # of equals the first
        self.credit[best] -= sum(self.route.owners.values())
        return best


class Counters:
    """All counters of a model; `leads` by name, in the order in which they became known."""

    def __init__(self, model, leads):
        self.leads, self.told = leads, {}
        self.counters = {r.id: Counter(r, model.zone) for r in model.routes if r.counts}
        self.had = {}       # lead -> [(began, owner, route)]

    def resolve(self):
        """Answers what was announced since. Time acts before a message of the same instant, lead by
        lead; a lead asks in the order of its own announcements."""
        found = []
        for index, (name, lead) in enumerate(self.leads.items()):
            for nth in range(self.told.get(name, 0), len(lead.events)):
                event = lead.events[nth]
                if event["event"] == "qualified":
                    phase, serial = event["asked"]
                    found.append(((event["decided"], phase, serial if phase else index, nth),
                                  name, event))
            self.told[name] = len(lead.events)
        for _, name, event in sorted(found, key=lambda x: x[0]):
            event["route"] = self.answer(name, event)

    def answer(self, name, event):
        for route, to in event["candidates"]:
            if not route.counts:
                return {"rule": route.id, "to": to}
            counter = self.counters[route.id]
            if not counter.has_room(event["decided"]):
                if mistakes.on("full_ends_it"):
                    return None
                continue
            owner = counter.take(self.before(name, route, event["decided"]))
            if owner is None:
                return {"rule": route.id, "to": to}
            self.had.setdefault(name, []).append((event["began"], owner, route.id))
            return {"rule": route.id, "to": to, "owner": owner}
        return None

    def before(self, name, route, at):
        if route.sticky is None:
            return None
        had = [x for x in self.had.get(name, []) if x[2] == route.id and at - x[0] < route.sticky]
        return max(had)[1] if had else None
