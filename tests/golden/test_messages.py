"""Every message of rules-reference.md 7 has a golden that shows it. The table there is read, each of
its texts fits the pattern written here, and each pattern fits a line of some expected.txt."""
import pathlib
import re

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
REFERENCE = TOP / "engine/language/rules-reference.md"
CASES = sorted((TOP / "tests/golden/check").glob("*/expected.txt"))

# What a message names changes; the rest of it stands.
PATTERNS = {
    1: [r'not YAML: .+'],
    2: [r'this value breaks off at the comma; inside \{ … \} an expression with a comma or bracket '
        r'goes into single quotes'],
    3: [r"a value that begins with ! is a YAML tag; write '.+' in single quotes"],
    4: [r'the string is not closed; " #" begins a YAML comment, put the expression into single '
        r'quotes'],
    5: [r'unknown key "\w+" in an? .+; did you mean "\w+"\?'],
    6: [r'key "\w+" stands twice'],
    7: [r'"\w+"( or "\w+")+ is missing in .+'],
    8: [r'"on" and "while" exclude each other: points at a touch, or points while something holds'],
    9: [r'".+" is not a name; write \w+ \(lower case, digits, _\)'],
    10: [r'"\w+" is reserved and cannot be a name'],
    11: [r'name "\w+" is already an? \w+'],
    12: [r'expected a duration such as 30d or 1h30m, found ".+"'],
    13: [r'expected a percentage between 0\.1% and 100%, found ".+"'],
    14: [r'at most 3 decimals: .+'],
    15: [r'no zone ".+"; did you mean ".+"\?'],
    16: [r'cannot read ".+": .+', r'(".+" )?has no column "\w+"; it has: .+'],
    17: [r'expected true or false, found ".+"'],
    18: [r'the model needs language \d+; this program knows \d+'],
    19: [r'unknown name "\w+"; did you mean the \w+ "\w+"\?'],
    20: [r'unknown field \S+; did you mean \S+\?'],
    21: [r'\S+ is not listed under data\.\w+; did you mean \S+\?'],
    22: [r'unknown touch type "\w+"; did you mean "\w+"\?'],
    23: [r'"\w+" is not a value of \S+: .+'],
    24: [r'".+" is not a grade: F D- D D\+ C- C C\+ B- B B\+ A- A A\+'],
    25: [r'cannot compare an? \w+ with an? \w+'],
    26: [r'expected a bool here, found an? \w+; did you mean .+\?'],
    27: [r'no "\? :" here; use a table or a label with cases'],
    28: [r'relations do not chain: write .+ && .+'],
    29: [r'expected "\)" after the window'],
    30: [r'"it" is only known inside an aggregate'],
    31: [r'no "touch" here: the condition may also become true without one; use last\(… of …\)'],
    32: [r'"now" is a clock and cannot become points; compare it with a duration'],
    33: [r'distinct\(\) over the whole life needs a window',
         r'over the whole life, where can only use it and constants'],
    34: [r'bad regular expression at character \d+: .+', r'look-around is not supported'],
    35: [r'table "\w+" has no row "\w+" and no default'],
    36: [r'"people" is only known in company parts'],
    37: [r'step "\w+" comes later in the sequence',
         r'(step "\w+" )?is this step itself; only earlier ones are known'],
    38: [r'cycle: \w+ reads \w+, \w+ reads \w+'],
    39: [r'window of \w+ is longer than history\.keep of \w+'],
    40: [r'the sequence has no time limit; add within',
         r'this step has no time limit; add within, here without an open end or in the trigger'],
    41: [r'"not" as the last step needs within', r'("not" )?cannot be the first step',
         r'this "not" never matches: the within of the trigger ends the sequence before'],
    42: [r'disarm can be true while arm is: .+ overlaps .+'],
    43: [r'stage "\w+" is not in stages\.order; did you mean "\w+"\?'],
    44: [r'bands must rise: \w+ \S+ comes after \w+ \S+'],
    45: [r'step_geometric below 5% keeps points too long; use half_life'],
    46: [r'[\d,]+ \w+; an? \w+ has at most [\d,]+'],
    47: [r'the track loops without a wait: \w+ → .+'],
    48: [r'\w+ can reach at most \d+ \(\w+ \d+ \+ \w+ \d+\), so .+ is never true'],
    49: [r'grade can reach at most \S+ \(\S+ and \d+/3\), so .+ is never true'],
    50: [r'never true: .+ in a rule on \w+'],
    51: [r'always true: the limit keeps \w+ at or above \S+'],
    52: [r'the cap of \S+ a day is below one award of \S+'],
    53: [r'place "\w+" is never reached: "\w+" above matches all that it matches'],
    54: [r'rule "\w+" and rule "\w+" match the same touches'],
    55: [r'only \w+ can bring \w+ to \d+: no other path exists'],
    56: [rf'{what} "\w+" is not read by anything' for what in ("score", "constant", "list", "label")],
    57: [r'\w+ takes points but the limit of its group starts at 0: at most what the group has is '
         r'taken'],
    58: [r'once_per: \S+ keeps 256 values; older ones pay again'],
    59: [r'scans up to [\d,]+ touches for each \w+: add a comparison it\.x == touch\.x or a shorter '
         r'window'],
    60: [r'state of up to \S+ bytes a lead is over 256 KiB: .+'],
    61: [r'"\w+" has upper-case entries, but lead\.company is always lower case'],
    62: [r'\S+ != "" is unknown, not false, without an? \w+; has\(\S+\) may be meant'],
    63: [r'\w+ has no cool-down below 1d of its own and fires with \w+ at the same touch'],
    64: [r'never true: no other evidence is \w+, so there is nothing to be near to'],
}
# Errors that may be warnings, and the other way round: both have a golden.
BOTH = {22}


def rows():
    """Number → (texts of the table, error or warning)."""
    kind, found = "error", {}
    section = REFERENCE.read_text().split("## 7. ")[1].split("\n## ")[0]
    for line in section.splitlines():
        kind = "warning" if line == "| | **warnings** |" else kind
        row = re.match(r"\| (\d+) \| (.*) \|$", line)
        if row:
            cell = row[2].replace(r"\|", "|")
            found[int(row[1])] = (re.findall(r"`([^`]+)`", cell), kind)
    return found


ROWS = rows()
SHOWN = [match.groups() for path in CASES for line in path.read_text().splitlines()
         if (match := re.match(r"\S+?:\d+:\d+: (error|warning): (.*)$", line))]


def test_the_table_is_the_one_that_is_known_here():
    assert sorted(ROWS) == sorted(PATTERNS) == list(range(1, 65))


@pytest.mark.parametrize("number", sorted(PATTERNS))
def test_the_patterns_are_those_of_the_table(number):
    texts, _ = ROWS[number]
    assert texts
    for text in texts:
        if " " in text:  # a whole message, not the name of something in a remark
            assert any(re.fullmatch(one, text) for one in PATTERNS[number]), text


@pytest.mark.parametrize("number", sorted(PATTERNS))
def test_a_golden_shows_it(number):
    _, kind = ROWS[number]
    kinds = {"error", "warning"} if number in BOTH else {kind}
    missing = [(kind, one) for kind in kinds for one in PATTERNS[number]
               if not any(shown == kind and re.fullmatch(one, text) for shown, text in SHOWN)]
    assert missing == []


def test_there_are_broken_models():
    assert sum(": error: " in path.read_text() for path in CASES) >= 120
