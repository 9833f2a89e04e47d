# SPDX-License-Identifier: EUPL-1.2
"""What a witness is asked and how it decides (C2SP tlog-witness): the request, and the checks in their order.

Remembers nothing and signs nothing: whoever keeps the memory of a witness calls this inside one transaction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from rekenschap.errors import (
    InconsistentError,
    MalformedCheckpointError,
    MalformedProofError,
    WitnessSizeError,
    WrongSignatureError,
)
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.hashing import EMPTY_ROOT, Hash
from rekenschap.tlog.note import MAX_SIGNATURES, Note, NoteSignature, Verifier, open_checkpoint
from rekenschap.tlog.proof import check_consistency
from rekenschap.tlog.text import from_decimal

MAX_PATH = 63
"""Lines of proof in one request at most."""
MAX_REQUEST = 400_000
"""Bytes of a request we read at most: a note of 100 ML-DSA-44 signatures and the longest proof."""
SIZE_TYPE = "text/x.tlog.size"
"""The content type of an answer 409 that tells the size the witness knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCheckpoint:
    """The body of `add-checkpoint`: the size the witness should know, the proof, the note."""

    old_size: int
    proof: tuple[Hash, ...]
    note: bytes

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Read a request; raises MalformedProofError. Of the note only the place is known then."""
        if len(raw) > MAX_REQUEST:
            raise _malformed(f"a request of at most {MAX_REQUEST} bytes", f"{len(raw)} bytes")
        # The first empty line divides: the note after it has one of its own.
        head, blank, note = raw.partition(b"\n\n")
        try:
            first, *lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError as error:
            raise _malformed("a size and hashes in plain text", "other bytes") from error
        old_size = from_decimal(first.removeprefix("old ")) if first.startswith("old ") else None
        if not blank or old_size is None or len(lines) > MAX_PATH:
            raise _malformed(f"old, a size, up to {MAX_PATH} hashes and an empty line", "another form")
        return cls(old_size=old_size, proof=tuple(map(Hash.from_base64, lines)), note=note)

    def to_bytes(self) -> bytes:
        """Write the request as it is posted."""
        lines = [f"old {self.old_size}", *(each.to_base64() for each in self.proof), "", ""]
        return "\n".join(lines).encode() + self.note

    @property
    def origin(self) -> str:
        """The log the note says it is of; raises MalformedCheckpointError when it is no note."""
        return Note.from_bytes(self.note).text.partition("\n")[0]


def check_growth(request: AddCheckpoint, checkpoint: Checkpoint, latest: Checkpoint | None) -> None:
    """Check that `checkpoint` continues `latest`, the last one cosigned for its log, or None for none.

    Raises MalformedProofError when the sizes make no sense, WitnessSizeError when the old size is not that of
    `latest`, and InconsistentError when the tree is not the same one, grown.
    """
    known = latest.size if latest else 0
    # 1. The old size is no larger than the new one.
    if request.old_size > checkpoint.size:
        raise _malformed(f"an old size up to {checkpoint.size}", f"{request.old_size}")
    # 2. The old size is what we cosigned last.
    if request.old_size != known:
        raise WitnessSizeError(
            expected=f"a checkpoint that continues the one of size {known}",
            found=f"one that continues size {request.old_size}",
            remedy=f"send the proof from size {known}",
            size=known,
        )
    # 3. The proof leads from the old root to the new one; with equal sizes the roots are equal.
    try:
        check_consistency(
            old_size=known,
            old_root=latest.root if latest else EMPTY_ROOT,
            new_size=checkpoint.size,
            new_root=checkpoint.root,
            path=request.proof,
        )
    except MalformedProofError as error:
        raise InconsistentError(
            expected=error.expected, found=error.found, remedy="send the proof between these two sizes"
        ) from error


def open_for_witness(request: AddCheckpoint, log_keys: Sequence[Verifier]) -> tuple[Checkpoint, Note]:
    """Believe the note if a key of its log signed it; give it without the signatures of anybody else.

    Raises MalformedCheckpointError when it is no checkpoint (extension lines make it none here), and
    WrongSignatureError when no key of the log signed it or one of them does not hold.
    """
    Checkpoint.from_text(Note.from_bytes(request.note).text)
    try:
        checkpoint, held = open_checkpoint(request.note, origin=request.origin, log_keys=log_keys)
    except MalformedCheckpointError as error:
        raise WrongSignatureError(
            expected="a checkpoint whose known signatures have their form",
            found=error.found,
            remedy="sign the checkpoint again",
        ) from error
    known = {(each.name, each.key_id) for each in held}
    note = Note.from_bytes(request.note)
    own = {(line.name, line.key_id): line for line in note.signatures if (line.name, line.key_id) in known}
    return checkpoint, Note(text=note.text, signatures=tuple(own.values()))


def cosignatures_in(answer: bytes) -> tuple[NoteSignature, ...]:
    """Read the answer of a witness: signature lines, none believed yet; raises MalformedCheckpointError."""
    try:
        lines = answer.decode().split("\n")
    except UnicodeDecodeError as error:
        raise _no_answer() from error
    if lines.pop() or not 1 <= len(lines) <= MAX_SIGNATURES:
        raise _no_answer()
    return tuple(map(NoteSignature.from_line, lines))


def answer_of(signatures: Iterable[NoteSignature]) -> bytes:
    """Write the answer of a witness that cosigns."""
    return "".join(each.to_line() for each in signatures).encode()


def _no_answer() -> MalformedCheckpointError:
    return MalformedCheckpointError(
        expected=f"1 to {MAX_SIGNATURES} whole signature lines", found="another text", remedy="ask again"
    )


def _malformed(expected: str, found: str) -> MalformedProofError:
    return MalformedProofError(expected=expected, found=found, remedy="send the request again")
