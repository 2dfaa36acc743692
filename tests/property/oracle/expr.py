"""The expression grammar: text to a tree of tuples, by recursive descent."""
import re

UNIT = {"us": 1, "ms": 1000, "s": 10**6, "m": 60 * 10**6, "h": 3600 * 10**6,
        "d": 86400 * 10**6, "w": 7 * 86400 * 10**6}
PERIODS = ("day", "week", "month", "quarter", "year")
VALUE_AGGREGATES = ("sum", "min", "max", "avg", "distinct", "first", "last", "top", "list")
DERIVED = ("entered", "left", "changed", "fired")
TOKEN = re.compile(r'''\s*(?:
    (?P<dur>(?:\d+(?:us|ms|[smhdw]))+)(?![A-Za-z0-9_]) |
    (?P<num>\d+(?:\.\d+)?) |
    (?P<str>"(?:[^"\\]|\\.)*") |
    (?P<name>[A-Za-z_][A-Za-z0-9_]*) |
    (?P<op>&&|\|\||==|!=|<=|>=|[-+*/<>!().,|\[\]])
)''', re.X)
ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(.))')


class BadExpression(Exception):
    pass


def duration(text):
    parts = re.findall(r"(\d+)(us|ms|[smhdw])", text)
    return sum(int(n) * UNIT[u] for n, u in parts)


def is_duration(text):
    return re.fullmatch(r"(?:\d+(?:us|ms|[smhdw]))+", text) is not None


def is_number(text):
    return re.fullmatch(r"-?\d+(?:\.\d{1,3})?", text) is not None


def thousandths(text):
    sign = -1 if text.startswith("-") else 1
    whole, _, part = text.lstrip("-").partition(".")
    return sign * (int(whole) * 1000 + int((part + "000")[:3]))


def unquote(token):
    def one(match):
        if match.group(1):
            return chr(int(match.group(1), 16))
        return {"n": "\n", "t": "\t"}.get(match.group(2), match.group(2))
    return ESCAPE.sub(one, token[1:-1])


def tokens(text):
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise BadExpression(f"cannot read {text[at:]!r}")
        kind = match.lastgroup
        found.append((kind, match.group(kind)))
        at = match.end()
    found.append(("end", ""))
    return found


class Parser:
    def __init__(self, text):
        self.list = tokens(text)
        self.at = 0

    def peek(self, value=None, ahead=0):
        kind, text = self.list[min(self.at + ahead, len(self.list) - 1)]
        return (kind, text) if value is None else (kind in ("op", "name") and text == value)

    def take(self, value=None):
        kind, text = self.list[self.at]
        if value is not None and not self.peek(value):
            raise BadExpression(f"expected {value!r}, found {text!r}")
        self.at += 1
        return kind, text

    def opt(self, value):
        if self.peek(value):
            self.at += 1
            return True
        return False

    def whole(self):
        tree = self.expr()
        if self.peek()[0] != "end":
            raise BadExpression(f"unexpected {self.peek()[1]!r}")
        return tree

    def expr(self):
        tree = self.both()
        while self.opt("||"):
            tree = ("or", tree, self.both())
        return tree

    def both(self):
        tree = self.relation()
        while self.opt("&&"):
            tree = ("and", tree, self.relation())
        return tree

    def relation(self):
        left = self.sum()
        for op in ("==", "!=", "<=", ">=", "<", ">", "in"):
            if self.opt(op):
                return ("rel", op, left, self.sum())
        return left

    def sum(self):
        tree = self.product()
        while self.peek("+") or self.peek("-"):
            op = self.take()[1]
            tree = ("arith", op, tree, self.product())
        return tree

    def product(self):
        tree = self.unary()
        while self.peek("*") or self.peek("/"):
            op = self.take()[1]
            tree = ("arith", op, tree, self.unary())
        return tree

    def unary(self):
        if self.opt("!"):
            return ("not", self.unary())
        if self.opt("-"):
            return ("neg", self.unary())
        return self.member()

    def member(self):
        tree = self.primary()
        while self.opt("."):
            name = self.take()[1]
            if self.opt("("):
                tree = ("method", name, tree, self.args(")"))
            elif tree[0] == "path":
                tree = ("path", tree[1] + (name,))
            else:
                raise BadExpression(f"no field {name!r} here")
        return tree

    def args(self, close):
        found = []
        if self.opt(close):
            return tuple(found)
        while True:
            found.append(self.expr())
            if self.opt(close):
                return tuple(found)
            self.take(",")

    def primary(self):
        kind, text = self.take()
        if kind == "num":
            return ("const", ("n", thousandths(text)))
        if kind == "dur":
            return ("const", ("d", duration(text)))
        if kind == "str":
            return ("const", ("s", unquote(text)))
        if kind == "op" and text == "[":
            return ("listed", self.args("]"))
        if kind == "op" and text == "(":
            tree = self.expr()
            self.take(")")
            return tree
        if kind != "name":
            raise BadExpression(f"unexpected {text!r}")
        if text in ("true", "false"):
            return ("const", ("b", text == "true"))
        if self.peek("("):
            return self.called(text)
        return ("path", (text,))

    def called(self, name):
        self.take("(")
        if name == "count":
            selector = self.selector()
            where, window = self.where(), self.window()
            self.take(")")
            return ("agg", "count", None, selector, where, window)
        if name in VALUE_AGGREGATES:
            value = self.expr()
            self.take("of")
            selector = self.selector()
            where, window = self.where(), self.window()
            self.take(")")
            return ("agg", name, value, selector, where, window)
        if name == "silent":
            return self.silence()
        if name == "since":
            selector = self.selector()
            where = self.where()
            self.take(")")
            return ("since", selector, where)
        return ("call", name, self.args(")"))

    def silence(self):
        kind, text = self.peek()
        if kind == "dur" or (kind == "name" and self.peek(")", 1) and text not in ("any",)):
            span = self.span()
            self.take(")")
            return ("silent", (("type", "any"),), None, span)
        selector = self.selector()
        where = self.where()
        self.take("for")
        span = self.span()
        self.take(")")
        return ("silent", selector, where, span)

    def span(self):
        kind, text = self.take()
        if kind == "dur":
            return ("const", ("d", duration(text)))
        if kind == "name":
            return ("path", (text,))
        raise BadExpression(f"expected a duration, found {text!r}")

    def selector(self):
        found = [self.one()]
        while self.opt("|"):
            found.append(self.one())
        return tuple(found)

    def one(self):
        kind, text = self.take()
        if kind == "str":
            return ("type", unquote(text))
        if kind != "name":
            raise BadExpression(f"expected a touch type, found {text!r}")
        if text in DERIVED and self.opt("("):
            name = self.take()[1]
            self.take(")")
            return (text, name)
        if text == "session":
            return ("session", "")
        return ("type", text)

    def where(self):
        return self.expr() if self.opt("where") else None

    def window(self):
        if self.opt("within"):
            return ("within", self.span())
        if self.opt("between"):
            first = self.span()
            self.take("and")
            return ("between", first, self.span())
        if self.peek("this") or self.peek("previous"):
            which = self.take()[1]
            return (which, self.take()[1])
        if self.opt("since"):
            return ("since", self.selector())
        return None


def parse(text):
    try:
        return Parser(str(text)).whole()
    except BadExpression as bad:
        raise BadExpression(f"{bad} in {text!r}") from None


def parse_selector(text):
    parser = Parser(str(text))
    found = parser.selector()
    if parser.peek()[0] != "end":
        raise BadExpression(f"not a selector: {text!r}")
    return found


def template(text):
    """Pieces of a text with {EXPR}: strings and trees."""
    pieces, at = [], 0
    text = str(text)
    while True:
        start = text.find("{", at)
        if start < 0:
            return pieces + ([text[at:]] if text[at:] else [])
        end = text.index("}", start)
        if text[at:start]:
            pieces.append(text[at:start])
        pieces.append(parse(text[start + 1:end]))
        at = end + 1
