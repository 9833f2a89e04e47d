# SPDX-License-Identifier: EUPL-1.2
"""What goes into the journal in one call, and those who wait together to be written in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from rekenschap.errors import RekenschapError
from rekenschap.ledger.journal.frames import HEAD, START


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much goes in one file, waits at once, and is written in one go."""

    rows: int = 131_072
    file: int = 256 << 20
    begin: int = 1 << 20
    waiting: int = 256 << 20
    group: int = 8 << 20


class Batch:
    """Rows of one kind and schema on their way into the journal, once.

    Encoded rows, or something `offered` of about so many `size` bytes that `admit` makes rows of. `times`
    are the earliest and the latest time of recording in them, and `identities` who the facts are, for
    `admit` to judge. When it is written it has its `first` index, and otherwise an `error`.
    """

    __slots__ = (
        "blob",
        "error",
        "first",
        "identities",
        "kind",
        "lengths",
        "offered",
        "rows",
        "schema_no",
        "size",
        "times",
    )

    def __init__(
        self,
        shape: tuple[int, int],
        lengths: bytes,
        blob: bytes | memoryview,
        *,
        times: tuple[int, int] = (0, 0),
        identities: Sequence[bytes] = (),
    ) -> None:
        self.kind, self.schema_no = shape
        self.times = times
        self.identities = identities
        self.first = -1
        self.offered: object | None = None
        self.error: RekenschapError | None = None
        self.fill(lengths, blob)

    @classmethod
    def later(cls, shape: tuple[int, int], offered: object, *, rows: int, size: int) -> Batch:
        """Make a batch whose rows are encoded when its turn comes, together with those of others."""
        made = cls(shape, b"", b"")
        made.offered, made.rows, made.size = offered, rows, size
        return made

    def fill(self, lengths: bytes, blob: bytes | memoryview) -> None:
        """Take the encoded rows: the length of each as packed big-endian u32, and their bytes."""
        self.lengths, self.blob = lengths, blob
        self.rows = len(lengths) // 4
        self.size = START.size + HEAD.size + len(lengths) + len(blob)


class Group:
    """Batches that are written in one go by who came first.

    `turn` is let go of when that one may write, `done` when all is durable or failed; then each who waits
    lets the next one go on. Waking all at once would have them fight for the interpreter. Who writes may
    wait until it is `wanted` large, and is told by `gathered`.
    """

    __slots__ = ("batches", "done", "gathered", "size", "turn", "wanted")

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.size = 0
        self.wanted = 0
        self.turn, self.done, self.gathered = Lock(), Lock(), Lock()
        for each in (self.turn, self.done, self.gathered):
            each.acquire()

    def add(self, batch: Batch) -> None:
        """Take one more in; the last that was wanted lets the writer go on. One thread at a time."""
        self.batches.append(batch)
        self.size += batch.size
        if len(self.batches) == self.wanted:
            self.gathered.release()


def in_frames(batches: Sequence[Batch], first: int) -> list[Batch]:
    """Put batches of one kind and schema that follow each other together; the first row gets index `first`.

    One that stands alone is given as it is.
    """
    frames: list[Batch] = []
    start = 0
    for end in range(1, len(batches) + 1):
        one = batches[start]
        if end < len(batches) and (batches[end].schema_no == one.schema_no and batches[end].kind == one.kind):
            continue
        frame = one
        if end - start > 1:
            some = batches[start:end]
            frame = Batch(
                (one.kind, one.schema_no),
                b"".join([each.lengths for each in some]),
                b"".join([each.blob for each in some]),
            )
            frame.first = first
        frames.append(frame)
        first += frame.rows
        start = end
    return frames
