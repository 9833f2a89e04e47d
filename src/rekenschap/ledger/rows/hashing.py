# SPDX-License-Identifier: EUPL-1.2
"""SHA-256 of many messages at once: of rows, of leaves and of parents. Knows only bytes.

With the extra `fast` many are hashed in compiled code: sixteen side by side where the processor can, else a
whole column; without it, or for a few messages, `hashlib` hashes them one by one. All give the same bytes.
The reference for the tree is `rekenschap.tlog.hashing`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha256
from itertools import count, pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rekenschap.errors import EngineError
from rekenschap.ledger.rows.lanes import Step, Tails, lanes
from rekenschap.tlog import hashing as reference

HASH_SIZE = 32
Buffer = bytes | memoryview
Offsets = npt.NDArray[np.int64]
FEW = 512  # below this, preparing takes longer than hashing the messages one by one
_TILE = 256 * HASH_SIZE
_NONE, _LEAF, _NODE = -1, 0, 1

Columnar = Callable[[pa.Array], list[pa.Array]]


def digests(messages: Buffer, offsets: Offsets, tails: Tails | None = None) -> bytes:
    """Hash each `messages[offsets[i]:offsets[i + 1]]` and its tail; packed hashes in the same order."""
    rows = len(offsets) - 1
    wide = lanes() if rows >= FEW else None
    if wide is not None:
        return _believed(wide(messages, offsets, _NONE, tails), messages, offsets, tails=tails)
    fast = columnar() if rows >= FEW and tails is None else None
    if fast is None:
        return one_by_one(messages, offsets, tails)
    column = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), rows, [None, pa.py_buffer(np.ascontiguousarray(offsets)), pa.py_buffer(messages)]
    )
    return _believed(b"".join(map(_packed, fast(column))), messages, offsets)


def digests_of_lines(lines: npt.NDArray[np.uint8], tails: Tails) -> bytes:
    """Hash each line of a matrix and its tail; packed hashes in the same order."""
    ends = np.arange(0, lines.size + 1, lines.shape[1], dtype=np.int64)
    return digests(lines.reshape(-1).data, ends, tails)


def digests_of_rows(line: bytes, steps: Sequence[Step], tails: Tails) -> Buffer:
    """Hash rows that are put together from columns as they are hashed; only where there are `lanes`."""
    wide = lanes()
    if wide is None:
        raise _out_of_order()

    def row(at: int) -> bytes:
        whole = bytearray(line)
        for step in steps:
            value = step.values[at : at + 1]
            if step.table is not None:
                value = step.table[int(value[0]) :][:1]
            raw = value.tobytes()
            whole[step.place : step.place + len(raw)] = raw[::-1] if step.turned else raw
        return bytes(whole) + _tail(tails, at)

    found = wide.rows(line, steps, tails)
    _sampled(found, len(tails.picks), row)
    return found


def tile_hashes(entries: Buffer) -> tuple[Buffer, bytes] | None:
    """Hash packed entries, 256 to a tile, into packed leaf hashes and one root for each tile.

    None where there are no `lanes`: then `leaf_hashes` and `parent_hashes` give the same.
    """
    wide = lanes() if len(entries) >= FEW * HASH_SIZE else None
    if wide is None:
        return None
    leaves, roots = wide.tiles(entries)

    def leaf(at: int) -> bytes:
        return bytes([_LEAF]) + bytes(entries[at * HASH_SIZE : (at + 1) * HASH_SIZE])

    _sampled(leaves, len(entries) // HASH_SIZE, leaf)
    # Each level rests on the one below: of one tile all are hashed again.
    some = len(leaves) // 3 // _TILE * _TILE
    nodes = bytes(leaves[some : some + _TILE])
    while len(nodes) > HASH_SIZE:
        nodes = reference.parent_hashes(nodes)
    at = some // _TILE * HASH_SIZE
    if nodes != roots[at : at + HASH_SIZE] or len(roots) * _TILE != len(leaves) * HASH_SIZE:
        raise _out_of_order()
    return leaves, roots


def one_by_one(messages: Buffer, offsets: Offsets, tails: Tails | None = None) -> bytes:
    """Hash the messages with the standard library."""
    if tails is not None:
        return b"".join(
            [sha256(_message(messages, offsets, row, tails)).digest() for row in range(len(offsets) - 1)]
        )
    return b"".join([sha256(messages[start:stop]).digest() for start, stop in pairwise(offsets.tolist())])


def _message(messages: Buffer, offsets: Offsets, row: int, tails: Tails | None) -> bytes:
    front = bytes(messages[int(offsets[row]) : int(offsets[row + 1])])
    return front if tails is None else front + _tail(tails, row)


def _tail(tails: Tails, row: int) -> bytes:
    pick = int(tails.picks[row])
    return bytes(tails.blob[int(tails.bounds[pick]) : int(tails.bounds[pick + 1])])


def leaf_hashes(entries: bytes) -> bytes:
    """Hash packed 32-byte entries into packed leaf hashes: SHA-256(00 | entry)."""
    if len(entries) < FEW * HASH_SIZE or not is_compiled():
        return reference.leaf_hashes(entries)
    reference.check_packed(entries, "entries")
    return _prefixed(entries, HASH_SIZE, _LEAF)


def parent_hashes(level: bytes) -> bytes:
    """Hash a packed level of an even number of nodes into the level above: SHA-256(01 | left | right)."""
    if len(level) < 2 * FEW * HASH_SIZE or len(level) % (2 * HASH_SIZE) or not is_compiled():
        return reference.parent_hashes(level)
    return _prefixed(level, 2 * HASH_SIZE, _NODE)


@cache
def columnar() -> Columnar | None:
    """Give the compiled way to hash a column of large binary; None without the extra `fast`."""
    try:
        from datafusion import SessionConfig, SessionContext, col, functions
    except ImportError:
        return None
    # One partition: between partitions the order of rows is not kept, and here order is everything.
    context = SessionContext(SessionConfig().with_target_partitions(1).with_batch_size(1 << 20))

    hashes, numbers = functions.sha256(col("m")).alias("h"), count()

    def hashed(messages: pa.Array) -> list[pa.Array]:
        name = f"m{next(numbers)}"  # one for each thread; a name that stays would keep its messages in memory
        context.register_record_batches(name, [[pa.record_batch([messages], names=["m"])]])
        try:
            found = context.table(name).select(hashes).collect()
            return [batch.column(0) for batch in found]
        finally:
            context.deregister_table(name)

    return hashed


def is_compiled() -> bool:
    """Say whether there is a faster way than the standard library."""
    return lanes() is not None or columnar() is not None


def _prefixed(packed: bytes, width: int, prefix: int) -> bytes:
    rows, step = len(packed) // width, width + 1
    wide = lanes()
    if wide is not None:
        offsets = np.arange(0, len(packed) + 1, width, dtype=np.int64)
        return _believed(wide(packed, offsets, prefix), packed, offsets, before=bytes([prefix]))
    matrix = np.empty((rows, step), dtype=np.uint8)
    matrix[:, 0] = prefix
    matrix[:, 1:] = np.frombuffer(packed, dtype=np.uint8).reshape(rows, width)
    return digests(matrix.reshape(-1).data, np.arange(0, (rows + 1) * step, step, dtype=np.int64))


def _believed(
    hashes: bytes, messages: Buffer, offsets: Offsets, *, before: bytes = b"", tails: Tails | None = None
) -> bytes:
    """Give the hashes back when there are as many as messages, and samples all over are right."""
    _sampled(hashes, len(offsets) - 1, lambda at: before + _message(messages, offsets, at, tails))
    return hashes


def _sampled(hashes: Buffer, rows: int, message: Callable[[int], bytes]) -> None:
    for at in {0, rows // 3, rows // 2, 2 * rows // 3, rows - 1} if rows else ():
        if hashes[at * HASH_SIZE : (at + 1) * HASH_SIZE] != sha256(message(at)).digest():
            raise _out_of_order()
    if len(hashes) != rows * HASH_SIZE:
        raise _out_of_order()


def _packed(hashes: pa.Array) -> memoryview:
    plain = hashes.cast(pa.large_binary())
    _, starts, values = plain.buffers()
    bounds = np.frombuffer(starts, dtype=np.int64)[plain.offset : plain.offset + len(plain) + 1]
    return memoryview(values)[int(bounds[0]) : int(bounds[-1])] if values else memoryview(b"")


def _out_of_order() -> EngineError:
    return EngineError(
        expected="the hashes of all messages in their order",
        found="others",
        remedy="remove the extra fast: the standard library hashes too",
    )
