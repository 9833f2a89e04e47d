# SPDX-License-Identifier: EUPL-1.2
"""The proof as one file that anyone can check offline (C2SP tlog-proof).

Holds the way from an entry to a signed checkpoint. Does not hold the entry: whoever checks brings it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from rekenschap.errors import MalformedProofError
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.hashing import Hash
from rekenschap.tlog.note import MAX_NOTE_SIZE, KnownSignature, Verifier, open_checkpoint
from rekenschap.tlog.proof import check_inclusion
from rekenschap.tlog.text import MAX_NUMBER, from_base64, from_decimal, to_base64

_HEADER = "c2sp.org/tlog-proof@v1"
MAX_PATH = 63


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofFile:
    """Index, path and signed checkpoint of one entry; `extra` is carried along and never authenticated."""

    index: int
    path: tuple[Hash, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.index <= MAX_NUMBER:
            raise _malformed("an index of 0 up to 2^63 - 1", f"{self.index}")
        if len(self.path) > MAX_PATH:
            raise _malformed(f"a path of at most {MAX_PATH} hashes", f"{len(self.path)}")

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Read a proof file; raise MalformedProofError when it is not one. Nothing is believed yet."""
        if len(raw) > 2 * MAX_NOTE_SIZE:
            raise _malformed(f"a proof of at most {2 * MAX_NOTE_SIZE} bytes", f"{len(raw)} bytes")
        # The first empty line divides: the checkpoint after it has one of its own.
        head, blank, checkpoint = raw.partition(b"\n\n")
        lines = head.decode("utf-8", "replace").split("\n")
        if not blank or lines.pop(0) != _HEADER:
            raise _malformed(f"the header {_HEADER} and an empty line", "another form")
        extra = _read_extra(lines.pop(0)) if lines and lines[0].startswith("extra ") else None
        index = (
            from_decimal(lines.pop(0).removeprefix("index "))
            if lines and lines[0].startswith("index ")
            else None
        )
        if index is None:
            raise _malformed("a line with the index", "another line")
        return cls(index=index, path=tuple(map(Hash.from_base64, lines)), checkpoint=checkpoint, extra=extra)

    def to_bytes(self) -> bytes:
        """Write the file; keep it with extension `.tlog-proof`."""
        lines = [_HEADER]
        if self.extra is not None:
            lines.append(f"extra {to_base64(self.extra)}")
        lines += [f"index {self.index}", *(hash_.to_base64() for hash_ in self.path), "", ""]
        return "\n".join(lines).encode() + self.checkpoint


def check_proof_file(
    proof: ProofFile,
    *,
    leaf: Hash,
    origin: str,
    log_keys: Sequence[Verifier],
    witness_keys: Sequence[Verifier] = (),
) -> tuple[Checkpoint, tuple[KnownSignature, ...]]:
    """Check a proof file against the leaf hash the reader computed and the keys the reader trusts.

    Follows the steps of C2SP tlog-proof; returns the checkpoint and the signatures that hold. Whether
    these are enough witnesses is for the caller to say. Raises an error of the VerificationError family.
    """
    # 1. The leaf hash is computed by the caller, from the entry itself: `leaf`.
    # 2-3. The checkpoint is of this log, signed by it, and every known cosignature holds.
    checkpoint, held = open_checkpoint(
        proof.checkpoint, origin=origin, log_keys=log_keys, witness_keys=witness_keys
    )
    # 4. The path leads from the leaf to the signed root.
    check_inclusion(leaf=leaf, index=proof.index, size=checkpoint.size, path=proof.path, root=checkpoint.root)
    return checkpoint, held


def _read_extra(line: str) -> bytes:
    extra = from_base64(line.removeprefix("extra "))
    if extra is None:
        raise _malformed("extra data in base64", "another text")
    return extra


def _malformed(expected: str, found: str) -> MalformedProofError:
    return MalformedProofError(expected=expected, found=found, remedy="ask for the proof again")
