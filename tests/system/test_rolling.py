"""A new version comes: engines end and start, one after the other, and nobody waits for it."""
import rolling
from engine import wait_for
from stream import Redis, Stream

PATIENT = {"WATERHOLE_KAFKA_PROPERTIES": "session.timeout.ms=10000"}
STANDS_STILL_MAX = 30  # ten times what is meant: bench/rolling measures it


def test_three_engines_restart_under_load(kafka, tmp_path):
    """Who ends in order is missed at once; a long session throws nobody out who is merely slow."""
    with Redis(tmp_path) as store, Stream(tmp_path, kafka, store, **PATIENT) as stream:
        restart_under_load(stream)


def restart_under_load(stream):
    engines = [stream.engine(f"e{n}").wait() for n in range(3)]
    wait_for(lambda: sum(engine.partitions() for engine in engines) == stream.partitions)
    with rolling.Load(stream, rate=100) as load:
        rolling.restart(engines, settle=1)
    assert not load.lost()
    assert not load.twice()
    assert len(load.longest()) == stream.partitions
    assert max(load.longest().values()) < STANDS_STILL_MAX
    for engine in engines:
        assert "there was no time for a release" not in engine.said()
