# SPDX-License-Identifier: EUPL-1.2
"""Names of signing keys (C2SP signed-note): the key id, the kinds of signature, the one-line verifier key.

Knows public keys only, as bytes it does not open.
"""

from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from typing import Self

from rekenschap.errors import KeysError
from rekenschap.tlog.text import from_base64, is_key_name, to_base64

KEY_ID_SIZE = 4
MAX_NAME = 255


class SignatureKind(IntEnum):
    """The signature types we sign with or check; the number is the type byte of the C2SP registry."""

    ED25519 = 0x01
    """Ed25519 over the note text, by a log."""
    ED25519_COSIGNATURE = 0x04
    """Timestamped Ed25519, by a witness."""
    ML_DSA_44 = 0x06
    """Timestamped ML-DSA-44, by a log or a witness."""

    @property
    def public_key_size(self) -> int:
        """Bytes of a public key of this kind."""
        return 1312 if self is SignatureKind.ML_DSA_44 else 32

    @property
    def signature_size(self) -> int:
        """Bytes of the bare signature, without timestamp."""
        return 2420 if self is SignatureKind.ML_DSA_44 else 64

    @property
    def is_timestamped(self) -> bool:
        """Whether eight bytes of time go before the signature (C2SP tlog-cosignature)."""
        return self is not SignatureKind.ED25519


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """A public key with the name it signs under; satisfies the naming half of `Signer` and `Verifier`."""

    name: str
    kind: SignatureKind
    public_key: bytes

    def __post_init__(self) -> None:
        if not is_key_name(self.name) or len(self.name.encode()) > MAX_NAME:
            raise _bad_key("a key name of 1 to 255 bytes without spaces or plus signs", "another name")
        if len(self.public_key) != self.kind.public_key_size:
            raise _bad_key(
                f"a public key of {self.kind.public_key_size} bytes", f"{len(self.public_key)} bytes"
            )

    @property
    def key_id(self) -> bytes:
        """The four bytes that stand for this key in a signature line."""
        material = self.name.encode() + b"\n" + bytes([self.kind]) + self.public_key
        return sha256(material).digest()[:KEY_ID_SIZE]

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read `name+id+key`; raise KeysError when it is malformed or its id is not that of the key."""
        name, *rest = text.split("+", 2)
        raw = from_base64(rest[1]) if len(rest) == 2 else None
        if not raw:
            raise _bad_key("a verifier key in the form name+id+base64", "another text")
        if raw[0] not in [*SignatureKind]:
            raise _bad_key("signature type 1, 4 or 6", f"type {raw[0]}")
        key = cls(name=name, kind=SignatureKind(raw[0]), public_key=raw[1:])
        if rest[0] != key.key_id.hex():
            raise _bad_key("the key id that follows from the name and the key", "another id")
        return key

    def to_text(self) -> str:
        """Write the verifier key on one line, as other implementations read it."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(bytes([self.kind]) + self.public_key)}"


class OfKey:
    """What goes by the name, the id and the kind of its `key`: the naming half of `Signer` and `Verifier`."""

    __slots__ = ()

    key: VerifierKey

    @property
    def name(self) -> str:
        """Name the key signs under, or is trusted for."""
        return self.key.name

    @property
    def key_id(self) -> bytes:
        """Four bytes that stand for the key."""
        return self.key.key_id

    @property
    def kind(self) -> SignatureKind:
        """Type of its signatures."""
        return self.key.kind


def _bad_key(expected: str, found: str) -> KeysError:
    return KeysError(expected=expected, found=found, remedy="copy the verifier key again from its owner")
