"""A cluster of three nodes: each partition is one slot, wherever that is."""
import pytest
from owner import Owner
from server import Probe, Server, assert_conforms, free_port, run_probe, wait_for, wait_for_replica

SLOTS = 16384
PARTITIONS = 12


def slot_of(partition):
    """CRC16 of the tag, by the polynomial's definition (XMODEM), bit by bit."""
    remainder = 0
    for bit in "".join(f"{byte:08b}" for byte in str(partition).encode()) + "0" * 16:
        remainder = remainder << 1 | int(bit)
        if remainder & 0x10000:
            remainder ^= 0x11021
    return remainder % SLOTS


class Cluster:
    def __init__(self, folder):
        self.nodes = [self.start(folder, number) for number in range(3)]
        bounds = [0, 5461, 10923, SLOTS]
        for node, first, end in zip(self.nodes, bounds, bounds[1:]):
            self.say(node, "CLUSTER", "ADDSLOTSRANGE", first, end - 1)
            self.say(node, "CLUSTER", "SET-CONFIG-EPOCH", first + 1)
        for node in self.nodes[1:]:
            self.say(node, "CLUSTER", "MEET", "127.0.0.1", self.nodes[0].port, self.nodes[0].bus)
        wait_for(self.is_whole)

    def start(self, folder, number):
        port, bus = free_port(), free_port()
        node = Server(folder / str(number), "--cluster-enabled", "yes", "--cluster-port", bus,
                      "--cluster-node-timeout", 600, "--appendonly", "yes", port=port)
        node.bus = bus
        return node

    def say(self, node, *words):
        return node.client(decode_responses=True).execute_command(*words)

    def is_whole(self):
        return all("cluster_state:ok" in self.say(node, "CLUSTER", "INFO")
                   and len(self.say(node, "CLUSTER", "SLOTS")) >= 3 for node in self.nodes)

    def name(self, node):
        return self.say(node, "CLUSTER", "MYID")

    def owner(self, partition):
        slot = slot_of(partition)
        return next(node for node in self.nodes if self.has(node, slot))

    def has(self, node, slot):
        mine = self.name(node)
        return any(first <= slot <= last and primary[2] == mine
                   for first, last, primary, *_ in self.say(node, "CLUSTER", "SLOTS"))

    def begin_move(self, slot, source, target):
        self.say(target, "CLUSTER", "SETSLOT", slot, "IMPORTING", self.name(source))
        self.say(source, "CLUSTER", "SETSLOT", slot, "MIGRATING", self.name(target))

    def move_keys(self, slot, source, target, count):
        keys = source.client().execute_command("CLUSTER", "GETKEYSINSLOT", slot, count)
        if keys:
            source.client().execute_command("MIGRATE", "127.0.0.1", target.port, "", 0, 2000, "KEYS", *keys)
        return len(keys)

    def end_move(self, slot, target):
        for node in (target, *self.nodes):
            self.say(node, "CLUSTER", "SETSLOT", slot, "NODE", self.name(target))

    def stop(self):
        for node in self.nodes:
            node.stop()

    @property
    def address(self):
        return "redis://" + ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    yield cluster
    cluster.stop()


def owners_of(probe, seed, epoch=1):
    owners = [Owner(probe, seed + partition, partition, epoch) for partition in range(PARTITIONS)]
    for owner in owners:
        owner.claim()
    return owners


def test_it_conforms(cluster):
    assert_conforms(cluster.address, "cluster")
    assert_conforms(f"redis://127.0.0.1:{cluster.nodes[2].port}", "cluster")


def test_check(cluster):
    assert run_probe("check", cluster.address, "cluster").returncode == 0


def test_each_partition_lies_in_its_slot(cluster):
    probe = Probe(cluster.address, "cluster", "prefix=slots")
    for owner in owners_of(probe, 10):
        for _ in range(8):
            owner.step()
        owner.finish()
        assert owner.read()
    assert probe.counts()["moved"] == 0
    used = {cluster.owner(partition).port for partition in range(PARTITIONS)}
    assert len(used) == 3
    for partition in range(PARTITIONS):
        slot = slot_of(partition)
        keys = cluster.owner(partition).client().execute_command("CLUSTER", "GETKEYSINSLOT", slot, 99)
        assert f"slots:{{{partition}}}:meta".encode() in keys
    probe.end()


def test_a_slot_that_moves_under_writes(cluster):
    partition = 3
    slot, source = slot_of(partition), cluster.owner(partition)
    target = next(node for node in cluster.nodes if node is not source)
    probe = Probe(cluster.address, "cluster", "prefix=moving", "patience=20000")
    owner = Owner(probe, 30, partition)
    owner.claim()
    for _ in range(200):
        owner.step()
    owner.finish()
    cluster.begin_move(slot, source, target)
    # Half of the keys are there, half are here: whoever needs both waits, and nothing is half done.
    assert cluster.move_keys(slot, source, target, 10) == 10
    waiting = [probe.send("write", partition, 1, owner.acknowledged, 1, 0, "61:1:5:new"),
               probe.send("read", partition, *range(1, 60)), probe.send("scan", partition, 0, 100)]
    meta = probe.ask("meta", partition)
    assert meta.version == owner.acknowledged
    while cluster.move_keys(slot, source, target, 10):
        pass
    cluster.end_move(slot, target)
    assert " ok " in probe.take(waiting[0])
    after = [probe.take(ticket) for ticket in waiting[1:]]
    assert all(" ok " in line for line in after)
    counts = probe.counts()
    assert counts["moved"] > 0 and counts["deferred"] > 0 and counts["failed"] == 0
    probe.end()
    # A store that never knew the old place reads what was written before the move.
    probe = Probe(cluster.address, "cluster", "prefix=moving")
    held = owner.versions[owner.acknowledged]
    shown = probe.ask("read", partition, *range(1, 60)).entries
    assert {key: row[0] for key, row in shown.items()} == \
        {key: held[key][0] if key in held else 0 for key in range(1, 60)}
    assert probe.counts()["moved"] == 0
    probe.end()


def test_a_new_key_is_asked_for_where_the_slot_goes(cluster):
    """Of an empty slot that moves, everything is at the new node already: ASK."""
    partition = 7
    slot, source = slot_of(partition), cluster.owner(partition)
    target = next(node for node in cluster.nodes if node is not source)
    probe = Probe(cluster.address, "cluster", "prefix=asking")
    assert not probe.ask("meta", partition).exists
    cluster.begin_move(slot, source, target)
    assert probe.ask("claim", partition, 5, 1, -1, 0).result == "ok"
    assert target.client().execute_command("CLUSTER", "COUNTKEYSINSLOT", slot) >= 1
    assert probe.counts()["moved"] == 1
    while cluster.move_keys(slot, source, target, 10):
        pass
    cluster.end_move(slot, target)
    assert probe.ask("meta", partition).epoch == 1
    probe.end()


def test_a_node_that_dies_and_comes_back(cluster):
    probe = Probe(cluster.address, "cluster", "prefix=dying", "patience=600")
    owners = owners_of(probe, 60)
    for owner in owners:
        owner.step()
        owner.finish()
    victim = cluster.owner(0)
    away = {number for number in range(PARTITIONS) if cluster.owner(number) is victim}
    victim.stop()
    assert probe.ask("read", 0, 1).result == "failed"
    victim.start()
    wait_for(cluster.is_whole)
    for owner in owners:
        for _ in range(10):
            owner.step()
        owner.finish()
        wait_for(owner.read)
    assert 0 in away and probe.words_of_news()[-1] == "back"
    probe.end()


def line_of(cluster, node, of):
    lines = cluster.say(node, "CLUSTER", "NODES").splitlines()
    return next(line for line in lines if line.startswith(cluster.name(of)))


def test_a_replica_that_takes_over(cluster, tmp_path):
    primary = cluster.owner(0)
    replica = cluster.start(tmp_path, 3)
    cluster.say(replica, "CLUSTER", "MEET", "127.0.0.1", primary.port, primary.bus)
    wait_for(lambda: cluster.name(primary) in cluster.say(replica, "CLUSTER", "NODES"))
    cluster.say(replica, "CLUSTER", "REPLICATE", cluster.name(primary))
    wait_for(lambda: "master_link_status:up" in cluster.say(replica, "INFO", "replication")
             or replica.client().info("replication").get("master_link_status") == "up")
    cluster.nodes.append(replica)
    # Those who elect it have to know it.
    wait_for(lambda: all(cluster.name(replica) in cluster.say(node, "CLUSTER", "NODES")
                         and "slave" in line_of(cluster, node, replica) for node in cluster.nodes))
    probe = Probe(cluster.address, "cluster", "prefix=failover", "patience=500")
    owners = owners_of(probe, 90)
    for owner in owners:
        owner.step()
        owner.finish()
    wait_for_replica(primary, replica)
    primary.stop()
    for owner in owners:
        owner.step()
        owner.finish()
        wait_for(owner.read)
    assert cluster.has(replica, slot_of(0)) and probe.words_of_news()[-1] == "back"
    probe.end()
