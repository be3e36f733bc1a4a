"""Certificates of an authority that only this network knows."""

import subprocess

KEY = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"


class Authority:
    """An authority, whose certificate is in `file`."""

    def __init__(self, folder):
        self.file = folder / "authority.crt"
        self._folder = folder
        self._key = folder / "authority.key"
        _openssl(f"req -x509 {KEY} -days 2 -subj /CN=authority", "-keyout", self._key, "-out", self.file)

    def certificate(self, name="server"):
        """A certificate for this machine."""
        return Certificate(self._folder / name, self.file, self._key)


class Certificate:
    """What a server shows: `chain`, and the `key` to it."""

    def __init__(self, stem, authority, authority_key):
        self.chain, self.key = stem.with_suffix(".crt"), stem.with_suffix(".key")
        request = stem.with_suffix(".csr")
        _openssl(f"req -new {KEY} -subj /CN=localhost", "-keyout", self.key, "-out", request)
        names = stem.with_suffix(".names")
        names.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        signed_by = ["-CA", authority, "-CAkey", authority_key, "-CAcreateserial"]
        _openssl("x509 -req -days 2", "-in", request, *signed_by, "-extfile", names, "-out", self.chain)

    @property
    def flags(self):
        return ["--tls-cert", self.chain, "--tls-key", self.key]


def _openssl(command, *arguments):
    subprocess.run(["openssl", *command.split(), *arguments], check=True, capture_output=True)
