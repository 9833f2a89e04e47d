# SPDX-License-Identifier: EUPL-1.2
"""Keeps the timestamps of outsiders beside the ledger: replies over the text of a checkpoint, by its size."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from rekenschap.errors import ForkError
from rekenschap.seams.store import Store
from rekenschap.seams.timestamp import TimestampAuthority
from rekenschap.tlog.checkpoint import Checkpoint
from rekenschap.tlog.hashing import EMPTY_ROOT
from rekenschap.tlog.note import Note
from rekenschap.tlog.proof import NodeReader, subtree_root

_NAME = re.compile(r"timestamps/(0|[1-9][0-9]{0,18})-([1-9][0-9]{0,8})\.tsr", re.ASCII)


def keep_timestamp(store: Store, note: bytes, authority: TimestampAuthority) -> str:
    """Have the checkpoint in `note` stamped and keep the reply; gives the name it is kept under.

    What is stamped is the text of the checkpoint, so that signatures may be added later. Raises
    TimestampError or StoreError; intake goes on without.
    """
    text = Note.from_bytes(note).text
    size = Checkpoint.from_text(text).size
    reply = authority.stamp(text.encode())
    name = f"timestamps/{size}-{len(timestamps_of(store, size)) + 1}.tsr"
    store.put(name, reply)
    return name


def timestamps_of(store: Store, size: int) -> list[str]:
    """List the timestamps over the checkpoint of `size`, oldest first."""
    found = [_NAME.fullmatch(name) for name in store.names(f"timestamps/{size}-")]
    return [name[0] for name in sorted((each for each in found if each), key=lambda each: int(each[2]))]


def check_timestamps(
    store: Store, *, ledger: Checkpoint, read: NodeReader, stamped_at: Callable[[bytes, str], datetime]
) -> list[tuple[int, datetime]]:
    """Check every kept timestamp against the tree of the signed checkpoint `ledger`; gives sizes and times.

    `stamped_at` checks a reply over a text and raises WrongSignatureError. Raises ForkError for a timestamp
    over more entries than the ledger has.
    """
    found = []
    for name in store.names("timestamps/"):
        size = size_stamped(name)
        if size is None:
            continue
        if size > ledger.size:
            raise ForkError(
                expected=f"a ledger of at least {size} entries, as a timestamp says",
                found=f"one of {ledger.size}",
                remedy="keep both as evidence: the ledger was put back or cut off",
            )
        root = subtree_root((size - 1).bit_length(), 0, read, size=size) if size else EMPTY_ROOT
        text = Checkpoint(origin=ledger.origin, size=size, root=root).to_text()
        found.append((size, stamped_at(store.get(name), text)))
    return sorted(found)


def size_stamped(name: str) -> int | None:
    """Give the size of the checkpoint that a stored timestamp is over; None for any other name."""
    found = _NAME.fullmatch(name)
    return int(found[1]) if found else None
