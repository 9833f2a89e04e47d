# SPDX-License-Identifier: EUPL-1.2
"""An anchor under one prefix of an S3 bucket: one object for each checkpoint, never changed.

Each checkpoint has the place after the one before it, and is written on the condition that its place is
empty: of two writers that put at one place, one wins. So the compare-and-swap and the history are one
write, and the bucket may forbid every change and removal (object lock). Places count down in the keys,
so that the newest object is the first in a listing. Needs the extra `s3`, and a listing that shows at once
what was written (Amazon's has since 2020).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from rekenschap.adapters.anchors.words import does_not_answer, not_next, refuse_unless_next
from rekenschap.adapters.buckets.s3 import PROBE, Bucket
from rekenschap.errors import StoreError

_TOP = 10**12 - 1  # a checkpoint a second for 30,000 years
_KEY = re.compile(r"[0-9]{12}", re.ASCII)
_HEAD = re.compile(rb"rekenschap-anchor/1 (0|[1-9][0-9]{0,18}) [0-9a-f]{32}\n", re.ASCII)
_AT_ONCE = 8


class S3Anchor:
    """Checkpoints as objects; see `rekenschap.seams.anchor.Anchor`."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def latest(self) -> tuple[int, bytes] | None:
        """Give the largest checkpoint, or None."""
        held = self._last()
        return held and held[1:]

    def swap(self, *, expected: int | None, size: int, note: bytes) -> None:
        """Add a checkpoint when the latest still is `expected`; durable on return."""
        held = self._last()
        refuse_unless_next(found=held[1] if held else None, expected=expected, size=size)
        if held is None:
            self._bucket.must_honour_conditions()
        key = _key(held[0] + 1 if held else 0)
        # The mark tells our own write, of which the answer got lost, from that of another.
        body = f"rekenschap-anchor/1 {size} {secrets.token_hex(16)}\n".encode() + note
        if self._bucket.put(key, body, new=True) is None and self._bucket.get(key) != body:
            found = self.latest()
            raise not_next(found=found and found[0], expected=expected, size=size)

    def history(self, *, since: int = 0) -> list[tuple[int, bytes]]:
        """Give every checkpoint of at least `since` entries, smallest first; reads from the newest on."""
        found: list[tuple[int, bytes]] = []
        keys = (key for key in self._bucket.listing() if not key.startswith(PROBE))
        place: int | None = None
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            while some := list(islice(keys, 4 * _AT_ONCE)):
                place = _check_row(some, place)
                found += pool.map(self._read, some)
                if found[-1][0] < since:
                    return [held for held in reversed(found) if held[0] >= since]
        if place:
            raise _missing()
        return found[::-1]

    def forget(self, sizes: Sequence[int]) -> None:
        """Keep everything: its objects follow each other without a gap."""

    def _last(self) -> tuple[int, int, bytes] | None:
        """Give the place, size and note of the newest checkpoint."""
        for key in self._bucket.listing(most=1):
            if key.startswith(PROBE):
                return None
            if not _KEY.fullmatch(key):
                raise does_not_answer("a strange object")
            return (_TOP - int(key), *self._read(key))
        return None

    def _read(self, key: str) -> tuple[int, bytes]:
        body = self._bucket.get(key) or b""
        head = _HEAD.match(body)
        if head is None:
            raise does_not_answer("a damaged object")
        return int(head[1]), body[head.end() :]


def _check_row(keys: list[str], before: int | None) -> int:
    """Check that these are places in a row, going on from the one `before`; give the last."""
    if not _KEY.fullmatch(keys[0]):
        raise _missing()
    first = _TOP - int(keys[0]) if before is None else before - 1
    if keys != [_key(first - number) for number in range(len(keys))]:
        raise _missing()
    return first - len(keys) + 1


def _missing() -> StoreError:
    return does_not_answer("objects missing, or strange ones between them")


def _key(place: int) -> str:
    return f"{_TOP - place:012d}"
