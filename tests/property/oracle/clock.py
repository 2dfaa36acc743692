"""Calendar: local time, periods, schedules. Times are microseconds since 1970 UTC."""
import re
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from . import mistakes

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
US = timedelta(microseconds=1)
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def to_us(moment):
    return (moment - EPOCH) // US


def local(us, zone):
    return (EPOCH + timedelta(microseconds=us)).astimezone(zone)


def instant(naive, zone):
    """A clock time as an instant: the first of two, and the next that exists where there is none."""
    early = naive.replace(tzinfo=zone, fold=0).astimezone(timezone.utc)
    back = early.astimezone(zone).replace(tzinfo=None)
    if back == naive:
        return to_us(early)
    late = naive.replace(tzinfo=zone, fold=1).astimezone(timezone.utc)
    low, high = sorted((to_us(early), to_us(late)))
    before = local(low, zone).utcoffset()
    while high - low > 1:
        mid = (low + high) // 2
        if local(mid, zone).utcoffset() == before:
            low = mid
        else:
            high = mid
    return high


def period_start(day, period):
    if period == "week":
        shift = (day.weekday() + 1) % 7 if mistakes.on("week_from_sunday") else day.weekday()
        return day - timedelta(days=shift)
    if period == "month":
        return day.replace(day=1)
    if period == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    if period == "year":
        return day.replace(month=1, day=1)
    return day


def next_start(start, period):
    if period == "day":
        return start + timedelta(days=1)
    if period == "week":
        return start + timedelta(days=7)
    months = {"month": 1, "quarter": 3, "year": 12}[period]
    index = start.year * 12 + start.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def midnight(day, zone):
    return instant(datetime(day.year, day.month, day.day), zone)


def _zone(zone):
    return ZoneInfo("UTC") if mistakes.on("calendar_in_utc") else zone


def bounds(us, period, zone):
    """[start, end) of the period that holds the moment."""
    zone = _zone(zone)
    day = local(us, zone).date()
    # Around a change at midnight the local date may belong to the period before or after.
    start = period_start(day, period)
    if midnight(start, zone) > us:
        start = period_start(start - timedelta(days=1), period)
    elif midnight(next_start(start, period), zone) <= us:
        start = next_start(start, period)
    return midnight(start, zone), midnight(next_start(start, period), zone)


def previous(us, period, zone):
    start, _ = bounds(us, period, zone)
    return bounds(start - 1, period, zone)


def starts_between(low, high, period, zone):
    """All starts of a period in (low, high]."""
    found = []
    _, at = bounds(low, period, zone)
    while at <= high:
        found.append(at)
        _, at = bounds(at, period, zone)
    return found


def parse_time(text, zone):
    """A `time` of the language: a date or a date with a clock, in a zone or with an offset."""
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?"
                         r"(Z|[+-]\d\d:?\d\d)?", text.strip())
    if not match:
        return None
    year, month, day = (int(match.group(i)) for i in (1, 2, 3))
    hour, minute, second = (int(match.group(i) or 0) for i in (4, 5, 6))
    micro = int(((match.group(7) or "") + "000000")[:6])
    naive = datetime(year, month, day, hour, minute, second, micro)
    offset = match.group(8)
    if offset is None:
        return instant(naive, zone)
    shift = timedelta(0)
    if offset != "Z":
        shift = timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
        shift = -shift if offset[0] == "-" else shift
    return to_us(naive.replace(tzinfo=timezone.utc) - shift)


class Schedule:
    def __init__(self, raw, zone):
        self.zone = ZoneInfo(str(raw["zone"])) if "zone" in raw else zone
        self.start = parse_time(str(raw["from"]), self.zone) if "from" in raw else None
        self.end = parse_time(str(raw["until"]), self.zone) if "until" in raw else None
        self.days = self._days(str(raw["days"])) if "days" in raw else None
        self.hours = self._hours(str(raw["hours"])) if "hours" in raw else None

    @staticmethod
    def _days(text):
        found = set()
        for part in text.split(","):
            first, _, last = part.strip().partition("-")
            a, b = DAYS.index(first.strip()), DAYS.index((last or first).strip())
            found |= {(a + i) % 7 for i in range((b - a) % 7 + 1)}
        return found

    @staticmethod
    def _hours(text):
        def minutes(clock):
            hour, minute = clock.strip().split(":")
            return int(hour) * 60 + int(minute)
        first, last = text.split("-")
        return minutes(first), minutes(last)

    def _clock(self, day, minutes):
        if minutes == 1440:
            return midnight(day + timedelta(days=1), self.zone)
        return instant(datetime(day.year, day.month, day.day, minutes // 60, minutes % 60), self.zone)

    def holds(self, us):
        day = local(us, self.zone).date()
        if self.start is not None and us < self.start or self.end is not None and us >= self.end:
            return False
        if self.days is not None and day.weekday() not in self.days:
            return False
        if self.hours is None:
            return True
        return self._clock(day, self.hours[0]) <= us < self._clock(day, self.hours[1])

    def changes(self, low, high):
        found = {x for x in (self.start, self.end) if x is not None and low < x <= high}
        day = local(low, self.zone).date() - timedelta(days=1)
        last = local(high, self.zone).date() + timedelta(days=1)
        while (self.days is not None or self.hours is not None) and day <= last:
            found.add(midnight(day, self.zone))
            if self.hours is not None:
                found |= {self._clock(day, m) for m in self.hours}
            day += timedelta(days=1)
        return {x for x in found if low < x <= high}
