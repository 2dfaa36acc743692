"""A real Apache Kafka for one test run, and a network before it that can be cut."""
import os
import pathlib
import random
import socket
import subprocess
import threading

TOP = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = TOP / "tests/support/kafka-local/kafka-local.sh"
KAFKA_LOG = pathlib.Path(os.environ.get("KAFKA_LOG", TOP / "build/dev/kafka_log")).resolve()
END_TXN = 26  # key of the request that commits or aborts


def free_ports():
    """A port and the one behind it, both free."""
    for _ in range(200):
        port = random.randrange(29500, 31900, 2)
        try:
            for offset in range(2):
                with socket.socket() as listener:
                    listener.bind(("127.0.0.1", port + offset))
            return port
        except OSError:
            continue
    raise RuntimeError("no free port")


class Kafka:
    """One broker on a folder. `advertised` is the address that clients are told."""

    def __init__(self, folder, port=None, advertised=None, conf=""):
        self.folder = pathlib.Path(folder)
        self.port = port or free_ports()
        self.bootstrap = f"127.0.0.1:{self.port}"
        lines = ["group.min.session.timeout.ms=500", conf]
        if advertised:
            lines.append(f"advertised.listeners=PLAINTEXT://{advertised}")
        self.environment = {**os.environ, "KAFKA_CONF": "\n".join(lines)}

    def run(self, action, check=True):
        subprocess.run([SCRIPT, action, self.folder, str(self.port)], check=check,
                       env=self.environment, stdout=subprocess.DEVNULL)

    def __enter__(self):
        self.run("start")
        return self

    def __exit__(self, *unused):
        self.run("kill", check=False)


class Network:
    """Between clients and the broker: carries bytes until it is cut. `cut_at` names a request that
    still reaches the broker, and whose answer nobody hears any more."""

    def __init__(self, port, to):
        self.to = to
        self.cut_at = None
        self.is_cut = False
        self.pairs = []
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        self.cut()
        self.listener.close()

    def cut(self):
        with self.lock:
            self.is_cut = True
            for pair in self.pairs:
                for end in pair:
                    try:
                        end.shutdown(socket.SHUT_RDWR)
                    except OSError:
                        pass
            self.pairs = []

    def restore(self):
        with self.lock:
            self.is_cut = False
            self.cut_at = None

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                if self.is_cut:
                    client.close()
                    continue
                broker = socket.create_connection(("127.0.0.1", self.to))
                self.pairs.append((client, broker))
            waits = threading.Event()
            threading.Thread(target=self.ask, args=(client, broker, waits), daemon=True).start()
            threading.Thread(target=self.answer, args=(broker, client, waits), daemon=True).start()

    def ask(self, client, broker, waits):
        stream = client.makefile("rb")
        try:
            while head := stream.read(4):
                body = stream.read(int.from_bytes(head, "big"))
                if int.from_bytes(body[:2], "big") == self.cut_at:
                    waits.set()
                broker.sendall(head + body)
        except OSError:
            pass
        broker.close()

    def answer(self, broker, client, waits):
        try:
            while data := broker.recv(65536):
                if waits.is_set():
                    self.cut()
                    break
                client.sendall(data)
        except OSError:
            pass
        client.close()
