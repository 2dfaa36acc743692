"""Configuration as commands see it: contract.md 2. Single values are tested in tests/unit."""
from program import run, write


KEYS = """model instance listen tls.certificate tls.key engine.listen data data.keep data.size
kafka.bootstrap kafka.prefix kafka.group kafka.topics.touchpoints kafka.topics.leads
kafka.topics.rejected kafka.topics.handoff kafka.topics.journal kafka.topics.states
kafka.topics.models kafka.properties store store.cluster store.prefix store.tls.authorities
store.tls.certificate store.tls.key engine.shards engine.cache engine.flush engine.clock
engine.start engine.snapshot engine.announce.not_older_than engine.output
collect.write_keys collect.read_keys collect.admin_keys collect.body collect.queue collect.patience
collect.trusted_proxies collect.origins geo.country geo.city geo.asn privacy.key log.level
log.format""".split()


def settings(result):
    assert (result.code, result.err) == (0, "")
    return {item["key"]: (item["value"], item["origin"]) for item in result.objects()}


def test_defaults(tmp_path):
    found = settings(run(tmp_path, "config", "--json"))
    assert found["listen"] == ("127.0.0.1:8440", "default")
    assert found["model"] == (None, "default")
    assert found["kafka.topics.touchpoints"] == (["touchpoints"], "default")
    assert found["engine.announce.not_older_than"] == ("1d", "default")
    assert list(found) == KEYS


def test_the_file_here_is_found(tmp_path):
    write(tmp_path, "waterhole.yaml", "engine:\n  flush: 1s\n")
    found = settings(run(tmp_path, "config", "--json"))
    assert found["engine.flush"] == ("1s", "waterhole.yaml:2:10")


def test_environment_before_file_and_config_option_before_both_places(tmp_path):
    write(tmp_path, "waterhole.yaml", "store.prefix: here\n")
    write(tmp_path, "named.yaml", "store.prefix: named\ninstance: n-1\n")
    write(tmp_path, "asked.yaml", "store.prefix: asked\ninstance: a-1\n")
    found = settings(run(tmp_path, "config", "--json", "--config", "asked.yaml",
                         WATERHOLE_CONFIG="named.yaml", WATERHOLE_STORE_PREFIX="environment"))
    assert found["instance"] == ("a-1", "asked.yaml:2:11")
    assert found["store.prefix"] == ("environment", "WATERHOLE_STORE_PREFIX")
    found = settings(run(tmp_path, "config", "--json", WATERHOLE_CONFIG="named.yaml"))
    assert found["store.prefix"] == ("named", "named.yaml:1:15")


def test_secrets_are_masked(tmp_path):
    write(tmp_path, "secret", "redis://:hush@host\n")
    write(tmp_path, "waterhole.yaml", "kafka:\n  properties: { sasl.password: hush, acks: all }\n"
                                      "collect: { write_keys: [hush, hush] }\n"
                                      "privacy: { key: hush }\n")
    for words in (["config"], ["config", "--json"]):
        result = run(tmp_path, *words, WATERHOLE_STORE_FILE="secret")
        assert result.code == 0
        assert "hush" not in result.out
    found = settings(run(tmp_path, "config", "--json", WATERHOLE_STORE_FILE="secret"))
    assert found["store"] == ("******", "WATERHOLE_STORE_FILE")
    assert found["kafka.properties"][0] == ["sasl.password=******", "acks=******"]
    assert found["collect.write_keys"][0] == ["******", "******"]


def test_as_text_each_key_has_its_origin(tmp_path):
    write(tmp_path, "waterhole.yaml", "log: { level: debug }\n")
    result = run(tmp_path, "config")
    assert result.lines[0] == "# file: waterhole.yaml"
    (line,) = [line for line in result.lines if line.startswith("log.level ")]
    assert line.split()[:3] == ["log.level", "debug", "waterhole.yaml:1:15"]


def test_wrong_keys_and_values_are_told_together_and_end_with_2(tmp_path):
    write(tmp_path, "waterhole.yaml", "lisen: 127.0.0.1:1\nengine: { flush: soon }\n")
    for words in (["config"], ["up", "--play", "x"], ["lead", "user:1"]):
        result = run(tmp_path, *words)
        assert (result.code, result.out) == (2, "")
        assert result.err == (
            'waterhole.yaml:1:1: error: unknown key "lisen"; did you mean "listen"?\n'
            "lisen: 127.0.0.1:1\n"
            "^^^^^\n"
            "waterhole.yaml:2:18: error: expected a duration such as 250ms, 30d or 1h30m for "
            '"engine.flush", found "soon"\n'
            "engine: { flush: soon }\n"
            "                 ^^^^\n")


def test_a_file_that_is_named_must_be_there(tmp_path):
    result = run(tmp_path, "config", "--config", "nowhere.yaml")
    assert (result.code, result.out) == (2, "")
    assert result.err == 'error: cannot read "nowhere.yaml": no such file\n'
