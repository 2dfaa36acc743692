"""A stand-in for the HTTP address of `up`: it answers as a test says and keeps what it was asked."""
import contextlib
import http.server
import json
import threading


class Asked:
    def __init__(self, handler, body):
        self.method, self.path = handler.command, handler.path
        self.headers = handler.headers
        self.body = body

    def touch(self):
        return json.loads(self.body)


class Stream:
    """An answer that goes on: bytes now, and then the end, or (hold) nothing until the door is shut."""

    def __init__(self, text, hold=False):
        self.text, self.hold = text.encode(), hold


class Door:
    """answers: a status and an object for each request, in order; the last one stays."""

    def __init__(self, *answers):
        self.answers = list(answers) or [(200, {"accepted": 1})]
        self.asked = []
        self.shut = threading.Event()
        door = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.answer(b"")

            def do_POST(self):
                self.answer(self.rfile.read(int(self.headers["Content-Length"])))

            def answer(self, body):
                door.asked.append(Asked(self, body))
                status, content = (door.answers.pop(0) if len(door.answers) > 1
                                   else door.answers[0])
                if isinstance(content, Stream):
                    self.stream(status, content)
                    return
                data = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def stream(self, status, content):
                self.send_response(status)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                self.wfile.write(content.text)
                self.wfile.flush()
                if content.hold:
                    door.shut.wait(60)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = "127.0.0.1:%d" % self.server.server_address[1]


@contextlib.contextmanager
def door_that(*answers):
    door = Door(*answers)
    thread = threading.Thread(target=door.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield door
    finally:
        door.shut.set()
        door.server.shutdown()
        door.server.server_close()
        thread.join()
