# SPDX-License-Identifier: EUPL-1.2
"""A security key in software: keeps a private key and signs what a browser asks, as WebAuthn level 2 says."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40


@dataclass(slots=True)
class Passkey:
    """One key for one site."""

    origin: str
    host: str
    handle: str = ""
    number: bytes = field(default_factory=lambda: os.urandom(16))
    counter: int = 0
    _key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def made(self, options: dict[str, dict[str, object]]) -> str:
        """Answer navigator.credentials.create."""
        asked = options["publicKey"]
        person = asked["user"]
        assert isinstance(person, dict)
        self.handle = str(person["id"])
        public = ES256.from_cryptography_key(self._key.public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, self.number, public)
        seen = AuthenticatorData.create(
            sha256(self.host.encode()), _PRESENT | _VERIFIED | _ATTESTED, self.counter, credential
        )
        response = {
            "clientDataJSON": websafe_encode(self._client("webauthn.create", asked)),
            "attestationObject": websafe_encode(AttestationObject.create("none", seen, {})),
        }
        return self._told(response, {"credProps": {"rk": True}})

    def shown(self, options: dict[str, dict[str, object]]) -> str:
        """Answer navigator.credentials.get."""
        self.counter += 1
        client = self._client("webauthn.get", options["publicKey"])
        seen = AuthenticatorData.create(sha256(self.host.encode()), _PRESENT | _VERIFIED, self.counter)
        signature = self._key.sign(bytes(seen) + sha256(client), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(bytes(seen)),
            "signature": websafe_encode(signature),
            "userHandle": self.handle,
        }
        return self._told(response, {})

    def _client(self, kind: str, asked: dict[str, object]) -> bytes:
        told = {"type": kind, "challenge": asked["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _told(self, response: dict[str, str], extensions: dict[str, object]) -> str:
        name = websafe_encode(self.number)
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "response": response,
                "clientExtensionResults": extensions,
                "authenticatorAttachment": "cross-platform",
            }
        )
