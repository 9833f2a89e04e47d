# SPDX-License-Identifier: EUPL-1.2
"""What a frame holds, sealed: bodies name people, and stay readable to nobody but this house.

kind u8 | received_at i64 | length of source u16 | length of systems u32 | source | systems (between two 0x1f)
| body, under a key of its own that is derived from the sealing key, and bound to the number of the frame.
"""

from __future__ import annotations

import hmac
import struct

from rekenschap.frontdoor.inbox.frames import Frame, Kind
from rekenschap.seams.cipher import Cipher

_LABEL = b"rekenschap/inbox/v1"
_HEAD = struct.Struct(">BqHI")
_BETWEEN = "\x1f"


class FrameSeal:
    """Seals and opens frames with one key."""

    def __init__(self, cipher: Cipher, sealing_key: bytes) -> None:
        self._cipher, self._key = cipher, hmac.digest(sealing_key, _LABEL, "sha256")

    def seal(self, frame: Frame, number: int) -> bytes:
        """Give a frame as bytes nobody else can read."""
        source, systems = frame.source.encode(), _BETWEEN.join(frame.systems).encode()
        head = _HEAD.pack(frame.kind, frame.received_at, len(source), len(systems))
        return self._cipher.seal(
            self._key, b"".join((head, source, systems, frame.body)), bound_to=_bond(number)
        )

    def open(self, sealed: bytes, number: int) -> Frame:
        """Give the frame back; raises KeysError when it was sealed elsewhere or under another number."""
        plain = self._cipher.unseal(self._key, sealed, bound_to=_bond(number))
        kind, received_at, source, systems = _HEAD.unpack_from(plain)
        at = _HEAD.size
        names = plain[at + source : at + source + systems].decode()
        return Frame(
            kind=Kind(kind),
            source=plain[at : at + source].decode(),
            systems=tuple(names.split(_BETWEEN)) if names else (),
            received_at=received_at,
            body=plain[at + source + systems :],
        )


def _bond(number: int) -> bytes:
    return b"|".join((_LABEL, number.to_bytes(8, "big")))
