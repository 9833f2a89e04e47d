# SPDX-License-Identifier: EUPL-1.2
"""Real keys for the note tests, made from fixed seeds so that every run signs with the same ones."""

from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from rekenschap.errors import WrongSignatureError
from rekenschap.tlog.vkey import OfKey, SignatureKind, VerifierKey


@dataclass(frozen=True)
class SeedSigner:
    name: str
    kind: SignatureKind

    @property
    def private(self) -> Ed25519PrivateKey | MLDSA44PrivateKey:
        seed = sha256(f"test key {self.name} {self.kind}".encode()).digest()
        if self.kind is SignatureKind.ML_DSA_44:
            return MLDSA44PrivateKey.from_seed_bytes(seed)
        return Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def key(self) -> VerifierKey:
        public = self.private.public_key().public_bytes_raw()
        return VerifierKey(name=self.name, kind=self.kind, public_key=public)

    @property
    def key_id(self) -> bytes:
        return self.key.key_id

    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message)


@dataclass(frozen=True)
class RealVerifier(OfKey):
    key: VerifierKey

    def verify(self, message: bytes, signature: bytes) -> None:
        public: Ed25519PublicKey | MLDSA44PublicKey
        if self.kind is SignatureKind.ML_DSA_44:
            public = MLDSA44PublicKey.from_public_bytes(self.key.public_key)
        else:
            public = Ed25519PublicKey.from_public_bytes(self.key.public_key)
        try:
            public.verify(signature, message)
        except InvalidSignature as error:
            raise WrongSignatureError(
                expected=f"a signature by {self.name}", found="another", remedy="raise the alarm"
            ) from error


ORIGIN = "example.org/ledger"
LOG = SeedSigner(ORIGIN, SignatureKind.ED25519)
LOG_PQ = SeedSigner(ORIGIN, SignatureKind.ML_DSA_44)
WITNESS = SeedSigner("witness.example.org/w1", SignatureKind.ED25519_COSIGNATURE)
WITNESS_PQ = SeedSigner("witness.example.org/w2", SignatureKind.ML_DSA_44)
STRANGER = SeedSigner("stranger.example.org", SignatureKind.ED25519)
EVERYONE = (LOG, LOG_PQ, WITNESS, WITNESS_PQ)
AT = 1_790_000_000


def trusts(*signers: SeedSigner) -> tuple[RealVerifier, ...]:
    return tuple(RealVerifier(signer.key) for signer in signers)
