# SPDX-License-Identifier: EUPL-1.2
"""The hashes of the Merkle tree (RFC 6962 section 2.1): leaf, node and the empty root.

Single hashes are `Hash` values. Many hashes are packed: one `bytes` of 32-byte hashes after each
other, because a million small objects cost more than the hashing itself.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from rekenschap.errors import MalformedProofError
from rekenschap.tlog.text import from_base64, to_base64

HASH_SIZE = 32
ENTRY_SIZE = 32
_LEAF = b"\x00"
_NODE = b"\x01"


@dataclass(frozen=True, slots=True)
class Hash:
    """A SHA-256 hash: exactly 32 bytes inside, text only at the border."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != HASH_SIZE:
            raise MalformedProofError(
                expected="a hash of 32 bytes",
                found=f"{len(self.raw)} bytes",
                remedy="ask for the proof again",
            )

    @classmethod
    def from_base64(cls, text: str) -> Self:
        """Read a hash from its one canonical base64 spelling; raise MalformedProofError otherwise."""
        raw = from_base64(text)
        if raw is None or len(raw) != HASH_SIZE:
            raise MalformedProofError(
                expected="a hash as 44 characters of standard base64",
                found=f"{len(text)} characters that are not one",
                remedy="ask for the proof again",
            )
        return cls(raw)

    def to_base64(self) -> str:
        """Spell the hash in standard base64."""
        return to_base64(self.raw)


EMPTY_ROOT = Hash(sha256(b"").digest())
"""Root of the tree with no leaves (RFC 6962 section 2.1)."""


def leaf_hash(entry: bytes) -> Hash:
    """Hash one entry into its leaf: SHA-256(00 | entry)."""
    return Hash(sha256(_LEAF + entry).digest())


def node_hash(left: Hash, right: Hash) -> Hash:
    """Hash two children into their parent: SHA-256(01 | left | right)."""
    return Hash(sha256(_NODE + left.raw + right.raw).digest())


def raw_node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two children given as bare bytes; for inner loops that have already checked their lengths."""
    return sha256(_NODE + left + right).digest()


def leaf_hashes(entries: bytes) -> bytes:
    """Hash packed 32-byte entries into packed leaf hashes, in the same order."""
    check_packed(entries, "entries")
    return b"".join([sha256(_LEAF + entries[at : at + 32]).digest() for at in range(0, len(entries), 32)])


def parent_hashes(level: bytes) -> bytes:
    """Hash a packed level of an even number of nodes into the packed level above it."""
    if len(level) % (2 * HASH_SIZE):
        raise MalformedProofError(
            expected="an even number of packed hashes",
            found=f"{len(level)} bytes",
            remedy="carry the odd node up",
        )
    return b"".join([sha256(_NODE + level[at : at + 64]).digest() for at in range(0, len(level), 64)])


def check_packed(packed: bytes, what: str) -> None:
    """Raise MalformedProofError unless the bytes are a whole number of 32-byte values."""
    if len(packed) % HASH_SIZE:
        raise MalformedProofError(
            expected=f"packed {what} of 32 bytes each",
            found=f"{len(packed)} bytes",
            remedy="read the block again",
        )
