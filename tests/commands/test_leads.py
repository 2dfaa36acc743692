"""`waterhole leads`: many leads in a line each. The story of Ann is that of play.py; what the others
score follows from that model by hand: 5 for a page, 10 more for prices once a day."""
import csv
import io

import pytest

from play import ANN, MODEL, RIVALS, STORY, lines, page, record
from program import run, write

BOB, CY, DEE = "bob@rival.example", "cy@works.example", "dee@mill.example"
OTHERS = [
    page((5, 9), BOB), page((6, 9), BOB), page((8, 8), BOB, lead={"role": "Head"}),
    page((5, 12), CY, "/jobs", lead={"owner": "eva"}),
    record((8, 7), "demo_request", DEE, page={"path": "/demo"}),
    page((7, 12), {"anon": "c-7"}, "/jobs", network={"organisation": 'Mill, "Son" & Co'}),
]
WITH_OWNER = MODEL + '  - { id: keep, to: "{lead.owner}" }\n'


@pytest.fixture(name="folder", scope="module")
def _folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("leads")
    keep(folder, STORY + OTHERS)
    return folder


def keep(folder, records, model=WITH_OWNER):
    write(folder, "model.yaml", model)
    write(folder, "rivals.csv", RIVALS)
    records = sorted(records, key=lambda item: item["received_at"])
    write(folder, "touches.jsonl", lines(records))
    result = run(folder, "up", "--play", "touches.jsonl", "--clock", "log", "--once", "--model",
                 "model.yaml", "--data", "state")
    assert result.code == 0, result.err


def leads(folder, *words):
    result = run(folder, "leads", *words, "--data", "state")
    assert (result.code, result.err) == (0, "")
    return result


def keys(folder, *words):
    return [item["key"] for item in leads(folder, *words, "--json").objects()]


def test_a_line_for_each_ripe_ones_first(folder):
    # Ann 35 and ripe, Dee ripe for a day by her request; then Bob 45 but limited to 40, Cy and c-7 with 5
    # each, of whom c-7 was here later; c-1 is a machine and has nothing.
    assert keys(folder) == [f"email:{ANN}", f"email:{DEE}", f"email:{BOB}", "anon:c-7",
                            f"email:{CY}", "anon:c-1"]


def test_the_columns_of_a_row(folder):
    heading, ann, dee, bob, seven, cy, one = (line.split() for line in leads(folder).lines)
    assert heading == ["lead", "company", "stage", "interest", "grade", "ripe", "since", "owner",
                       "last", "touch"]
    assert ann == [f"email:{ANN}", "works.example", "compare", "35.0", "B", "ready", "2026-01-06",
                   "10:00", "2026-01-06", "10:00"]
    assert dee == [f"email:{DEE}", "mill.example", "look", "0.0", "C", "fast", "2026-01-08",
                   "08:00", "2026-01-08", "08:00"]
    assert bob == [f"email:{BOB}", "rival.example", "compare", "40.0", "B", "2026-01-08", "09:00"]
    assert seven == ["anon:c-7", "mill,", '"son"', "&", "co", "look", "5.0", "C", "2026-01-07",
                     "13:00"]
    assert cy == [f"email:{CY}", "works.example", "look", "5.0", "C", "eva", "2026-01-05", "13:00"]
    assert one == ["anon:c-1", "look", "0.0", "C"]


def test_csv_is_read_back_by_others(folder):
    out = leads(folder, "--format", "csv").out
    assert '"mill, ""son"" & co"' in out
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 6
    ann = rows[0]
    assert len(ann.pop("lead_id")) == 32
    assert ann == {"key": f"email:{ANN}", "company": "works.example", "stage": "compare",
                   "interest": "35.000", "grade": "B", "ripe": "ready",
                   "ripe_since": "2026-01-06T09:00:00.000Z", "owner": "",
                   "last_touch": "2026-01-06T09:00:00.000Z"}
    assert rows[3]["company"] == 'mill, "son" & co'


def test_json_has_the_same(folder):
    ann, dee, *_, one = leads(folder, "--format", "json").objects()
    assert len(ann.pop("lead_id")) == 32
    assert ann == {"key": f"email:{ANN}", "company": "works.example", "stage": "compare",
                   "scores": {"interest": 35.0}, "grade": "B", "ripe": ["ready"],
                   "ripe_since": "2026-01-06T09:00:00.000Z", "owner": None,
                   "last_touch": "2026-01-06T09:00:00.000Z"}
    assert dee["ripe"] == ["fast"]
    assert (one["company"], one["ripe"], one["ripe_since"], one["last_touch"]) == (None, [], None,
                                                                                   None)


def test_the_id_is_that_of_lead(folder):
    ann = leads(folder, "--json").objects()[0]
    assert run(folder, "lead", ann["lead_id"], "--data", "state").out.startswith("Ann Muster")


@pytest.mark.parametrize("words, expected", [
    (("--ripe",), [f"email:{ANN}", f"email:{DEE}"]),
    (("--stage", "compare"), [f"email:{ANN}", f"email:{BOB}"]),
    (("--owner", "eva"), [f"email:{CY}"]),
    (("--owner", "ev"), []),
    # The clock ends on the 8th at 10:00 in Berlin, 9:00 UTC.
    (("--since", "24h"), [f"email:{DEE}", f"email:{BOB}", "anon:c-7"]),
    (("--since", "20h"), [f"email:{DEE}", f"email:{BOB}"]),
    (("--ripe", "--since", "2d"), [f"email:{ANN}", f"email:{DEE}"]),
    (("--ripe", "--since", "47h"), [f"email:{DEE}"]),
    (("--segment", "asleep"), []),
])
def test_filters(folder, words, expected):
    assert keys(folder, *words) == expected


def test_a_segment_that_time_alone_brings(tmp_path):
    keep(tmp_path, STORY + [page((28, 9), {"anon": "c-2"}, "/jobs")])
    # Ann was last here on the 6th at 10:00; on the 26th she has been silent for 20 days.
    assert keys(tmp_path, "--segment", "asleep") == [f"email:{ANN}"]
    assert keys(tmp_path, "--ripe") == []


def test_the_first_of_many_with_bounded_rows(tmp_path):
    # Visitor n looks at n % 7 pages, so that each number of pages has its share of them.
    visits = [page((5, 1 + hour), {"anon": f"v-{number:03}"}, "/jobs", id=f"{number}-{hour}")
              for number in range(300) for hour in range(number % 7)]
    keep(tmp_path, visits)
    result = run(tmp_path, "leads", "--data", "state", "--limit", "10", "--json")
    assert result.err == ("waterhole: 10 of 257 leads are shown: the ripe, then the most "
                          "interested; --limit N shows more\n")
    # 42 visitors have seen six pages and have 30 points; of equals the key decides.
    assert [item["key"] for item in result.objects()] == [
        f"anon:v-{6 + 7 * index:03}" for index in range(10)]
    everyone = keys(tmp_path, "--limit", "300")
    assert len(everyone) == 257 and everyone[:10] == [item["key"] for item in result.objects()]


@pytest.mark.parametrize("words, message", [
    (("--stage", "compair"), '"--stage": the model has no "compair"; did you mean "compare"?'),
    (("--segment", "zzz"), '"--segment": the model has no "zzz"'),
    (("--since", "a week"), '"--since" is a duration such as 7d or 12h, found "a week"'),
    (("--limit", "0"), '"--limit" is a number from 1 to 100000, found "0"'),
    (("--limit", "1e3"), '"--limit" is a number from 1 to 100000, found "1e3"'),
    (("--limit", "99999999999999999999"), '"--limit" is a number from 1 to 100000'),
    (("--format", "xml"), '"--format" is one of table|csv|json'),
])
def test_what_cannot_be_asked(folder, words, message):
    result = run(folder, "leads", *words, "--data", "state")
    assert (result.code, result.out) == (2, "")
    assert message in result.err


def test_an_owner_that_no_rule_reads(tmp_path):
    keep(tmp_path, STORY, MODEL)
    assert "owner" not in leads(tmp_path).lines[0]
    result = run(tmp_path, "leads", "--owner", "eva", "--data", "state")
    assert result.code == 2 and "no rule of the model reads lead.owner" in result.err


def test_without_a_folder(tmp_path):
    result = run(tmp_path, "leads")
    assert result.code == 2 and "no leads: name the folder" in result.err
    result = run(tmp_path, "leads", "--data", "nothing")
    assert result.code == 2 and 'no leads in "nothing"' in result.err
