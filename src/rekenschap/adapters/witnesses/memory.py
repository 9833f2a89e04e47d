# SPDX-License-Identifier: EUPL-1.2
"""A witness in this process, for tests and the demo: it forgets with the process and is no second party."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from threading import Lock

from rekenschap.errors import ForkError, InconsistentError, WitnessError, WrongSignatureError
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.hashing import Hash
from rekenschap.tlog.note import Note, NoteSignature, Signer, Verifier, sign_text
from rekenschap.tlog.witnessing import AddCheckpoint, check_growth, open_for_witness


class MemoryWitness:
    """Remembers checkpoints in a dictionary. See `rekenschap.seams.witness.Witness`."""

    def __init__(
        self,
        *,
        name: str,
        signers: Sequence[Signer],
        logs: Mapping[str, Sequence[Verifier]],
        clock: Callable[[], datetime],
    ) -> None:
        self._name, self._signers, self._logs, self._clock = name, signers, logs, clock
        self._latest: dict[str, Checkpoint] = {}
        self._lock = Lock()

    @property
    def name(self) -> str:
        """The name it was given."""
        return self._name

    def cosign(self, *, old_size: int, proof: Sequence[Hash], note: bytes) -> tuple[NoteSignature, ...]:
        """Cosign the checkpoint if it continues the last one of its log."""
        request = AddCheckpoint(old_size=old_size, proof=tuple(proof), note=note)
        if request.origin not in self._logs:
            raise unknown(self._name, "a log it does not watch")
        try:
            checkpoint, own = open_for_witness(request, self._logs[request.origin])
        except WrongSignatureError as error:
            raise unknown(self._name, "a checkpoint without a signature it accepts") from error
        with self._lock:
            latest = self._latest.get(checkpoint.origin)
            try:
                check_growth(request, checkpoint, latest)
            except InconsistentError as error:
                raise forked(self._name, checkpoint.size, old_size) from error
            self._latest[checkpoint.origin] = checkpoint
            timestamp = int(self._clock().timestamp())
            return tuple(sign_text(own.text, signer, timestamp) for signer in self._signers)


def size_in(note: bytes) -> int:
    """Give the size of the checkpoint in a note, without believing it."""
    return Checkpoint.from_text(Note.from_bytes(note).text).size


def unknown(name: str, found: str) -> WitnessError:
    """Make the error for a checkpoint that is not for this witness."""
    return WitnessError(
        expected=f"a checkpoint that witness {name} watches over",
        found=found,
        remedy="give its owner the public keys of this ledger",
    )


def forked(name: str, size: int, old_size: int) -> ForkError:
    """Make the alarm for a checkpoint that does not continue what the witness cosigned."""
    return ForkError(
        expected=f"the checkpoint of size {size} to continue the one of size {old_size} "
        f"that witness {name} cosigned",
        found="another history",
        remedy="stop, keep the ledger and the answer of the witness as evidence: it was rewritten or forked",
    )
