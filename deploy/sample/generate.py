#!/usr/bin/env python3
"""Prints a recorded stream of touchpoints, one JSON record a line in the order of arrival: sixty
days of an invented maker of pumps, ending now.

The people of people.py and the crowd of crowd.py act in a time of their own. Here their touches get
dates, some of them arrive twice, records that nobody can use are mixed in, and all is printed. The
same seed gives the same stories; --until only moves them, by whole days.
"""
import argparse
import datetime
import json
import random
import sys

sys.dont_write_bytecode = True

from crowd import crowd                                            # noqa: E402
from people import people                                          # noqa: E402
from spoiled import spoiled                                        # noqa: E402
from story import DAYS, SITE, title_of                      # noqa: E402

OFFICE = datetime.timezone(datetime.timedelta(hours=1))
SEED = 2026


class Calendar:
    """Story time to time stamps: the last day of the story is the day of `until`."""

    def __init__(self, until):
        today = until.astimezone(OFFICE).replace(hour=0, minute=0, second=0, microsecond=0)
        self.start = today - datetime.timedelta(days=DAYS - 1)
        self.end = (until - self.start).total_seconds()

    def stamp(self, seconds):
        at = self.start + datetime.timedelta(milliseconds=round(seconds * 1000))
        utc = at.astimezone(datetime.timezone.utc)
        return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"

    def epoch(self, seconds):
        return int(self.start.timestamp()) + int(seconds)


def record_of(touch, occurred, arrived, calendar):
    """The touch as it came in. Social networks report in seconds since 1970, others in words."""
    by_number = touch["source"] == "social"
    head = {"id": touch["id"], "type": touch["type"], "source": touch["source"],
            "occurred_at": calendar.epoch(occurred) if by_number else calendar.stamp(occurred),
            "received_at": calendar.stamp(arrived)}
    return {**head, **{name: value for name, value in touch.items() if name not in head}}


def encode(record):
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def swap(leads, swaps):
    """Turns one lead's visits of a page into visits of another."""
    for name, old, new in swaps:
        chosen = [lead for lead in leads if lead.name == name]
        if not chosen:
            sys.exit(f"generate.py: there is no lead {name}; one of them is {leads[0].name}")
        for _, _, touch in chosen[0].touches:
            page = touch.get("page")
            if page and page["path"] == old:
                url = page["url"].replace(SITE + old, SITE + new)
                page.update(path=new, url=url, title=title_of(new))


def repeated(seed, arrivals):
    """What comes twice: whole records sent again word for word, and touches sent again under their
    id with another time, of which the first counts."""
    rng = random.Random(f"{seed}/repeated")
    crowd_only = [arrival for arrival in arrivals if arrival[3]]
    for occurred, arrived, touch, _ in rng.sample(arrivals, len(arrivals) // 60):
        yield occurred, arrived, touch
    for occurred, arrived, touch, _ in rng.sample(crowd_only, len(crowd_only) // 200):
        yield occurred + 2, arrived + rng.randrange(5, 600), touch


def stream(seed, leads_wanted, until, swaps):
    """All lines, in the order of arrival."""
    known = people(seed)
    others = crowd(seed, max(0, leads_wanted - len(known)))
    swap(known + others, swaps)
    calendar = Calendar(until)
    arrivals = [(occurred, arrived, touch, lead in others)
                for lead in known + others for occurred, arrived, touch in lead.touches]
    arrivals.sort(key=lambda arrival: (arrival[1], arrival[0], arrival[2]["id"]))
    touches = [arrival[:3] for arrival in arrivals] + list(repeated(seed, arrivals))
    lines = [(arrived, encode(record_of(touch, occurred, arrived, calendar)))
             for occurred, arrived, touch in touches]
    lines += spoiled(calendar)
    lines.sort(key=lambda line: line[0])
    return [line for arrived, line in lines if arrived <= calendar.end]


def time_of(text):
    at = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return at if at.tzinfo else at.replace(tzinfo=OFFICE)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seed", type=int, default=SEED,
                        help="another crowd (default: %(default)s)")
    parser.add_argument("--until", type=time_of, metavar="TIME",
                        help="the end, such as 2026-11-24T12:00 (default: now)")
    parser.add_argument("--leads", type=int, default=150,
                        help="how many leads (default: %(default)s)")
    parser.add_argument("--swap", nargs=3, action="append", default=[],
                        metavar=("LEAD", "PATH", "OTHER"),
                        help="one lead visits another page instead, such as "
                             "--swap anna.berg@stadtwerke.example /pricing /careers")
    return parser.parse_args()


def main():
    wanted = arguments()
    until = wanted.until or datetime.datetime.now(datetime.timezone.utc)
    for line in stream(wanted.seed, wanted.leads, until, wanted.swap):
        sys.stdout.buffer.write(line + b"\n")


if __name__ == "__main__":
    main()
