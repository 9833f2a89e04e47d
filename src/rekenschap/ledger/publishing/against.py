# SPDX-License-Identifier: EUPL-1.2
"""Holds a checkpoint that somebody kept elsewhere (printed, mailed, of a witness) against the ledger.

Believes no tile: the ledger contains the kept tree only if a consistency proof leads from its root to the
signed root of now.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from rekenschap.errors import (
    ForkError,
    InconsistentError,
    MalformedCheckpointError,
    MalformedProofError,
)
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.hashing import Hash
from rekenschap.tlog.note import MAX_NOTE_SIZE, KnownSignature, Note
from rekenschap.tlog.proof import NodeReader, check_consistency, consistency_path
from rekenschap.tlog.text import from_decimal

Opened = tuple[Checkpoint, tuple[KnownSignature, ...]]
"""A checkpoint that was believed, with the signatures on it that hold."""

_GROUPED = re.compile(r"[0-9]{1,3}(?:([., ])[0-9]{3})(?:\1[0-9]{3})*", re.ASCII)
_DASH = "\u2014"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A checkpoint from elsewhere; `note` is None when only origin, size and root were written down."""

    checkpoint: Checkpoint
    note: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """A kept checkpoint that the ledger contains, and the signatures on it that hold: none on a bare one."""

    checkpoint: Checkpoint
    signatures: tuple[KnownSignature, ...]

    @property
    def is_signed(self) -> bool:
        """Whether the checkpoint itself proves where it came from."""
        return bool(self.signatures)


def read_kept(raw: bytes) -> Kept:
    """Read a signed note, or three lines somebody typed: origin, size, root in base64.

    Raises MalformedCheckpointError. Of typed lines spaces around them, empty lines between them, dots in the
    size and a forgotten `=` are forgiven; a wrong letter is not.
    """
    try:
        text = raw[: MAX_NOTE_SIZE + 1].decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable("another file") from error
    if _DASH in text:
        note = raw.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
        return Kept(checkpoint=Checkpoint.from_text(Note.from_bytes(note).text), note=note)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) != 3:
        raise _unreadable(f"{len(lines)} lines")
    origin, size, root = lines
    number = from_decimal(re.sub("[., ]", "", size) if _GROUPED.fullmatch(size) else size)
    if number is None:
        raise _unreadable("a second line that is no size")
    try:
        typed = Hash.from_base64(root if root.endswith("=") else f"{root}=")
    except MalformedProofError as error:
        raise _unreadable("a third line that is no root") from error
    return Kept(checkpoint=Checkpoint(origin=origin, size=number, root=typed))


def check_against(
    kept: Kept,
    *,
    ledger: Checkpoint,
    read: NodeReader,
    opened: Callable[[bytes], Opened],
) -> Against:
    """Check that the ledger at its signed checkpoint `ledger` contains the kept one; `read` gives its nodes.

    `opened` opens a note that the log signed, with the keys of its time, and raises WrongSignatureError.

    Raises WrongSignatureError when the kept one is signed but by nobody known, and ForkError when the ledger
    is smaller or has another history.
    """
    old = kept.checkpoint
    # 1. Of this ledger, and signed by it, if it is signed at all.
    if old.origin != ledger.origin:
        raise MalformedCheckpointError(
            expected="a kept checkpoint of this ledger",
            found="one of another",
            remedy="look for the checkpoint with the same origin",
        )
    held: tuple[KnownSignature, ...] = ()
    if kept.note is not None:
        old, held = opened(kept.note)
    # 2. The ledger has at least as many entries.
    if ledger.size < old.size:
        raise ForkError(
            expected=f"a ledger of at least {old.size} entries, as the checkpoint kept elsewhere says",
            found=f"one of {ledger.size}",
            remedy="keep both as evidence: the ledger was put back or cut off",
        )
    # 3. Its first entries are those of the kept checkpoint.
    try:
        check_consistency(
            old_size=old.size,
            old_root=old.root,
            new_size=ledger.size,
            new_root=ledger.root,
            path=consistency_path(old.size, ledger.size, read),
        )
    except InconsistentError as error:
        raise ForkError(
            expected=f"the first {old.size} of {ledger.size} entries to be those of the kept checkpoint",
            found="others",
            remedy="keep both as evidence: the ledger was rewritten after that checkpoint",
        ) from error
    return Against(checkpoint=old, signatures=held)


def _unreadable(found: str) -> MalformedCheckpointError:
    return MalformedCheckpointError(
        expected="a signed checkpoint, or three lines: origin, size and root",
        found=found,
        remedy="copy it again from where it was kept",
    )
