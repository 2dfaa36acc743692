"""What awards are worth as time passes: the four decays of rules 3.3, in integers."""
from functools import cache, lru_cache
from math import isqrt

from . import mistakes
from .values import round_div, trunc_div

ONE = 1 << 62


def _power(index, exponent):
    """round(2^62 · 2^(−index / 2^exponent)), with 200 bits to spare."""
    guard = 200
    # 2^(−i/2^e) by e square roots of 1/2, multiplied where the bits of i say so.
    root, product = 1 << (guard - 1), 1 << guard
    for bit in range(1, exponent + 1):
        root = isqrt(root << guard)
        if index >> (exponent - bit) & 1:
            product = product * root >> guard
    return ((product << 62) + (1 << (guard - 1))) >> guard


TABLES = [[_power(i, 8 * (j + 1)) for i in range(256)] for j in range(4)]


@lru_cache(maxsize=1 << 16)
def curve(f):
    """E(f): 2^(−f / 2^32) in units of 2^-62."""
    if f == 1 << 32:
        return ONE >> 1
    product = TABLES[0][f >> 24]
    for j in (1, 2, 3):
        product = round_half(product * TABLES[j][f >> (24 - 8 * j) & 255], ONE)
    return product


def _cell(x, half):
    c = x // half
    return c, ((x - c * half) << 32) // half


def half_life(awards, x, half):
    """`awards` are (points, clock at the award) in timeline order; x is the clock now."""
    if not awards:
        return 0
    cells = {}
    for points, s in awards:
        c, f = _cell(s, half)
        weight = round_div(points * (1 << 17) * curve((1 << 32) - f), ONE)
        cells[c] = cells.get(c, 0) + weight
    now, f = _cell(x, half)
    rest = 0
    if mistakes.on("round_each_award"):
        return sum(round_div(trunc_div(m, 1 << (now - c)) * curve(f), 1 << 78) for c, m in cells.items())
    at = min(cells)
    for c in sorted(cells) + [now]:
        # Halving n times with truncation is dividing by 2^n with truncation.
        rest = trunc_div(rest, 1 << (min(c, now) - at))
        at = min(c, now)
        rest += cells.get(c, 0) if c < now else 0
    return round_div((rest + cells.get(now, 0)) * curve(f), 1 << 78)


def round_half(a, b):
    """round(a / b) of what is not negative."""
    return (2 * a + b) // (2 * b)


@cache
def geometric(share):
    """g(0), g(1), … until it is worth nothing."""
    found, g = [], 1 << 32
    while g * 200 >= 1 << 32:
        found.append(g)
        g = round_half(g * (1000 - share), 1000)
    return tuple(found)


def value(decay, awards, x):
    if decay is None:
        return sum(p for p, _ in awards)
    if decay.kind == "half_life":
        return half_life(awards, x, decay.span)
    if decay.kind == "cliff":
        if mistakes.on("cliff_inclusive"):
            return sum(p for p, s in awards if x - s <= decay.span)
        return sum(p for p, s in awards if x - s < decay.span)
    ages = [(p, (x - s) // decay.span) for p, s in awards]
    if decay.kind == "step_linear":
        return round_div(sum(p * max(0, 1000 - k * decay.share) for p, k in ages), 1000)
    g = geometric(decay.share)
    if mistakes.on("geometric_of_original"):
        return round_div(sum(p * max(0, 1000 - k * decay.share) for p, k in ages), 1000)
    return round_div(sum(p * g[k] for p, k in ages if k < len(g)), 1 << 32)


def steps(decay):
    """The ages at which an award changes its worth by itself (half-lives change all the time)."""
    if decay.kind == "cliff":
        return [decay.span]
    if decay.kind == "step_linear":
        return [k * decay.span for k in range(1, -(-1000 // decay.share) + 1)]
    if decay.kind == "step_geometric":
        return [k * decay.span for k in range(1, len(geometric(decay.share)) + 1)]
    return []
