"""`waterhole lead KEY --erase`: who is meant is asked first, then the touch that forgets is sent."""
import pytest

from door import door_that
from program import run

ANN = {"lead_id": "9b1e00aa9b1e00aa9b1e00aa9b1e00aa", "key": "email:ann@works.example"}
ACCEPTED = {"accepted": 1}


def test_a_device_means_whoever_it_belongs_to(tmp_path):
    with door_that((200, ANN), (200, ACCEPTED)) as door:
        result = run(tmp_path, "lead", "anon:c 81/é", "--erase", "--listen", door.address)
    assert (result.code, result.err) == (0, "")
    asked, sent = door.asked
    assert (asked.method, asked.path) == ("GET", "/v1/leads/anon:c%2081%2F%C3%A9")
    touch = sent.touch()
    assert (sent.method, sent.path) == ("POST", "/v1/touchpoints")
    assert touch.pop("occurred_at").endswith("Z")
    ident = touch.pop("id")
    assert touch == {"type": "identity.erase", "source": "crm",
                     "identifiers": {"email": "ann@works.example"},
                     "properties": {"who": "email:ann@works.example"}}
    assert result.lines[0] == f"Written: identity.erase, id {ident}."
    assert "Everything known of email:ann@works.example up to now is forgotten" in result.lines[1]
    assert result.lines[2] == "This cannot be taken back."


def test_each_request_has_its_own_key(tmp_path):
    with door_that((200, ANN), (200, ACCEPTED)) as door:
        run(tmp_path, "lead", "ann@works.example", "--erase", "--listen", door.address,
            WATERHOLE_COLLECT_READ_KEYS="reads", WATERHOLE_COLLECT_ADMIN_KEYS="writes")
    assert [asked.headers["Authorization"] for asked in door.asked] == ["Bearer reads",
                                                                        "Bearer writes"]


def test_json_is_the_touch_as_it_was_sent(tmp_path):
    with door_that((200, ANN), (200, ACCEPTED)) as door:
        result = run(tmp_path, "lead", "email:ann@works.example", "--erase", "--json", "--listen",
                     door.address)
    assert result.objects() == [door.asked[1].touch()]


def test_nobody_is_erased_when_nobody_is_known(tmp_path):
    with door_that((404, {"error": "unknown"})) as door:
        result = run(tmp_path, "lead", "anon:c-81", "--erase", "--listen", door.address)
    assert (result.code, result.out, len(door.asked)) == (1, "", 1)
    assert f'http://{door.address} knows no lead "anon:c-81": nothing was written' in result.err


@pytest.mark.parametrize("answer", [b"<html>", {"key": 3}, {"key": "company:works.example"}])
def test_an_answer_that_names_nobody(tmp_path, answer):
    with door_that((200, answer)) as door:
        result = run(tmp_path, "lead", "anon:c-81", "--erase", "--listen", door.address)
    assert (result.code, result.out, len(door.asked)) in [(3, "", 1), (2, "", 1)]


@pytest.mark.parametrize("other", [("--at", "2026-01-05"), ("--export",)])
def test_it_goes_with_nothing_that_shows(tmp_path, other):
    result = run(tmp_path, "lead", "anon:c-81", "--erase", *other)
    assert result.code == 2 and "goes with neither" in result.err
