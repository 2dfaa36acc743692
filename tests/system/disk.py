"""A small file system, and how `up` gets on when it is full."""
import contextlib
import itertools
import subprocess

from engine import Engine, touch, wait_for


@contextlib.contextmanager
def small_disk(place):
    """16 MiB; only root can make one: None where that is not possible."""
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", place],
                             capture_output=True, check=False)
    try:
        yield place if mounted.returncode == 0 else None
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", place], check=True)


def fill(file):
    with file.open("wb", buffering=0) as ballast:
        try:
            while True:
                ballast.write(bytes(4096))
        except OSError:
            pass


def fill_and_free(place):
    """What was taken before, meanwhile and afterwards counts once; what was not is said so."""
    with Engine(place).wait_ready() as engine:
        assert engine.post(touch(1, 1))[0] == 200
        fill(place / "ballast")
        numbers = itertools.count(2)
        sent = []

        def answer():
            items = [touch(next(numbers), 1) for _ in range(20)]
            status = engine.post(*items)[0]
            sent.extend(items if status == 200 else [])
            return status

        assert wait_for(lambda: answer() == 503)
        assert engine.get("/healthz")[0] == 200
        (place / "ballast").unlink()
        assert wait_for(lambda: answer() == 200)
        engine.wait_processed()
        assert engine.lead(1)["scores"]["touches"] == 1 + len(sent)
        assert engine.end() == 0
