"""The job that all do, plainly: a decaying score, daily caps, two windows, twenty rules, and an
event when a visitor becomes ripe. model.yaml says the same to Waterhole, the peers do in Java.

Ripe is who has 100 points or more, until there are fewer than 70; time alone can do that. Points
halve in 30 days."""
import dataclasses

US = 1_000_000
DAY = 86_400 * US
HALF_LIFE = 30 * DAY
HOT, COLD = 100, 70
# Who rounds to thousandths may decide otherwise when a score lies so close to one of these.
CLOSE = 0.002
# Type of the touch, begin of the path, points, most of a day (of all with that number).
RULES = (
    ("page_view", "", 1, (0, 10)), ("page_view", "/pricing", 5, (1, 15)),
    ("page_view", "/pricing/enterprise", 5, None), ("page_view", "/blog/", 1, None),
    ("page_view", "/docs/", 2, None), ("page_view", "/careers/", -10, None),
    ("page_view", "/products/", 3, None), ("page_view", "/customers", 3, None),
    ("page_view", "/webinar/", 4, None), ("page_view", "/contact", 5, None),
    ("page_view", "/solutions/", 3, None), ("page_view", "/compare", 4, None),
    ("email_click", "", 3, (2, 9)), ("download", "", 15, None), ("form_submit", "", 20, None),
    ("social_click", "", 2, None), ("demo_request", "", 100, None), ("email_open", "", 0, None))


@dataclasses.dataclass(slots=True)
class Lead:
    score: float = 0
    at: int = 0
    day: int = 0
    is_ripe: bool = False
    was_close: bool = False  # from then on another way to compute may decide otherwise
    today: list = dataclasses.field(default_factory=lambda: [0, 0, 0])
    pricing: list = dataclasses.field(default_factory=list)
    downloads: list = dataclasses.field(default_factory=list)
    themes: dict = dataclasses.field(default_factory=dict)


def advance(lead, at):
    if lead.at:
        lead.score *= 2 ** (-(at - lead.at) / HALF_LIFE)
    lead.is_ripe = lead.is_ripe and lead.score >= COLD
    lead.at = at
    if lead.day != at // DAY:
        lead.day, lead.today = at // DAY, [0, 0, 0]


def award(lead, touch):
    for kind, path, points, cap in RULES:
        if kind != touch.type or not touch.path.startswith(path):
            continue
        if cap:
            points = min(points, cap[1] - lead.today[cap[0]])
            lead.today[cap[0]] += points
        lead.score += points


def look_back(lead, touch):
    """The third look at prices within a week, of who has three themes or more in 30 days; and the
    second download within a day."""
    lead.themes[touch.theme] = touch.at
    if touch.path.startswith("/pricing"):
        lead.pricing = [at for at in lead.pricing if at > touch.at - 7 * DAY] + [touch.at]
        themes = sum(at > touch.at - 30 * DAY for at in lead.themes.values())
        lead.score += 10 if len(lead.pricing) == 3 and themes >= 3 else 0
    if touch.type == "download":
        lead.downloads = [at for at in lead.downloads if at > touch.at - DAY] + [touch.at]
        lead.score += 5 if len(lead.downloads) == 2 else 0


def apply(lead, touch):
    """Whether the lead becomes ripe with it."""
    advance(lead, touch.at)
    award(lead, touch)
    look_back(lead, touch)
    if lead.score < COLD:
        lead.is_ripe = False
    gap = min(abs(lead.score - HOT), abs(lead.score - COLD))
    lead.was_close = lead.was_close or 0 < gap < CLOSE
    becomes = not lead.is_ripe and lead.score >= HOT
    lead.is_ripe = lead.is_ripe or becomes
    return becomes
