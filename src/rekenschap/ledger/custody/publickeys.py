# SPDX-License-Identifier: EUPL-1.2
"""Public keys that check: Ed25519 and ML-DSA-44 behind the `Verifier` of a note. Knows no private key."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from rekenschap.errors import KeysError, WrongSignatureError
from rekenschap.tlog.vkey import OfKey, SignatureKind, VerifierKey


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey(OfKey):
    """A public key that checks; satisfies `rekenschap.tlog.note.Verifier`."""

    key: VerifierKey
    _public: Ed25519PublicKey | MLDSA44PublicKey

    def verify(self, message: bytes, signature: bytes) -> None:
        """Raise WrongSignatureError unless this is the key's signature over exactly these bytes."""
        try:
            self._public.verify(signature, message)
        except InvalidSignature as error:
            raise WrongSignatureError(
                expected=f"a signature by {self.name}",
                found="one that does not hold",
                remedy="keep the checkpoint as evidence and raise the alarm",
            ) from error


def verifier_of(text: str) -> PublicKey:
    """Read a C2SP verifier text (`name+id+base64`) into a key that checks; raises KeysError."""
    key = VerifierKey.from_text(text.strip())
    try:
        if key.kind is SignatureKind.ML_DSA_44:
            return PublicKey(key=key, _public=MLDSA44PublicKey.from_public_bytes(key.public_key))
        return PublicKey(key=key, _public=Ed25519PublicKey.from_public_bytes(key.public_key))
    except ValueError as error:
        raise KeysError(
            expected=f"a public key of {key.name}",
            found="bytes that are not one",
            remedy="copy the key again",
        ) from error
