"""A company (rules.md 21) from its definition: the touches that its people of now brought, as they
were to each of them, read by the parts of the model with `entity: company` as if it were a lead."""
from . import evaluate, touches, values
from .history import Place
from .values import VERDICTS

# Planted mistakes: each breaks one rule of companies.
MISTAKES = {
    "device_stays_a_person": "who was identified goes on counting as a person of its own",
    "touches_stay": "what somebody did stays with the company that he named then",
    "struck_is_told": "a touch below the minimum verdict is told",
    "attributes_of_now": "touch.lead.NAME is what the person says now",
    "earned_before_caps": "touch.earned.SCORE is what the rules say, before caps",
    "people_of_the_past": "whoever was once of the company is counted among its people",
    "every_touch_is_told": "touches that no company part reads are told, too",
    "split_ignored": "who was taken apart stays one person",
    "erased_stays": "what an erased person did stays with the company",
}
active = set()


class Person:
    """A lead: its key, and the values known of it at a moment."""

    def __init__(self, model, key, known, now):
        self.key = key
        self.values = evaluate.Values(model, sorted(known, key=touches.Touch.order), now)
        position = self.values.after(now)
        self.now = Place(*position)

    def company(self, here=None):
        said = self.values.lead_field("company", here or self.now)
        return said[1] if said else None

    def is_somebody(self):
        return bool(self.values.seen(self.now.k))


class Told(touches.Touch):
    """A touch of a person as its company knows it."""

    def __init__(self, touch, person, model):
        self.__dict__.update(touch.__dict__)
        lead, position = person.values, person.values.at_touch(touch)
        here = person.now if "attributes_of_now" in active else Place(*position, touch)
        self.level = lead.verdict(touch)
        self.fields = dict(touch.fields)
        alone = "device_stays_a_person" in active and touch.identifiers.get("anon")
        self.fields[("person",)] = ("s", touch.identifiers["anon"][0] if alone else person.key)
        for name in ("role", "country"):
            said = lead.lead_field(name, here)
            if said is not None:
                self.fields[("lead", name)] = said
        for score in model.scores:
            self.fields[("earned", score.id)] = ("n", self._earned(lead, score, position, here))

    @staticmethod
    def _earned(lead, score, position, here):
        if "earned_before_caps" not in active:
            return sum(x for where, _, x, _ in lead.awards(score) if where == position)
        fit = [r for r in score.rules if r.on and lead.fits(r, here.touch, None, position)]
        return sum(lead.ev(r.points, here)[1] for r in fit)


class Company(evaluate.Values):
    """A company at a moment; `people` are those of it as they are now."""

    def __init__(self, model, domain, told, people, now):
        self.domain, self.people = domain, people
        super().__init__(model, sorted(told, key=touches.Touch.order), now)

    def _verdict(self, touch):
        return touch.level

    def visible(self, touch):
        return True

    def items(self, selector, here):
        if any(one[1] == "people" for one in selector):
            return self.people
        return super().items(selector, here)

    def ev_path(self, node, here):
        if isinstance(here.it, Person):
            return here.it.values.ev(node, here.it.now)
        if node[1] == ("company", "domain"):
            return ("s", self.domain)
        return super().ev_path(node, here)


def told_of(model, person, reads):
    """The touches of a person that his company is told."""
    lead = person.values
    found = []
    for touch in lead.touches:
        struck = lead.verdict(touch) < VERDICTS.index(model.minimum)
        named = touch.type in reads.types or (reads.acts and touch.act) or \
            any(name in touch.company for name in reads.attributes)
        if touch.at <= lead.horizon and ("struck_is_told" in active or not struck) and \
                (named or "every_touch_is_told" in active):
            found.append(touch)
    return found


class Reads:
    """What the company parts of a model look at."""

    def __init__(self, raw):
        text = str(raw)
        words = set("".join(c if c.isalnum() or c == "_" else " " for c in text).split())
        self.acts = bool(words & {"any", "silent", "session", "only_after"})
        self.types = words & set(touches.SOURCE_OF)
        self.attributes = {name for name in ("plan",) if "company." + name in text}


def companies(leads, parts, reads, known, now):
    """domain → Company: `known` is {lead key: [touches]} as of now."""
    parts.orders.update(leads.orders)     # labels of people are compared in company parts
    people = [Person(leads, key, found, now) for key, found in known.items() if found]
    people = [person for person in people if person.is_somebody()]
    told, members = {}, {}
    for person in people:
        for touch in told_of(leads, person, reads):
            here = Place(*person.values.at_touch(touch))
            domain = person.company(here if "touches_stay" in active else None)
            if domain is not None:
                told.setdefault(domain, []).append(Told(touch, person, leads))
        domain = person.company()
        if domain is not None:
            members.setdefault(domain, []).append(person)
        if "people_of_the_past" in active:
            for touch in person.values.touches:
                past = person.company(Place(*person.values.at_touch(touch)))
                if past is not None and person not in members.setdefault(past, []):
                    members[past].append(person)
    return {domain: Company(parts, domain, found, members.get(domain, []), now)
            for domain, found in told.items()}


def answer(company, now):
    """Everything that an expectation of a model test can name."""
    here = company.place(company.after(now))
    model = company.m
    decimal = values.decimal
    ledger = {}
    for score in model.scores:
        ledger.update({rule: decimal(x) for rule, x in company.ledger(score, here).items()})
    return {
        "score": {s.id: decimal(company.score(s, here)) for s in model.scores},
        "ledger": ledger,
        "label": {x.id: (company.label(x, here) or ("none",))[-1] for x in model.labels},
        "segment": {s.id: company.segment(s, here) for s in model.segments},
        "ripe": {q.id: company.ripe(q, here) for q in model.qualifications},
    }


__all__ = ["MISTAKES", "Reads", "active", "answer", "companies"]
