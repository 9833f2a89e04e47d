# SPDX-License-Identifier: EUPL-1.2
"""A second party that signs a checkpoint only when it continues the last one it signed.

Knows hashes and sizes; no rows, no people.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rekenschap.tlog.hashing import Hash
from rekenschap.tlog.note import NoteSignature


class Witness(Protocol):
    """Somebody outside who remembers, for each log, the largest checkpoint it cosigned."""

    @property
    def name(self) -> str:
        """What we call this witness when it is silent."""
        ...

    def cosign(self, *, old_size: int, proof: Sequence[Hash], note: bytes) -> tuple[NoteSignature, ...]:
        """Ask for cosignatures over the checkpoint `note`, which continues the one of `old_size` by `proof`.

        The witness remembers the checkpoint before this returns. No signature is checked yet: only those
        of known keys that hold count. May be asked again with the same checkpoint.

        Raises WitnessSizeError when it cosigned another size last: ask again with the proof from there (0: it
        knows nothing of this log); ForkError when the tree is not the one it cosigned, grown; WitnessError
        when it does not answer in time (retryable), does not know this log or none of its keys.
        """
