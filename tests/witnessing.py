# SPDX-License-Identifier: EUPL-1.2
"""Small trees that grow, fork and go back, their signed checkpoints, and witnesses to show them to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256

from rekenschap.adapters.keys import MemoryKeys
from rekenschap.adapters.keys.signatures import KeyPair, PublicKey, verifier_of
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.hashing import Hash
from rekenschap.tlog.note import KnownSignature, Note, NoteSignature, check_note, sign_note
from rekenschap.tlog.proof import consistency_path
from rekenschap.tlog.tree import root_of
from rekenschap.tlog.vkey import SignatureKind

LOG = "example.org/log"
KEYS = MemoryKeys(b"an invented seed of a log that is watched")
STRANGER = MemoryKeys(b"the seed of somebody who is not that log")
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Tree:
    """A tree of leaves that follow from a history: two histories agree up to where they part."""

    origin: str = LOG
    keys: MemoryKeys = KEYS
    leaves: bytes = b""

    def grow(self, count: int, history: str = "true") -> Tree:
        at = self.size
        added = (sha256(f"{history} {at + i}".encode()).digest() for i in range(count))
        return Tree(origin=self.origin, keys=self.keys, leaves=self.leaves + b"".join(added))

    def cut(self, size: int) -> Tree:
        return Tree(origin=self.origin, keys=self.keys, leaves=self.leaves[: 32 * size])

    @property
    def size(self) -> int:
        return len(self.leaves) // 32

    @property
    def checkpoint(self) -> Checkpoint:
        return Checkpoint(origin=self.origin, size=self.size, root=root_of(self.leaves))

    @cached_property
    def note(self) -> bytes:
        return sign_note(self.checkpoint.to_text(), self.keys.signers(self.origin)).to_bytes()

    def read(self, level: int, index: int) -> Hash:
        return root_of(self.leaves[32 * (index << level) : 32 * ((index + 1) << level)])

    def proof(self, old: int) -> tuple[Hash, ...]:
        return consistency_path(old, self.size, self.read)

    def verifiers(self) -> list[PublicKey]:
        return [verifier_of(text) for text in self.keys.verifier_texts(self.origin)]


@dataclass
class Signers:
    """The two keys of a witness, from a seed."""

    name: str = "witness.example/w1"
    pairs: tuple[KeyPair, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.pairs = tuple(
            KeyPair.from_seed(self.name, kind, sha256(f"{self.name} {kind}".encode()).digest())
            for kind in (SignatureKind.ED25519_COSIGNATURE, SignatureKind.ML_DSA_44)
        )

    @property
    def texts(self) -> list[str]:
        return [pair.key.to_text() for pair in self.pairs]

    @property
    def verifiers(self) -> list[PublicKey]:
        return [verifier_of(text) for text in self.texts]


def held(
    tree: Tree, signatures: tuple[NoteSignature, ...], keys: list[PublicKey]
) -> tuple[KnownSignature, ...]:
    """Check cosignatures over the checkpoint of a tree."""
    return check_note(Note(text=tree.checkpoint.to_text(), signatures=signatures), keys)
