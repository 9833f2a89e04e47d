# SPDX-License-Identifier: EUPL-1.2
"""Whose signature counts for a ledger: keys named after its origin, others are witnesses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from rekenschap.errors import WrongSignatureError
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.note import KnownSignature, Verifier, open_checkpoint

Signatures = tuple[KnownSignature, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """The keys somebody trusts for the ledger of one origin."""

    origin: str
    keys: tuple[Verifier, ...]
    witnesses: tuple[Verifier, ...]

    @classmethod
    def of(cls, origin: str, verifiers: Sequence[Verifier]) -> Self:
        """Sort the keys into those of the log and those of witnesses."""
        return cls(
            origin=origin,
            keys=tuple(key for key in verifiers if key.name == origin),
            witnesses=tuple(key for key in verifiers if key.name != origin),
        )

    def opened(self, note: bytes) -> tuple[Checkpoint, Signatures]:
        """Open a checkpoint that at least one key of the log signed."""
        return open_checkpoint(note, origin=self.origin, log_keys=self.keys, witness_keys=self.witnesses)

    def opened_fully(self, note: bytes) -> tuple[Checkpoint, Signatures]:
        """Open a checkpoint that a key of every kind signed of which the reader has one of the log.

        Otherwise whoever can forge the weaker kind would only have to leave out the stronger.
        """
        checkpoint, held = self.opened(note)
        own = {(key.name, key.key_id) for key in self.keys}
        signed = {each.kind for each in held if (each.name, each.key_id) in own}
        absent = {key.kind for key in self.keys} - signed
        if absent:
            raise WrongSignatureError(
                expected="a signature of the log of each kind of key that was given",
                found=f"none of kind {min(absent).name}",
                remedy="keep the checkpoint as evidence and fetch it again",
            )
        return checkpoint, held
