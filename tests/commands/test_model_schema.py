"""`waterhole schema model`, with a JSON-Schema validator that is not ours: it is a schema, the given
models, the starters and the sample fit it, broken ones do not, and it has the keys of the checker."""
import json
import re

import jsonschema
import pytest
import yaml
from program import TOP, run


class Core(yaml.SafeLoader):
    """YAML 1.2 as editors read it: `on`, `yes` and dates are text."""


Core.yaml_implicit_resolvers = {}
for tag, pattern, first in (("bool", r"true|false", "tf"), ("null", r"null|~|", "n~"),
                            ("int", r"[-+]?[0-9]+", "-+0123456789"),
                            ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?",
                             "-+.0123456789")):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(rf"^(?:{pattern})$"),
                               list(first))


@pytest.fixture(name="schema", scope="module")
def _schema(tmp_path_factory):
    return json.loads(run(tmp_path_factory.mktemp("schema"), "schema", "model").out)


@pytest.fixture(name="validator", scope="module")
def _validator(schema):
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def load(path):
    return yaml.load(path.read_text(), Loader=Core)


def is_model(path):
    return not path.name.endswith(".test.yaml")


def is_refused(path, folder):
    """Models of what is not built are refused by name, and their keys are not in the schema."""
    return "is specified but not supported yet" in run(folder, "check", path).out


GOOD = sorted(filter(is_model, [*(TOP / "tests/models").glob("**/*.yaml"),
                                *(TOP / "deploy/starters").glob("**/*.yaml"),
                                TOP / "deploy/sample/pumps.yaml"]))


@pytest.mark.parametrize("path", GOOD, ids=lambda path: str(path.relative_to(TOP)))
def test_given_models_fit(validator, path, tmp_path):
    wrong = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(load(path))]
    if wrong and is_refused(path, tmp_path):
        pytest.skip("it has parts that are not built yet")
    assert wrong == []


def test_there_are_many_given_models():
    assert len(GOOD) >= 50


GOLDEN = sorted((TOP / "tests/golden/check").glob("*/expected.txt"))


def models_beside(expected):
    return [path for path in sorted(expected.parent.glob("*.yaml")) if is_model(path)]


@pytest.mark.parametrize("expected", [path for path in GOLDEN if ": error: " not in path.read_text()],
                         ids=lambda path: path.parent.name)
def test_models_without_errors_fit(validator, expected):
    for model in models_beside(expected):
        assert [error.message for error in validator.iter_errors(load(model))] == []


# What a schema can see of what `check` calls an error.
SEEN = re.compile(r'error: (unknown key "|"\w+" is missing|".*" is not a name|expected a duration such'
                  r'|expected a percentage|the model needs language)')
BROKEN = [path for path in GOLDEN if SEEN.search(path.read_text())]


@pytest.mark.parametrize("expected", BROKEN, ids=lambda path: path.parent.name)
def test_broken_models_do_not_fit(validator, expected):
    wrong = [error.message for model in models_beside(expected)
             for error in validator.iter_errors(load(model))]
    assert wrong
    for name in re.findall(r'error: unknown key "([^"]+)"', expected.read_text()):
        assert any(f"'{name}'" in message for message in wrong), wrong


def test_there_are_broken_models_of_each_kind():
    told = "".join(path.read_text() for path in BROKEN)
    for kind in SEEN.pattern.removeprefix("error: (").removesuffix(")").split("|"):
        assert re.search(kind, told), kind


def put(*path):
    """A change of the sample: the value at the path of keys and places."""
    *above, last, value = path

    def change(model):
        place = model
        for step in above:
            place = place[step]
        if value is None:
            del place[last]
        else:
            place[last] = value
    return change


@pytest.mark.parametrize("change, told", [
    (put("name", None), "'name' is a required property"),
    (put("waterhole", 2), "1 was expected"),
    (put("scores", 0, "rules", 0, "id", None), "'id' is a required property"),
    (put("scores", 0, "rules", 0, "pionts", 3), "'pionts' was unexpected"),
    (put("scores", 0, "id", "Interest"), "'Interest' does not match"),
    (put("scores", 0, "limit", 100), "100 is not of type 'array'"),
    (put("fit", "start", "E"), "'E' is not one of"),
    (put("fit", "criteria", 0, "weight", "4/3"), "'4/3' does not match"),
    (put("verdict", "minimum", "good"), "'good' is not one of"),
    (put("updates", {"every": "often"}), "'often' does not match"),
    (put("history", {"touches": "many"}), "'many' is not of type 'integer'"),
    (put("segments", {"asleep": "silent(45d)"}), "is not of type 'array'"),
    (put("qualification", 0, "desarm", "never"), "'desarm' was unexpected"),
    (put("stages", "stale", "assess", 30), "30 is not of type 'string'"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_a_change_that_breaks_the_sample_does_not_fit(validator, change, told):
    model = load(TOP / "deploy/sample/pumps.yaml")
    assert list(validator.iter_errors(model)) == []
    change(model)
    assert any(told in error.message for error in validator.iter_errors(model)), \
        [error.message for error in validator.iter_errors(model)]


def tables():
    """The keys that the checker knows: word of the section, (keys, those that must be there)."""
    for path in sorted((TOP / "engine/language").glob("reader_*.c")):
        text = path.read_text()
        keys = {name: re.findall(r'\{"(\w+)", (WH_GIVEN_\w+)\}', body) for name, body in re.findall(
            r"static const struct wh_section_key (\w+)\[\] = \{(.*?)\};", text, re.S)}
        for what, name in re.findall(r'WH_SECTION\(\s*"(?:an?) ([\w -]+)", (\w+)\)', text):
            built = {key for key, flag in keys[name] if flag != "WH_GIVEN_LATER"}
            always = {key for key, flag in keys[name] if flag == "WH_GIVEN_ALWAYS"}
            yield path.stem.removeprefix("reader_"), what.removesuffix(" section"), built, always


def named():
    """Two sections of one word have that of their file before it, but for the first."""
    found = {}
    for part, word, built, always in tables():
        found[word if word not in found else f"{part}_{word}"] = (built, always)
    return found


TABLES = named()


@pytest.mark.parametrize("word", sorted(TABLES))
def test_the_schema_has_the_keys_of_the_checker(schema, word):
    built, always = TABLES[word]
    if word == "table":
        pytest.skip("a table is rows with names of the model's own, or a file")
    section = schema if word == "model" else schema["$defs"][word.replace(" ", "_")]
    assert set(section["properties"]) == built
    assert set(section["required"]) == always
    assert section["additionalProperties"] is False


def test_the_checker_knows_each_section_of_the_schema(schema):
    assert {word.replace(" ", "_") for word in TABLES} - {"model", "table"} == set(schema["$defs"])
