#!/usr/bin/python3
"""From touch to event, measured where it matters: at the HTTP client.

    bench/up/latency.py WATERHOLE [--rate 1000] [--seconds 20] [--leads 5000] [--connections 64]

Starts `up` on a new folder with a model that answers each touch with an event, sends touches at an
even rate over a few connections that stay open, listens to /v1/events, and prints two rows: until
the touch was acknowledged (it is on the disk then), and until its event arrived. Times are from the
moment at which the touch was due to be sent, so a queue in the client counts, too.
"""
import argparse
import asyncio
import json
import os
import pathlib
import socket
import subprocess
import tempfile
import time

MODEL = """\
waterhole: 1
name: latency
zone: Europe/Berlin
scores:
  - { id: interest, decay: { half_life: 30d }, rules: [ { id: page, on: page_view, points: 1 } ] }
triggers:
  - { id: seen, on: page_view }
"""


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def row(name, values):
    cells = [percentile(values, share) * 1000 for share in (0.5, 0.9, 0.99, 0.999)]
    print(f"{name:<14}{len(values):>8}" + "".join(f"{cell:>10.2f}" for cell in cells)
          + f"{max(values) * 1000:>10.2f}")


def body_of(number, leads):
    now = time.time()
    return json.dumps({"id": f"t-{number}", "type": "page_view", "source": "web",
                       "occurred_at": int(now * 1e6), "identifiers": {"anon": f"c-{number % leads}"},
                       "page": {"url": "https://pumps.example/pricing", "path": "/pricing"}}).encode()


class Run:
    def __init__(self, arguments, port):
        self.arguments, self.port = arguments, port
        self.due, self.acknowledged, self.arrived = {}, [], []
        self.refused = 0

    async def open(self):
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def sender(self, first, start):
        """Sends each n-th touch, one at a time on its connection."""
        count = int(self.arguments.rate * self.arguments.seconds)
        reader, writer = await self.open()
        for number in range(first, count, self.arguments.connections):
            due = start + number / self.arguments.rate
            await asyncio.sleep(max(0, due - time.perf_counter()))
            body = body_of(number, self.arguments.leads)
            self.due[f"t-{number}"] = due
            writer.write(b"POST /v1/touchpoints HTTP/1.1\r\nHost: localhost\r\n"
                         b"Content-Type: application/json\r\n"
                         + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n")
                          if line.startswith(b"content-length"))
            await reader.readexactly(length)
            self.refused += b" 200 " not in head.split(b"\r\n")[0]
            self.acknowledged.append(time.perf_counter() - due)
        writer.close()

    async def listener(self, ready):
        reader, writer = await self.open()
        writer.write(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        ready.set()
        while True:
            line = await reader.readline()
            if line.startswith(b"data:"):
                event = json.loads(line[5:])
                touch = event.get("why", {}).get("because", {}).get("touch")
                if touch in self.due:
                    self.arrived.append(time.perf_counter() - self.due[touch])

    async def all(self):
        ready = asyncio.Event()
        listener = asyncio.create_task(self.listener(ready))
        await ready.wait()
        start = time.perf_counter() + 0.5
        await asyncio.gather(*(self.sender(first, start)
                               for first in range(self.arguments.connections)))
        for _ in range(100):
            if len(self.arrived) == len(self.acknowledged):
                break
            await asyncio.sleep(0.1)
        listener.cancel()


def wait_until_ready(port, process):
    for _ in range(300):
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as sock:
                sock.sendall(b"GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n")
                if b" 200 " in sock.recv(4096).split(b"\r\n")[0]:
                    return
        except OSError:
            pass
        if process.poll() is not None:
            raise SystemExit("up ended at once")
        time.sleep(0.05)
    raise SystemExit("up did not become ready")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("waterhole")
    parser.add_argument("--rate", type=float, default=1000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--leads", type=int, default=5000)
    parser.add_argument("--connections", type=int, default=64)
    arguments = parser.parse_args()
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        model = pathlib.Path(folder) / "model.yaml"
        model.write_text(MODEL)
        process = subprocess.Popen(
            [arguments.waterhole, "up", "--model", model, "--data", f"{folder}/data", "--listen",
             f"127.0.0.1:{port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "WATERHOLE_LOG_LEVEL": "error"})
        try:
            wait_until_ready(port, process)
            run = Run(arguments, port)
            asyncio.run(run.all())
        finally:
            process.terminate()
            process.wait()
    print(f"{arguments.rate:.0f} touches/s for {arguments.seconds:.0f} s, {arguments.leads} leads, "
          f"{arguments.connections} connections; ms")
    print(f"{'':<14}{'count':>8}" + "".join(f"{name:>10}" for name in
                                            ("p50", "p90", "p99", "p99.9", "max")))
    row("acknowledged", run.acknowledged)
    row("event", run.arrived)
    if run.refused or len(run.arrived) != len(run.acknowledged):
        raise SystemExit(f"{run.refused} refused, "
                         f"{len(run.acknowledged) - len(run.arrived)} without event")


if __name__ == "__main__":
    main()
