# SPDX-License-Identifier: EUPL-1.2
"""Ed25519 and ML-DSA-44 behind the `Signer` and `Verifier` of a note. Knows no file and no note."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from rekenschap.errors import KeysError, WrongSignatureError
from rekenschap.tlog.vkey import SignatureKind, VerifierKey

SEED_SIZE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPair:
    """A private key that signs under a name; satisfies `rekenschap.tlog.note.Signer`."""

    key: VerifierKey
    _private: Ed25519PrivateKey | MLDSA44PrivateKey

    @classmethod
    def from_seed(cls, name: str, kind: SignatureKind, seed: bytes) -> Self:
        """Make the key pair that follows from 32 secret bytes."""
        private: Ed25519PrivateKey | MLDSA44PrivateKey
        if kind is SignatureKind.ML_DSA_44:
            private = MLDSA44PrivateKey.from_seed_bytes(seed)
        else:
            private = Ed25519PrivateKey.from_private_bytes(seed)
        public = private.public_key().public_bytes_raw()
        return cls(key=VerifierKey(name=name, kind=kind, public_key=public), _private=private)

    @property
    def name(self) -> str:
        """Name the key signs under."""
        return self.key.name

    @property
    def key_id(self) -> bytes:
        """Four bytes that stand for the key."""
        return self.key.key_id

    @property
    def kind(self) -> SignatureKind:
        """Type of its signatures."""
        return self.key.kind

    def sign(self, message: bytes) -> bytes:
        """Return the bare signature over exactly these bytes."""
        return self._private.sign(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A public key that checks; satisfies `rekenschap.tlog.note.Verifier`."""

    key: VerifierKey
    _public: Ed25519PublicKey | MLDSA44PublicKey

    @property
    def name(self) -> str:
        """Name the key is trusted for."""
        return self.key.name

    @property
    def key_id(self) -> bytes:
        """Four bytes that stand for the key."""
        return self.key.key_id

    @property
    def kind(self) -> SignatureKind:
        """Type of its signatures."""
        return self.key.kind

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
