"""What one lead does, as touchpoints: the small vocabulary in which people.py and crowd.py tell it.

A story has its own time: day 0 to day 59 and the clock of the office, in seconds since midnight of
day 0. Only generate.py knows which date that is. Everything that looks random comes from a source
that is seeded by the name of the lead, so one story never changes another.
"""
import hashlib
import random

DAYS = 60
DAY = 86400
SITE = "https://pumps.example"

# How long a touch takes to reach us, in seconds, by the source that reports it.
REPORTED_AFTER = {"web": (0.05, 1.5), "product": (0.1, 2), "email": (2, 20), "social": (300, 2400),
                  "sales": (600, 5400), "offline": (3600, 14400), "crm": (60, 900)}

AUTUMN = {"source": "newsletter", "medium": "email", "name": "autumn"}
SEARCH = {"source": "search", "medium": "cpc", "name": "heat_pumps", "term": "heat pump supplier"}
PORTAL = {"source": "trade_portal", "medium": "referral", "name": "efficiency_days"}


def moment(when):
    """Seconds since midnight of day 0 of "41 09:30" or "41 09:30:05"; a number stays one."""
    if not isinstance(when, str):
        return when
    day, clock = when.split()
    hours, minutes, seconds = (clock.split(":") + ["0"])[:3]
    return int(day) * DAY + int(hours) * 3600 + int(minutes) * 60 + int(seconds)


def short_hash(*parts):
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()[:12]


class Lead:
    """One lead. `key` is its strongest identifier, (kind, value), and is on every touch that is
    known to be its own; `known()` says from when on, before that only the device is."""

    def __init__(self, seed, key, country="DE", organisation=None, robot=False):
        self.key = key
        self.name = key[1]
        self.random = random.Random(f"{seed}/{key[0]}:{key[1]}")
        self.device = "c-" + short_hash(seed, *key)[:6]
        self.network = {"country": country}
        if organisation:
            self.network["organisation"] = organisation
        self.robot = robot
        self.anonymous_until = 0
        self.says_who = True
        self.touches = []

    def known_from(self, when):
        self.anonymous_until = moment(when)

    def on(self, device, says_who=True):
        """What follows happens on that device, and perhaps without saying who it is."""
        self.device, self.says_who = device, says_who

    def touch(self, when, kind, source, arrives=None, **fields):
        occurred = moment(when)
        low, high = REPORTED_AFTER[source]
        delay = round(self.random.uniform(low, high), 3)
        arrived = occurred + delay if arrives is None else moment(arrives)
        touch = {"id": short_hash(*self.key, len(self.touches), kind), "type": kind,
                 "source": source, "identifiers": self._identifiers(occurred, source), **fields}
        self.touches.append((occurred, arrived, touch))

    def _identifiers(self, occurred, source):
        kind, value = self.key
        on_device = source in ("web", "product") and kind != "anon"
        if on_device and (occurred < self.anonymous_until or not self.says_who):
            return {"anon": self.device}
        return {"anon": self.device, kind: value} if on_device else {kind: value}

    # What leads do on the web

    def web(self, when, kind, path, campaign=None, arrives=None, **fields):
        page = {"url": SITE + path, "path": path, "title": title_of(path)}
        if campaign:
            page["url"] += "?utm_source={source}&utm_medium={medium}".format(**campaign)
            page["url"] += "&utm_campaign={name}".format(**campaign)
            fields["campaign"] = campaign
        device = {"class": "robot" if self.robot else "desktop"}
        session = f"s-{self.device[2:]}-{int(moment(when) // DAY)}"
        self.touch(when, kind, "web", arrives, session=session, page=page, network=self.network,
                   device=device, **fields)

    def page(self, when, path, campaign=None, **fields):
        self.web(when, "page_view", path, campaign, **fields)

    def pricing(self, *moments):
        for when in moments:
            self.page(when, "/pricing")

    def download(self, when, asset, **fields):
        self.web(when, "download", "/library/" + asset, asset=asset, **fields)

    def webinar(self, when, what, asset="webinar-refrigerants", **fields):
        self.web(when, "webinar_" + what, "/webinars/" + asset, asset=asset, **fields)

    def form(self, when, form, **fields):
        self.web(when, "form_submitted", "/" + form, form=form, **fields)

    def demo_request(self, when, **fields):
        self.web(when, "demo_request", "/demo", form="demo", **fields)

    # Mail, social networks, people

    def mail(self, when, send, opened=None, clicked=None, sent_arrives=None):
        """A mail, with the seconds after which it was opened and clicked."""
        sent = moment(when)
        self.touch(sent, "email_sent", "email", sent_arrives, send=send, links=6)
        if opened is not None:
            self.touch(sent + opened, "email_open", "email", send=send)
        if clicked is not None:
            self.touch(sent + clicked, "email_click", "email", send=send, link="l-1")

    def unsubscribe(self, when, send):
        self.touch(when, "email_unsubscribed", "email", send=send, consent={"marketing": False})

    def social(self, when, what):
        self.touch(when, "social_" + what, "social", channel="social", media="earned")

    def fair(self, when, arrives=None):
        self.touch(when, "fair_visit", "offline", arrives, asset="efficiency-fair", channel="fair")

    def call(self, when, minutes=5):
        self.touch(when, "call", "sales", channel="phone", seconds=minutes * 60)

    def offer(self, when, asset, amount="48000.00", opened=None):
        self.touch(when, "offer_sent", "sales", asset=asset, amount=amount, currency="EUR")
        if opened:
            self.touch(opened, "offer_opened", "sales", asset=asset)

    # What the CRM reports back

    def attributes(self, when, arrives=None, consent=None, company=None, **attributes):
        fields = {"lead": attributes} if attributes else {}
        if company:
            fields["company"] = company
        if consent is not None:
            fields["consent"] = {"marketing": consent}
        self.touch(when, "attributes", "crm", arrives, **fields)

    def accepted(self, when):
        self.touch(when, "sales_accepted", "crm")

    def rejected(self, when, reason):
        self.touch(when, "sales_rejected", "crm", properties={"reason": reason})

    def won(self, when, amount):
        self.touch(when, "outcome_won", "crm", amount=amount, currency="EUR")

    def lost(self, when, reason):
        self.touch(when, "outcome_lost", "crm", properties={"reason": reason})


def title_of(path):
    last = path.strip("/").split("/")[-1].rsplit(".", 1)[0]
    return last.replace("-", " ").capitalize() or "Pumps that save"

