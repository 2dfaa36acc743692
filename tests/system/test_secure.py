"""Kafka that asks who we are (PLAIN, SCRAM) and shows who it is (TLS)."""
import os
import subprocess
import uuid

import confluent_kafka
import pytest

from engine import MODEL, WATERHOLE, now, touch
from kafka import Kafka, free_ports
from stream import Redis, Stream
from test_collect import Door

PASSWORD = "correct-horse"


def make_certificate(folder):
    """For 127.0.0.1, by itself; with its key in one file, as Kafka wants it."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=kafka", "-days", "2",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "certificate.pem"],
                   cwd=folder, check=True, capture_output=True)
    both = (folder / "key.pem").read_text() + (folder / "certificate.pem").read_text()
    (folder / "both.pem").write_text(both)
    return folder / "both.pem", folder / "certificate.pem"


def properties(certificate, password=PASSWORD, mechanism="PLAIN"):
    return (f"security.protocol=SASL_SSL,sasl.mechanisms={mechanism},sasl.username=waterhole,"
            f"sasl.password={password},ssl.ca.location={certificate},session.timeout.ms=6000")


def init(folder, address, given):
    return subprocess.run([WATERHOLE, "init", "--partitions", "1"], cwd=folder, check=False, text=True,
                          capture_output=True, timeout=60,
                          env={**os.environ, "WATERHOLE_KAFKA_BOOTSTRAP": address,
                               "WATERHOLE_KAFKA_PREFIX": f"{uuid.uuid4().hex[:8]}.",
                               "WATERHOLE_KAFKA_PROPERTIES": given})


@pytest.fixture(name="secure", scope="module")
def _secure(tmp_path_factory):
    """The broker, the address at which it asks, and whom to believe."""
    folder = tmp_path_factory.mktemp("secure")
    both, certificate = make_certificate(folder)
    port = free_ports(3)
    conf = "\n".join([
        f"listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{port + 1},SECURE://127.0.0.1:{port + 2}",
        f"advertised.listeners=PLAINTEXT://127.0.0.1:{port},SECURE://127.0.0.1:{port + 2}",
        "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL",
        "inter.broker.listener.name=PLAINTEXT",
        "listener.name.secure.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256",
        "listener.name.secure.plain.sasl.jaas.config="
        "org.apache.kafka.common.security.plain.PlainLoginModule required "
        f'user_waterhole="{PASSWORD}";',
        "listener.name.secure.scram-sha-256.sasl.jaas.config="
        "org.apache.kafka.common.security.scram.ScramLoginModule required;",
        "listener.name.secure.ssl.keystore.type=PEM",
        f"listener.name.secure.ssl.keystore.location={both}"])
    with Kafka(folder / "kafka", port, conf=conf,
               KAFKA_SCRAM=f"SCRAM-SHA-256=[name=\"waterhole\",password=\"{PASSWORD}\"]") as broker:
        yield broker, f"127.0.0.1:{port + 2}", certificate


def test_a_touch_goes_through_over_tls_with_a_password(secure, tmp_path):
    broker, address, certificate = secure
    environment = {"WATERHOLE_KAFKA_BOOTSTRAP": address,
                   "WATERHOLE_KAFKA_PROPERTIES": properties(certificate)}
    with Redis(tmp_path) as store, Stream(tmp_path, broker, store, 2, MODEL, **environment) as stream:
        stream.engine("e0").wait()
        with Door(tmp_path, broker, address, stream.prefix,
                  WATERHOLE_KAFKA_PROPERTIES=properties(certificate)) as door:
            sent = {**touch(1, 1, "demo_request"), "occurred_at": now()}
            assert door.send(sent).status_code == 200
            assert [event["type"] for event in stream.events(1)] == ["lead.asked"]


@pytest.mark.parametrize("password, believed, message", [
    ("wrong", True, "SASL authentication error: Authentication failed"),
    (PASSWORD, False, "SSL handshake failed"),
], ids=["password", "certificate"])
def test_who_is_not_believed_is_told_why(secure, tmp_path, password, believed, message):
    _, address, certificate = secure
    authority = certificate if believed else make_certificate(tmp_path)[1]
    done = init(tmp_path, address, properties(authority, password))
    assert done.returncode == 3
    assert f"Kafka at {address}: " in done.stderr
    assert message in done.stderr
    assert "kafka.properties" in done.stderr


def test_scram_works_or_says_what_it_needs(secure, tmp_path):
    _, address, certificate = secure
    done = init(tmp_path, address, properties(certificate, mechanism="SCRAM-SHA-256"))
    if confluent_kafka.libversion()[1] >= 0x020601ff:
        assert (done.returncode, done.stderr) == (0, "")
    else:
        assert done.returncode == 3
        assert "SCRAM at brokers from 4.0 needs librdkafka 2.6.1 or newer" in done.stderr
