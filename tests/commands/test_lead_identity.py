"""Who is who, in `waterhole lead` and in what `up` prints."""
import json

from play import ANN, MODEL, RIVALS, lines, page, record
from program import run, write

BOB = "bob@works.example"


def play(folder, records, *words):
    write(folder, "model.yaml", MODEL)
    write(folder, "rivals.csv", RIVALS)
    write(folder, "touches.jsonl", lines(records))
    result = run(folder, "up", "--play", "touches.jsonl", "--clock", "log", "--once", "--model",
                 "model.yaml", "--data", "state", *words)
    assert result.code == 0, result.err
    return result


def block(folder, key):
    """The lines of the block, without blanks that only align."""
    text = run(folder, "lead", key, "--data", "state").out
    found = text.split("\nWho is who: ")[1].split("\n\n")[0]
    return [" ".join(line.split()) for line in found.splitlines()]


def story(folder, key):
    return json.loads(run(folder, "lead", key, "--data", "state", "--json").out)


def command(word, day, hour, **words):
    first = next(iter(words.values())).split(":", 1)
    return record((day, hour), f"identity.{word}", {first[0]: first[1]}, source="crm",
                  properties=words)


def test_a_device_in_turns(tmp_path):
    play(tmp_path, [page((5, 9), {"anon": "c"}), page((5, 10), {"anon": "c", "email": ANN}),
                    page((6, 10), {"anon": "c", "email": BOB}), page((6, 11), {"anon": "c"}),
                    page((7, 10), {"anon": "c", "email": ANN})])
    assert block(tmp_path, ANN) == [
        "2 identifiers",
        f"email:{ANN} the lead itself",
        f"anon:c belongs to email:{ANN} until 2026-01-06 11:00; both in touch page_view-5-10"
        " at 2026-01-05 11:00",
        f"belongs to email:{ANN} since 2026-01-07 11:00; both in touch page_view-7-10"
        " at 2026-01-07 11:00",
    ]
    assert block(tmp_path, BOB)[2] == (
        f"anon:c belongs to email:{BOB} from 2026-01-06 11:00 until 2026-01-07 11:00; both in"
        " touch page_view-6-10 at 2026-01-06 11:00")
    links = story(tmp_path, BOB)["identifiers"][1]["links"]
    assert [(link["since"], link["until"]) for link in links] == [
        ("2026-01-06T10:00:00.000Z", "2026-01-07T10:00:00.000Z")]


def test_who_came_by_another_way(tmp_path):
    play(tmp_path, [page((5, 10), {"anon": "c", "email": ANN}),
                    page((6, 10), {"email": ANN, "crm": "1"})])
    assert block(tmp_path, "anon:c") == [
        "3 identifiers",
        "crm:1 the lead itself",
        f"email:{ANN} belongs to crm:1 since ever; both in touch page_view-6-10"
        " at 2026-01-06 11:00",
        f"anon:c was seen with email:{ANN}; both in touch page_view-5-10 at 2026-01-05 11:00",
    ]


def test_a_split_and_a_device_that_changes_hands_too_often(tmp_path):
    turns = [page((day, 10), {"anon": "c", "email": (ANN, BOB)[day % 2]}) for day in range(5, 12)]
    play(tmp_path, turns)
    assert "contested: changed hands more than 4 times in 30 days" in block(tmp_path, ANN)
    assert story(tmp_path, ANN)["identifiers"][1]["contested"]
    play(tmp_path, turns + [command("split", 12, 9, weak="anon:c", strong=f"email:{ANN}")])
    assert block(tmp_path, ANN) == ["1 identifier", f"email:{ANN} the lead itself",
                                    "anon:c kept apart by a split"]
    assert block(tmp_path, "anon:c")[1:] == block(tmp_path, BOB)[1:]


def test_a_merge_leaves_as_an_event_and_later_ones_name_the_former_id(tmp_path):
    events = play(tmp_path, [page((5, 9), {"anon": "c"}), page((5, 10), {"anon": "c"}),
                             page((6, 9), {"anon": "c", "email": ANN}),
                             page((6, 10), {"email": ANN})], "--json").objects()
    (merged,) = [event for event in events if event["type"] == "lead.merged"]
    found = story(tmp_path, ANN)
    former = merged["lead_id"]
    assert former != found["lead_id"]
    assert merged["id"].split("/")[2:] == ["identity", "1", "merged"]
    assert list(merged) == ["id", "type", "lead_id", "also", "life", "turn", "into", "since",
                            "shared", "reason", "model", "occurred_at", "received_at",
                            "decided_at"]
    assert (merged["into"], merged["since"], merged["shared"], merged["reason"]) \
        == (found["lead_id"], None, False, "identified")
    assert found["also"] == [former]
    assert events[-1]["also"] == ([former] if events[-1]["lead_id"] == found["lead_id"] else [])
