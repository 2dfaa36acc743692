"""Touches of invented visitors, the same for the same seed."""
import dataclasses
import random

TYPES = ("page_view", "email_open", "email_click", "download", "form_submit", "social_click",
         "demo_request")
# Of ten thousand. Where decisions are awaited, more visitors ask for a demo.
USUAL = (7000, 1000, 800, 500, 400, 290, 10)
EAGER = (6010, 1000, 800, 500, 400, 290, 1000)
PATHS = ("/", "/pricing", "/pricing/enterprise", "/blog/heat-pumps", "/blog/funding",
         "/docs/install", "/careers/engineer", "/products/pump-a", "/products/pump-b", "/customers",
         "/webinar/spring", "/about", "/contact", "/solutions/district-heating", "/compare")
ASSETS = ("guide.pdf", "datasheet-a.pdf", "datasheet-b.pdf", "roi.xlsx", "checklist.pdf")
THEMES = ("efficiency", "funding", "buying", "service", "case")
CHANNELS = ("organic_search", "direct", "paid_search", "newsletter", "linkedin", "referral")
# Drawn at once, because a call for each draw is most of the time.
DRAWN = 10_000


@dataclasses.dataclass(slots=True)
class Touch:
    id: str
    lead: str
    type: str
    path: str
    theme: str
    at: int  # µs since 1970
    rest: tuple

    def key(self):
        """What a producer that knows the contract gives: the partition is right at once."""
        return "anon:" + self.lead

    def value(self):
        """About 480 bytes of JSON."""
        asset, channel, host = self.rest
        return (f'{{"id":"{self.id}","type":"{self.type}","occurred_at":{self.at},"source":"web",'
                f'"identifiers":{{"anon":"{self.lead}"}},"page":{{"url":"https://www.pumps.example'
                f'{self.path}?utm_source=newsletter&utm_medium=email&utm_campaign=spring","title":'
                f'"Industrial pumps for district heating"}},"asset":"{asset}","theme":'
                f'"{self.theme}","channel":"{channel}","device":{{"user_agent":"Mozilla/5.0 (X11; '
                f'Linux x86_64) AppleWebKit/537.36"}},"network":{{"ip":"203.0.113.{host}"}}}}')


def few_often(leads):
    """Shares of visitors, as cumulated weights: the n-th comes 1/n as often as the first (Zipf)."""
    total, shares = 0.0, []
    for rank in range(1, leads + 1):
        total += 1 / rank
        shares.append(total)
    return shares


def touches(seed, count, leads, times, weights=USUAL, is_even=False):
    """So many touches, each at the next of the times; of all visitors alike, or of few often."""
    chance = random.Random(seed)
    shares = range(1, leads + 1) if is_even else few_often(leads)
    for first in range(0, count, DRAWN):
        some = min(DRAWN, count - first)
        columns = [chance.choices(range(leads), cum_weights=shares, k=some),
                   chance.choices(TYPES, weights=weights, k=some),
                   *(chance.choices(of, k=some) for of in (PATHS, THEMES, ASSETS, CHANNELS)),
                   chance.choices(range(256), k=some)]
        for number, (lead, kind, path, theme, asset, channel, host) in enumerate(zip(*columns)):
            yield Touch(f"t-{seed}-{first + number}", f"v{lead}", kind, path, theme, next(times),
                        (asset if kind == "download" else "", channel, host))
