"""`waterhole new`: models to begin with, which the program itself finds good."""
import pathlib

import pytest

from program import TOP, run, write

LIKE = tuple(sorted(path.name for path in (TOP / "deploy/starters").iterdir()))


def starter(like):
    return TOP / "deploy/starters" / like


@pytest.mark.parametrize("like", LIKE)
def test_a_starter_is_checked_and_tested_as_it_comes(tmp_path, like):
    made = run(tmp_path, "new", "models", "--like", like)
    assert (made.code, made.err) == (0, "")
    checked = run(tmp_path, "check", "models")
    assert checked.code == 0 and "error" not in checked.err
    tested = run(tmp_path, "test", "models")
    assert tested.code == 0
    passed, failed = tested.lines[-1].split(", ")
    assert int(passed.split()[0]) >= 2 and failed == "0 failed"


@pytest.mark.parametrize("like", LIKE)
def test_every_file_is_written_as_it_is_and_named(tmp_path, like):
    made = run(tmp_path, "new", "models", "--like", like)
    files = sorted(path.name for path in starter(like).iterdir())
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == files
    assert [line for line in made.lines if line.startswith("models/")] == [
        f"models/{name}" for name in files]
    for name in files:
        assert (tmp_path / "models" / name).read_bytes() == (starter(like) / name).read_bytes()


def test_without_a_word_it_is_for_selling_to_companies(tmp_path):
    assert run(tmp_path, "new", "models").code == 0
    assert "name: b2b_starter" in (tmp_path / "models/model.yaml").read_text()


def test_the_first_three_use_a_file_of_data(tmp_path):
    for like in ("b2b", "saas", "events"):
        assert run(tmp_path, "new", like, "--like", like).code == 0
        assert list((tmp_path / like).glob("*.csv"))


def test_the_first_three_differ_in_what_they_watch():
    rules = []
    for like in ("b2b", "saas", "events"):
        text = (starter(like) / "model.yaml").read_text()
        rules.append({line.strip() for line in text.splitlines() if "points:" in line})
    assert not set.intersection(*rules)


@pytest.mark.parametrize("name", ["model.yaml", "model.test.yaml", "target-accounts.csv"])
def test_nothing_is_overwritten_and_nothing_is_half_written(tmp_path, name):
    write(tmp_path, f"models/{name}", "mine")
    refused = run(tmp_path, "new", "models")
    assert refused.code == 2
    assert refused.err == (f'waterhole: "models/{name}" is there already and nothing is overwritten:'
                           ' name a folder that has no such file, such as '
                           f'{program_of(refused)} new models-next\n')
    assert [path.name for path in (tmp_path / "models").iterdir()] == [name]
    assert (tmp_path / "models" / name).read_text() == "mine"


def program_of(result):
    return result.err.split("such as ")[1].split(" new ")[0]


def test_a_folder_that_is_there_keeps_what_it_has(tmp_path):
    write(tmp_path, "models/notes.txt", "mine")
    assert run(tmp_path, "new", "models").code == 0
    assert (tmp_path / "models/notes.txt").read_text() == "mine"


def test_a_folder_that_cannot_be_made(tmp_path):
    write(tmp_path, "file", "")
    refused = run(tmp_path, "new", "file/models")
    assert refused.code == 3 and 'cannot make the folder "file/models"' in refused.err


def test_an_unknown_kind_is_refused(tmp_path):
    refused = run(tmp_path, "new", "models", "--like", "shop")
    assert refused.code == 2 and f'no starter "shop"; there are: {", ".join(LIKE)}\n' in refused.err
    assert not pathlib.Path(tmp_path / "models").exists()
