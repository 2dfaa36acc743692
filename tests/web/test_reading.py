"""Everything that is read: health, metrics, leads, the last touches, and who may."""
import pytest

from probe import serving, touch

PRIVATE = ["/v1/leads/email:ann@works.example", "/v1/recent", "/v1/events"]


def test_paths_are_named(probe):
    said = probe.ask("GET", "/").json
    assert "POST /v1/touchpoints" in said["paths"]


def test_health(probe):
    assert probe.ask("GET", "/healthz").json == {"healthy": True}
    assert probe.ask("GET", "/readyz").json == {"ready": True}
    probe.tell("ready", "NO")
    answer = probe.ask("GET", "/readyz")
    assert answer.status == 503 and answer.headers["Retry-After"]
    assert answer.json == {"ready": False, "reason": "partition 3 is being taken over"}
    assert probe.ask("GET", "/healthz").status == 200


def test_metrics(probe):
    answer = probe.ask("GET", "/metrics")
    assert answer.body == b"waterhole_probe_records_total 0\n"
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")


def test_a_lead(probe):
    answer = probe.ask("GET", "/v1/leads/phone:%2B49691?at=2026-11-03T00:00:00%2B01:00")
    assert (answer.status, answer.json) == (200, {"key": "phone:+49691",
                                                  "at": "2026-11-03T00:00:00+01:00"})
    assert probe.ask("GET", "/v1/leads/user:a%2Fb").json == {"key": "user:a/b", "at": None}
    for path, status in [("email:nobody@x.example", 404), ("what", 400),
                         ("email:a@b.example?at=noon", 400), ("", 404)]:
        answer = probe.ask("GET", "/v1/leads/" + path)
        assert answer.status == status and answer.json["error"]


def test_a_lead_that_cannot_be_told_in_time():
    with serving(patience_ms=50) as probe:
        probe.tell("stories", "NEVER")
        answer = probe.ask("GET", "/v1/leads/email:a@b.example")
        assert answer.status == 503 and answer.headers["Retry-After"]


def test_nothing_there_and_not_that_way(probe):
    for path in ("/nope", "/v1", "/v1/touchpoint", "/v1/touchpoints/", "/healthz/", "//",
                 "/v1/recent/x", "/v1/leads"):
        answer = probe.ask("GET", path)
        assert answer.status == 404 and answer.json["error"], path
    answer = probe.ask("GET", "/v1/touchpoints")
    assert answer.status == 405 and answer.headers["Allow"] == "POST, OPTIONS"
    for method, path in [("POST", "/healthz"), ("DELETE", "/v1/leads/email:a@b.example"),
                         ("PUT", "/v1/touchpoints"), ("POST", "/v1/recent")]:
        answer = probe.ask(method, path, b"{}")
        assert answer.status == 405 and answer.json["error"] and answer.headers["Allow"]
    assert probe.log() == []


def test_head(probe):
    for path in ("/healthz", "/readyz", "/metrics", "/v1/recent", "/", "/v1/events"):
        answer = probe.ask("HEAD", path)
        assert answer.status == 200 and answer.body == b"", path
    assert probe.ask("HEAD", "/nope").status == 404


def test_the_last_touches(probe):
    probe.post([touch(id="a", page={"url": "https://pumps.example/pricing?x=1"}), {"type": "x"}])
    probe.post(touch(id="b", identifiers={"email": "Ann@Works.example", "anon": ["c-1", "c-2"]}))
    probe.tell("seen", "b", "duplicate", '{"event":"e-1","points":12.500}')
    probe.tell("seen", "b", "", '{"event":"e-2"}')
    probe.tell("seen", "unknown", "duplicate")
    newest, refused, first = probe.ask("GET", "/v1/recent").json["touches"]
    assert newest["became"] == "duplicate"
    assert newest["notes"] == [{"event": "e-1", "points": 12.5}, {"event": "e-2"}]
    assert newest["identifiers"] == {"email": "ann@works.example", "anon": ["c-1", "c-2"]}
    assert (refused["became"], refused["reason"]) == ("rejected", "missing")
    assert (first["id"], first["became"], first["page"]) == ("a", "accepted", {"path": "/pricing"})


def test_the_last_hundred_only(probe):
    probe.post([touch(id=str(n)) for n in range(250)])
    probe.post(touch(id="last"))
    ids = [one["id"] for one in probe.ask("GET", "/v1/recent").json["touches"]]
    assert ids == ["last"] + [str(n) for n in range(249, 150, -1)]


def test_touches_that_wait_and_that_failed(probe):
    probe.tell("outcome", "NO_ROOM")
    probe.post(touch(id="lost"))
    assert probe.ask("GET", "/v1/recent").json["touches"][0]["became"] == "failed"


@pytest.mark.parametrize("path", PRIVATE)
def test_reading_without_keys_is_for_this_machine_only(probe, path):
    assert probe.ask("HEAD", path).status == 200
    for foreign in [{"Origin": "http://localhost"}, {"Host": "pumps.example"},
                    {"X-Forwarded-For": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"},
                    {"Via": "1.1 proxy"}]:
        answer = probe.ask("GET", path, headers=foreign)
        assert answer.status == 403 and "read_keys" in answer.json["error"], foreign


def test_reading_where_others_can_connect():
    with serving(listen="0.0.0.0:0") as probe:
        for path in PRIVATE:
            assert probe.ask("GET", path).status == 403
        assert probe.post(touch(source="crm")).json["rejected"][0]["reason"] == "not_allowed"
        assert probe.post(touch()).status == 200


@pytest.mark.parametrize("path", PRIVATE)
def test_reading_with_keys(path):
    with serving(read_key="r", write_key="w", admin_key="a") as probe:
        for headers in ({}, {"Authorization": "Bearer w"}, {"Authorization": "Bearer a"},
                        {"X-Read-Key": "x"}):
            answer = probe.ask("GET", path, headers=headers)
            assert answer.status == 401 and answer.headers["WWW-Authenticate"] == "Bearer"
        for headers in ({"Authorization": "Bearer r"}, {"X-Read-Key": "r"},
                        {"Authorization": "Bearer r", "Origin": "https://x.example"}):
            answer = probe.ask("HEAD", path, headers=headers)
            assert answer.status == 200
            assert "Access-Control-Allow-Origin" not in answer.headers
        assert probe.ask("HEAD", path + "?read_key=r").status == 200


def test_requests_are_counted(probe):
    probe.ask("GET", "/healthz")
    probe.ask("GET", "/v1/leads/email:nobody@x.example")
    probe.ask("GET", "/whatever")
    assert probe.answered() == [("/healthz", 200), ("/v1/leads", 404), ("other", 404)]
