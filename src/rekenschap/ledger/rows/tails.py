# SPDX-License-Identifier: EUPL-1.2
"""The ends of rows, when their variable columns are dictionaries: few different ones, each joined once.

A town has some registers, some kinds of search and some processings; thousands of rows end alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.ledger.rows.lanes import Tails

Picks = npt.NDArray[np.int64]
_MOST = 1 << 16  # combinations that are counted out; with more of them joining row by row is as fast
_JOIN = pc.JoinOptions(null_handling="replace", null_replacement="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """How each row ends, and for each variable column the length of its value (uint32, NULL as it is)."""

    tails: Tails
    lengths: Sequence[pa.Array]

    def slice(self, start: int, count: int) -> Tails:
        """Give the tails of `count` rows from `start` on."""
        return self.tails._replace(picks=self.tails.picks[start : start + count])


def ends_of(columns: Sequence[pa.Array | pa.ChunkedArray]) -> Ends | None:
    """Give the end of each row, by its variable columns in order; None when these are not all dictionaries,
    or make too many combinations. Raises IndexError when a value is not in its dictionary.
    """
    if not columns or not all(pa.types.is_dictionary(column.type) for column in columns):
        return None
    plain = [_whole(column) for column in columns]
    sizes = [len(column.dictionary) + 1 for column in plain]  # one more: NULL
    if prod(sizes) > _MOST or any(column.dictionary.null_count for column in plain):
        return None
    every = [_picks(column) for column in plain]
    codes = np.zeros(len(plain[0]), dtype=np.int64)
    for picks, size in zip(every, sizes, strict=True):
        codes *= size
        codes += picks
    is_there = np.zeros(prod(sizes), dtype=np.bool_)
    is_there[codes] = True
    ranks = np.cumsum(is_there, dtype=np.int32) - 1
    texts = [column.dictionary.cast(pa.large_binary()) for column in plain]
    return Ends(
        tails=_joined(texts, np.flatnonzero(is_there), ranks[codes]),
        lengths=[_lengths(text, picks) for text, picks in zip(texts, every, strict=True)],
    )


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.DictionaryArray:
    """Give a column in one piece with one dictionary."""
    return column.unify_dictionaries().combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _picks(column: pa.DictionaryArray) -> Picks:
    """Give which value of its dictionary each row has, and the number after the last where it is NULL."""
    count = len(column.dictionary)
    indices = column.indices.fill_null(count) if column.null_count else column.indices
    picks = np.asarray(indices).astype(np.int64)
    if len(picks) and (picks.min() < 0 or picks.max() >= count + bool(column.null_count)):
        raise IndexError("a value that is not in its dictionary")
    return picks


def _lengths(texts: pa.LargeBinaryArray, picks: Picks) -> pa.Array:
    lengths = np.append(np.asarray(pc.binary_length(texts)), 0).astype(np.uint32)
    nulls = picks == len(texts)
    return pa.array(lengths[picks], mask=nulls if nulls.any() else None)


def _joined(texts: Sequence[pa.LargeBinaryArray], distinct: Picks, picks: npt.NDArray[np.int32]) -> Tails:
    """Join each combination once; `distinct` numbers them as the digits of a number do."""
    parts: list[pa.Array] = []
    for text in reversed(texts):
        distinct, own = np.divmod(distinct, len(text) + 1)
        parts.insert(0, text.take(pa.array(own, mask=own == len(text))))
    empty = pa.scalar(b"", pa.large_binary())
    joined = pc.call_function("binary_join_element_wise", [*parts, empty], _JOIN)
    _, bounds, blob = joined.buffers()
    return Tails(
        blob=memoryview(blob).cast("B") if blob else memoryview(b""),
        bounds=np.frombuffer(bounds, dtype=np.int64)[: len(joined) + 1],
        picks=picks,
    )
