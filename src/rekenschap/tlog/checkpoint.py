# SPDX-License-Identifier: EUPL-1.2
"""The checkpoint body (C2SP tlog-checkpoint): which log, how many leaves, which root.

Knows nothing of signatures; those belong to the note around it. Extension lines are refused: an
ML-DSA cosignature does not cover them, so a line there would look signed and not be it.
"""

from dataclasses import dataclass
from typing import Self

from rekenschap.errors import MalformedCheckpointError, MalformedProofError
from rekenschap.tlog.hashing import EMPTY_ROOT, Hash
from rekenschap.tlog.text import MAX_NUMBER, from_decimal, is_plain

MAX_ORIGIN = 255
"""Bytes an origin may take: the longest the ML-DSA-44 signed message has room for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """One state of one log: its origin, the number of leaves and the root over them."""

    origin: str
    size: int
    root: Hash

    def __post_init__(self) -> None:
        _check_origin(self.origin)
        if not 0 <= self.size <= MAX_NUMBER:
            raise malformed_checkpoint("a size of 0 up to 2^63 - 1", f"{self.size}")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise malformed_checkpoint("the root of the empty tree at size 0", "another root")

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read the three lines of a checkpoint body; raise MalformedCheckpointError on any other text."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3]:
            raise malformed_checkpoint(
                "three lines, each ended by a newline", f"{text.count(chr(10))} newlines"
            )
        size = from_decimal(lines[1])
        if size is None:
            raise malformed_checkpoint("a decimal size on line 2", "another text")
        try:
            root = Hash.from_base64(lines[2])
        except MalformedProofError as error:
            raise malformed_checkpoint("a root hash in base64 on line 3", "another text") from error
        return cls(origin=lines[0], size=size, root=root)

    def to_text(self) -> str:
        """Write the body: origin, size and root, each on its own line."""
        return f"{self.origin}\n{self.size}\n{self.root.to_base64()}\n"


def _check_origin(origin: str) -> None:
    # The spec recommends an origin that can also be a key name, and forbids readers to count on it.
    if not is_plain(origin):
        raise malformed_checkpoint("an origin of one line without control characters", "another text")
    if len(origin.encode()) > MAX_ORIGIN:
        raise malformed_checkpoint(
            f"an origin of at most {MAX_ORIGIN} bytes", f"{len(origin.encode())} bytes"
        )


def malformed_checkpoint(expected: str, found: str) -> MalformedCheckpointError:
    """Make the error for a checkpoint or note that does not have its form."""
    return MalformedCheckpointError(expected=expected, found=found, remedy="fetch the checkpoint again")
