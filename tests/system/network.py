"""A network between clients and one server, which can be cut."""
import socket
import threading

ENOUGH = 65536


def shut(end):
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


class Network:
    """Carries bytes from its port to the server's, which may change; while it is cut, nothing."""

    def __init__(self, to, port=0):
        self.to = to
        self.is_cut = False
        self.pairs = []
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        self.cut()
        shut(self.listener)
        self.listener.close()

    def drop(self):
        """The connections that are there; new ones are taken."""
        with self.lock:
            for pair in self.pairs:
                for end in pair:
                    shut(end)
            self.pairs = []

    def cut(self):
        self.is_cut = True
        self.drop()

    def restore(self):
        self.is_cut = False

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.to))
            except OSError:
                client.close()
                continue
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.lock:
                if self.is_cut:
                    client.close()
                    server.close()
                    continue
                self.pairs.append((client, server))
            self.connect(client, server)

    def connect(self, client, server):
        for way in ((client, server), (server, client)):
            threading.Thread(target=self.carry, args=way, daemon=True).start()

    def carry(self, source, to):
        try:
            while data := source.recv(ENOUGH):
                to.sendall(data)
        except OSError:
            pass
        # The other way ends with this one; who closes is the one that reads.
        shut(to)
        with self.lock:
            self.pairs = [pair for pair in self.pairs if source not in pair]
        source.close()
