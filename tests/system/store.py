"""A Redis that goes back, forgets, fails over and is cut off."""
import shutil
import signal

from engine import wait_for
from network import Network
from stream import Redis


class Store:
    """What the engines take for one server: a network, and behind it whoever is primary."""

    def __init__(self, folder):
        self.folder = folder
        self.count = 0
        self.server = self.next_server()
        self.network = Network(self.server.port)
        self.url = f"redis://127.0.0.1:{self.network.port}"

    def next_server(self, *options):
        self.count += 1
        folder = self.folder / f"redis-{self.count}"
        folder.mkdir(parents=True)
        return Redis(folder, "--repl-diskless-sync-delay", "0", *options)

    def __enter__(self):
        self.server.start()
        self.save()
        return self

    def __exit__(self, *unused):
        self.network.close()
        self.server.kill()

    @property
    def client(self):
        return self.server.client

    def dump(self):
        return self.server.folder / "dump.rdb"

    def save(self):
        """What comes after is lost with the process. The one before becomes the old one."""
        if self.dump().exists():
            shutil.copy(self.dump(), self.folder / "old.rdb")
        self.client.save()

    def kill(self):
        self.server.kill()

    def start(self):
        self.server.start()

    def go_back(self):
        """The next start has what the dump before the last one holds."""
        if (self.folder / "old.rdb").exists():
            shutil.copy(self.folder / "old.rdb", self.dump())

    def begin_failover(self):
        """A replica that hears nothing any more from now on."""
        replica = self.next_server("--replicaof", f"127.0.0.1 {self.server.port}").start()
        wait_for(lambda: replica.client.info("replication")["master_link_status"] == "up")
        replica.process.send_signal(signal.SIGSTOP)
        self.client.execute_command("CLIENT", "KILL", "TYPE", "replica")
        return replica

    def finish_failover(self, replica):
        self.server.kill()
        replica.process.send_signal(signal.SIGCONT)
        replica.client.replicaof("NO", "ONE")
        replica.options = ()
        self.server = replica
        self.network.to = replica.port
        self.network.drop()
        self.save()
