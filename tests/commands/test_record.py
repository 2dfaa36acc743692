"""`waterhole record`: what comes out of a data folder plays and replays like what went in; ranges;
beside a running `up`; and pseudonyms, which keep what belongs together and nothing else."""
import csv
import gzip
import io
import json
import re
import subprocess
import sys

import pytest
from live import up
from play import ANN, MODEL, RIVALS, STORY, lines, page, record
from program import TOP, run, write

UNTIL = "2026-11-24T15:00:00+01:00"
TOUCHES = 1200  # the first of the sample: until the end of October
KEY = "a key that nobody would guess"


@pytest.fixture(scope="module", name="sample")
def _sample(tmp_path_factory):
    """The sample, played into a folder. Its lists name nobody, so that no decision hangs on the name
    of a company."""
    folder = tmp_path_factory.mktemp("record")
    command = [sys.executable, str(TOP / "deploy/sample/generate.py"), "--until", UNTIL]
    made = subprocess.run(command, check=True, capture_output=True).stdout
    write(folder, "touches.jsonl", b"".join(made.splitlines(keepends=True)[:TOUCHES]))
    model = (TOP / "deploy/sample/pumps.yaml").read_text()
    write(folder, "pumps.yaml", re.sub(r"competitors: \[.*\]", "competitors: [nobody.example]", model))
    write(folder, "target-companies.csv", "name,domain\nNobody,nobody.example\n")
    write(folder, "key", KEY)
    done = run(folder, "up", "--model", "pumps.yaml", "--data", "state", "--play", "touches.jsonl",
               "--clock", "log", "--once")
    assert done.code == 0, done.err
    return folder


def recorded(folder, *words):
    done = run(folder, "record", "--data", "state", *words)
    assert done.code == 0, done.err
    return done


def events(folder, name):
    played = run(folder, "up", "--model", "pumps.yaml", "--play", name, "--clock", "log", "--once",
                 "--json")
    return [{key: value for key, value in event.items() if key != "decided_at"}
            for event in played.objects()]


def usable(folder):
    """The touches of the sample but for the few that cannot be read."""
    found = []
    for line in (folder / "touches.jsonl").read_bytes().splitlines():
        try:
            found.append((line, json.loads(line)))
        except ValueError:
            continue
    return found


def test_what_comes_out_is_what_went_in_in_its_order(sample):
    done = recorded(sample)
    went_in = iter([line.decode() for line, _ in usable(sample)])
    assert all(line in went_in for line in done.lines)  # each behind the one before it
    rejected = run(sample, "up", "--model", "pumps.yaml", "--play", "touches.jsonl", "--clock",
                   "log", "--once").out
    left_out = len((sample / "touches.jsonl").read_bytes().splitlines()) - len(done.lines)
    assert f"{left_out} rejected" in rejected, rejected[-1500:]
    assert done.err.startswith(f"waterhole: {len(done.lines):,} touches from 2026-")


def test_it_plays_and_replays_like_the_original(sample):
    write(sample, "again.jsonl", recorded(sample).out)
    assert events(sample, "again.jsonl") == events(sample, "touches.jsonl")
    first, again = (run(sample, "replay", name, "--model", "pumps.yaml", "--json").objects()
                    for name in ("touches.jsonl", "again.jsonl"))
    assert first[:-1] == again[:-1] and len(first) > 50
    # What cannot be used is not among the touches.
    for name in ("records", "rejected"):
        first[-1].pop(name, None), again[-1].pop(name, None)
        first[-1]["first"].pop(name, None), again[-1]["first"].pop(name, None)
    assert first[-1] == again[-1]


def test_it_is_packed_by_its_name_and_for_its_owner_only(sample):
    plain = recorded(sample).out.encode()
    recorded(sample, "again.jsonl.gz")
    recorded(sample, "again.jsonl.zst")
    recorded(sample, "plain.jsonl")
    assert gzip.decompress((sample / "again.jsonl.gz").read_bytes()) == plain
    assert (sample / "plain.jsonl").read_bytes() == plain
    assert (sample / "again.jsonl.zst").stat().st_size < len(plain) / 5
    assert (sample / "again.jsonl.zst").stat().st_mode & 0o777 == 0o600
    told = [run(sample, "replay", name, "--model", "pumps.yaml", "--csv").out
            for name in ("plain.jsonl", "again.jsonl.gz", "again.jsonl.zst")]
    assert told[0] == told[1] == told[2] and told[0]


def moments(done):
    return [json.loads(line)["received_at"] for line in done.lines]


def test_a_range_of_times_is_that_of_the_touches(sample):
    everything = moments(recorded(sample))
    assert everything == sorted(everything)  # as the file is
    part = recorded(sample, "--from", "2026-10-01", "--to", "2026-10-28T12:00")
    # The zone of the model, with and without summer time.
    begin, end = "2026-09-30T22:00:00.000Z", "2026-10-28T11:00:00.000Z"
    assert moments(part) == [at for at in everything if begin <= at < end]
    assert len(part.lines) > 100
    rest = recorded(sample, "--from", end)
    assert moments(rest) == [at for at in everything if at >= end]


def test_a_range_of_offsets_is_that_of_each_partition(sample):
    everything, head, tail = (recorded(sample, *words).lines
                              for words in ((), ("--to", "50"), ("--from", "50")))
    assert len(head) == 8 * 50
    assert sorted(head + tail) == sorted(everything)
    assert recorded(sample, "--from", "50", "--to", "50").lines == []


def test_a_touch_without_an_id_keeps_the_one_that_it_was_given(tmp_path):
    write(tmp_path, "model.yaml", MODEL)
    write(tmp_path, "rivals.csv", RIVALS)
    story = [{key: value for key, value in touch.items() if key != "id"} for touch in STORY]
    write(tmp_path, "touches.jsonl", lines(story))
    words = ("up", "--model", "model.yaml", "--data", "state", "--clock", "log", "--once")
    run(tmp_path, *words, "--play", "touches.jsonl")
    again = recorded(tmp_path)
    ids = {touch["id"] for touch in again.objects()}
    assert len(ids) == len(STORY) and all(re.fullmatch(r"touchpoints-\d-\d", one) for one in ids)
    write(tmp_path, "again.jsonl", again.out)
    told = run(tmp_path, *words, "--play", "again.jsonl")
    assert "0 touches of 2 leads, 5 sent again" in told.out, told.out


def test_beside_a_running_up(tmp_path):
    write(tmp_path, "model.yaml", MODEL)
    write(tmp_path, "rivals.csv", RIVALS)
    with up(tmp_path, "model.yaml") as server:
        for number in range(20):
            server.send({"id": f"t-{number}", "type": "page_view", "page": {"path": "/prices"},
                         "identifiers": {"anon": f"c-{number}"}})
        done = recorded(tmp_path)
        assert [touch["id"] for touch in done.objects()] == [f"t-{n}" for n in range(20)]
        assert all("received_at" in touch for touch in done.objects())


def test_a_record_over_several_lines_is_one_line(tmp_path):
    write(tmp_path, "model.yaml", MODEL)
    write(tmp_path, "rivals.csv", RIVALS)
    touch = {"id": "one", "type": "page_view", "source": "web", "identifiers": {"anon": "c-1"},
             "occurred_at": "2026-01-05T09:00:00Z", "page": {"title": "a\nb"}}
    with up(tmp_path, "model.yaml") as server:
        body = json.dumps(touch, indent=2).replace("2026-01-05T09:00:00Z", NOW())
        done = subprocess.run(["curl", "-sS", f"http://{server.address}/v1/touchpoints", "-d", "@-"],
                              input=body.encode(), check=True, capture_output=True)
        assert json.loads(done.stdout) == {"accepted": 1}
        (line,) = recorded(tmp_path).lines
        assert json.loads(line)["page"] == {"title": "a\nb"}


def NOW():
    return subprocess.run(["date", "-u", "+%Y-%m-%dT%H:%M:%SZ"], check=True, capture_output=True,
                          text=True).stdout.strip()


# ---- pseudonyms ----

def without_names(event):
    """What an event says, but for who it is about."""
    text = json.dumps({key: value for key, value in event.items()
                       if key not in ("id", "lead_id", "also", "contact", "model", "into")},
                      sort_keys=True)
    return text


def test_decisions_do_not_hang_on_names(sample):
    recorded(sample, "hidden.jsonl", "--pseudonymise", "key", "--keep", "lead.owner")
    first, second = events(sample, "touches.jsonl"), events(sample, "hidden.jsonl")
    assert len(first) > 80
    assert sorted(map(without_names, first)) == sorted(map(without_names, second))
    rows = [sorted(tuple(row.values())[1:] for row in csv.DictReader(io.StringIO(run(
        sample, "replay", name, "--model", "pumps.yaml", "--csv").out)))
        for name in ("touches.jsonl", "hidden.jsonl")]
    assert rows[0] == rows[1] and len(rows[0]) > 50


def test_nobody_of_the_sample_can_be_read(sample):
    hidden = recorded(sample, "--pseudonymise", "key").out
    named = set()
    for touch in recorded(sample).objects():
        for kind, value in touch["identifiers"].items():
            named.update(f'"{one}"' for one in ([value] if isinstance(value, str) else value))
            if kind == "email":
                named.add(value.rpartition("@")[0] + "@")
        named.update(f'"{text}"' for text in (touch.get("lead") or {}).values()
                     if isinstance(text, str) and " " in text and text.startswith("Customer"))
    assert len(named) > 80
    assert [name for name in named if name in hidden] == []


FULL = {
    "id": "x-1", "type": "form_submitted", "source": "web", "occurred_at": "2026-01-05T09:00:00Z",
    "received_at": "2026-01-05T09:00:00Z", "session": "s-1",
    "identifiers": {"email": " Ann.Muster@Shop.Works.example", "phone": "+49 69 123", "anon": ["c-1", "guest"]},
    "page": {"url": "https://me.example/buy?mail=ann.muster%40shop.works.example&utm_source=mail&empty=#top",
             "referrer": "https://ann.muster@shop.works.example/x", "path": "/buy", "query": "a=1&b",
             "title": "Thanks, ann.muster@shop.works.example!"},
    "campaign": {"name": "autumn", "click_id": "gclid:1"},
    "network": {"ip": "203.0.113.7", "country": "DE", "organisation": "Works"},
    "device": {"user_agent": "Browser 1"},
    "consent": {"marketing": True},
    "lead": {"name": "Ann Muster", "role": "Head", "age": 41, "mail": "ann.muster@shop.works.example",
             "tags": "vip"},
    "company": {"domain": "www.works.example", "name": "Works", "employees": 200, "industry": "energy"},
    "amount": 129.90, "plan": "pro", "properties": {"seats": 12, "words": "call me, Ann", "reason": "old"},
}


def hide(folder, touches, *words, key=KEY):
    write(folder, "model.yaml", MODEL)
    write(folder, "rivals.csv", RIVALS)
    write(folder, "key", key)
    write(folder, "touches.jsonl", lines(touches))
    run(folder, "up", "--model", "model.yaml", "--data", "state", "--clock", "log", "--once",
        "--play", "touches.jsonl")
    return recorded(folder, "--pseudonymise", "key", *words).objects()


def test_each_member_becomes_what_the_contract_says(tmp_path):
    (touch,) = hide(tmp_path, [FULL])
    who = touch["identifiers"]
    ann, _, domain = who["email"].partition("@")
    assert re.fullmatch(r"[0-9a-f]{32}", ann) and re.fullmatch(r"[0-9a-f]{32}\.example", domain)
    assert re.fullmatch(r"\+\d{18}", who["phone"])
    assert re.fullmatch(r"[0-9a-f]{32}", who["anon"][0]) and who["anon"][1] == "guest"
    word = r"[0-9a-f]{16}"
    assert re.fullmatch(word, touch["session"]) and re.fullmatch(word, touch["campaign"]["click_id"])
    assert touch["page"]["path"] == "/buy" and touch["campaign"]["name"] == "autumn"
    assert touch["page"]["title"] == f"Thanks, {who['email']}!"
    assert touch["page"]["referrer"] == f"https://{who['email']}/x"
    assert re.fullmatch(r"a=" + word + "&b", touch["page"]["query"])
    assert re.fullmatch(r"https://me\.example/buy\?mail=" + re.escape(who["email"])
                        + r"&utm_source=mail&empty=#top", touch["page"]["url"])
    assert touch["network"].keys() == {"country", "organisation"}
    assert touch["network"]["country"] == "DE" and re.fullmatch(word, touch["network"]["organisation"])
    assert touch["lead"]["role"] == "Head" and touch["lead"]["age"] == 41
    assert touch["lead"]["mail"] == who["email"]
    assert re.fullmatch(word, touch["lead"]["name"]) and re.fullmatch(word, touch["lead"]["tags"])
    assert touch["company"]["domain"] == domain and touch["company"]["employees"] == 200
    assert touch["company"]["industry"] == "energy"
    assert re.fullmatch(word, touch["company"]["name"])
    assert re.fullmatch(word, touch["plan"]) and touch["amount"] == 129.90
    assert touch["properties"]["seats"] == 12 and touch["properties"]["reason"] == "old"
    assert re.fullmatch(word, touch["properties"]["words"])
    assert touch["device"] == FULL["device"] and touch["consent"] == FULL["consent"]
    left = json.dumps(touch).lower()
    assert not any(name in left for name in ("ann", "muster", "works", "203.0", "123", "gclid"))


def test_the_key_says_which_names(tmp_path):
    first = hide(tmp_path / "a", [FULL])
    assert hide(tmp_path / "b", [FULL]) == first
    (other,) = hide(tmp_path / "c", [FULL], key=KEY + "!")
    for kind in ("email", "phone"):
        assert other["identifiers"][kind] != first[0]["identifiers"][kind]


def test_what_is_kept_is_named(tmp_path):
    (touch,) = hide(tmp_path, [FULL], "--keep", "lead.tags, properties.words")
    assert touch["lead"]["tags"] == "vip" and touch["properties"]["words"] == "call me, Ann"
    assert touch["lead"]["name"] != "Ann Muster"


def test_commands_name_the_same_pseudonyms(tmp_path):
    split = {**record((6, 9), "identity.split", {"anon": "c-1"}),
             "properties": {"weak": "anon:c-1", "strong": f"email:{ANN}"}}
    seen = page((5, 9), {"anon": "c-1", "email": ANN})
    both, told = hide(tmp_path, [seen, split])
    assert told["properties"] == {"weak": "anon:" + both["identifiers"]["anon"],
                                  "strong": "email:" + both["identifiers"]["email"]}


def test_a_mailbox_at_a_provider_is_still_one_there(tmp_path):
    first, second = hide(tmp_path, [page((5, 9), "ann@gmail.com"), page((6, 9), "bob@gmail.com")])
    assert first["identifiers"]["email"].endswith("@gmail.com")
    assert first["identifiers"]["email"] != second["identifiers"]["email"]


# ---- wrong use ----

@pytest.mark.parametrize("words, code, told", [
    (("--from", "yesterday"), 2, '"--from" is a time such as 2026-11-03 or 2026-11-03T14:00Z, or an '
                                 'offset such as 1200, found "yesterday"'),
    (("--keep", "lead.x"), 2, '"--keep" goes with "--pseudonymise"'),
    (("--pseudonymise", "none"), 2, "none: cannot be opened: No such file"),
    (("--pseudonymise", "short"), 2, "short: a key has at least 16 bytes, found 5"),
    (("--pseudonymise", "key", "--keep", "lead.a,name"), 2, 'with commas between, found "name"'),
    (("/dev/full",), 3, "/dev/full: cannot be written: No space left"),
    (("no/such/folder/x.gz",), 3, "no/such/folder/x.gz: cannot be written: No such file"),
])
def test_what_is_wrong_is_told(tmp_path, words, code, told):
    hide(tmp_path, [FULL])
    write(tmp_path, "short", "short")
    done = run(tmp_path, "record", "--data", "state", *words)
    assert done.code == code and told in done.err, done.err
    assert done.out == ""


def test_without_a_folder(tmp_path):
    assert "no touches: name the folder" in run(tmp_path, "record").err
    assert 'no touches in "none"' in run(tmp_path, "record", "--data", "none").err
