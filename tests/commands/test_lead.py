"""`waterhole lead KEY`: the story of one lead, from what `up --data` left."""
import json
import re
import subprocess
import sys
from decimal import Decimal

import pytest

from play import ANN, MODEL, RIVALS, STORY, lines, page, record
from program import TOP, run, write

KEY = f"email:{ANN}"


def keep(folder, records, model=MODEL):
    write(folder, "model.yaml", model)
    write(folder, "rivals.csv", RIVALS)
    write(folder, "touches.jsonl", lines(records))
    result = run(folder, "up", "--play", "touches.jsonl", "--clock", "log", "--once", "--model",
                 "model.yaml", "--data", "state")
    assert result.code == 0, result.err


@pytest.fixture(name="folder")
def _folder(tmp_path):
    keep(tmp_path, STORY)
    return tmp_path


def lead(folder, *words):
    return run(folder, "lead", *words, "--data", "state")


def story(folder, *words):
    result = lead(folder, *words, "--json")
    assert (result.code, result.err) == (0, "")
    (found,) = result.objects()
    return found


def qualification(found, name="ready"):
    (one,) = [item for item in found["qualifications"] if item["qualification"] == name]
    return one


def test_the_text_as_a_whole(folder):
    found = story(folder, KEY)
    assert lead(folder, KEY).out == f"""\
Ann Muster, Head at works.example
email:{ANN}, consent: yes to marketing
lead id {found["lead_id"]}

Who is who: 1 identifier
  email:ann@works.example               the lead itself

As of 2026-01-08 10:00, Europe/Berlin
  stage         compare, since 2026-01-05 10:00
  interest      35.000
  grade         B
  heat          warm

Ripe?
  ready: ripe, handed over 2026-01-07 10:00
    needs       yes      interest >= hot   (is 35, asked for >= 30)
    and         yes      grade >= "B"   (is B, asked for >= B)
    waits for   yes      consent.marketing
    but not if  no       lead.company in rivals
    withers if  no       interest < 20   (is 35, asked for < 20)
  fast: not ripe
    needs       demo_request
    but not if  no       lead.company in rivals

interest 35.000: every point
  page                         +15.000   3 touches, last 2026-01-06 10:00
  prices                       +20.000   2 touches, last 2026-01-06 10:00
  together                      35.000

grade B: how well it fits, starting from C
  role          match      +3/3   lead.role == "Head"
  size          unknown       0   lead.employees >= 50; if it is so: +1/3
  young         unknown       0   lead.age < 3; if it is so: -1/3

What was announced
  2026-01-05 10:00  stage compare
  2026-01-07 10:00  qualified ready            to team

What happened: 4 touches, with the points that each brought
  2026-01-05 10:00  page_view           /prices                       prices          page +5.000, prices +10.000
  2026-01-05 11:00  page_view           /prices                       prices          page +5.000
  2026-01-06 10:00  page_view           /prices                       prices          page +5.000, prices +10.000
  2026-01-07 10:00  attributes          -                             -

What comes by itself, if nothing more is heard
  2026-01-16 10:00  interest: -20.000 for quiet
  2026-01-16 10:00  heat goes from warm to cold
  2026-01-16 10:00  ready withers
  2026-01-26 10:00  enters asleep
  and nothing else within 90 days
"""


def test_points_add_up_to_the_score(folder):
    found = story(folder, KEY)
    assert [(item["rule"], item["points"]) for item in found["why"]["points"]] \
        == [("page", 15.0), ("prices", 20.0)]
    assert found["scores"] == {"interest": 35.0}


def test_a_limit_is_a_line_of_the_sum(tmp_path):
    keep(tmp_path, STORY + [page((8, 10), ANN)])
    # 20 for pages and 30 for prices are 50; the limit of 40 takes 10.
    found = story(tmp_path, KEY)
    assert [item["points"] for item in found["why"]["points"]] == [20.0, 30.0, -10.0]
    assert "\n  limit of interest            -10.000   stays within 0 and 40\n" \
        in lead(tmp_path, KEY).out


def test_a_state_is_a_line_of_the_sum(tmp_path):
    keep(tmp_path, STORY + [page((18, 9), {"anon": "c-2"})])
    out = lead(tmp_path, KEY).out
    assert "\n  quiet                        -20.000   while silent(10d)\n" in out
    assert "\n  together                      15.000\n" in out
    assert "ready: not ripe; handed over 2026-01-07 10:00, withered 2026-01-16 10:00" in out


def test_what_is_missing_until_ripe(tmp_path):
    keep(tmp_path, STORY[:2])
    ready = qualification(story(tmp_path, KEY))
    assert ready["state"] == "green"
    assert ready["arm"] == [
        {"condition": "interest >= hot", "state": "false", "now": "20", "needs": ">= 30",
         "missing": "10", "ways": [
             {"rule": "prices", "points": 10.0, "on": ["page_view"],
              "when": 'touch.place == "prices"'},
             {"rule": "page", "points": 5.0, "on": ["page_view"]}]},
        {"condition": 'grade >= "B"', "state": "true", "now": "B", "needs": ">= B"}]


WAYS = """\
waterhole: 1
name: ways
zone: Europe/Berlin
scores:
  - id: interest
    rules:
      - { id: page, on: page_view, points: 5 }
      - { id: form, on: form_submitted | demo_request, points: 25, once_per: lead }
      - { id: talk, on: call, points: 15, once_per: day }
      - { id: away, on: page_view, when: touch.page.path == "/jobs", points: -10 }
segments:
  - { id: often, when: count(page_view within 30d) >= 3 }
  - { id: keen, when: often }
qualification: [ { id: ready, arm: interest >= 60 && keen, gate: often } ]
"""


def test_what_could_bring_it(tmp_path):
    # 5 for the page, 25 for the form, which pays no more: 30 are missing.
    keep(tmp_path, [page((5, 9), ANN), record((5, 10), "form_submitted", ANN)], WAYS)
    assert """\
  ready: not ripe
    needs       no       interest >= 60   (is 30, asked for >= 60: 30 more)
                by       call: +15.000 of talk
                or       page_view: +5.000 of page
    and         no       keen
    that is     no       often
    that is     no       count(page_view within 30d) >= 3   (is 1, asked for >= 3: 2 more)
    waits for   no       often
    that is     no       count(page_view within 30d) >= 3   (is 1, asked for >= 3: 2 more)
""" in lead(tmp_path, KEY).out
    arm = qualification(story(tmp_path, KEY))["arm"]
    assert [way["rule"] for way in arm[0]["ways"]] == ["talk", "page"]
    assert arm[1]["because"]["because"] == {
        "condition": "count(page_view within 30d) >= 3", "state": "false", "now": "1",
        "needs": ">= 3", "missing": "2"}


def test_held_by_the_gate(tmp_path):
    keep(tmp_path, STORY[:3])
    ready = qualification(story(tmp_path, KEY))
    assert (ready["state"], ready["ripe_since"]) == ("gate", "2026-01-06T09:00:00.000Z")
    assert ready["gate"] == {"condition": "consent.marketing", "state": "unknown"}
    assert "ready: ripe since 2026-01-06 10:00, held back until what it waits for has come" \
        in lead(tmp_path, KEY).out


def test_held_by_the_cool_down_and_then_handed_over_by_itself(tmp_path):
    # It withers when a competitor's address is stated and is ripe again when it is taken back.
    out = record((8, 9), "attributes", ANN, company={"domain": "rival.example"})
    back = record((9, 9), "attributes", ANN, company={"domain": "works.example"})
    keep(tmp_path, STORY[:4] + [out, back])
    found = story(tmp_path, KEY)
    ready = qualification(found)
    assert (ready["state"], ready["episodes"]) == ("cool_down", 1)
    # Five days after 2026-01-07T09:00Z.
    assert ready["cool_down_until"] == "2026-01-12T09:00:00.000Z"
    first = found["coming"][0]
    assert (first["at"], first["type"], first["to"]) \
        == ("2026-01-12T09:00:00.000Z", "lead.qualified", "team")
    assert "2026-01-12 10:00  ready is handed over to team\n" in lead(tmp_path, KEY).out


def test_excluded(tmp_path):
    rival = page((5, 8), ANN, "/", company={"domain": "rival.example"})
    keep(tmp_path, [rival] + STORY)
    assert qualification(story(tmp_path, KEY))["state"] == "excluded"
    assert "ready: would be ripe, but is excluded\n" in lead(tmp_path, KEY).out


def test_withdrawn_by_what_is_learned_later(tmp_path):
    # The pages of the 6th were a machine's, says the same touch with an earlier time of the same id.
    machine = page((6, 9), ANN, device={"class": "robot"})
    machine["occurred_at"] = "2026-01-06T08:59:00Z"
    machine["received_at"] = "2026-01-08T10:00:00Z"
    keep(tmp_path, STORY + [machine])
    found = story(tmp_path, KEY)
    ready = qualification(found)
    assert (ready["state"], ready["episodes"], ready["withdrawn"]) == ("green", 1, 1)
    assert [item["type"] for item in found["announced"]][-1] == "lead.withdrawn"
    out = lead(tmp_path, KEY).out
    assert "ready: not ripe; handed over 2026-01-07 10:00 and taken back\n" in out
    assert "counts nowhere: bot" in out


CLICKS = MODEL.replace("verdict:", """\
verdict:
  start: { email_click: unconfirmed }
  confirm: [ { id: calm, on: email_click, quiet: 2h } ]""").replace(
    "is: bot } ]", """is: bot }
            , { id: storm, on: email_click, burst: { same: touch.send, count: 2, within: 90m },
                is: bot } ]""").replace("    rules:\n", """\
    rules:
      - { id: click, on: email_click, points: 20 }
      - { id: sure, on: email_click, points: 1, verdict: human }
""", 1)


def click(at, send):
    return record(at, "email_click", ANN, send=send)


def test_struck_out_by_a_later_touch(tmp_path):
    keep(tmp_path, STORY[:2] + [click((5, 12), "a"), click((5, 13), "a"), click((5, 16), "b")] +
         STORY[4:], CLICKS)
    found = story(tmp_path, KEY)
    # 20 of the pages, 21 of the last click, of which the limit leaves 20.
    assert found["scores"]["interest"] == Decimal("40.000")
    first, second, last = found["touches"][2:]
    assert (first["verdict"], first["counts"], first["points"]) == ("bot", False, [])
    assert first["evidence"] == ["storm"]
    # Without evidence calm would have confirmed them.
    struck = [{"score": "interest", "rule": rule, "points": Decimal(points)}
              for rule, points in (("click", "20.000"), ("sure", "1.000"))]
    assert first["struck"] == second["struck"] == struck
    assert (last["verdict"], last["confirmed"]) == ("human", "calm")
    assert "evidence" not in last and "confirmed" not in first
    assert "counts nowhere: bot by storm; struck out: click +20.000, sure +1.000\n" \
        in lead(tmp_path, KEY).out


def test_not_confirmed_yet(tmp_path):
    keep(tmp_path, STORY[:2] + [click((5, 12), "a")], CLICKS)
    found = story(tmp_path, KEY)
    assert (found["touches"][2]["verdict"], found["touches"][2]["counts"]) == ("unconfirmed", True)
    assert "confirmed" not in found["touches"][2]
    assert "unconfirmed; click +20.000\n" in lead(tmp_path, KEY).out


def test_touches_of_machines_count_nowhere(folder):
    (touch,) = story(folder, "anon:c-1")["touches"]
    assert (touch["verdict"], touch["counts"], touch["points"]) == ("bot", False, [])


def test_a_trigger_and_the_fast_lane(tmp_path):
    keep(tmp_path, [record((5, 9), "demo_request", ANN, page={"path": "/demo"})])
    found = story(tmp_path, KEY)
    assert [(item["type"], item["to"]) for item in found["announced"]] \
        == [("lead.asked", None), ("lead.qualified", "team")]
    assert "fast: ripe, handed over 2026-01-05 10:00, until 2026-01-06 10:00\n" \
        in lead(tmp_path, KEY).out


def test_what_arms_by_a_touch_is_named(tmp_path):
    selector = "demo_request | entered(asleep) | fired(asked)"
    keep(tmp_path, STORY, MODEL.replace(
        "on: demo_request, except: lead.company in rivals",
        f"on: {selector}, when: interest > 3"))
    told = qualification(story(tmp_path, KEY), "fast")
    assert told["on"] == ["demo_request", "entered(asleep)", "fired(asked)"]
    assert told["when"] == "interest > 3"
    assert "    needs       demo_request, entered(asleep) or fired(asked) with interest > 3\n" \
        in lead(tmp_path, KEY).out


def test_late_touches_say_when_they_came(tmp_path):
    late = page((5, 9), ANN)
    late["received_at"] = "2026-01-07T11:30:00Z"
    keep(tmp_path, STORY[1:] + [late])
    assert "reached us 2 days 2 hours later" in lead(tmp_path, KEY).out


def test_as_known_at_a_time(folder):
    found = story(folder, KEY, "--at", "2026-01-05T12:00")
    assert (found["at"], found["as_known_then"]) == ("2026-01-05T11:00:00.000Z", True)
    assert found["scores"] == {"interest": 20.0}
    assert [touch["id"] for touch in found["touches"]] == ["page_view-5-9", "page_view-5-10"]
    assert [event["type"] for event in found["announced"]] == ["lead.stage_changed"]
    assert qualification(found)["episodes"] == 0
    assert lead(folder, KEY, "--at", "2026-01-05T12:00").lines[7] \
        == "As known on 2026-01-05 12:00, Europe/Berlin"


def test_as_known_leaves_out_what_arrived_later(tmp_path):
    late = page((5, 9), ANN, lead={"role": "Head"})
    late["received_at"] = "2026-01-08T12:00:00Z"
    keep(tmp_path, STORY[1:] + [late])
    then = story(tmp_path, KEY, "--at", "2026-01-08T11:00Z")
    now = story(tmp_path, KEY)
    # 20 points of the two pages known then, 35 with the late one.
    assert (then["scores"]["interest"], now["scores"]["interest"]) == (30.0, 35.0)
    assert (then["grade"], now["grade"]) == ("C", "B")
    assert qualification(then)["episodes"] == 0
    assert qualification(now)["episodes"] == 1


def test_what_comes_is_told_from_then(folder):
    found = story(folder, KEY, "--at", "2026-01-06T12:00")
    assert qualification(found)["state"] == "gate"
    assert [(item["at"], item["kind"]) for item in found["coming"]][0] \
        == ("2026-01-16T09:00:00.000Z", "points")


@pytest.mark.parametrize("at, message", [
    ("yesterday", '"--at" is a time such as 2026-11-03 or 2026-11-03T14:00, found "yesterday"'),
    ("2027-01-01", '"--at" lies after the last moment that was played, 2026-01-08 10:00'),
])
def test_a_time_that_cannot_be(folder, at, message):
    result = lead(folder, KEY, "--at", at)
    assert (result.code, result.out, result.err) == (2, "", f"waterhole: {message}\n")


def test_before_anything_was_known(folder):
    result = lead(folder, KEY, "--at", "2026-01-01")
    assert (result.code, result.out) == (1, "")
    assert result.err == f'waterhole: nothing was known of "{KEY}" at 2026-01-01 00:00\n'


def test_ways_to_name_a_lead(folder):
    found = story(folder, KEY)
    assert story(folder, ANN) == found
    assert story(folder, f"email: {ANN.upper()} ") == found
    assert story(folder, found["lead_id"]) == found
    assert story(folder, found["lead_id"][:8]) == found


def test_a_lead_is_found_by_a_weaker_identifier(tmp_path):
    both = page((5, 9), {"user": "7", "email": ANN, "phone": "+49 69 123"})
    keep(tmp_path, [both])
    assert story(tmp_path, KEY)["key"] == "user:7"
    assert story(tmp_path, "phone:+4969123")["key"] == "user:7"


def test_an_identifier_that_people_use_in_turns_means_who_has_it_now(tmp_path):
    keep(tmp_path, [page((5, 9), {"user": "7", "email": ANN}),
                    page((5, 10), {"user": "8", "email": ANN})])
    assert story(tmp_path, KEY)["key"] == "user:8"


def test_an_identifier_that_came_to_be_known_means_the_lead_that_it_is(tmp_path):
    keep(tmp_path, [page((5, 9), {"anon": "c-1"}), page((5, 10), {"anon": "c-1", "email": ANN})])
    found = story(tmp_path, "anon:c-1")
    assert found["key"] == KEY
    assert [touch["id"] for touch in found["touches"]] == ["page_view-5-9", "page_view-5-10"]


def test_an_unknown_lead_with_a_near_one(folder):
    result = lead(folder, "email:anne@works.example")
    assert (result.code, result.out) == (1, "")
    assert result.err == ('waterhole: no lead "email:anne@works.example"; near to it are\n'
                          f"  {KEY}\n")


def test_an_unknown_lead_without_a_near_one(folder):
    result = lead(folder, "user:12345")
    assert (result.code, result.err) == (1, 'waterhole: no lead "user:12345"\n')


def test_what_is_no_key_is_explained(folder):
    result = lead(folder, "zebra")
    assert result.code == 1
    assert "a key is kind:value, such as email:ann@stadtwerke.example" in result.err


def test_the_model_is_kept_with_its_lists(folder):
    before = story(folder, KEY)
    for name in ("model.yaml", "rivals.csv", "touches.jsonl"):
        (folder / name).unlink()
    assert story(folder, KEY) == before


def test_the_model_may_be_named_when_it_is_the_same(folder):
    assert story(folder, KEY, "--model", "model.yaml") == story(folder, KEY)


def test_another_model_is_refused(folder):
    write(folder, "model.yaml", MODEL.replace("hot: 30", "hot: 31"))
    result = lead(folder, KEY, "--model", "model.yaml")
    assert (result.code, result.out) == (2, "")
    assert 'the leads were kept under another version of "model.yaml"' in result.err


def test_without_a_folder(tmp_path):
    result = run(tmp_path, "lead", KEY)
    assert (result.code, result.out) == (2, "")
    assert "no leads: name the folder" in result.err


def test_a_folder_without_leads(tmp_path):
    result = run(tmp_path, "lead", KEY, "--data", "state")
    assert (result.code, result.out) == (2, "")
    assert 'no leads in "state"' in result.err


def test_a_damaged_folder(folder):
    path = folder / "state/waterhole.db"
    text = path.read_bytes()
    for damaged in (text[: len(text) // 2], text[:5000], b"", b"something else" * 1000,
                    text[:100] + bytes(4000) + text[4100:]):
        path.write_bytes(damaged)
        result = lead(folder, KEY)
        assert (result.code, result.out) == (3, "")
        assert "state/waterhole.db" in result.err


def test_json_has_the_same_names_as_events(folder):
    found = story(folder, KEY)
    event = run(folder, "up", "--play", "touches.jsonl", "--clock", "log", "--once", "--model",
                "model.yaml", "--json").objects()[1]
    for name in ("lead_id", "also", "life", "contact", "scores", "grade", "labels", "stage",
                 "segments", "model"):
        assert found[name] == event[name]
    assert re.fullmatch("[0-9a-f]{64}", found["model"]["hash"])


@pytest.fixture(name="sample", scope="module")
def _sample(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    touches = subprocess.run([sys.executable, TOP / "deploy/sample/generate.py", "--until",
                              "2026-11-20T12:00"], capture_output=True, check=True).stdout
    result = run(folder, "up", "--play", "-", "--clock", "log", "--once", "--json", "--model",
                 TOP / "deploy/sample/pumps.yaml", "--data", "state", stdin=touches)
    assert result.code == 0
    return folder, [json.loads(line) for line in result.lines]


def exact(folder, key):
    return json.loads(run(folder, "lead", key, "--data", "state", "--json").out,
                      parse_float=Decimal)


def test_in_the_sample_every_sum_adds_up_and_every_event_is_told(sample):
    folder, events = sample
    # Whoever became known by a stronger name is told under that one.
    merged = {event["lead_id"] for event in events if event["type"] == "lead.merged"}
    leads = {event["lead_id"] for event in events} - merged
    for lead_id in sorted(leads)[::7]:
        found = exact(folder, lead_id)
        for name, value in found["scores"].items():
            assert sum(item["points"] for item in found["why"]["points"]
                       if item["score"] == name) == value
        assert [item["id"] for item in found["announced"]] \
            == [event["id"] for event in events if event["lead_id"] == lead_id]
        for told in found["qualifications"]:
            stands = [event["type"] for event in events if event["lead_id"] == lead_id
                      and event.get("qualification") == told["qualification"]]
            # One that was armed by a touch runs out in silence.
            if "disarm" in told or told["state"] == "announced":
                assert (told["state"] == "announced") == (stands[-1:] == ["lead.qualified"])


def test_in_the_sample_values_at_an_event_are_those_known_then(sample):
    folder, events = sample
    # What is late may have arrived together with more that came after the event.
    qualified = [event for event in events if event["type"] == "lead.qualified"]
    for event in [event for event in qualified if not event.get("late")][:8]:
        at = event["decided_at"]
        found = json.loads(run(folder, "lead", event["lead_id"], "--data", "state", "--at", at,
                               "--json").out)
        for name in ("scores", "grade", "labels", "stage", "contact"):
            assert found[name] == event[name], (name, event["id"])
        assert found["announced"][-1]["decided_at"] <= at
