"""`waterhole check`: forms and exit codes. What it says about models is in tests/golden."""
from program import run, write

GOOD = """\
waterhole: 1
name: good
scores:
  - id: interest
    rules: [ { id: page, on: page_view, points: 1 } ]
qualification: [ { id: ready, arm: interest >= 3 } ]
"""
WARNED = GOOD.replace("on: page_view", "on: page_veiw")
WRONG = GOOD.replace("arm: interest", "arm: intrest").replace("points: 1", "points: one two")


def test_a_good_model_ends_with_0_and_a_summary(tmp_path):
    write(tmp_path, "good.yaml", GOOD)
    result = run(tmp_path, "check", "good.yaml")
    assert (result.code, result.err) == (0, "")
    assert result.lines[-1].startswith("good.yaml: 1 rule")


def test_warnings_alone_end_with_0(tmp_path):
    write(tmp_path, "warned.yaml", WARNED)
    result = run(tmp_path, "check", "warned.yaml")
    assert result.code == 0
    assert result.lines[0] == ('warned.yaml:5:30: warning: unknown touch type "page_veiw"; '
                               'did you mean "page_view"?')


def test_errors_end_with_1_without_a_summary(tmp_path):
    write(tmp_path, "wrong.yaml", WRONG)
    result = run(tmp_path, "check", "wrong.yaml")
    assert (result.code, result.err) == (1, "")
    assert ('wrong.yaml:6:36: error: unknown name "intrest"; did you mean the score "interest"?\n'
            "qualification: [ { id: ready, arm: intrest >= 3 } ]\n"
            "                                   ^^^^^^^\n") in result.out
    assert result.out.count(": error: ") == 2
    assert "rule" not in result.lines[-1]


def test_json(tmp_path):
    write(tmp_path, "wrong.yaml", WRONG)
    for words in (["--format", "json"], ["--json"]):
        result = run(tmp_path, "check", *words, "wrong.yaml")
        assert result.code == 1
        problems = result.objects()
        assert [(item["line"], item["severity"]) for item in problems] == [(5, "error"),
                                                                          (6, "error")]
        assert problems[1]["file"] == "wrong.yaml"
        assert problems[1]["column"] == 36
        assert problems[1]["end_column"] == 43


def test_json_of_a_good_model_is_empty(tmp_path):
    write(tmp_path, "good.yaml", GOOD)
    assert run(tmp_path, "check", "--json", "good.yaml").out == ""


def test_github(tmp_path):
    write(tmp_path, "wrong.yaml", WRONG)
    result = run(tmp_path, "check", "--format", "github", "wrong.yaml")
    assert result.code == 1
    assert result.lines[1] == ('::error file=wrong.yaml,line=6,col=36,endColumn=43::unknown name '
                               '"intrest"; did you mean the score "interest"?')


def test_several_paths_and_folders(tmp_path):
    write(tmp_path, "good.yaml", GOOD)
    write(tmp_path, "folder/a.yaml", GOOD.split("qualification")[0])
    write(tmp_path, "folder/b.yaml", "qualification: [ { id: ready, arm: interest >= 3 } ]\n")
    write(tmp_path, "wrong.yaml", WRONG)
    result = run(tmp_path, "check", "good.yaml", "wrong.yaml", "folder")
    assert result.code == 1
    assert result.lines[0].startswith("good.yaml: 1 rule")
    assert result.lines[-1].startswith("folder: 1 rule")


def test_a_path_that_is_not_there_is_wrong_use(tmp_path):
    result = run(tmp_path, "check", "nowhere.yaml")
    assert result.code == 2
    assert result.out == 'error: cannot read "nowhere.yaml": no such file\n'
