"""The anon cookie: who gets it, what it is added to, and who gets none."""
import json
import re

import requests

from probe import serving, touch

COOKIE = re.compile(r"wh_anon=([0-9a-f]{32}); Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax")
GONE = "wh_anon=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
NOBODY = {"type": "page_view", "occurred_at": "2026-11-24T09:00:00Z"}
ANN = {**NOBODY, "identifiers": {"email": "ann@works.example"}}
OURS = "00112233445566778899aabbccddeeff"


def cookie_of(answer):
    return answer.headers["Set-Cookie"]


def test_a_touch_of_nobody_gets_an_anon(probe):
    for body in (NOBODY, {**NOBODY, "identifiers": {}}, {**NOBODY, "identifiers": None},
                 {**NOBODY, "identifiers": {"user": "null", "anon": ""}}):
        answer = probe.post(body)
        assert answer.status == 200
        anon = COOKIE.fullmatch(cookie_of(answer))[1]
        assert probe.touches()[-1]["identifiers"]["anon"] == anon
        assert probe.log()[-1]["key"] == "anon:" + anon


def test_it_comes_back_and_stays_the_same(probe):
    with requests.Session() as session:
        for _ in range(3):
            session.post(probe.url + "/v1/touchpoints", json=NOBODY, timeout=60)
        session.post(probe.url + "/v1/touchpoints", json=ANN, timeout=60)
    touches = probe.touches()
    assert len({one["identifiers"]["anon"] for one in touches}) == 1
    assert touches[-1]["identifiers"]["email"] == "ann@works.example"
    assert probe.log()[-1]["key"] == "email:ann@works.example"


def test_one_anon_for_all_touches_of_a_request(probe):
    answer = probe.post([NOBODY, ANN, NOBODY])
    anon = COOKIE.fullmatch(cookie_of(answer))[1]
    assert [one["identifiers"].get("anon") for one in probe.touches()] == [anon] * 3


def test_what_a_server_sends_gets_none(probe):
    answer = probe.post(ANN)
    assert cookie_of(answer) is None
    assert probe.touches()[-1]["identifiers"] == {"email": "ann@works.example"}


def test_a_page_that_keeps_it_gets_one_even_with_others(probe):
    host = f"127.0.0.1:{probe.port}"
    for headers in ({"Origin": "http://" + host}, {"Sec_Fetch_Site": "same-origin"}):
        answer = probe.post(ANN, **headers)
        assert COOKIE.fullmatch(cookie_of(answer))


def test_a_touch_with_an_anon_of_its_own_needs_none(probe):
    answer = probe.post(touch(), Cookie="wh_anon=" + OURS)
    assert cookie_of(answer) is None
    assert probe.touches()[-1]["identifiers"] == {"anon": "c-81"}


def test_only_our_own_values_are_believed(probe):
    probe.post(ANN, Cookie=f"a=b; wh_anon={OURS}; c=d")
    assert probe.touches()[-1]["identifiers"]["anon"] == OURS
    for value in ("x", OURS.upper(), OURS + "0", "email:ann@works.example", '"', OURS[:-1], ""):
        probe.post(ANN, Cookie="wh_anon=" + value)
        assert "anon" not in probe.touches()[-1]["identifiers"], value


def test_who_does_not_want_to_be_tracked(probe):
    for headers in ({"DNT": "1"}, {"Sec_GPC": "1"}):
        answer = probe.post(NOBODY, **headers)
        assert answer.json["rejected"][0]["reason"] == "missing"
        assert cookie_of(answer) is None
        answer = probe.post(ANN, Cookie="wh_anon=" + OURS, **headers)
        assert answer.status == 200 and cookie_of(answer) == GONE
        assert "anon" not in probe.touches()[-1]["identifiers"]
    assert cookie_of(probe.post(NOBODY, DNT="0", Sec_GPC="0"))


def test_consent_that_says_no(probe):
    no = {"consent": {"tracking": False}}
    answer = probe.post({**NOBODY, **no}, Cookie="wh_anon=" + OURS)
    assert answer.json["rejected"][0]["reason"] == "missing" and cookie_of(answer) == GONE
    answer = probe.post({**ANN, **no}, Cookie="wh_anon=" + OURS)
    assert answer.status == 200 and cookie_of(answer) == GONE
    assert "anon" not in probe.touches()[-1]["identifiers"]
    assert cookie_of(probe.post({**ANN, **no}, Sec_Fetch_Site="same-origin")) is None
    for yes in ({"tracking": True}, {"tracking": None}, {"marketing": False}):
        assert cookie_of(probe.post({**NOBODY, "consent": yes}))


def test_commands_get_none(probe):
    answer = probe.post({**ANN, "source": "crm"}, Cookie="wh_anon=" + OURS)
    assert answer.status == 200 and cookie_of(answer) is None
    assert probe.touches()[-1]["identifiers"] == {"email": "ann@works.example"}


def test_secure_behind_a_proxy_with_tls():
    with serving(proxy="127.0.0.1") as probe:
        for headers in ({"X_Forwarded_For": "203.0.113.7", "X_Forwarded_Proto": "https"},
                        {"Forwarded": "for=203.0.113.7;proto=https"}):
            assert cookie_of(probe.post(NOBODY, **headers)).endswith("; Secure")
        assert not cookie_of(probe.post(NOBODY, X_Forwarded_For="203.0.113.7")).endswith("Secure")
    with serving() as probe:
        assert not cookie_of(probe.post(NOBODY, X_Forwarded_Proto="https")).endswith("Secure")


def test_none_when_nothing_was_taken(probe):
    assert cookie_of(probe.post({"type": "x"})) is None
    assert cookie_of(probe.post(b"nonsense")) is None
    with serving(write_key="w") as guarded:
        assert cookie_of(guarded.post(NOBODY)) is None


LISTED = {"origin": ["https://pumps.example", "https://www.pumps.example"]}


def test_cors_of_listed_origins():
    with serving(**LISTED) as probe:
        answer = probe.post(touch(), Origin="https://pumps.example")
        assert answer.headers["Access-Control-Allow-Origin"] == "https://pumps.example"
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"
        assert answer.headers["Vary"] == "Origin"
        for other in ("https://evil.example", "null", "http://pumps.example",
                      "https://pumps.example.evil.example"):
            answer = probe.post({**NOBODY, **ANN}, Origin=other, Cookie="wh_anon=" + OURS)
            assert answer.status == 200 and cookie_of(answer) is None
            assert "anon" not in probe.touches()[-1]["identifiers"]
            assert not [name for name in answer.headers if name.startswith("Access-Control")]


def test_cors_of_all_origins_has_no_credentials():
    with serving(origin="*") as probe:
        answer = probe.post(touch(), Origin="https://anywhere.example")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_preflight():
    asked = {"Origin": "https://pumps.example", "Access-Control-Request-Method": "POST",
             "Access-Control-Request-Headers": "content-type,x-write-key"}
    with serving(**LISTED, write_key="w") as probe:
        answer = probe.ask("OPTIONS", "/v1/touchpoints", headers=asked)
        assert answer.status == 204 and answer.body == b""
        assert answer.headers["Access-Control-Allow-Origin"] == "https://pumps.example"
        assert "POST" in answer.headers["Access-Control-Allow-Methods"]
        allowed = answer.headers["Access-Control-Allow-Headers"].lower().split(", ")
        assert {"authorization", "content-type", "content-encoding", "x-write-key"} <= set(allowed)
        assert int(answer.headers["Access-Control-Max-Age"]) > 0
        answer = probe.ask("OPTIONS", "/v1/touchpoints",
                           headers={**asked, "Origin": "https://evil.example"})
        assert "Access-Control-Allow-Origin" not in answer.headers
        for path in ("/v1/leads/email:a@b.example", "/v1/recent", "/v1/events", "*", "/healthz"):
            answer = probe.ask("OPTIONS", path, headers=asked)
            assert answer.status == 204 and answer.headers["Allow"], path
            assert not [name for name in answer.headers if name.startswith("Access-Control")]


def test_a_refusal_can_be_read_by_the_page_too():
    with serving(**LISTED, write_key="w") as probe:
        answer = probe.post(json.dumps(touch()), Origin="https://pumps.example")
        assert answer.status == 401
        assert answer.headers["Access-Control-Allow-Origin"] == "https://pumps.example"
