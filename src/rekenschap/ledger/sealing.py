# SPDX-License-Identifier: EUPL-1.2
"""How a run of entries becomes segments: durable, then read back, hashed again and compared.

Knows no tree, key or checkpoint.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import numpy as np

from rekenschap.errors import StoreError
from rekenschap.ledger.rows.commitments import (
    COMMITMENT_SIZE,
    SECRET_SIZE,
    commitments_of,
    commitments_with,
)
from rekenschap.ledger.rows.hashing import Buffer
from rekenschap.ledger.segments import (
    Part,
    Segment,
    columns_of,
    parquet_bytes,
    read_part,
    secret_name,
)
from rekenschap.seams.store import Store


def new_secret(store: Store, first: int) -> bytes:
    """Make the secret of the run from `first` on, durable on return: without salts rows prove nothing."""
    secret = secrets.token_bytes(SECRET_SIZE)
    store.put(secret_name(first), secret)
    return secret


def run_of(parts: Sequence[Part], first: int) -> Segment:
    """Name the run that these parts fill together: one relation, or mixed."""
    rows = sum(part.rows.num_rows for part in parts)
    mixed = len(parts) > 1
    relation = "" if mixed else parts[0].shape.relation.name
    return Segment(first=first, relation=relation, rows=rows, mixed=mixed)


def segment_of(part: Part, run: Segment) -> Segment:
    """Name the segment of a part in its run."""
    return Segment(first=run.first, relation=part.shape.relation.name, rows=run.rows, mixed=run.mixed)


def commit(parts: Sequence[Part], *, rows: int, secret: bytes | None) -> bytes:
    """Commit to all rows of a run; packed commitments in entry order, zeros where no part has a row.

    The salts of a part count when it has them; otherwise those of the secret, which must be there.
    """
    pack = np.zeros((rows, COMMITMENT_SIZE), dtype=np.uint8)
    for part in parts:
        found = commitments_in(part, secret)
        places = slice(0, part.rows.num_rows) if part.places is None else part.places
        pack[places] = np.frombuffer(found, dtype=np.uint8).reshape(-1, COMMITMENT_SIZE)
    return pack.tobytes()


def commitments_in(part: Part, secret: bytes | None) -> Buffer:
    """Commit to the rows of one part; packed commitments in row order."""
    shape = part.shape
    columns = columns_of(part.rows, shape.relation)
    if part.salts is not None:
        return commitments_with(columns, shape.layout, head=shape.head, salts=part.salts)
    return commitments_of(columns, shape.layout, head=shape.head, secret=secret or b"", places=part.places)


def store_run(
    store: Store, parts: Sequence[Part], *, first: int, secret: bytes, pack: bytes | None = None
) -> tuple[Segment, bytes]:
    """Make the run that `parts` fill durable; give its name and its packed commitments.

    The secret is in the store already, and `pack` is given when it was signed already. Raises StoreError when
    what was written does not read back the same.
    """
    run = run_of(parts, first)
    if pack is None:
        pack = commit(parts, rows=run.rows, secret=secret)
    for part in parts:
        store.put(segment_of(part, run).parquet, parquet_bytes(part, first=first))
    store.put(run.pack, pack)
    check_stored(store, parts, run=run, pack=pack)
    return run, pack


def check_stored(store: Store, parts: Sequence[Part], *, run: Segment, pack: bytes) -> None:
    """Read a run back: a hash computed once proves nothing about the bytes that stay on the disk."""
    names = [segment_of(part, run) for part in parts]
    kept = [
        read_part(store.get(each.parquet), each, part.shape) for each, part in zip(names, parts, strict=True)
    ]
    if commit(kept, rows=run.rows, secret=store.get(run.secret)) != pack or store.get(run.pack) != pack:
        raise StoreError(
            expected=f"the rows from entry {run.first} on to read back as they were written",
            found="other rows",
            remedy="test the disk and the memory of this machine before trying again",
        )
