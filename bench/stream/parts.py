"""What the measurements of the stream share: real parts of their own, touches, the log of an engine,
memory and CPU of a process, tables."""
import argparse
import contextlib
import datetime
import json
import os
import pathlib
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
os.environ.setdefault("WATERHOLE", str(TOP / "build/release/waterhole"))
sys.path.insert(0, str(TOP / "tests/system"))
from kafka import Kafka  # noqa: E402
from stream import Redis, Stream  # noqa: E402

# A broker that is not the bottleneck.
HEAP = "1g"
TICKS = os.sysconf("SC_CLK_TCK")
MODEL = """\
waterhole: 1
name: load
zone: Europe/Berlin
scores:
  - { id: interest, decay: { half_life: 30d }, rules: [ { id: page, on: page_view, points: 10 } ] }
triggers:
  - { id: asked, on: demo_request }
"""


def arguments(doc, **defaults):
    """Options with numbers, or lists of numbers, of which the defaults are given."""
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="$WATERHOLE is the program, else build/release/waterhole.")
    for name, default in defaults.items():
        many = {"nargs": "+"} if isinstance(default, list) else {}
        parser.add_argument("--" + name.replace("_", "-"), default=default,
                            type=type(default[0] if many else default),
                            help=f"default: {default}", **many)
    return parser.parse_args()


@contextlib.contextmanager
def stream(model=MODEL, **options):
    """A broker, a Redis and topics, on a folder that goes away."""
    os.environ.setdefault("KAFKA_HEAP", HEAP)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "kafka").mkdir()
        (folder / "redis").mkdir()
        with Kafka(folder / "kafka") as kafka, Redis(folder / "redis") as store, \
                Stream(folder, kafka, store, model=model, **options) as parts:
            yield parts


def touch(number, lead, kind="page_view", **more):
    return {"id": f"t-{number}", "type": kind, "source": "web", "identifiers": {"user": f"u{lead}"},
            "occurred_at": int(time.time() * 1e6), "page": {"path": "/pricing"}, **more}


def drain(parts, engine, touches, patience=3600):
    """Sends the touches and waits until all of them count; seconds."""
    count = engine.touches("accepted")
    began = time.monotonic()
    for one in touches:
        parts.send_later(one)
        count += 1
    parts.flush()
    wait(lambda: engine.touches("accepted") >= count, patience)
    return time.monotonic() - began


def wait(condition, patience=600, pause=0.05):
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("it never came")
        time.sleep(pause)


def said(engine):
    """What an engine has logged: (seconds, message). A line may break off where it was killed."""
    found = []
    for line in engine.said().splitlines():
        try:
            entry = json.loads(line)
            at = datetime.datetime.fromisoformat(entry["time"].replace("Z", "+00:00"))
            found.append((at.timestamp(), entry["message"]))
        except ValueError:
            continue
    return found


def memory(process):
    """MB that a process has in memory."""
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def cpu(process):
    """Seconds of CPU that a process has used."""
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def load():
    """How busy the machine is, for a head line: others may share it."""
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"


def table(names, rows):
    """Right-aligned but for the first column."""
    cells = [list(map(str, row)) for row in [names, *rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(names))]
    for row in cells:
        print("  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                        for i, (cell, width) in enumerate(zip(row, widths))), flush=True)


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
