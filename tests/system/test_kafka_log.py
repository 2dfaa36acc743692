"""The log port at a real broker: tests/kafka holds the program, this starts what it runs against."""
import subprocess

from kafka import END_TXN, KAFKA_LOG, Kafka, KafkaNetwork, free_ports

PATIENCE = 180


def run(*arguments):
    done = subprocess.run([KAFKA_LOG, *map(str, arguments)], capture_output=True, text=True,
                          timeout=PATIENCE)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_does_what_every_log_does(kafka):
    run("conformance", kafka.bootstrap)


def test_twins_moves_and_zombies(kafka):
    run("faults", kafka.bootstrap)


def test_a_transaction_whose_owner_was_killed_is_ended_by_the_next(kafka):
    owner = subprocess.Popen([KAFKA_LOG, "hang", kafka.bootstrap], stdout=subprocess.PIPE,
                             text=True)
    prefix = owner.stdout.readline().strip()
    assert prefix
    owner.kill()
    owner.wait()
    run("after-hang", kafka.bootstrap, prefix)


def test_a_commit_whose_answer_is_lost_is_unknown_until_it_is_renewed(tmp_path):
    outside = free_ports()
    with Kafka(tmp_path, advertised=f"127.0.0.1:{outside}") as broker:
        network = KafkaNetwork(outside, broker.port)
        program = subprocess.Popen([KAFKA_LOG, "lost", f"127.0.0.1:{outside}"], text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert program.stdout.readline() == "cut at the commit\n"
        network.cut_at = END_TXN
        program.stdin.write("cut\n")
        program.stdin.flush()
        assert program.stdout.readline() == "bring it back\n"
        assert network.is_cut
        network.restore()
        rest, _ = program.communicate("back\n", timeout=PATIENCE)
        network.close()
    assert rest == "first 1, outcome unknown, renewed 1, settled 1\njournal first second\n"
    assert program.returncode == 0
