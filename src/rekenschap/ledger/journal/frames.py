# SPDX-License-Identifier: EUPL-1.2
"""One frame of the journal as bytes: rows that were appended together, with their index and a checksum.

length u32 | crc32 u32 of all after it | epoch u64 | first index u64 | kind u8 | schema_no u32 | rows u32
| length of each row u32 | rows. Numbers are big-endian; `length` counts what follows the checksum, and 0 ends
the journal. The epoch is the index of the first row that was written and synced in the same go: a frame with
an epoch beyond index i proves that i had been durable.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

import numpy as np

START = struct.Struct(">II")
HEAD = struct.Struct(">QQBII")
END = bytes(4)
"""A length of 0: nothing follows."""
SMALLEST = HEAD.size + 4
_FAR = 1 << 20  # no frame begins further from the one before it than a few segments


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Rows as they stand in the journal; row k is the k-th of `sizes()` bytes of `blob`."""

    epoch: int
    first: int
    kind: int
    schema_no: int
    rows: int
    lengths: bytes
    blob: bytes
    end: int
    """where the next frame begins in the file"""

    def sizes(self) -> list[int]:
        """Give the length of each row."""
        sizes: list[int] = np.frombuffer(self.lengths, dtype=">u4").tolist()
        return sizes


def head_and_sum(numbers: tuple[int, int, int, int, int], lengths: bytes, blob: bytes | memoryview) -> bytes:
    """Give what stands before the lengths: `numbers` are epoch, first, kind, schema_no and rows."""
    head = HEAD.pack(*numbers)
    checksum = crc32(blob, crc32(lengths, crc32(head)))
    return START.pack(len(head) + len(lengths) + len(blob), checksum) + head


def read_frame(content: memoryview, at: int) -> Frame | None:
    """Read the frame at an offset; None when there is no whole one with a right checksum."""
    if at + START.size + SMALLEST > len(content):
        return None
    length, checksum = START.unpack_from(content, at)
    begin, end = at + START.size, at + START.size + length
    if length < SMALLEST or end > len(content):
        return None
    epoch, first, kind, schema_no, rows = HEAD.unpack_from(content, begin)
    rows_at = begin + HEAD.size + 4 * rows
    if not rows or rows_at > end or crc32(content[begin:end]) != checksum:
        return None
    lengths = bytes(content[begin + HEAD.size : rows_at])
    if int(np.frombuffer(lengths, dtype=">u4").sum(dtype=np.int64)) != end - rows_at:
        return None
    return Frame(
        epoch=epoch,
        first=first,
        kind=kind,
        schema_no=schema_no,
        rows=rows,
        lengths=lengths,
        blob=bytes(content[rows_at:end]),
        end=end,
    )


def frames_beyond(content: memoryview, span: tuple[int, int], index: int) -> Iterator[Frame]:
    """Find the whole frames that begin in `span`, at any byte, and were written when `index` was durable."""
    start, stop = span
    stop = min(stop + START.size + SMALLEST, len(content))
    for shift in range(4):
        piece = content[start + shift : stop]
        words = np.frombuffer(piece[: len(piece) - len(piece) % 4], dtype=">u4")
        count = len(words) - 3
        if count < 1:
            continue
        epochs = words[2 : count + 2].astype(np.uint64) << np.uint64(32) | words[3:]
        near = (epochs > np.uint64(index)) & (epochs < np.uint64(index + _FAR))
        likely = near & (words[:count] >= SMALLEST)
        for word in np.flatnonzero(likely).tolist():
            frame = read_frame(content, start + shift + 4 * word)
            if frame is not None:
                yield frame
