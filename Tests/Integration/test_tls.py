"""A server with a certificate of its own, at all three doors."""

import socket
import ssl
import subprocess
from urllib.parse import urlsplit

import pytest
import requests

from harness.process import STINT, Process, clean_environment
from harness.sdk import SDK
from harness.server import ACCESS_KEY, SECRET_KEY, Server


class Certificate:
    """A self-signed certificate and its key, as files."""

    def __init__(self, folder):
        self.chain = folder / "server.crt"
        self.key = folder / "server.key"
        self.make(1)

    def make(self, serial):
        command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=stint"
        names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
        files = ["-keyout", self.key, "-out", self.chain]
        subprocess.run(
            [*command.split(), "-addext", names, "-set_serial", str(serial), *files], check=True, capture_output=True
        )

    @property
    def flags(self):
        return ["--tls-cert", self.chain, "--tls-key", self.key]


def shown(address):
    """The serial number of the certificate that a new connection is shown."""
    parts = urlsplit(address)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as plain:
        with context.wrap_socket(plain) as secure:
            pem = ssl.DER_cert_to_PEM_cert(secure.getpeercert(binary_form=True))
    text = subprocess.run(
        ["openssl", "x509", "-noout", "-serial"], input=pem, capture_output=True, text=True, check=True
    ).stdout
    return int(text.strip().removeprefix("serial="), 16)


@pytest.fixture
def certificate(tmp_path):
    return Certificate(tmp_path)


@pytest.fixture
def server(tmp_path, certificate, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.chain))
    server = Server(tmp_path, flags=certificate.flags)
    try:
        yield server.start()
    finally:
        server.end()


def test_every_door_speaks_tls_and_nothing_else(server):
    assert all(address.startswith("https://") for address in server.addresses.values())

    for address in server.addresses.values():
        assert requests.get(address, timeout=30).status_code in (200, 404)
        with pytest.raises(requests.ConnectionError):
            requests.get(address.replace("https:", "http:"), timeout=30)


def test_the_sdk_reports_and_uploads_over_tls(server, tmp_path, certificate):
    sdk = SDK(server, tmp_path)
    sdk.environment["REQUESTS_CA_BUNDLE"] = str(certificate.chain)

    sdk.run(
        """
        from clearml import Task
        task = Task.init("tls", "over tls")
        task.get_logger().report_scalar("loss", "train", 0.5, 0)
        task.upload_artifact("data", artifact_object={"a": 1}, wait_on_upload=True)
        task.close()
        """
    )

    (task,) = server.api.call("tasks.get_all", only_fields=["status", "execution.artifacts"])["tasks"]
    assert task["status"] == "completed"
    uri = task["execution"]["artifacts"][0]["uri"]
    assert uri.startswith(server.addresses["files"])
    assert requests.get(uri, headers=server.api.headers, timeout=30).json() == {"a": 1}


def test_a_renewed_certificate_is_shown_without_a_restart(server, certificate):
    assert {shown(address) for address in server.addresses.values()} == {1}

    certificate.make(2)

    assert {shown(address) for address in server.addresses.values()} == {2}
    assert requests.get(f"{server.addresses['api']}/debug.ping", timeout=30).status_code == 200


def test_a_renewal_that_does_not_fit_leaves_the_certificate_before(server, certificate):
    key = certificate.key.read_bytes()
    certificate.make(2)
    certificate.key.write_bytes(key)

    assert shown(server.addresses["api"]) == 1
    assert "goes on to be used" in server.process.output()

    certificate.make(3)
    assert shown(server.addresses["api"]) == 3


def test_a_browser_sends_the_cookie_over_tls_only(server):
    login = f"{server.addresses['api']}/auth.login"
    answer = requests.post(login, auth=(ACCESS_KEY, SECRET_KEY), headers={"X-Stint-Page": "1"}, json={}, timeout=30)

    assert answer.headers["Set-Cookie"].endswith("; Secure")


@pytest.mark.parametrize("fault", ["missing", "foreign", "half"])
def test_a_server_whose_certificate_cannot_be_used_says_why(tmp_path, certificate, fault):
    flags = certificate.flags
    if fault == "missing":
        certificate.key.unlink()
    elif fault == "foreign":
        key = certificate.key.read_bytes()
        certificate.make(2)
        certificate.key.write_bytes(key)
    else:
        flags = flags[:2]
    command = [STINT, "server", "--data-dir", tmp_path / "data", *flags]
    process = Process("server", command, clean_environment(tmp_path / "home"), tmp_path / "log")

    assert process.wait(30) == (64 if fault == "half" else 1)
    assert "belong together" in process.output()


def test_a_server_open_to_the_network_without_tls_is_warned_about(tmp_path):
    server = Server(tmp_path, flags=["--host", "0.0.0.0", "--public-host", "127.0.0.1"])
    try:
        server.start()
        assert "readable by all who see it" in server.process.output()
    finally:
        server.end()
