"""`waterhole up --play FILE --clock log --once`: contract.md 1, 3, 5 and 6."""
import gzip
import json
import re
import sqlite3
import subprocess

import pytest

from play import ANN, MODEL, RIVALS, STORY, lines, page, record
from program import run, write

OPTIONS = ["--clock", "log", "--once", "--model", "model.yaml"]


@pytest.fixture(name="folder")
def _folder(tmp_path):
    write(tmp_path, "model.yaml", MODEL)
    write(tmp_path, "rivals.csv", RIVALS)
    write(tmp_path, "touches.jsonl", lines(STORY))
    return tmp_path


def play(folder, *words, file="touches.jsonl", **more):
    return run(folder, "up", "--play", file, *OPTIONS, *words, **more)


def events(result):
    assert result.code == 0, result.err
    return result.objects()


def brief(event):
    return event["type"], event.get("name") or event.get("qualification"), event["decided_at"]


EXPECTED = [("lead.stage_changed", "compare", "2026-01-05T09:00:00.000Z"),
            ("lead.qualified", "ready", "2026-01-07T09:00:00.000Z")]


def test_json_is_the_events_and_nothing_else(folder):
    assert [brief(event) for event in events(play(folder, "--json"))] == EXPECTED


def test_an_event_carries_what_the_contract_says(folder):
    event = events(play(folder, "--json"))[1]
    assert list(event) == ["id", "type", "lead_id", "also", "life", "episode", "qualification",
                           "contact", "scores", "grade", "labels", "stage", "segments", "route",
                           "note", "why", "first_touch", "last_touch", "model", "occurred_at",
                           "received_at", "decided_at"]
    # 2026-01-05T09:00Z, when Ann's first touch came, is 1,767,603,600 s after 1970.
    assert re.fullmatch("[0-9a-f]{32}", event["lead_id"])
    assert event["id"] == f"{event['lead_id']}/1767603600000000/ready/1/qualified"
    assert event["contact"] == {"email": ANN, "name": "Ann Muster", "role": "Head", "phone": None,
                                "crm": None, "company": "works.example", "country": None,
                                "consent": {"marketing": True}}
    assert (event["scores"], event["grade"]) == ({"interest": 35.0}, "B")
    assert event["route"] == {"rule": "all", "to": "team", "owner": None}
    assert event["note"] == "warm, grade B"
    assert [(item["rule"], item["points"], item["touches"]) for item in event["why"]["points"]] \
        == [("page", 15.0, 3), ("prices", 20.0, 2)]
    assert [(item["criterion"], item["state"]) for item in event["why"]["fit"]] \
        == [("role", "match"), ("size", "unknown"), ("young", "unknown")]
    assert event["why"]["because"]["touch"] == "attributes-7-9"


def test_decimals_have_three_places(folder):
    assert '"scores":{"interest":35.000}' in play(folder, "--json").out


def test_with_json_the_summary_goes_to_standard_error(folder):
    result = play(folder, "--json")
    assert "Played 5 records: 5 touches of 2 leads" in result.err


def test_each_event_is_one_readable_line(folder):
    result = play(folder)
    (line,) = [line for line in result.lines if "qualified ready" in line]
    # 09:00 UTC is 10:00 in the model's zone.
    assert line.split("  ")[0] == "2026-01-07 10:00"
    for text in (ANN, "35.0", " B ", "compare", "team", "after attributes", "prices 20.0 (2 touches)",
                 "page 15.0 (3 touches)", "warm, grade B"):
        assert text in line
    (heading,) = [line for line in result.lines if line.startswith("when")]
    assert heading.split() == ["when", "what", "who", "interest", "grade", "stage", "route", "why"]
    assert heading.index("who") == line.index(ANN)


def test_summary(folder):
    out = play(folder).out
    assert "\nPlayed 5 records: 5 touches of 2 leads, 0 sent again, 0 rejected.\n" in out
    assert "The clock stands at 2026-01-08 10:00 (Europe/Berlin)." in out
    rows = {line.split()[0]: line.split()[1:] for line in out.splitlines() if line.startswith("  ")}
    # leads, ripe, held back, withered, withdrawn
    assert rows["look"] == ["1", "0", "0", "0", "0"]
    assert rows["compare"] == ["1", "1", "0", "0", "0"]
    assert rows["all"] == ["2", "1", "0", "0", "0"]
    assert rows["qualified"] == ["1"]
    assert rows["stage_changed"] == ["1"]


def test_summary_says_what_to_try_next(folder):
    out = play(folder).out
    assert f"lead email:{ANN} --data state\n" in out
    assert "check model.yaml\n" in out


def test_a_lead_withers_by_itself(folder):
    # Ten days of silence take 20 of 35 points: 15 are below 20.
    write(folder, "touches.jsonl", lines(STORY + [page((20, 9), {"anon": "c-2"})]))
    found = events(play(folder, "--json"))
    withered = [event for event in found if event["type"] == "lead.withered"]
    assert [event["decided_at"] for event in withered] == ["2026-01-16T09:00:00.000Z"]
    assert withered[0]["reason"] == "disarm"
    assert withered[0]["why"]["because"]["touch"] is None
    (line,) = [line for line in play(folder).lines if "withered ready" in line]
    assert "by itself; interest < 20" in line


def test_a_trigger_is_an_event_of_its_own(folder):
    write(folder, "touches.jsonl", lines([record((5, 9), "demo_request", ANN,
                                                 page={"path": "/demo"})]))
    found = events(play(folder, "--json"))
    assert [brief(event)[0] for event in found] == ["lead.asked", "lead.qualified"]
    assert found[0]["with"] == {"where": "/demo"}
    assert found[0]["id"].endswith("/asked/demo_request-5-9/fired")


def test_the_same_touch_twice_counts_once(folder):
    write(folder, "touches.jsonl", lines(STORY + STORY))
    result = play(folder)
    assert "Played 10 records: 5 touches of 2 leads, 5 sent again, 0 rejected." in result.out
    assert [brief(event) for event in events(play(folder, "--json"))] == EXPECTED


def test_late_touches_stand_where_they_belong(folder):
    late = page((5, 9), ANN, lead={"role": "Head", "name": "Ann Muster"})
    late["received_at"] = "2026-01-08T12:00:00Z"
    # Something of hers is already known to have happened after the moment that the late one brings.
    after = record((8, 8), "attributes", ANN)
    write(folder, "touches.jsonl", lines(STORY[1:4] + [after, late]))
    found = events(play(folder, "--json"))
    assert [brief(event) for event in found] == [
        ("lead.stage_changed", "compare", "2026-01-05T10:00:00.000Z"),
        ("lead.qualified", "ready", "2026-01-08T12:00:00.000Z")]
    assert found[1]["late"] is True
    assert found[1]["occurred_at"] == "2026-01-07T09:00:00.000Z"
    (line,) = [line for line in play(folder).lines if "qualified ready" in line]
    assert "; late, it was so at 2026-01-07 10:00" in line


def test_now_never_goes_back(folder):
    early = page((4, 9), ANN)
    write(folder, "touches.jsonl", lines(STORY[:3] + [early]))
    assert "The clock stands at 2026-01-06 10:00" in play(folder).out


def test_the_strongest_identifier_names_the_lead(folder):
    both = page((5, 9), {"anon": "c-1", "user": "7", "email": ANN})
    write(folder, "touches.jsonl", lines([both, page((5, 10), {"user": "7"})]))
    assert "2 touches of 1 lead," in play(folder).out


@pytest.mark.parametrize("name, pack", [
    ("touches.jsonl.gz", gzip.compress),
    ("touches.jsonl.zst", lambda text: subprocess.run(["zstd", "-c"], input=text, check=True,
                                                      capture_output=True).stdout),
])
def test_packed_files(folder, name, pack):
    write(folder, name, pack(lines(STORY).encode()))
    assert [brief(event) for event in events(play(folder, "--json", file=name))] == EXPECTED


def test_standard_input(folder):
    result = play(folder, "--json", file="-", stdin=lines(STORY).encode())
    assert [brief(event) for event in events(result)] == EXPECTED


def test_a_packed_file_that_breaks_off_is_a_problem_and_what_came_before_counts(folder):
    packed = gzip.compress(lines(STORY * 200).encode())
    write(folder, "broken.gz", packed[:-20])
    result = play(folder, file="broken.gz")
    assert result.code == 1
    assert "broken.gz" in result.err


def test_an_empty_file(folder):
    write(folder, "empty", b"")
    result = play(folder, file="empty")
    assert result.code == 0
    assert "Played 0 records: 0 touches of 0 leads" in result.out


def test_a_file_that_is_not_there(folder):
    result = play(folder, file="nowhere.jsonl")
    assert (result.code, result.out) == (2, "")
    assert "nowhere.jsonl" in result.err


def good(**changes):
    item = {**page((6, 9), ANN), "id": "bad", **changes}
    return {name: value for name, value in item.items() if value is not None}


def text(**changes):
    return json.dumps(good(**changes)).encode()


BAD = {
    "not_json": b'{"type": "page_view", ',
    "not_utf8": text(page={"title": "@"}).replace(b"@", b"\xe4"),
    "too_large": text(properties={"text": "x" * 70000}),
    "too_deep": text(properties={"a": {"b": {"c": {"d": {"e": 1}}}}}),
    "too_many": text(properties={f"p{number}": 1 for number in range(65)}),
    "bad_type": text(page="/prices"),
    "missing": text(type=None),
    "bad_time": text(occurred_at="24.11.2026"),
    "from_future": text(occurred_at="2099-01-01T00:00:00Z"),
    "too_late": text(occurred_at="2020-01-01T00:00:00Z"),
    "no_identifier": text(identifiers={"email": "", "user": "null"}),
    "duplicate_key": b'{"type":"a",' + text()[1:],
    "bad_number": text(amount="12,50"),
}


def test_commands_about_who_is_who_are_followed_and_counted(folder):
    touches = [page((5, 9), {"anon": "x"}), page((5, 10), {"anon": "x", "email": ANN}),
               record((6, 9), "identity.split", {"anon": "x"}, source="crm",
                      properties={"weak": "anon:x", "strong": f"email:{ANN}"})]
    write(folder, "touches.jsonl", lines(touches))
    result = play(folder, "--data", "state")
    assert ("Played 3 records: 2 touches of 2 leads, 0 sent again, 0 rejected,"
            " 1 command about who is who.") in result.out


@pytest.mark.parametrize("reason", BAD)
def test_every_kind_of_bad_record_is_rejected_with_its_bytes(folder, reason):
    write(folder, "bad.jsonl", lines(STORY).encode() + BAD[reason] + b"\n")
    result = play(folder, "--data", "state", file="bad.jsonl")
    assert result.code == 0
    assert "5 touches of 2 leads, 0 sent again, 1 rejected." in result.out
    assert re.search(rf"^  {reason} +1   line 6", result.out, re.MULTILINE)
    assert kept(folder / "state", "SELECT reason, value FROM log WHERE topic = 4") \
        == [(reason, BAD[reason])]


def kept(folder, query):
    file = sqlite3.connect(f"file:{folder}/waterhole.db?mode=ro", uri=True)
    rows = file.execute(query).fetchall()
    file.close()
    return rows


def test_a_rejected_record_keeps_field_and_detail(folder):
    write(folder, "bad.jsonl", BAD["bad_time"] + b"\n")
    play(folder, "--data", "state", file="bad.jsonl")
    ((field, detail),) = kept(folder / "state", "SELECT field, detail FROM log WHERE topic = 4")
    assert field == "occurred_at"
    assert 'found "24.11.2026"' in detail


def test_all_bad_records_of_one_file_are_counted_by_reason(folder):
    write(folder, "bad.jsonl", b"\n".join([*BAD.values(), BAD["bad_time"]]) + b"\n"
          + lines(STORY).encode())
    result = play(folder, file="bad.jsonl")
    counts = dict(re.findall(r"^  (\w+) +(\d+)   line", result.out, re.MULTILINE))
    assert counts == {**{reason: "1" for reason in BAD}, "bad_time": "2"}


def test_an_example_says_where_and_what(folder):
    write(folder, "bad.jsonl", BAD["bad_time"] + b"\n")
    out = play(folder, file="bad.jsonl").out
    assert ('bad_time           1   line 1, occurred_at: expected a time with its zone') in out
    assert 'found "24.11.2026"' in out


def test_what_is_mended_is_counted(folder):
    touch = page((5, 9), {"email": ANN, "user": "guest"}, unheard_of=1)
    touch["page"]["url"] = "https://works.example/" + "x" * 3000
    write(folder, "touches.jsonl", lines([touch]))
    out = play(folder).out
    assert re.search(r"^  too long, cut +1$", out, re.MULTILINE)
    assert re.search(r"^  fields kept as properties +1$", out, re.MULTILINE)
    assert re.search(r"^  identifiers of nobody +1$", out, re.MULTILINE)


def test_text_from_outside_cannot_move_the_cursor(folder):
    touch = record((5, 9), "demo_request", {"email": "\x1b[2jx@works.example"},
                   page={"path": "/\x1b[31m\u009b1m"})
    write(folder, "touches.jsonl", lines([touch]))
    out = play(folder).out
    assert "\x1b" not in out and "\x9b" not in out
    assert "?[2jx@works.example" in out


def test_no_colour_where_there_is_no_terminal(folder):
    assert "\x1b" not in play(folder, TERM="xterm").out


def test_old_decisions_are_announced_unless_a_bound_is_given(folder):
    result = play(folder, "--json", WATERHOLE_ENGINE_ANNOUNCE_NOT_OLDER_THAN="1d")
    assert (result.code, result.out) == (0, "")
    assert re.search(r"too old to be announced +2\n", result.err)


def test_configuration_may_name_model_clock_and_data(folder):
    write(folder, "waterhole.yaml", "model: model.yaml\ndata: kept\nengine: { clock: log }\n")
    result = run(folder, "up", "--play", "touches.jsonl", "--once", "--json")
    assert [brief(event) for event in events(result)] == EXPECTED
    assert (folder / "kept/waterhole.db").exists()


def test_privacy_key_names_leads_differently(folder):
    plain = events(play(folder, "--json"))[0]["lead_id"]
    again = events(play(folder, "--json"))[0]["lead_id"]
    keyed = events(play(folder, "--json", WATERHOLE_PRIVACY_KEY="other"))[0]["lead_id"]
    assert plain == again != keyed


def test_the_folder_is_for_its_owner(folder):
    play(folder, "--data", "state")
    assert (folder / "state").stat().st_mode & 0o777 == 0o700
    for name in ("waterhole.db", "waterhole.db.lock"):
        assert (folder / "state" / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("table", ["entries ORDER BY partition, key",
                                   "log WHERE topic = 3 ORDER BY partition, position"])
def test_the_same_input_leaves_the_same_states_and_events(folder, table):
    columns = "due, bytes" if "entries" in table else "key, value"
    play(folder, "--data", "one")
    play(folder, "--data", "two")
    rows = kept(folder / "one", f"SELECT {columns} FROM {table}")
    assert len(rows) == 2
    assert rows == kept(folder / "two", f"SELECT {columns} FROM {table}")


def test_the_same_folder_goes_on(folder):
    write(folder, "first.jsonl", lines(STORY[:2]))
    write(folder, "rest.jsonl", lines(STORY[1:]))
    first = events(play(folder, "--data", "state", "--json", file="first.jsonl"))
    rest = play(folder, "--data", "state", "--json", file="rest.jsonl")
    assert [brief(event) for event in first + events(rest)] == EXPECTED
    assert "Played 4 records: 3 touches of 2 leads, 1 sent again" in rest.err


def test_a_folder_that_cannot_be_made_is_something_outside(folder):
    result = play(folder, "--data", "no/such/parent")
    assert result.code == 3
    assert "no/such/parent" in result.err


def test_a_wrong_model_ends_with_1(folder):
    write(folder, "model.yaml", MODEL.replace("interest >= hot", "intrest >= hot"))
    result = play(folder)
    assert (result.code, result.out) == (1, "")
    assert 'error: unknown name "intrest"; did you mean the score "interest"?' in result.err


@pytest.mark.parametrize("words, message", [
    (["up", "--clock", "log", "--once"],
     '"--once" ends when everything has been played: add --play FILE'),
    (["up", "--play", "touches.jsonl", "--once", "--clock", "log"],
     'no model: name its file or folder with --model PATH, or "model" in the configuration'),
])
def test_wrong_use(folder, words, message):
    result = run(folder, *words)
    assert (result.code, result.out) == (2, "")
    assert result.err == f"waterhole: {message}\n"
