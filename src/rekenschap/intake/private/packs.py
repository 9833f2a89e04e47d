# SPDX-License-Identifier: EUPL-1.2
"""Many originals at once in two parts, neither of which says anything without the other.

Each text is added, bit by bit, to random bytes as long as itself that are used for nothing else (a one-time
pad): the sum goes in one part, the pad in the other. Blotting out a pad is forgetting its text, wherever
copies of the other part may be. Knows no file; whoever keeps a part seals it first.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from rekenschap.errors import KeysError
from rekenschap.tables import TOKEN_WIDTH

_COUNT = struct.Struct(">I")
_LENGTH = np.dtype(">u4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part: the tokens in order, the length of each text, and as many bytes.

    As bytes: count u32 | tokens, 16 each | lengths u32 each, big-endian | content.
    """

    tokens: bytes
    lengths: bytes
    content: bytes

    def written(self) -> bytes:
        """Give it as bytes."""
        count = len(self.tokens) // TOKEN_WIDTH
        return b"".join((_COUNT.pack(count), self.tokens, self.lengths, self.content))

    @classmethod
    def read(cls, written: bytes) -> Part:
        """Read it back; raises KeysError when it is none."""
        (count,) = _COUNT.unpack_from(written.ljust(_COUNT.size, b"\0"))
        lengths_at = _COUNT.size + count * TOKEN_WIDTH
        at = lengths_at + count * _LENGTH.itemsize
        part = cls(
            tokens=written[_COUNT.size : lengths_at], lengths=written[lengths_at:at], content=written[at:]
        )
        if at > len(written) or int(part._sizes().sum()) != len(part.content):
            raise _no_pack()
        return part

    def span(self, token: bytes) -> slice:
        """Give where the bytes of a token stand; raises KeysError when it is not here."""
        at = self.tokens.find(token)
        while at >= 0 and at % TOKEN_WIDTH:
            at = self.tokens.find(token, at + 1)
        if at < 0:
            raise _no_pack()
        ends = np.cumsum(self._sizes())
        place = at // TOKEN_WIDTH
        return slice(int(ends[place - 1]) if place else 0, int(ends[place]))

    def without(self, token: bytes) -> Part:
        """Blot out the bytes of a token; all else stays where it is."""
        span = self.span(token)
        blot = bytes(span.stop - span.start)
        return replace(self, content=self.content[: span.start] + blot + self.content[span.stop :])

    def _sizes(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.frombuffer(self.lengths, dtype=_LENGTH).astype(np.int64)


def packed(tokens: bytes, texts: pa.StringArray) -> tuple[Part, Part]:
    """Give the sums and the pads of texts, with their tokens one behind another."""
    whole = texts.cast(pa.large_binary())
    _, starts, values = whole.buffers()
    bounds = np.frombuffer(starts, dtype=np.int64)[whole.offset : whole.offset + len(whole) + 1]
    plain = memoryview(values)[int(bounds[0]) : int(bounds[-1])] if values else b""
    pads = os.urandom(len(plain))
    lengths = np.diff(bounds).astype(_LENGTH).tobytes()
    sums = Part(tokens=tokens, lengths=lengths, content=_added(plain, pads))
    return sums, replace(sums, content=pads)


def text_in(sums: Part, pads: Part, token: bytes) -> str:
    """Give the text of a token; raises KeysError when the parts do not belong together."""
    if sums.tokens != pads.tokens or sums.lengths != pads.lengths:
        raise _no_pack()
    span = sums.span(token)
    try:
        return _added(sums.content[span], pads.content[span]).decode()
    except UnicodeDecodeError:
        raise _no_pack() from None


def _added(left: bytes | memoryview, right: bytes) -> bytes:
    return (np.frombuffer(left, dtype=np.uint8) ^ np.frombuffer(right, dtype=np.uint8)).tobytes()


def _no_pack() -> KeysError:
    return KeysError(
        expected="a sealed original", found="something else", remedy="put both files back from one copy"
    )
