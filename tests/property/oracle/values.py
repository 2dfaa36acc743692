"""Values of the language: None is unknown, every other value is a tagged tuple.

('b', bool)  ('n', thousandths)  ('s', text)  ('t', µs)  ('d', µs)  ('l', kind, text)  ('list', tuple)
"""
import json

from . import mistakes

INT64 = 1 << 63
GRADES = ["F", "D-", "D", "D+", "C-", "C", "C+", "B-", "B", "B+", "A-", "A", "A+"]
VERDICTS = ["bot", "suspect", "unconfirmed", "human"]
TRUE = ("b", True)
FALSE = ("b", False)
KIND_RANK = {"b": 0, "n": 1, "s": 2, "l": 2, "d": 3, "t": 4}


def boolean(flag):
    return None if flag is None else (TRUE if flag else FALSE)


def number(thousandths):
    return ("n", thousandths) if -INT64 <= thousandths < INT64 else None


def round_div(a, b):
    """a / b rounded half away from zero."""
    if b < 0:
        a, b = -a, -b
    whole, rest = divmod(abs(a), b)
    if mistakes.on("round_half_even"):
        up = 2 * rest > b or (2 * rest == b and whole % 2 == 1)
    else:
        up = 2 * rest >= b
    return (whole + (1 if up else 0)) * (1 if a >= 0 else -1)


def trunc_div(a, b):
    return abs(a) // abs(b) * (1 if (a >= 0) == (b >= 0) else -1)


def _sized(kind, amount):
    return (kind, amount) if -INT64 <= amount < INT64 else None


def add(a, b, sign=1):
    if a is None or b is None:
        return None
    kinds = (a[0], b[0])
    if kinds in (("n", "n"), ("d", "d")):
        return _sized(a[0], a[1] + sign * b[1])
    if kinds == ("s", "s") and sign == 1:
        return ("s", a[1] + b[1])
    if kinds == ("t", "d"):
        return _sized("t", a[1] + sign * b[1])
    if kinds == ("d", "t") and sign == 1:
        return _sized("t", a[1] + b[1])
    if kinds == ("t", "t") and sign == -1:
        return _sized("d", a[1] - b[1])
    return None


def multiply(a, b):
    if a is None or b is None:
        return None
    kinds = {a[0], b[0]}
    if kinds == {"n"} or kinds == {"n", "d"}:
        if mistakes.on("truncate_product"):
            return _sized("d" if "d" in kinds else "n", trunc_div(a[1] * b[1], 1000))
        return _sized("d" if "d" in kinds else "n", round_div(a[1] * b[1], 1000))
    return None


def divide(a, b):
    if a is None or b is None or b[1] == 0:
        return None
    if (a[0], b[0]) in (("n", "n"), ("d", "d")):
        return _sized("n", round_div(a[1] * 1000, b[1]))
    return None


def negate(a):
    return _sized(a[0], -a[1]) if a and a[0] in "nd" else None


def order_of(kind, orders):
    """The names of a label's kind in rising order, or None where it has no order."""
    if kind == "grade":
        return GRADES
    if kind == "verdict":
        return VERDICTS
    return orders.get(kind)


def _label_pair(a, b, orders):
    """Ranks of two operands of which one is a label; None where they do not compare."""
    if a[0] == "l" and b[0] == "l" and a[1] != b[1]:
        return None
    kind = a[1] if a[0] == "l" else b[1]
    order = order_of(kind, orders)
    left, right = a[-1], b[-1]
    if order is None:
        return (left, right, False)
    if left not in order or right not in order:
        return None
    return (order.index(left), order.index(right), True)


def compare(op, a, b, orders):
    """A relation of two values as True, False or None."""
    if a is None or b is None:
        return None
    if "l" in (a[0], b[0]):
        if not {a[0], b[0]} <= {"l", "s"}:
            return None
        pair = _label_pair(a, b, orders)
        if pair is None:
            return None
        left, right, ordered = pair
        if not ordered and op not in ("==", "!="):
            return None
    else:
        if a[0] != b[0] or a[0] == "list":
            return None
        left, right = a[1], b[1]
        if a[0] == "b" and op not in ("==", "!="):
            return None
    return {"==": left == right, "!=": left != right, "<": left < right, "<=": left <= right,
            ">": left > right, ">=": left >= right}[op]


def is_in(a, b):
    if a is None or b is None or b[0] != "list":
        return None
    if not b[1]:
        return False
    sort = "s" if a[0] == "l" else a[0]
    text = a[-1]
    kinds = {"s" if x[0] == "l" else x[0] for x in b[1] if x is not None}
    if sort not in kinds:
        return None
    if any(x is not None and x[-1] == text and (x[0] == sort or x[0] in "sl" and sort == "s")
           for x in b[1]):
        return True
    return None if any(x is None for x in b[1]) else False


def rank(value):
    return (KIND_RANK[value[0]], value[-1])


def decimal(thousandths):
    sign = "-" if thousandths < 0 else ""
    return f"{sign}{abs(thousandths) // 1000}.{abs(thousandths) % 1000:03d}"


def text(value):
    """The canonical text of a value in expected answers."""
    if value is None:
        return "unknown"
    kind = value[0]
    if kind == "b":
        return "true" if value[1] else "false"
    if kind == "n":
        return decimal(value[1])
    if kind == "t":
        return f"@{value[1]}"
    if kind == "d":
        return f"{value[1]}us"
    if kind == "list":
        return "[" + ", ".join(text(x) for x in value[1]) + "]"
    return json.dumps(value[-1], ensure_ascii=False)


def plain(value):
    """A value as a text template prints it."""
    if value is None:
        return "?"
    if value[0] == "n":
        shown = decimal(value[1])
        return shown.rstrip("0").rstrip(".") if "." in shown else shown
    return value[-1] if value[0] in "sl" else text(value)
