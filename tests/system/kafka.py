"""A real Apache Kafka for one test run, or three, and a network before it that can be cut."""
import os
import pathlib
import random
import socket
import subprocess
import threading

from network import Network

TOP = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = TOP / "tests/support/kafka-local/kafka-local.sh"
KAFKA_LOG = pathlib.Path(os.environ.get("KAFKA_LOG", TOP / "build/dev/kafka_log")).resolve()
END_TXN = 26  # key of the request that commits or aborts


def free_ports(count=2):
    """A port and those behind it, all free."""
    for _ in range(200):
        port = random.randrange(29500, 31900, 2)
        try:
            for offset in range(count):
                with socket.socket() as listener:
                    listener.bind(("127.0.0.1", port + offset))
            return port
        except OSError:
            continue
    raise RuntimeError("no free port")


class Kafka:
    """One broker on a folder. `advertised` is the address that clients are told."""

    def __init__(self, folder, port=None, advertised=None, conf="", **environment):
        self.folder = pathlib.Path(folder)
        self.port = port or free_ports()
        self.bootstrap = f"127.0.0.1:{self.port}"
        lines = ["group.min.session.timeout.ms=500", conf]
        if advertised:
            lines.append(f"advertised.listeners=PLAINTEXT://{advertised}")
        self.environment = {**os.environ, **environment, "KAFKA_CONF": "\n".join(lines)}

    def run(self, action, check=True):
        subprocess.run([SCRIPT, action, self.folder, str(self.port)], check=check,
                       env=self.environment, stdout=subprocess.DEVNULL)

    def __enter__(self):
        self.run("start")
        return self

    def __exit__(self, *unused):
        self.run("kill", check=False)


class KafkaNetwork(Network):
    """`cut_at` names a request that still reaches the broker, and whose answer nobody hears any more."""

    def __init__(self, port, to):
        self.cut_at = None
        super().__init__(to, port)

    def restore(self):
        self.cut_at = None
        super().restore()

    def connect(self, client, server):
        waits = threading.Event()
        threading.Thread(target=self.ask, args=(client, server, waits), daemon=True).start()
        threading.Thread(target=self.answer, args=(server, client, waits), daemon=True).start()

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


class Brokers:
    """Several brokers, three copies of everything. Clients that go by `outside` reach each of them
    through a network of its own."""

    def __init__(self, folder, count=3, conf=""):
        self.folder = pathlib.Path(folder)
        self.count = count
        self.conf = conf
        # Of each: clients and controller; behind them all: clients that come through the network.
        self.port = free_ports(3 * count)
        self.networks = [Network(self.port + 2 * count + n) for n in range(count)]
        self.bootstrap = ",".join(f"127.0.0.1:{self.port + 2 * n}" for n in range(count))
        self.outside = ",".join(f"127.0.0.1:{network.port}" for network in self.networks)

    def begin(self, action, node):
        inside = self.port + 2 * node
        lines = ["group.min.session.timeout.ms=500", "inter.broker.listener.name=PLAINTEXT",
                 f"listeners=PLAINTEXT://127.0.0.1:{inside},CONTROLLER://127.0.0.1:{inside + 1},"
                 f"OUTSIDE://127.0.0.1:{self.port + 2 * self.count + node}",
                 f"advertised.listeners=PLAINTEXT://127.0.0.1:{inside},"
                 f"OUTSIDE://127.0.0.1:{self.networks[node].port}",
                 "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,"
                 "OUTSIDE:PLAINTEXT", self.conf]
        return subprocess.Popen(
            [SCRIPT, action, self.folder, str(self.port)], stdout=subprocess.DEVNULL,
            env={**os.environ, "KAFKA_NODES": str(self.count), "KAFKA_NODE": str(node + 1),
                 "KAFKA_HEAP": "256m", "KAFKA_CONF": "\n".join(lines)})

    def run(self, action, *nodes):
        for process in [self.begin(action, node) for node in nodes]:
            assert process.wait() == 0

    def __enter__(self):
        self.folder.mkdir(exist_ok=True)
        self.run("start", *range(self.count))
        return self

    def __exit__(self, *unused):
        for process in [self.begin("kill", node) for node in range(self.count)]:
            process.wait()
        for network in self.networks:
            network.close()

    def signal(self, node, number):
        os.kill(int((self.folder / f"node{node + 1}/pid").read_text()), number)
