"""Commands and options: contract.md 1."""
import pytest

from program import run

SUPPORTED = ["up", "engine", "collect", "init", "check", "test", "lead", "replay", "identity", "partition", "leads", "tap", "new", "schema",
             "config", "version"]
LATER = ["map", "reshard", "rejected"]
LATER_OPTIONS = [("test", "--json")]


def test_help_lists_every_command_on_standard_output(tmp_path):
    result = run(tmp_path, "--help")
    assert (result.code, result.err) == (0, "")
    assert result.lines[0] == "usage: waterhole COMMAND [OPTIONS]"
    listed = [line.split()[0] for line in result.lines if line.startswith("  ")]
    for command in SUPPORTED + LATER:
        assert command in listed
    assert result.out.index("\n  version") < result.out.index("not supported yet:\n  map")


@pytest.mark.parametrize("command", SUPPORTED + LATER)
def test_help_of_a_command_has_usage_defaults_and_an_example(tmp_path, command):
    result = run(tmp_path, command, "--help")
    assert (result.code, result.err) == (0, "")
    assert result.lines[0].startswith(f"usage: waterhole {command} [OPTIONS]")
    assert "\nexample:\n  waterhole " + command in result.out
    if command in LATER:
        assert f'"{command}" is specified but not supported yet.' in result.out


def test_help_shows_defaults(tmp_path):
    out = " ".join(run(tmp_path, "check", "--help").out.split())
    assert "--format text|json|github form of the problems (default: text)" in out
    out = " ".join(run(tmp_path, "up", "--help").out.split())
    assert "(default: $WATERHOLE_CONFIG, waterhole.yaml, /etc/waterhole/waterhole.yaml)" in out
    assert "--clock wall|log" in out and "(default: wall)" in out
    assert "--listen ADDR HTTP address (default: 127.0.0.1:8440)" in out


def test_help_fits_a_terminal(tmp_path):
    for command in SUPPORTED + LATER:
        for line in run(tmp_path, command, "--help").lines:
            if "  waterhole " not in line:
                assert len(line) <= 100, line


def test_no_command(tmp_path):
    result = run(tmp_path)
    assert (result.code, result.out) == (2, "")
    assert result.err == "waterhole: which command? `waterhole --help` lists them\n"


def test_unknown_command_with_a_near_one(tmp_path):
    result = run(tmp_path, "chek", "model.yaml")
    assert (result.code, result.out) == (2, "")
    assert result.err == 'waterhole: unknown command "chek"; did you mean "check"?\n'


def test_unknown_command_without_a_near_one(tmp_path):
    result = run(tmp_path, "frobnicate")
    assert result.code == 2
    assert result.err == ('waterhole: unknown command "frobnicate"; '
                          '`waterhole --help` lists the commands\n')


@pytest.mark.parametrize("command", LATER)
def test_what_is_not_built_is_refused(tmp_path, command):
    result = run(tmp_path, command, "--config", "x")
    assert (result.code, result.out) == (2, "")
    assert result.err == f'waterhole: "{command}" is specified but not supported yet\n'


@pytest.mark.parametrize("command, option", LATER_OPTIONS)
def test_options_that_are_not_built_are_refused(tmp_path, command, option):
    result = run(tmp_path, command, option, "x")
    assert (result.code, result.out) == (2, "")
    assert result.err == (f'waterhole: "{option}" of "{command}" is specified but '
                          'not supported yet\n')


def test_unknown_option_with_a_near_one(tmp_path):
    result = run(tmp_path, "check", "--fromat", "json", "x.yaml")
    assert result.code == 2
    assert result.err == ('waterhole: unknown option "--fromat" of "check"; '
                          'did you mean "--format"?\n')


def test_unknown_option_without_a_near_one(tmp_path):
    result = run(tmp_path, "check", "--colour", "x.yaml")
    assert result.code == 2
    assert result.err == ('waterhole: unknown option "--colour"; '
                          '`waterhole check --help` lists those of "check"\n')


@pytest.mark.parametrize("words, message", [
    (["check"], "PATH… is missing; usage: waterhole check [OPTIONS] PATH…"),
    (["lead", "a", "b"], '"b" is too much; usage: waterhole lead [OPTIONS] KEY'),
    (["up", "--play"], '"--play" needs a value: --play FILE'),
    (["up", "--play", "--once"], '"--play" needs a value: --play FILE'),
    (["up", "--once=yes"], '"--once" takes no value'),
    (["up", "--once", "--once"], '"--once" stands twice'),
    (["check", "--format", "yaml", "x"], '"--format" is one of text|json|github, found "yaml"'),
    (["up", "--clock", "sundial"], '"--clock" is one of wall|log, found "sundial"'),
])
def test_wrong_use(tmp_path, words, message):
    result = run(tmp_path, *words)
    assert (result.code, result.out) == (2, "")
    assert result.err == f"waterhole: {message}\n"


def test_version_names_semantics_and_libraries(tmp_path):
    result = run(tmp_path, "version")
    assert result.code == 0
    assert result.lines[0].startswith("waterhole ")
    assert result.lines[1] == "state semantics 3"
    names = [line.split()[0] for line in result.lines[2:]]
    assert names == ["libcurl", "libyaml", "pcre2", "yyjson", "protobuf-c", "libpsl", "zlib", "zstd",
                     "hiredis"]
    assert "list of 20" in result.out


def test_version_as_json(tmp_path):
    (version,) = run(tmp_path, "version", "--json").objects()
    assert version["semantics"] == 3
    assert list(version["libraries"]) == ["libcurl", "libyaml", "pcre2", "yyjson", "protobuf-c", "libpsl",
                                          "zlib", "zstd", "hiredis"]


def test_version_has_a_dash_form(tmp_path):
    assert run(tmp_path, "--version").out == run(tmp_path, "version").out


def test_a_reader_that_is_gone_is_something_outside(tmp_path):
    with open("/dev/full", "wb") as full:
        import subprocess
        from program import KEPT, WATERHOLE
        done = subprocess.run([WATERHOLE, "version"], cwd=tmp_path, stdout=full, env=KEPT,
                              stderr=subprocess.PIPE, check=False)
    assert done.returncode == 3
    assert done.stderr.decode().startswith("waterhole: cannot write to standard output: ")


def test_schema_of_a_touchpoint(tmp_path):
    import json
    result = run(tmp_path, "schema", "touchpoint")
    schema = json.loads(result.out)
    assert result.code == 0
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert {"type", "identifiers", "occurred_at"} == set(schema["required"])


def test_schema_of_a_lead_event(tmp_path):
    import json
    schema = json.loads(run(tmp_path, "schema", "lead-event").out)
    assert {"lead_id", "type", "why", "decided_at"} <= set(schema["properties"])


@pytest.mark.parametrize("name", ["touchpoint", "lead-event"])
def test_schema_as_proto(tmp_path, name):
    result = run(tmp_path, "schema", name, "--proto")
    assert result.code == 0
    assert 'syntax = "proto2";' in result.out


def test_schema_unknown(tmp_path):
    result = run(tmp_path, "schema", "touchpont")
    assert (result.code, result.out) == (2, "")
    assert result.err == 'waterhole: no schema "touchpont"; did you mean "touchpoint"?\n'


def test_a_model_has_no_proto(tmp_path):
    result = run(tmp_path, "schema", "model", "--proto")
    assert (result.code, result.out) == (2, "")
    assert result.err == "waterhole: a model is YAML and has no .proto\n"
