"""The sequence of a trigger as it is written: steps, limits, what happens after a match."""
from . import expr

NEVER = 1 << 62


class Step:
    """What a step says."""

    def __init__(self, raw):
        self.name = str(raw.get("as", ""))
        self.absent = "not" in raw
        self.on = expr.parse_selector(raw["not"] if self.absent else raw["on"])
        self.when = expr.parse(raw["when"]) if "when" in raw else None
        self.until = expr.parse(raw["until"]) if "until" in raw else None
        self.verdict = str(raw["verdict"]) if "verdict" in raw else None
        self.link = str(raw.get("link", "then"))
        self.each_next = str(raw.get("each", "then")) == "next"
        self.optional = str(raw.get("optional", "false")) == "true"
        low, dots, high = str(raw.get("times", "1")).partition("..")
        self.least = int(low)
        self.most = (int(high) if high else NEVER) if dots else self.least
        within = raw.get("within")
        if isinstance(within, list):
            self.near, self.far = expr.duration(within[0]), expr.duration(within[1])
        else:
            self.near, self.far = 0, NEVER if within is None else expr.duration(within)


class Sequence:
    def __init__(self, raw):
        self.steps = [Step(s) for s in raw["sequence"]]
        self.limit = expr.duration(raw["within"]) if "within" in raw else NEVER
        self.missed = str(raw["missed"]) if "missed" in raw else None
        after = raw.get("after_match", "skip_past")
        self.policy, self.of = list(after.items())[0] if isinstance(after, dict) else (str(after), None)

    def selectors(self):
        return [s.on for s in self.steps]
