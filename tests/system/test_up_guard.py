"""Who may tell `up` what became of a lead: outcomes are the CRM's, also when they do not say so."""
import http.client
import json

from engine import PATIENCE, Engine, touch

OUTCOMES = [touch(1, 1, "outcome_won"), touch(2, 1, "sales_rejected"), {**touch(3, 1), "source": "crm"}]


def post(engine, touches, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", engine.port, timeout=PATIENCE)
    try:
        connection.request("POST", "/v1/touchpoints", json.dumps(touches), headers)
        answer = connection.getresponse()
        return answer.status, json.load(answer)
    finally:
        connection.close()


def test_outcomes_from_a_page_are_not_taken(tmp_path):
    with Engine(tmp_path).wait_ready() as engine:
        status, said = post(engine, OUTCOMES, Origin="https://pumps.example")
        assert status == 400
        assert [one["reason"] for one in said["rejected"]] == ["not_allowed"] * 3
        assert post(engine, OUTCOMES) == (200, {"accepted": 3})
        assert engine.end() == 0


def test_outcomes_need_an_admin_key_where_there_is_one(tmp_path):
    keys = {"WATERHOLE_COLLECT_ADMIN_KEYS": "root", "WATERHOLE_COLLECT_WRITE_KEYS": "w"}
    with Engine(tmp_path, env=keys).wait_ready() as engine:
        status, said = post(engine, OUTCOMES + [touch(4, 1)], **{"X-Write-Key": "w"})
        assert (status, said["accepted"], len(said["rejected"])) == (207, 1, 3)
        assert post(engine, OUTCOMES, Authorization="Bearer root") == (200, {"accepted": 3})
        assert engine.end() == 0
