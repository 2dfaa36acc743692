"""The table: a row for each peer, in each cell the median of the rounds and how far they lie apart."""
import statistics


def spread(values, digits=0):
    """Median (least–most)."""
    if not values:
        return "-"
    text = [f"{value:,.{digits}f}" for value in (statistics.median(values), min(values), max(values))]
    return text[0] if text[1] == text[2] else f"{text[0]} ({text[1]}–{text[2]})"


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def draw(head, rows):
    """Columns as wide as their widest cell, the first one to the left."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    for row in [head, *rows]:
        print(row[0].ljust(widths[0]) + "".join(
            "  " + cell.rjust(width) for cell, width in zip(row[1:], widths[1:])))


# What is in a round's figures, its name, decimals, and whether more is better.
COLUMNS = (("rate", "touches/s", 0), ("cpu", "CPU s", 2), ("cpu_all", "with its store", 2),
           ("cpu_broker", "broker's CPU s", 2), ("peak", "MiB", 0), ("peak_store", "store's MiB", 0),
           ("p50", "p50 ms", 1), ("p99", "p99 ms", 1))


def print_figures(rounds):
    """`rounds`: of each peer by name, the figures of each round."""
    draw(["", *(name for _, name, _ in COLUMNS)],
         [[peer, *(spread([one[key] for one in figures if key in one], digits)
                   for key, _, digits in COLUMNS)] for peer, figures in rounds.items()])


def print_ratios(rounds, subject):
    """The subject's figures by those of each other peer, round by round."""
    others = [peer for peer in rounds if peer != subject]
    if subject not in rounds or not others:
        return
    print(f"\n{subject} by peer, round by round")
    rows = []
    for peer in others:
        cells = []
        for key, _, _ in COLUMNS:
            pairs = zip(rounds[subject], rounds[peer])
            cells.append(spread([mine[key] / other[key] for mine, other in pairs
                                 if mine.get(key) and other.get(key)], 2))
        rows.append([peer, *cells])
    draw(["", *(name for _, name, _ in COLUMNS)], rows)
