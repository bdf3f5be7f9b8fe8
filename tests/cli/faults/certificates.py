"""Certificates with the faults that a client has to notice, made by the openssl command."""

import subprocess
from pathlib import Path


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


class Authority:
    """A certificate authority in a folder of its own."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.certificate = folder / "ca.pem"
        openssl("req", "-x509", *self._new_key("ca"), "-days", "2", "-subj", "/CN=test authority",
                "-out", str(self.certificate))

    def _new_key(self, name):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-keyout", str(self.folder / f"{name}.key")]

    def issue(self, name: str, host: str, days: int = 2):
        """The options with which a server serves this certificate; expired for negative days."""
        request = self.folder / f"{name}.csr"
        chain = self.folder / f"{name}.pem"
        openssl("req", *self._new_key(name), "-subj", f"/CN={host}",
                "-addext", f"subjectAltName=DNS:{host}", "-out", str(request))
        openssl("x509", "-req", "-in", str(request), "-CA", str(self.certificate),
                "-CAkey", str(self.folder / "ca.key"), "-CAcreateserial", "-days", str(days),
                "-copy_extensions", "copy", "-out", str(chain))
        return ["--tls-cert", str(chain), "--tls-key", str(self.folder / f"{name}.key")]

    def self_signed(self, name: str, host: str):
        chain = self.folder / f"{name}.pem"
        openssl("req", "-x509", *self._new_key(name), "-days", "2", "-subj", f"/CN={host}",
                "-addext", f"subjectAltName=DNS:{host}", "-out", str(chain))
        return ["--tls-cert", str(chain), "--tls-key", str(self.folder / f"{name}.key")]
