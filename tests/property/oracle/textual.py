"""Functions, string methods and aggregates over values already found."""
import re

from . import mistakes, values
from .touches import literal

__all__ = ["literal", "method", "chosen", "aggregate"]


def _glob(text, pattern):
    parts = {"*": ".*", "?": "."}
    whole = "".join(parts.get(c, re.escape(c)) for c in pattern)
    return re.fullmatch(whole, text, re.S) is not None


def method(name, s, args):
    if s is None or s[0] not in "sl" or any(a is None or a[0] not in "sl" for a in args):
        return None
    text = s[-1]
    if name == "lower":
        return ("s", text.lower())
    if name == "size":
        return ("n", 1000 * len(text))
    other = args[0][-1]
    if name == "startsWith":
        return values.boolean(text.startswith(other))
    if name == "endsWith":
        return values.boolean(text.endswith(other))
    if name == "contains":
        return values.boolean(other in text)
    if name == "glob":
        return values.boolean(_glob(text, other))
    flags = re.I if name == "imatch" else 0
    return values.boolean(re.search(other, text, flags) is not None)


def chosen(name, given):
    """least, greatest, abs."""
    if any(x is None or x[0] not in "nd" for x in given) or len({x[0] for x in given}) != 1:
        return None
    if name == "abs":
        return (given[0][0], abs(given[0][1]))
    return (min if name == "least" else max)(given, key=lambda x: x[1])


def aggregate(what, known):
    """An aggregate of the values that are known, in order."""
    if what == "distinct":
        return ("n", 1000 * len(set(known)))
    if what == "list":
        return ("list", tuple(dict.fromkeys(known))[:100])
    if what == "top":
        if not known:
            return None
        most = max(known.count(x) for x in known)
        return min((x for x in known if known.count(x) == most), key=values.rank)
    if what in ("first", "last"):
        return known[0 if what == "first" else -1] if known else None
    if what == "sum":
        if not known and mistakes.on("sum_unknown_of_nothing"):
            return None
        sized = [x for x in known if x[0] in "nd"]
        kind = sized[0][0] if sized else "n"
        return values._sized(kind, sum(x[1] for x in sized if x[0] == kind))
    sized = [x for x in known if x[0] in "ndt"]
    sized = [x[1] for x in sized if x[0] == sized[0][0]]
    if not sized:
        return None
    kind = next(x[0] for x in known if x[0] in "ndt")
    if what == "avg":
        return (kind, values.round_div(sum(sized), len(sized)))
    return (kind, min(sized) if what == "min" else max(sized))
