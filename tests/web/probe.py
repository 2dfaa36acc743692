"""The server under test, and plain ways to speak with it."""
import contextlib
import gzip
import http.client
import json
import os
import pathlib
import socket
import subprocess
import time
import urllib.parse

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("WEB_PROBE", TOP / "build/dev/web_probe")).resolve()
# Against hanging only: nothing here takes that long.
FOREVER = 60


class Probe:
    def __init__(self, **options):
        words = [f"{name}={value}" for name, values in options.items()
                 for value in (values if isinstance(values, list) else [values])]
        self.process = subprocess.Popen([PROGRAM, *words], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            raise RuntimeError(self.process.stderr.read())
        parts = urllib.parse.urlsplit(self.url)
        self.host, self.port = parts.hostname, parts.port

    def tell(self, *words):
        print(*words, file=self.process.stdin, flush=True)
        return self.process.stdout.readline().strip()

    def log(self, topic="touchpoints"):
        """What has reached the log: dictionaries with key, value (bytes) and reason."""
        return [{"key": bytes.fromhex(record["key"]).decode(), "reason": record["reason"],
                 "value": bytes.fromhex(record["value"])}
                for record in json.loads(self.tell("records")) if record["topic"] == topic]

    def touches(self):
        return [json.loads(record["value"]) for record in self.log()]

    def answered(self):
        return [(one["path"], one["status"]) for one in json.loads(self.tell("answered"))]

    def connect(self, timeout=FOREVER):
        return socket.create_connection((self.host, self.port), timeout=timeout)

    def ask(self, method, path, body=None, headers=None):
        """One request on a connection of its own: status, headers, body."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=FOREVER)
        with contextlib.closing(connection):
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())

    def post(self, body, path="/v1/touchpoints", **headers):
        if not isinstance(body, (bytes, str)):
            body = json.dumps(body)
        names = {name.replace("_", "-"): text for name, text in headers.items()}
        return self.ask("POST", path, body, names)

    def await_held(self, count):
        await_that(lambda: int(self.tell("held")) == count)

    def close(self):
        self.process.stdin.close()
        try:
            code = self.process.wait(FOREVER)
        finally:
            self.process.kill()
        complaint = self.process.stderr.read()
        self.process.stdout.close()
        self.process.stderr.close()
        if code != 0 or complaint:
            raise AssertionError(f"the server ended with {code}: {complaint}")


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)


@contextlib.contextmanager
def serving(**options):
    probe = Probe(**options)
    try:
        yield probe
    finally:
        probe.close()


def await_that(condition):
    end = time.monotonic() + FOREVER
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("it never came true")
        time.sleep(0.01)


def touch(**members):
    return {"id": "t-1", "type": "page_view", "occurred_at": "2026-11-24T09:00:00Z",
            "identifiers": {"anon": "c-81"}, **members}


def packed(text):
    return gzip.compress(text if isinstance(text, bytes) else text.encode())


def read_all(connection):
    """Until the server ends the connection, whichever way."""
    got = b""
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(65536):
            got += part
    return got


def request_bytes(body, *headers, method="POST", path="/v1/touchpoints", host="localhost"):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
