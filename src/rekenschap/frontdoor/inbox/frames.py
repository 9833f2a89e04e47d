# SPDX-License-Identifier: EUPL-1.2
"""One frame of the inbox as bytes: what a caller sent, and a number that says which came first.

"RKI1" | length u32 of what is sealed | crc32 u32 of all after it | epoch u64 | number u64 | sealed. Numbers
are big-endian. The epoch is the number of the first frame that was written and synced in the same go: a frame
with an epoch beyond number n proves that frame n had been durable. See `sealed` for what is inside.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from zlib import crc32

MARK = b"RKI1"
START = struct.Struct(">4sII")
ORDER = struct.Struct(">QQ")
HEAD = START.size + ORDER.size


class Kind(IntEnum):
    """What a body is."""

    TRACES_PROTOBUF = 1
    TRACES_JSON = 2
    LOGS_PROTOBUF = 3
    LOGS_JSON = 4
    FACTS_JSON = 5
    FACTS_ARROW = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A body with who sent it (`source`, empty for who need not be known) and when it came (µs UTC).

    `systems` are the names the source may speak for; empty when it may speak for any.
    """

    kind: Kind
    source: str
    systems: tuple[str, ...]
    received_at: int
    body: bytes


@dataclass(frozen=True, slots=True)
class SealedFrame:
    """A frame as it stands on disk; `end` is where the next one begins."""

    number: int
    epoch: int
    sealed: bytes
    end: int


def framed(sealed: bytes, *, number: int, epoch: int) -> tuple[bytes, bytes]:
    """Give head and content of a frame, to be written one after the other."""
    order = ORDER.pack(epoch, number)
    return START.pack(MARK, len(sealed), crc32(sealed, crc32(order))) + order, sealed


def read_frame(content: memoryview, at: int) -> SealedFrame | None:
    """Read the frame at an offset; None when there is no whole one with a right checksum."""
    if at + HEAD > len(content):
        return None
    mark, length, checksum = START.unpack_from(content, at)
    end = at + HEAD + length
    if mark != MARK or end > len(content) or crc32(content[at + START.size : end]) != checksum:
        return None
    epoch, number = ORDER.unpack_from(content, at + START.size)
    return SealedFrame(number, epoch, bytes(content[at + HEAD : end]), end)


def length_of(head: bytes) -> int | None:
    """Give how many bytes the frame that begins so has in all; None when it is no beginning of one."""
    if len(head) < HEAD or not head.startswith(MARK):
        return None
    return HEAD + int(START.unpack_from(head)[1])


def chain(content: memoryview, first: int) -> list[SealedFrame]:
    """Read the whole frames at the beginning of a file that starts with number `first`."""
    frames: list[SealedFrame] = []
    at = 0
    while (frame := read_frame(content, at)) is not None:
        if frame.number != first + len(frames) or frame.epoch > frame.number:
            break
        frames.append(frame)
        at = frame.end
    return frames


def frames_beyond(content: memoryview, start: int) -> Iterator[SealedFrame]:
    """Find the whole frames that begin anywhere from an offset on."""
    text = bytes(content)
    at = text.find(MARK, start)
    while at >= 0:
        frame = read_frame(content, at)
        if frame is not None:
            yield frame
        at = text.find(MARK, at + 1 if frame is None else frame.end)
