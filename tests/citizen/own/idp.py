# SPDX-License-Identifier: EUPL-1.2
"""A SAML identity provider as DigiD is one: over TLS, artifact binding, everything signed and checked.

What it says of who signs in is what a test wants. It answers an artifact only to whom shows our certificate.
"""

from __future__ import annotations

import hashlib
import os
import ssl
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlencode
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree

NAMES = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol", "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}  # fmt: skip
US = "urn:rekenschap:proef"
CLASSES = "urn:oasis:names:tc:SAML:2.0:ac:classes:"
_SPACES = " ".join(f'xmlns:{name}="{uri}"' for name, uri in NAMES.items())
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_BINDINGS = "urn:oasis:names:tc:SAML:2.0:bindings:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the provider says; each may be made wrong."""

    name_id: str = "s00000000:999990019"
    level: str = f"{CLASSES}MobileTwoFactorContract"
    audience: str = US
    minutes: int = 0
    """how far its clock is from ours"""
    is_forged: bool = False
    """signed by somebody else"""
    is_other_question: bool = False


@dataclass(slots=True)
class Idp:
    """The provider at work. `asked` are the questions it took, as XML."""

    place: Path
    told: Told = field(default_factory=Told)
    address: str = ""
    asked: dict[str, etree._Element] = field(default_factory=dict)

    @property
    def certificate(self) -> Path:
        """Its certificate, for TLS and for signatures."""
        return self.place / "idp.crt"

    def metadata(self) -> str:
        """Say where it is and with what it signs."""
        inside = "".join(self.certificate.read_text().split("\n")[1:-2])
        return (
            f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{self.address}">'
            '<md:IDPSSODescriptor WantAuthnRequestsSigned="true" '
            f'protocolSupportEnumeration="{NAMES["samlp"]}"><md:KeyDescriptor use="signing">'
            f'<ds:KeyInfo xmlns:ds="{NAMES["ds"]}"><ds:X509Data><ds:X509Certificate>{inside}'
            "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
            f'<md:ArtifactResolutionService Binding="{_BINDINGS}SOAP" Location="{self.address}/resolve" '
            'index="0"/>'
            f'<md:SingleSignOnService Binding="{_BINDINGS}HTTP-Redirect" Location="{self.address}/ask"/>'
            f'<md:SingleSignOnService Binding="{_BINDINGS}HTTP-POST" Location="{self.address}/ask"/>'
            "</md:IDPSSODescriptor></md:EntityDescriptor>"
        )

    def take(self, question: bytes) -> str:
        """Check a question and give an artifact for its answer."""
        xml = etree.fromstring(question)
        assert _is_signed(question, self.place / "us.crt")
        artifact = b"\x00\x04\x00\x00" + hashlib.sha1(self.address.encode()).digest() + os.urandom(20)  # noqa: S324
        self.asked[b64encode(artifact).decode()] = xml
        return b64encode(artifact).decode()

    def resolved(self, question: bytes) -> bytes:
        """Answer for an artifact, once."""
        xml = etree.fromstring(question)
        assert _is_signed(question, self.place / "us.crt")
        (resolve,) = xml.iter(f"{{{NAMES['samlp']}}}ArtifactResolve")
        (artifact,) = resolve.iter(f"{{{NAMES['samlp']}}}Artifact")
        asked = self.asked.pop(artifact.text or "", None)
        inside = "" if asked is None else self._response(asked)
        return (
            f'<soap:Envelope xmlns:soap="{_SOAP}"><soap:Body><samlp:ArtifactResponse {_SPACES} '
            f'ID="_{uuid4().hex}" Version="2.0" IssueInstant="{_written(_now())}" '
            f'InResponseTo="{resolve.get("ID")}"><saml:Issuer>{self.address}</saml:Issuer>{_STATUS}{inside}'
            "</samlp:ArtifactResponse></soap:Body></soap:Envelope>"
        ).encode()

    def _response(self, asked: etree._Element) -> str:
        number = f"_{uuid4().hex}" if self.told.is_other_question else asked.get("ID")
        back = asked.get("AssertionConsumerServiceURL")
        at = _now() + timedelta(minutes=self.told.minutes)
        whose = "other" if self.told.is_forged else "idp"
        signed = _signed(self._assertion(number, back, at), self.place / f"{whose}.key", self.certificate)
        return (
            f'<samlp:Response ID="_{uuid4().hex}" Version="2.0" IssueInstant="{_written(at)}" '
            f'Destination="{back}" InResponseTo="{number}"><saml:Issuer>{self.address}</saml:Issuer>{_STATUS}'
            f"{signed}</samlp:Response>"
        )

    def _assertion(self, number: str | None, back: str | None, at: datetime) -> str:
        begins, ends = _written(at - timedelta(minutes=2)), _written(at + timedelta(minutes=2))
        told = self.told
        return (
            f'<saml:Assertion {_SPACES} ID="_{uuid4().hex}" Version="2.0" IssueInstant="{_written(at)}">'
            f"<saml:Issuer>{self.address}</saml:Issuer><saml:Subject><saml:NameID>{told.name_id}</saml:NameID>"
            '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
            f'<saml:SubjectConfirmationData InResponseTo="{number}" Recipient="{back}" '
            f'NotOnOrAfter="{ends}"/>'
            "</saml:SubjectConfirmation></saml:Subject>"
            f'<saml:Conditions NotBefore="{begins}" NotOnOrAfter="{ends}"><saml:AudienceRestriction>'
            f"<saml:Audience>{told.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
            f'<saml:AuthnStatement AuthnInstant="{_written(at)}"><saml:AuthnContext>'
            f"<saml:AuthnContextClassRef>{told.level}</saml:AuthnContextClassRef></saml:AuthnContext>"
            "</saml:AuthnStatement></saml:Assertion>"
        )


_STATUS = (
    '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>'
)


@contextmanager
def running(place: Path) -> Iterator[Idp]:
    """Run one, with its keys and ours in `place`."""
    for name in ("idp", "us", "other"):
        _make_key(place, name)
    idp = Idp(place=place)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Take a question of a browser, or one of ours for what an artifact stands for."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/ask":
                given = parse_qs(body.decode())
                artifact = idp.take(b64decode(given["SAMLRequest"][0]))
                (xml,) = [idp.asked[artifact]]
                to = xml.get("AssertionConsumerServiceURL")
                self.send_response(302)
                self.send_header("Location", f"{to}?{urlencode({'SAMLart': artifact})}")
                self.end_headers()
                return
            is_us = bool(self.connection.getpeercert())  # type: ignore[attr-defined]
            self.send_response(200 if is_us else 403)
            self.end_headers()
            if is_us:
                self.wfile.write(idp.resolved(body))

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(place / "idp.crt", place / "idp.key")
    context.load_verify_locations(place / "us.crt")
    context.verify_mode = ssl.CERT_OPTIONAL
    server.socket = context.wrap_socket(server.socket, server_side=True)
    idp.address = f"https://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield idp
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _make_key(place: Path, name: str) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(tz=UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(subject_name=who, issuer_name=who, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (place / f"{name}.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (place / f"{name}.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))


def _signed(xml: str, key: Path, certificate: Path) -> str:
    from onelogin.saml2.constants import OneLogin_Saml2_Constants as Words
    from onelogin.saml2.utils import OneLogin_Saml2_Utils as Utils

    made = Utils.add_sign(
        xml, key.read_text(), certificate.read_text(),
        sign_algorithm=Words.RSA_SHA256, digest_algorithm=Words.SHA256,
    )  # fmt: skip
    return made.decode() if isinstance(made, bytes) else str(made)


def _is_signed(xml: bytes, certificate: Path) -> bool:
    import xmlsec

    signed = etree.fromstring(xml)
    (signature,) = signed.iter(f"{{{NAMES['ds']}}}Signature")
    xmlsec.tree.add_ids(signed, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_file(str(certificate), xmlsec.constants.KeyDataFormatCertPem)
    try:
        context.verify(signature)
    except xmlsec.Error:
        return False
    return True


def _now() -> datetime:
    return datetime.now(tz=UTC)


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


__all__ = ["CLASSES", "US", "Idp", "Told", "replace", "running"]
