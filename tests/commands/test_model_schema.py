"""`waterhole schema model`: good models fit it, and what `check` calls an unknown key does not."""
import json
import pathlib
import re

import pytest
import yaml

from program import TOP, run

MODELS = TOP / "tests/models"
TESTS = [line for line in (MODELS / "slice.txt").read_text().split("\n")
         if line and not line.startswith("#")]


@pytest.fixture(name="schema", scope="module")
def _schema(tmp_path_factory):
    return json.loads(run(tmp_path_factory.mktemp("schema"), "schema", "model").out)


def misfits(schema, root, value, path=""):
    """Where the value does not fit. Scalars are text here, so their JSON types are not looked at."""
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    if "anyOf" in schema:
        found = [misfits(one, root, value, path) for one in schema["anyOf"]]
        return [] if [] in found else found[-1]
    if isinstance(value, dict):
        return misfits_of_object(schema, root, value, path)
    if isinstance(value, list):
        if not takes(schema, "array"):
            return [f"{path}: a list"]
        return [text for i, item in enumerate(value)
                for text in misfits(schema.get("items", {}), root, item, f"{path}[{i}]")]
    if takes(schema, "object") and not takes(schema, "array") and "type" in schema:
        return [f"{path}: {value}"]
    if not re.search(schema.get("pattern", ""), value) or value not in schema.get("enum", [value]):
        return [f"{path}: {value}"]
    return []


def takes(schema, kind):
    types = schema.get("type", kind)
    return kind == types or kind in types


def misfits_of_object(schema, root, value, path):
    if not takes(schema, "object"):
        return [f"{path}: a mapping"]
    rest = schema.get("additionalProperties", {})
    found = [f"{path}.{name}: missing" for name in schema.get("required", []) if name not in value]
    for name, item in value.items():
        inner = schema.get("properties", {}).get(name, rest)
        found += [f"{path}.{name}: unknown"] if inner is False \
            else misfits(inner, root, item, f"{path}.{name}")
    return found


def load(path):
    # Scalars stay text, so that `on` is a key and not a truth.
    return yaml.load(path.read_text(), Loader=yaml.BaseLoader)


def models_of(test):
    """The files of the models that a test file names."""
    content = load(test)
    names = {content.get("model"), *[one.get("model") for one in content["tests"]]} - {None}
    for path in [test.parent / name for name in names]:
        yield from sorted(path.glob("*.yaml")) if path.is_dir() else [path]


@pytest.mark.parametrize("name", TESTS)
def test_given_models_fit(schema, name):
    for model in models_of(MODELS / name):
        if not model.name.endswith(".test.yaml"):
            assert misfits(schema, schema, load(model)) == []


def test_the_sample_fits(schema):
    assert misfits(schema, schema, load(TOP / "deploy/sample/pumps.yaml")) == []


BROKEN = sorted((TOP / "tests/golden/check").glob("*/expected.txt"))


@pytest.mark.parametrize("expected", [path for path in BROKEN
                                      if "error: unknown key" in path.read_text()],
                         ids=lambda path: path.parent.name)
def test_unknown_keys_do_not_fit(schema, expected: pathlib.Path):
    unknown = re.findall(r'error: unknown key "([^"]+)"', expected.read_text())
    found = misfits(schema, schema, load(expected.parent / "model.yaml"))
    for name in unknown:
        assert any(text.endswith(f".{name}: unknown") for text in found)


@pytest.mark.parametrize("expected", [path for path in BROKEN if ": error: " not in path.read_text()],
                         ids=lambda path: path.parent.name)
def test_models_without_errors_fit(schema, expected):
    for model in sorted(expected.parent.glob("model*.yaml")):
        assert misfits(schema, schema, load(model)) == []
