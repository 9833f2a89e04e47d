# SPDX-License-Identifier: EUPL-1.2
"""From rows to commitments: C = SHA-256(salt | row), with salts that follow from one secret per segment.

A commitment tells nothing about its row to who has no secret: destroying 32 bytes makes a whole segment
unreadable from its hashes. Knows no tree and no file.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from rekenschap.ledger.rows.code.agreed import Form
from rekenschap.ledger.rows.encoding import (
    Flags,
    Layout,
    Values,
    bitmap_of,
    blank_line,
    encode,
    fixed_values,
    height_of,
    in_one_piece,
    nulls_in,
)
from rekenschap.ledger.rows.hashing import FEW, Buffer, digests_of_rows
from rekenschap.ledger.rows.lanes import Step, lanes
from rekenschap.ledger.rows.tails import Ends, ends_of

Places = npt.NDArray[np.integer]
"""places of rows in their segment, from 0 on"""
SALT_SIZE = 16
SECRET_SIZE = 32
COMMITMENT_SIZE = 32
_SALT_LABEL = b"rekenschap/salt/v1"
_PIECE = 8_192  # rows at once: fits the cache, and is one row group, so that no column must be joined first


def salts_of(secret: bytes, count: int, *, first: int = 0) -> bytes:
    """Give `count` packed 16-byte salts from row `first` on: the AES-256-CTR key stream of the secret."""
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_SALT_LABEL).derive(secret)
    stream = Cipher(algorithms.AES256(key), modes.CTR(first.to_bytes(16, "big"))).encryptor()
    return stream.update(bytes(SALT_SIZE * count)) + stream.finalize()


def salts_at(secret: bytes, places: Places) -> bytes:
    """Give the packed salts of these places of a segment, in their order."""
    if not len(places):
        return b""
    first, last = int(places.min()), int(places.max())
    run = np.frombuffer(salts_of(secret, last - first + 1, first=first), dtype=np.uint8)
    return run.reshape(-1, SALT_SIZE)[places - first].tobytes()


def commitments_of(
    columns: Sequence[Values], layout: Layout, *, head: bytes, secret: bytes, places: Places | None = None
) -> Buffer:
    """Commit to each row of the columns; packed 32-byte commitments in row order.

    Row k has the salt of place `places[k]` of its segment; without places row k stands at place k.
    """
    salts = salts_of(secret, height_of(columns)) if places is None else salts_at(secret, places)
    return commitments_with(columns, layout, head=head, salts=salts)


def commitments_with(columns: Sequence[Values], layout: Layout, *, head: bytes, salts: bytes) -> Buffer:
    """Commit to each row of the columns with packed salts that are given, one for each row."""
    rows = height_of(columns)
    ends = _ends(columns, layout) if rows >= FEW else None
    if ends is not None:
        line = blank_line(layout, head=head, start=SALT_SIZE)
        return _put_together(columns, layout, ends, line=line, salts=salts)
    before = np.frombuffer(salts, dtype=np.uint8).reshape(rows, SALT_SIZE)
    pieces: list[bytes] = []
    for at in range(0, rows, _PIECE):
        piece = [column.slice(at, _PIECE) for column in columns]
        pieces.append(encode(piece, layout, head=head, before=before[at : at + _PIECE]).digests())
    return b"".join(pieces)


def digests_without_salt(columns: Sequence[Values], layout: Layout, *, head: bytes) -> Buffer:
    """Hash each row of the columns as it is; packed hashes of 32 bytes in row order."""
    rows = height_of(columns)
    ends = _ends(columns, layout) if rows >= FEW else None
    if ends is not None:
        return _put_together(columns, layout, ends, line=blank_line(layout, head=head), salts=b"")
    pieces = ([column.slice(at, _PIECE) for column in columns] for at in range(0, rows, _PIECE))
    return b"".join([encode(piece, layout, head=head).digests() for piece in pieces])


def _ends(columns: Sequence[Values], layout: Layout) -> Ends | None:
    """Give how rows end, where many end alike and can be hashed without writing each end again."""
    if lanes() is None:
        return None
    return ends_of([c for c, each in zip(columns, layout, strict=True) if each.form is Form.VAR])


def _put_together(
    columns: Sequence[Values], layout: Layout, ends: Ends, *, line: bytes, salts: bytes
) -> Buffer:
    """Hash rows that are never written out: machine code puts a few together at a time."""
    steps = [Step(0, np.frombuffer(salts, dtype=f"V{SALT_SIZE}"))] if salts else []
    lengths, empty = iter(ends.lengths), iter(ends.nulls)
    nulls: list[Flags | None] = []
    at = len(line) - sum(each.width for each in layout)
    bitmap_at = at - -(-len(layout) // 8)
    for column, each in zip(columns, layout, strict=True):
        if each.form is Form.VAR:
            nulls.append(next(empty))
            steps.append(Step(at, ends.tails.picks, table=next(lengths)))
        else:
            [whole] = in_one_piece([column])
            nulls.append(nulls_in(whole))
            place = at
            for values, dtype in fixed_values(whole, each):
                steps.append(Step(place, values, turned=dtype.byteorder == ">"))
                place += dtype.itemsize
        at += each.width
    bitmap = bitmap_of(nulls)
    if bitmap is not None:
        steps.append(Step(bitmap_at, bitmap.view(f"V{bitmap.shape[1]}").reshape(-1)))
    return digests_of_rows(line, steps, ends.tails)
