"""Everybody else: visitors without a name, readers, people from the fair, customers, machines.

Each kind is told by a few dice, seeded by the name of the lead, so that the same seed gives the
same crowd on every machine. How many leads of which kind there are stands in KINDS.
"""
import random

from story import AUTUMN, DAY, DAYS, PORTAL, SEARCH, Lead, short_hash

FIRST = ("ada ben cleo dario emil fatima gustav hedda ines jonas katja luca mara noah otto pia "
         "quirin rita sven tilda ugo vera wanda xaver yara zeno").split()
LAST = ("adler bauer costa dietz ebner falk gruber hahn imhof jensen kraus lindner maurer neumann "
        "olsen pohl quast riedl sander thoma unger vogt wirth yildiz zimmer").split()
COMPANIES = ("alpenmilch brauhaus-sued chemiepark-ost druckhaus-west eishalle-mitte freibad-tal "
             "glaswerk-lohr hafenlager-acht inselhotel kuehlhaus-neun laborbau marmor-oertl "
             "nordpapier obsthof-see pflegeheim-birke quellwasser rohrbau-stein schulverbund "
             "textilwerk-au umweltamt-linde verkehrshof wasserwerk-furt ziegelei-krug").split()
ROLES = ("Facility Manager", "Head of Maintenance", "Planner", "Engineer", "Technical Director",
         "Buyer", "Assistant", "Energy Manager", "Consultant", "Managing Director")
INDUSTRIES = ("energy", "building", "building", "water", None)
COUNTRIES = ("DE", "DE", "DE", "AT", "CH", "NL", "FR", "IT")
ASSETS = ("heat-pump-guide.pdf", "seal-maintenance.pdf", "energy-label-2026.pdf",
          "district-heating.pdf")
PAGES = ("/", "/solutions/heat-pumps", "/solutions/water", "/library", "/cases/district-heating",
         "/cases/greenhouse", "/selector", "/about", "/service", "/pricing")
CAMPAIGNS = (None, None, None, AUTUMN, SEARCH, PORTAL)
NEWSLETTERS = tuple((8 + 7 * week, f"news-{week + 1:02d}") for week in range(8))


def office_time(rng, day, first=8, last=19):
    """Some second of the working hours of a day."""
    return day * DAY + rng.randrange(first * 3600, last * 3600)


def late(rng, when):
    """One touch in thirty was kept by a device or an outage, and reaches us hours or days later."""
    return when + rng.randrange(3600, 2 * DAY) if rng.random() < 1 / 30 else None


def visit(lead, day, pages, campaign=None):
    """One visit: some pages, half a minute to six minutes apart."""
    rng = lead.random
    when = office_time(rng, day)
    for path in rng.choices(PAGES, weights=(6, 6, 3, 4, 4, 2, 3, 3, 2, 2), k=pages):
        lead.page(when, path, campaign, arrives=late(rng, when))
        when += rng.randrange(30, 360)
        campaign = None
    return when


def newsletters(lead, first_day, opens, clicks):
    rng = lead.random
    for day, send in NEWSLETTERS:
        if day < first_day:
            continue
        opened = rng.randrange(300, 6 * 3600) if rng.random() < opens else None
        clicked = opened + rng.randrange(8, 90) if opened and rng.random() < clicks else None
        lead.mail(f"{day} 08:00", send, opened, clicked)
        if clicked:
            lead.page(day * DAY + 8 * 3600 + clicked + 3, rng.choice(PAGES), AUTUMN)


def person_name(lead):
    return lead.name.split("@")[0].rstrip("0123456789").replace(".", " ").title()


def introduce(lead, when, consent):
    """The form that tells who it is."""
    rng = lead.random
    about = {"name": person_name(lead)}
    if rng.random() < 0.6:
        about["role"] = rng.choice(ROLES)
    if rng.random() < 0.7:
        about["country"] = lead.network["country"]
    lead.form(when, "download", lead=about, **({"consent": {"marketing": True}} if consent else {}))


def enrich(lead, when):
    """What the CRM finds out about the person and the company."""
    rng = lead.random
    facts = {"employees": rng.choice((25, 60, 140, 600)), "role": rng.choice(ROLES)}
    industry = rng.choice(INDUSTRIES)
    if industry:
        facts["industry"] = industry
    if rng.random() < 0.3:
        facts["owner"] = rng.choice(("eva", "malik"))
    lead.attributes(when, **facts)


def visitor(lead):
    rng = lead.random
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3))):
        visit(lead, rng.randrange(DAYS - 3), rng.randrange(1, 6), rng.choice(CAMPAIGNS))
    if rng.random() < 0.2:
        lead.web(office_time(rng, rng.randrange(DAYS)), "site_search", "/search",
                 properties={"words": rng.choice(("heat pump", "price list", "seal ring"))})


def reader(lead):
    rng = lead.random
    day = rng.randrange(2, 40)
    left = visit(lead, day, rng.randrange(2, 6), rng.choice(CAMPAIGNS))
    if rng.random() < 0.4:
        lead.known_from(left)
    introduce(lead, left, consent=rng.random() < 0.7)
    lead.download(left + 60, rng.choice(ASSETS))
    newsletters(lead, day + 1, opens=0.6, clicks=0.4)
    for _ in range(rng.randrange(1, 3)):
        visit(lead, rng.randrange(day + 1, DAYS), rng.randrange(1, 5))
    if rng.random() < 0.2:
        when = office_time(rng, rng.randrange(day + 1, DAYS))
        lead.web(when, "video_watched", "/videos/installation", seconds=240)
    if rng.random() < 0.15:
        lead.unsubscribe(office_time(rng, rng.randrange(50, DAYS)), "news-07")


def fair_guest(lead):
    rng = lead.random
    day = rng.choice((20, 21))
    handed_in = office_time(rng, day + rng.choice((0, 0, 1)), 19, 21)
    lead.fair(office_time(rng, day, 9, 17), arrives=handed_in)
    lead.attributes(office_time(rng, 23), name=person_name(lead), role=rng.choice(ROLES),
                    country=lead.network["country"])
    lead.call(office_time(rng, rng.randrange(23, 27)), minutes=rng.randrange(3, 20))
    for _ in range(rng.randrange(0, 4)):
        visit(lead, rng.randrange(22, DAYS), rng.randrange(2, 6))
    newsletters(lead, 24, opens=0.4, clicks=0.3)


def evaluator(lead):
    rng = lead.random
    day = rng.randrange(6, 34)
    left = visit(lead, day, 4, rng.choice(CAMPAIGNS))
    introduce(lead, left, consent=rng.random() < 0.7)
    enrich(lead, office_time(rng, day + 1))
    if rng.random() < 0.3:
        lead.form(office_time(rng, day + 15), "newsletter", consent={"marketing": True})
    for asset in rng.sample(ASSETS, rng.randrange(1, 3)):
        lead.download(office_time(rng, day + rng.randrange(1, 10)), asset)
    lead.webinar(office_time(rng, day + 3), "registered")
    lead.webinar(f"{day + 7} 11:00", rng.choice(("attended", "watched")))
    for _ in range(rng.randrange(3, 8)):
        lead.pricing(office_time(rng, day + rng.randrange(2, 20)))
        visit(lead, day + rng.randrange(2, 24), rng.randrange(1, 4))
    if rng.random() < 0.2:
        lead.demo_request(office_time(rng, day + 22))
    evaluated(lead, day + 24)


def evaluated(lead, day):
    """How sales goes on with an evaluator, if at all."""
    rng = lead.random
    ending = rng.choice(("none", "call", "offer", "rejected", "lost"))
    if ending in ("call", "offer", "lost"):
        lead.call(office_time(rng, day))
        lead.accepted(office_time(rng, day + 1))
    if ending in ("offer", "lost"):
        lead.touch(office_time(rng, day + 1), "meeting_held", "sales", seconds=3600)
        opened = office_time(rng, day + 3) if rng.random() < 0.6 else None
        lead.offer(office_time(rng, day + 2), f"offer-{rng.randrange(3000, 4000)}", opened=opened)
    if ending == "rejected":
        reason = rng.choice(("no budget", "too small", "only a comparison"))
        lead.rejected(office_time(rng, day), reason)
    if ending == "lost":
        lead.lost(office_time(rng, min(day + 20, DAYS - 1)), "price")


def customer(lead):
    """Known by the number that the CRM gave, on every touch."""
    rng = lead.random
    lead.attributes(office_time(rng, 0), name=f"Customer {lead.name}", is_customer=True,
                    owner=rng.choice(("eva", "malik")), country=lead.network["country"])
    for _ in range(rng.randrange(3, 9)):
        day = rng.randrange(1, DAYS)
        lead.touch(office_time(rng, day), "login", "product", product="portal")
        if rng.random() < 0.4:
            lead.touch(office_time(rng, day, 10, 18), "support_ticket", "product", product="HX-200")
        if rng.random() < 0.4:
            visit(lead, day, rng.randrange(1, 4))


def student(lead):
    rng = lead.random
    day = rng.randrange(5, 45)
    left = visit(lead, day, 3, SEARCH)
    lead.form(left, "download", lead={"name": person_name(lead), "role": "Student"})
    lead.download(left + 30, rng.choice(ASSETS))
    lead.page(left + 300, "/careers")
    lead.page(office_time(rng, day + 2), "/careers/internship")


def follower(lead):
    rng = lead.random
    for _ in range(rng.randrange(2, 7)):
        when = office_time(rng, rng.randrange(DAYS), 7, 22)
        lead.social(when, rng.choice(("like", "comment", "share", "follow")))


def machine(lead):
    rng = lead.random
    for _ in range(rng.randrange(2, 5)):
        visit(lead, rng.randrange(DAYS), rng.randrange(8, 14))


# kind, its identifier, and how many of a hundred are of it
KINDS = ((visitor, "anon", 39), (reader, "email", 22), (fair_guest, "email", 9),
         (evaluator, "email", 14), (customer, "crm", 6), (student, "email", 3),
         (follower, "user", 5), (machine, "anon", 2))


def identifier(kind, number, rng):
    if kind == "anon":
        return "c-" + short_hash("crowd", number)[:6]
    if kind == "crm":
        return f"00{3500 + number}"
    if kind == "user":
        return f"member-{4000 + number}"
    return f"{rng.choice(FIRST)}.{rng.choice(LAST)}{number}@{rng.choice(COMPANIES)}.example"


def crowd(seed, size):
    """So many leads."""
    rng = random.Random(f"{seed}/crowd")
    told = []
    for number in range(1, size + 1):
        tell, kind, _ = rng.choices(KINDS, weights=[share for _, _, share in KINDS])[0]
        lead = Lead(seed, (kind, identifier(kind, number, rng)), country=rng.choice(COUNTRIES),
                    robot=tell is machine)
        tell(lead)
        told.append(lead)
    return told
