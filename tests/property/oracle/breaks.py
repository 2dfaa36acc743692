"""Due moments: at which times a value may change without a touch.

Most are listed from the touches (touch + duration, starts of periods, ends of sessions). Curves
and clocks are searched: between two listed times an interval bound of each comparison is halved
until it is decided, on whole seconds for half-lives and on microseconds for clocks.
"""
from bisect import bisect_right

from . import clock, textual, values, worth
from .evaluate import Place

SECOND = 10**6


def of(lead, node):
    if not isinstance(node, tuple) or not node:
        return set()
    kind = node[0]
    if kind == "const":
        return set()
    if kind == "path":
        return of_path(lead, node[1])
    if kind == "rel" and (curved(lead, node[2]) or curved(lead, node[3])):
        return of_curve(lead, node)
    if kind in ("agg", "silent", "since"):
        return of_aggregate(lead, node)
    found = set()
    for part in node[1:]:
        for tree in part if part and isinstance(part, tuple) and isinstance(part[0], tuple) else (part,):
            found |= lead.breaks(tree) if isinstance(tree, tuple) else set()
    return found


def of_path(lead, path):
    name = path[0]
    if name == "session":
        return lead.session_ends()
    if name == "grade":
        return set().union(*(lead.breaks(c.when) for c in lead.m.criteria))
    if name in ("stage", "stage_since"):
        return lead.stage_breaks() if lead.m.stages else set()
    if name == "stale":
        return of_stale(lead)
    if name == "ripe":
        return set().union(*(lead.qualification_breaks(q) for q in lead.m.qualifications))
    sort, what = lead.m.names.get(name, ("", None))
    if sort == "schedules" and lead.times:
        return lead.m.schedules[name].changes(lead.times[0], lead.horizon)
    if sort == "score":
        return lead.once(("score breaks", what.id), lambda: of_score(lead, what))
    if sort == "label":
        return lead.label_breaks(what)
    if sort == "segment":
        return lead.breaks(what.when)
    if sort == "qualification":
        return lead.qualification_breaks(what)
    return set()


def of_stale(lead):
    if not lead.m.stages:
        return set()
    found = set(lead.stage_breaks())
    for _, stage, since in lead.stage_track():
        if stage in lead.m.stale and since is not None:
            found.add(since + lead.m.stale[stage])
    return found


def _end(lead):
    return Place(lead.horizon, bisect_right(lead.times, lead.horizon))


def _derived_times(lead, selector):
    return {x.at for o in selector if o[0] not in ("type", "session") for x in lead.derived(o)}


def of_aggregate(lead, node):
    if not lead.times:
        return set()
    selector = node[3] if node[0] == "agg" else node[1]
    found = _derived_times(lead, selector)
    for tree in (node[2], node[4]) if node[0] == "agg" else (node[2],):
        found |= lead.breaks(tree) if tree is not None else set()
    items = {x.at for x in lead.items(selector, _end(lead))} if node[0] != "since" else set()
    if node[0] == "silent":
        first = {x.at for x in lead.seen(len(lead.touches))[:1]}
        return found | {t + lead.span(node[3]) for t in items | first}
    window = node[5] if node[0] == "agg" else None
    if window is None:
        return found
    if window[0] in ("within", "between"):
        return found | {t + lead.span(s) for t in items for s in window[1:]}
    if window[0] == "since":
        return found | _derived_times(lead, window[1])
    if window[1] == "session":
        return found | lead.session_ends()
    return found | lead.once(("period", window[1]), lambda: set(
        clock.starts_between(lead.times[0], lead.horizon, window[1], lead.m.zone)))


def of_label(lead, label):
    if label.of is None:
        return set().union(*(lead.breaks(w) for w, _ in label.cases if w is not None))
    if not hasattr(label, "edges"):
        label.edges = [("rel", ">=", label.of, ("const", ("n", low))) for _, low in label.bands]
    return set().union(*(lead.breaks(e) for e in label.edges))


def of_stage(lead):
    found = set()
    for move in lead.m.moves:
        if move.on:
            found |= _derived_times(lead, move.on)
        else:
            found |= lead.breaks(move.when)
    return found


def of_qualification(lead, q):
    found = set()
    for tree in (q.arm, q.disarm, q.exception):
        found |= lead.breaks(tree) if tree is not None else set()
    if q.on:
        found |= _derived_times(lead, q.on)
        if q.runs_out:
            found |= {x.at + q.cool_down for x in lead.items(q.on, _end(lead))}
    return found


def of_score(lead, score):
    if score.value is not None:
        return set(lead.breaks(score.value))
    found = set()
    for rule in score.rules:
        if rule.state is not None:
            found |= lead.breaks(rule.state) | lead.breaks(rule.points)
            continue
        found |= _derived_times(lead, rule.on)
        if rule.decay is None:
            continue
        for position, of_rule, amount, _ in lead.awards(score):
            if of_rule is rule and amount:
                found |= {_reaches(lead, rule.decay, position, age) for age in worth.steps(rule.decay)}
    return {t for t in found if t is not None and t <= lead.horizon}


def _reaches(lead, decay, position, age):
    """When the clock of a decay has run `age` since the position; None if it never does."""
    if decay.only_after is None:
        return position[0] + age
    wanted = lead.reading(decay, position) + age
    seen = lead.seen(len(lead.touches))
    marks = [seen[0].at] + [x.at for x in seen if x.act] + [None]
    gone = 0
    for a, b in zip(marks, marks[1:]):
        at = a + decay.only_after + wanted - gone
        if b is None or at <= b:
            return at if at >= a + decay.only_after else None
        gone += max(0, b - a - decay.only_after)
    return None


# ---- curves and clocks -----------------------------------------------------------------------


def curved(lead, node):
    """Whether a value changes at every instant between due moments."""
    return _any_leaf(lead, node, half_only=False)


def _any_leaf(lead, node, half_only):
    if not isinstance(node, tuple):
        return False
    return lead.once(("leaf", id(node), half_only), lambda: _leaf(lead, node, half_only))


def _leaf(lead, node, half_only):
    if not isinstance(node, tuple) or not node or node[0] in ("const", "rel", "and", "or", "not", "agg",
                                                              "silent"):
        return False
    if node[0] == "since":
        return not half_only
    if node[0] == "call" and node[1] in ("has", "time"):
        return False
    if node[0] == "path":
        if node[1] == ("now",) or node[1] == ("session", "length"):
            return not half_only
        sort, what = lead.m.names.get(node[1][0], ("", None))
        return sort == "score" and _score_curved(lead, what, half_only)
    return any(_any_leaf(lead, part, half_only) or (
        isinstance(part, tuple) and part and isinstance(part[0], tuple)
        and any(_any_leaf(lead, x, half_only) for x in part)) for part in node[1:])


def _score_curved(lead, score, half_only):
    if score.value is not None:
        return _any_leaf(lead, score.value, half_only)
    return any(r.decay is not None and r.decay.kind == "half_life" if r.state is None
               else _any_leaf(lead, r.points, half_only) for r in score.rules)


def of_curve(lead, node):
    listed = set()
    for side in node[2:4]:
        listed |= lead.breaks(side)
    grid = SECOND if any(_any_leaf(lead, side, True) for side in node[2:4]) else 1
    if not lead.times:
        return set()
    edges = sorted({t for t in listed if lead.times[0] < t <= lead.horizon} | set(lead.times))
    edges = [t for t in edges if t <= lead.horizon]
    # Before a touch the curve has run on to the touch's own time.
    found = listed | {t for t in edges if t % grid == 0}
    for low, high in zip(edges, edges[1:] + [lead.horizon + 1]):
        k = bisect_right(lead.times, low)
        first, last = (low // grid + 1) * grid, (high - 1) // grid * grid
        if first <= last:
            here = lead.ev(node, Place(low, k))
            _search(lead, node, k, (low, here), (first, last, grid), found)
    return found


def _search(lead, node, k, before, span, found):
    """Adds the grid times in [first, last] at which the relation differs from the grid time before."""
    first, last, grid = span
    low, value = before
    if possible(lead, node, k, low, last) == {value}:
        return value
    if first == last:
        here = lead.ev(node, Place(first, k))
        if here != value:
            found.add(first)
        return here
    middle = (first + last) // 2 // grid * grid
    value = _search(lead, node, k, before, (first, middle, grid), found)
    return _search(lead, node, k, (middle, value), (middle + grid, last, grid), found)


def possible(lead, node, k, low, high):
    """The set of truths (TRUE, FALSE, None) that a relation may take in [low, high]."""
    a, b = (bound(lead, side, k, low, high) for side in node[2:4])
    if a[0] == "exact" and b[0] == "exact":
        return {lead.ev(node, Place(low, k))}
    if "any" in (a[0], b[0]):
        return {values.TRUE, values.FALSE, None}
    if (a[0] == "exact" and a[1] is None) or (b[0] == "exact" and b[1] is None):
        return {None}
    a, b = _ends(a), _ends(b)
    op = node[1]
    if op == "in" or a[0] != b[0]:
        return {values.TRUE, values.FALSE, None}
    return _truths(op, a, b)


def _ends(x):
    if x[0] == "exact":
        return (x[1][0], x[1][1], x[1][1]) if x[1][0] in "ndt" else ("?", 0, 0)
    return x[1:]


def _truths(op, a, b):
    _, a0, a1 = a
    _, b0, b1 = b
    may = {"<": (a0 < b1, a1 >= b0), "<=": (a0 <= b1, a1 > b0), ">": (a1 > b0, a0 <= b1),
           ">=": (a1 >= b0, a0 < b1), "==": (a0 <= b1 and b0 <= a1, not a0 == a1 == b0 == b1),
           "!=": (not a0 == a1 == b0 == b1, a0 <= b1 and b0 <= a1)}[op]
    return {t for t, yes in zip((values.TRUE, values.FALSE), may) if yes}


def bound(lead, node, k, low, high):
    """("exact", value), ("range", kind, least, most) or ("any",) for a value in [low, high]."""
    if not curved(lead, node):
        return ("exact", lead.ev(node, Place(low, k)))
    kind = node[0]
    if kind == "path" and node[1][0] in lead.m.names:
        return _bound_score(lead, lead.m.names[node[1][0]][1], k, low, high)
    if kind in ("path", "since"):
        a, b = lead.ev(node, Place(low, k)), lead.ev(node, Place(high, k))
        if a is None and b is None:
            return ("exact", None)
        return ("any",) if a is None or b is None else ("range", a[0], a[1], b[1])
    if kind == "arith":
        return _corners(lead, node, k, low, high)
    if kind == "neg":
        return _map(lambda x: values.negate(x), bound(lead, node[1], k, low, high))
    if kind == "call":
        return _bound_call(lead, node, k, low, high)
    return ("any",)


def _map(function, x):
    if x[0] != "range":
        return ("exact", function(x[1])) if x[0] == "exact" else x
    both = [function((x[1], x[2])), function((x[1], x[3]))]
    return _hull(both)


def _hull(found):
    if any(x is None for x in found) or len({x[0] for x in found}) != 1:
        return ("any",)
    return ("range", found[0][0], min(x[1] for x in found), max(x[1] for x in found))


def _corners(lead, node, k, low, high):
    sides = [bound(lead, side, k, low, high) for side in node[2:4]]
    if any(s[0] == "exact" and s[1] is None for s in sides):
        return ("exact", None)
    if any(s[0] == "any" for s in sides):
        return ("any",)
    left, right = ([s[1]] if s[0] == "exact" else [(s[1], s[2]), (s[1], s[3])] for s in sides)
    if node[1] == "/" and min(x[1] for x in right) <= 0 <= max(x[1] for x in right):
        return ("any",)
    do = {"+": values.add, "-": lambda a, b: values.add(a, b, -1), "*": values.multiply,
          "/": values.divide}[node[1]]
    return _hull([do(a, b) for a in left for b in right])


def _bound_call(lead, node, k, low, high):
    name, args = node[1], node[2]
    given = [bound(lead, x, k, low, high) for x in args]
    if name == "default":
        if given[0][0] == "range":
            return given[0]
        if given[0][0] == "exact":
            return given[0] if given[0][1] is not None else given[1]
        return ("any",)
    if any(g[0] == "any" for g in given):
        return ("any",)
    if name in lead.m.tables:
        table = lead.m.tables[name]
        if not table.numeric or given[0][1] != "n":
            return ("any",)
        a, b = given[0][2:4]
        rows = [v for x, v in table.rows if a < x <= b] + [table.look(("n", a))]
        if all(r == rows[0] for r in rows):
            return ("exact", rows[0])
        return _hull(rows) if all(r and r[0] in "nd" for r in rows) else ("any",)
    ends = [[g[1]] * 2 if g[0] == "exact" else [(g[1], g[2]), (g[1], g[3])] for g in given]
    found = [textual.chosen(name, [e[0] for e in ends]), textual.chosen(name, [e[1] for e in ends])]
    if name == "abs" and None not in found and ends[0][0][1] < 0 < ends[0][1][1]:
        found.append((found[0][0], 0))
    return _hull(found)


def _bound_score(lead, score, k, low, high):
    if score.value is not None:
        x = bound(lead, score.value, k, low, high)
        if x[0] == "any":
            return x
        ends = [x[1]] if x[0] == "exact" else [("n", x[2]), ("n", x[3])]
        return _hull([("n", lead.bounded(score, e[1] if e else 0)) for e in ends])
    a, b = lead.ledger(score, Place(low, k)), lead.ledger(score, Place(high, k))
    least, most = {}, {}
    for rule in score.rules:
        least[rule.id], most[rule.id] = sorted((a[rule.id], b[rule.id]))
        if rule.state is not None and curved(lead, rule.points) \
                and lead.true(rule.state, Place(low, k)):
            x = bound(lead, rule.points, k, low, high)
            if x[0] != "range":
                return ("any",)
            clamp = rule.limit.clamp if rule.limit else (lambda p: p)
            least[rule.id], most[rule.id] = clamp(x[2]), clamp(x[3])
    return ("range", "n", lead.total(score, least), lead.total(score, most))
