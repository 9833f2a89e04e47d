# SPDX-License-Identifier: EUPL-1.2
"""Private keys of Ed25519 and ML-DSA-44 behind the `Signer` of a note. Knows no file and no note.

The public halves that check are in `rekenschap.ledger.custody.publickeys`: a check needs no keeper of keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from rekenschap.ledger.custody.publickeys import PublicKey, verifier_of
from rekenschap.tlog.vkey import OfKey, SignatureKind, VerifierKey

__all__ = ["SEED_SIZE", "KeyPair", "PublicKey", "verifier_of"]

SEED_SIZE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPair(OfKey):
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

    def sign(self, message: bytes) -> bytes:
        """Return the bare signature over exactly these bytes."""
        return self._private.sign(message)
