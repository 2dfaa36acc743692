"""Where and how it listens, and what it refuses to start with."""
import json
import ssl
import subprocess
import urllib.request

import pytest

from probe import FOREVER, PROGRAM, serving, touch


@pytest.fixture
def certificate(tmp_path):
    key, chain = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", chain,
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,"
                    "IP:127.0.0.1"], check=True, capture_output=True)
    return {"certificate": chain, "key": key}


def test_tls(certificate):
    with serving(**certificate) as probe:
        assert probe.url.startswith("https://127.0.0.1:")
        trusting = ssl.create_default_context(cafile=certificate["certificate"])
        nobody = {name: value for name, value in touch().items() if name != "identifiers"}
        asked = urllib.request.Request(probe.url + "/v1/touchpoints", json.dumps(nobody).encode())
        with urllib.request.urlopen(asked, timeout=FOREVER, context=trusting) as answer:
            assert json.load(answer) == {"accepted": 1}
            assert answer.headers["Set-Cookie"].endswith("; Secure")
        with probe.connect() as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b" 200 " not in connection.recv(1000)
        said = subprocess.run(["curl", "-s", "--cacert", certificate["certificate"],
                               probe.url + "/healthz"], capture_output=True, check=True)
        assert json.loads(said.stdout) == {"healthy": True}


@pytest.mark.parametrize("address, begin", [
    ("localhost:0", "http://127.0.0.1:"), ("0.0.0.0:0", "http://0.0.0.0:"),
    ("[::1]:0", "http://[::1]:")])
def test_addresses(address, begin):
    with serving(listen=address) as probe:
        assert probe.url.startswith(begin) or probe.url.startswith("http://[::1]:")
        assert probe.ask("GET", "/healthz").status == 200


def start(*words):
    done = subprocess.run([PROGRAM, *words], input="", capture_output=True, text=True, check=False,
                          timeout=FOREVER)
    return done.returncode, done.stderr


@pytest.mark.parametrize("words, said", [
    (["listen=nonsense"], "ADDRESS:PORT"), (["listen=127.0.0.1:99999999"], "ADDRESS:PORT"),
    (["listen=:http"], "listen"), (["proxy=10.0.0.0/33"], "10.0.0.0/33"), (["proxy=x"], "network"),
    (["origin=pumps.example"], "pumps.example"), (["write_key="], "write_keys"),
    (["certificate=/nowhere", "key=/nowhere"], "/nowhere"), (["certificate=/nowhere"], "both")])
def test_options_that_cannot_be(words, said):
    code, complaint = start(*words)
    assert code == 2 and said in complaint


def test_a_pair_that_is_none(certificate, tmp_path):
    other = tmp_path / "other.pem"
    subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", other],
                   check=True)
    code, complaint = start(f"certificate={certificate['certificate']}", f"key={other}")
    assert code == 2 and "tls.key" in complaint
    code, complaint = start(f"certificate={certificate['certificate']}", f"key={__file__}")
    assert code == 2 and "PEM" in complaint


def test_an_address_that_is_taken():
    with serving() as probe:
        code, complaint = start(f"listen=127.0.0.1:{probe.port}")
        assert code == 3 and "another program listens there" in complaint
