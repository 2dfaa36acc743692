"""Redis as processes of their own: one server, a cluster, a primary with sentinels; a proxy that cuts
connections; and the probe, which drives our store by lines."""
import atexit
import os
import pathlib
import queue
import random
import selectors
import signal
import socket
import subprocess
import threading
import time

import redis

TOP = pathlib.Path(__file__).resolve().parents[2]
PROBE = pathlib.Path(os.environ.get("REDIS_PROBE", TOP / "build/dev/redis_probe")).resolve()
# Nothing here takes longer, unless it hangs.
PATIENCE = 30
NEVER = 2**63 - 1


def free_port():
    """Below the ports that the kernel gives to clients, so that nobody gets it meanwhile."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def wait_for(condition):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError("it never came")


def wait_for_replica(primary, replica):
    """Until it has all that was ever written (WAIT asks for the writes of its own connection only)."""
    end = primary.client().info("replication")["master_repl_offset"]
    wait_for(lambda: replica.client().info("replication").get("slave_repl_offset", 0) >= end)


def end(process):
    """Whatever a test that failed has left."""
    if process.poll() is None:
        process.kill()


class Server:
    """One redis-server (or sentinel) in a folder; options as on its command line."""

    def __init__(self, folder, *options, port=0, unix=True, program="redis-server"):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = port
        self.socket = self.folder / "redis.sock" if unix else None
        self.program = program
        self.options = [str(option) for option in options]
        self.process = None
        self.start()

    def arguments(self):
        base = ["--port", str(self.port), "--dir", str(self.folder), "--daemonize", "no",
                "--repl-diskless-sync-delay", "0"]
        if self.socket:
            base += ["--unixsocket", str(self.socket)]
        if "--save" not in self.options:
            base += ["--save", ""]
        return [self.program, *base, *self.options]

    def start(self):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(self.arguments(), stdout=log, stderr=log)
        atexit.register(end, self.process)
        wait_for(self.is_up)

    def is_up(self):
        assert self.process.poll() is None, (self.folder / "log").read_text()[-2000:]
        try:
            return self.client(socket_timeout=1).ping()
        except (redis.exceptions.ResponseError, redis.exceptions.AuthenticationError):
            return True  # it asks who we are
        except redis.exceptions.RedisError:
            return False

    def client(self, **more):
        if self.socket:
            return redis.Redis(unix_socket_path=str(self.socket), **more)
        return redis.Redis(port=self.port, **more)

    @property
    def address(self):
        return f"unix://{self.socket}" if self.socket else f"redis://127.0.0.1:{self.port}"

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
        self.process.wait()

    def restart(self):
        self.stop()
        self.start()


class Proxy:
    """TCP between a client and a server, with a knife."""

    def __init__(self, port):
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.peers = {}
        self.passed = 0
        self.lock = threading.Lock()
        self.is_over = False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.is_over:
            for key, _ in self.selector.select(0.02):
                with self.lock:
                    self.serve(key.fileobj)

    def serve(self, source):
        if source is self.listener:
            client, _ = self.listener.accept()
            try:
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                client.close()
                return
            for one, other in ((client, server), (server, client)):
                self.peers[one] = other
                self.selector.register(one, selectors.EVENT_READ)
            return
        if source not in self.peers:
            return
        try:
            data = source.recv(4096)
            self.peers[source].sendall(data)
            self.passed += len(data)
        except OSError:
            data = b""
        if not data:
            self.close(source)

    def close(self, one):
        other = self.peers[one]
        for end in (one, other):
            self.peers.pop(end)
            self.selector.unregister(end)
            end.close()

    def cut(self):
        with self.lock:
            while self.peers:
                self.close(next(iter(self.peers)))

    def end(self):
        self.is_over = True
        self.thread.join()
        self.cut()
        self.listener.close()


class Answer:
    def __init__(self, line):
        words = line.split(" ")
        self.line = line
        self.result, lineage = words[1], words[2]
        self.exists = lineage != "-"
        self.lineage = int(lineage) if self.exists else None
        self.epoch, self.version, self.watermark, self.offset = map(int, words[3:7])
        self.has_more = words[-1] == "more"
        rest = words[7:-1] if self.has_more else words[7:]
        self.dues = [tuple(map(int, word.split("@"))) for word in rest if "@" in word]
        self.entries = {}
        for word in rest:
            if "@" not in word:
                key, seq, *more = word.split(":", 3)
                self.entries[int(key)] = (int(seq), *([int(more[0]), more[1]] if more else []))


class Probe:
    """Our store on one address. `ask` waits for the answer, `send` and `take` do not."""

    def __init__(self, address, *options):
        self.process = subprocess.Popen([PROBE, "drive", address, *options], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=1)
        atexit.register(end, self.process)
        self.lines = queue.Queue()
        self.answers = {}
        self.news = []
        self.ticket = 0
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))
        self.lines.put(None)

    def send(self, call, *words):
        self.ticket += 1
        self.process.stdin.write(" ".join(map(str, (self.ticket, call, *words))) + "\n")
        return self.ticket

    def take(self, ticket):
        while ticket not in self.answers:
            line = self.lines.get(timeout=PATIENCE)
            assert line is not None, "the probe has ended"
            if line.startswith("news "):
                self.news.append(line[5:])
            else:
                self.answers[int(line.split(" ")[0])] = line
        return self.answers.pop(ticket)

    def ask(self, call, *words):
        return Answer(self.take(self.send(call, *words)))

    def counts(self):
        words = self.take(self.send("counts")).split(" ")[2:]
        return {name: int(number) for name, number in (word.split("=") for word in words)}

    def words_of_news(self):
        return [line.split(" ")[0] for line in self.news if not line.startswith("note")]

    def end(self):
        """Memory that is lost, or used after it was freed, makes the exit code."""
        self.process.stdin.close()
        assert self.process.wait(PATIENCE) == 0


def run_probe(command, address, *options):
    return subprocess.run([PROBE, command, address, *options], text=True, capture_output=True,
                          timeout=PATIENCE)


def assert_conforms(address, *options):
    run = run_probe("conformance", address, *options)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "9 test(s)" in run.stderr, run.stderr
