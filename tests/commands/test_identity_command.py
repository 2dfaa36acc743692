"""`waterhole identity`: the touch that is sent, what is said about it, and what is refused."""
import datetime

import pytest

from door import door_that
from program import run, write

PAIRS = [
    ("split", ("anon:c-81", "email:bob@works.example"),
     {"weak": "anon:c-81", "strong": "email:bob@works.example"}, {"anon": "c-81"},
     "identity allow anon:c-81 email:bob@works.example"),
    ("allow", ("anon:c-81", "email:bob@works.example"),
     {"weak": "anon:c-81", "strong": "email:bob@works.example"}, {"anon": "c-81"},
     "identity split anon:c-81 email:bob@works.example"),
    ("join", ("crm:0035", "crm:0036"), {"lead": "crm:0035", "into": "crm:0036"}, {"crm": "0035"},
     "identity alone crm:0035"),
    ("alone", ("crm:0035",), {"lead": "crm:0035"}, {"crm": "0035"}, "identity join crm:0035 INTO"),
]


@pytest.mark.parametrize("word, keys, properties, identifiers, back", PAIRS)
def test_the_touch_says_it_and_the_text_says_how_to_take_it_back(tmp_path, word, keys, properties,
                                                                 identifiers, back):
    before = datetime.datetime.now(datetime.timezone.utc)
    with door_that() as door:
        result = run(tmp_path, "identity", word, *keys, "--listen", door.address)
    assert (result.code, result.err) == (0, "")
    (asked,) = door.asked
    assert (asked.method, asked.path) == ("POST", "/v1/touchpoints")
    touch = asked.touch()
    at = datetime.datetime.fromisoformat(touch.pop("occurred_at").replace("Z", "+00:00"))
    assert abs(at - before) < datetime.timedelta(minutes=1)
    ident = touch.pop("id")
    assert touch == {"type": f"identity.{word}", "source": "crm", "identifiers": identifiers,
                     "properties": properties}
    assert result.lines[0] == f"Written: identity.{word}, id {ident}."
    assert all(key in result.lines[1] for key in keys)
    assert result.lines[2].startswith("To take it back: ") and result.lines[2].endswith(back)


def test_two_commands_have_two_ids(tmp_path):
    with door_that() as door:
        for _ in range(2):
            run(tmp_path, "identity", "alone", "crm:1", "--listen", door.address)
    first, second = (asked.touch()["id"] for asked in door.asked)
    assert first != second


def test_json_is_the_touch_as_it_was_sent(tmp_path):
    with door_that() as door:
        result = run(tmp_path, "identity", "alone", "crm:1", "--json", "--listen", door.address)
    assert result.objects() == [door.asked[0].touch()]


def test_keys_are_taken_in_their_normal_form(tmp_path):
    with door_that() as door:
        run(tmp_path, "identity", "split", "phone:+49 (69) 12-3", "Bob@Works.Example",
            "--listen", door.address)
    assert door.asked[0].touch()["properties"] == {"weak": "phone:+4969123",
                                                   "strong": "email:bob@works.example"}


REFUSED = [
    (("split", "email:bob@works.example", "anon:c-81"),
     "write anon:c-81 before email:bob@works.example"),
    (("split", "email:a@works.example", "email:b@works.example"),
     "are never linked to each other, only to what they share"),
    (("split", "anon:c-81", "anon:c-81"), "are never linked"),
    (("join", "email:a@works.example", "crm:1"),
     "any touch that names two other identifiers together with one stronger one joins them"),
    (("join", "crm:1", "email:a@works.example"), "only records of a CRM are joined"),
    (("join", "crm:1", "crm:1"), "cannot be joined into itself"),
    (("alone", "user:42"), "only records of a CRM"),
    (("split", "company:works.example", "crm:1"), "nobody"),
    (("split", "anon:null", "crm:1"), '"anon:null" is nobody\'s key'),
    (("split", "c-81", "crm:1"), '"c-81" is nobody\'s key: it is kind:value'),
    (("merge", "crm:1", "crm:2"), '"merge" is none of split, allow, join, alone'),
    (("join", "crm:1"), "usage: waterhole identity join LEAD INTO"),
    (("alone", "crm:1", "crm:2"), "usage: waterhole identity alone LEAD"),
]


@pytest.mark.parametrize("words, advice", REFUSED)
def test_what_cannot_be_is_refused_here_and_not_sent(tmp_path, words, advice):
    with door_that() as door:
        result = run(tmp_path, "identity", *words, "--listen", door.address)
    assert (result.code, result.out, door.asked) == (2, "", [])
    assert advice in result.err and result.err.count("\n") == 1


def test_address_and_key_come_from_the_configuration(tmp_path):
    with door_that() as door:
        write(tmp_path, "mine.yaml",
              f"listen: {door.address}\ncollect: {{ admin_keys: [first, second] }}\n")
        result = run(tmp_path, "identity", "alone", "crm:1", "--config", "mine.yaml")
        assert result.code == 0
        run(tmp_path, "identity", "alone", "crm:1", WATERHOLE_LISTEN=door.address)
    with_key, without = door.asked
    assert with_key.headers["Authorization"] == "Bearer first"
    assert without.headers["Authorization"] is None


def test_a_proxy_of_the_environment_is_not_asked(tmp_path):
    with door_that() as door, door_that((500, {})) as proxy:
        result = run(tmp_path, "identity", "alone", "crm:1", "--listen", door.address,
                     http_proxy=f"http://{proxy.address}")
    assert (result.code, len(door.asked), proxy.asked) == (0, 1, [])


def test_who_listens_everywhere_is_called_here(tmp_path):
    with door_that() as door:
        port = door.address.split(":")[1]
        assert run(tmp_path, "identity", "alone", "crm:1", "--listen", f"0.0.0.0:{port}").code == 0
    assert door.asked[0].headers["Host"] == door.address


@pytest.mark.parametrize("status, body, code, says", [
    (401, {}, 2, 'wants a key of "collect.admin_keys"'),
    (400, {"accepted": 0, "rejected": [{"index": 0, "reason": "not_allowed"}]}, 2,
     'WATERHOLE_COLLECT_ADMIN_KEYS'),
    (400, {"accepted": 0, "rejected": [{"index": 0, "reason": "bad_command",
                                        "detail": "who is that"}]}, 1, "refuses it: bad_command: who is that"),
    (503, {"error": "disk full"}, 3, "takes nothing at the moment (503, disk full): try again"),
    (429, b"", 3, "takes nothing at the moment (429): try again"),
    (404, b"<html>", 3, "answers 404; is that `waterhole up`?"),
])
def test_an_answer_that_is_none_is_explained(tmp_path, status, body, code, says):
    with door_that((status, body)) as door:
        result = run(tmp_path, "identity", "alone", "crm:1", "--listen", door.address)
    assert (result.code, result.out) == (code, "")
    assert says in result.err


def test_a_wrong_key_is_told(tmp_path):
    with door_that((401, {})) as door:
        result = run(tmp_path, "identity", "alone", "crm:1", "--listen", door.address,
                     WATERHOLE_COLLECT_ADMIN_KEYS="old")
    assert result.code == 2 and "does not accept the first key" in result.err


def test_nobody_listens(tmp_path):
    with door_that() as door:
        address = door.address
    result = run(tmp_path, "identity", "alone", "crm:1", "--listen", address)
    assert (result.code, result.out) == (3, "")
    assert f"no answer from http://{address}/v1/touchpoints" in result.err
    assert "up` run there?" in result.err


def test_an_answer_without_end_is_cut(tmp_path):
    with door_that((200, b"x" * (17 * 1024 * 1024))) as door:
        result = run(tmp_path, "identity", "alone", "crm:1", "--listen", door.address)
    assert result.code == 3 and "sends more than this program takes" in result.err
