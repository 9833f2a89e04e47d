# SPDX-License-Identifier: EUPL-1.2
"""A real certificate authority, made by openssl, for a service and for sources."""

from __future__ import annotations

import hashlib
import shutil
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Pair:
    """A certificate and its key, in PEM."""

    certificate: Path
    key: Path

    @property
    def fingerprint(self) -> str:
        """Its SHA-256, as sources.toml wants it."""
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(self.certificate.read_text())).hexdigest()


class Authority:
    """Makes certificates in a folder."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("openssl") is None:
            pytest.skip("certificates are made by openssl")
        folder.mkdir(exist_ok=True)
        self._folder = folder
        made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        _openssl("req", "-x509", *made, "-subj", "/CN=tests", "-keyout", self._key, "-out", self.certificate)

    @property
    def certificate(self) -> Path:
        """What everybody trusts."""
        return self._folder / "ca.pem"

    @property
    def _key(self) -> Path:
        return self._folder / "ca.key"

    def pair(self, name: str) -> Pair:
        """Make a certificate, for localhost when it is a server's."""
        pair = Pair(self._folder / f"{name}.pem", self._folder / f"{name}.key")
        request, more = self._folder / f"{name}.csr", self._folder / f"{name}.cnf"
        more.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        _openssl("req", *made, "-subj", f"/CN={name}", "-keyout", pair.key, "-out", request)
        signed = ["-CA", self.certificate, "-CAkey", self._key, "-CAcreateserial", "-days", "2"]
        _openssl("x509", "-req", "-in", request, *signed, "-extfile", more, "-out", pair.certificate)
        return pair


def _openssl(*words: object) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)
