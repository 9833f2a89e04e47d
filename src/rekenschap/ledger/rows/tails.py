# SPDX-License-Identifier: EUPL-1.2
"""The ends of rows, when their variable columns hold few different texts: each end is joined once.

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

Picks = npt.NDArray[np.int32]
Lengths = npt.NDArray[np.uint32]
Flags = npt.NDArray[np.bool_]
_MOST = 1 << 16  # combinations that are counted out; with more of them joining row by row is as fast
_LONG = 8_192
"""From so many rows on it is worth finding out which texts a plain column has."""
_TRIED, _FEW = 1_024, 1 << 10
"""In so many rows there may be so many combinations, or there will be too many in all."""
_JOIN = pc.JoinOptions(null_handling="replace", null_replacement="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """How each row ends, and of each variable column the length of its value in each different end, as it
    stands in a row (`tails.picks` says which end), and where it is NULL, when it is so anywhere.
    """

    tails: Tails
    lengths: Sequence[Lengths]
    nulls: Sequence[Flags | None]


def ends_of(columns: Sequence[pa.Array | pa.ChunkedArray]) -> Ends | None:
    """Give the end of each row, by its variable columns in order; None when these make too many combinations,
    or are plain texts of few rows. Raises IndexError when a value is not in its dictionary.
    """
    if not columns or not (all(map(_is_coded, columns)) or _repeat(columns)):
        return None
    plain = [_whole(column) for column in columns]
    sizes = [len(column.dictionary) + 1 for column in plain]  # one more: NULL
    if prod(sizes) > _MOST or any(column.dictionary.null_count for column in plain):
        return None
    codes = np.zeros(len(plain[0]), dtype=np.int32)
    for column, size in zip(plain, sizes, strict=True):
        codes *= np.int32(size)
        codes += _picks(column)
    is_there = np.zeros(prod(sizes), dtype=np.bool_)
    is_there[codes] = True
    ranks = np.cumsum(is_there, dtype=np.int32) - np.int32(1)
    texts = [column.dictionary.cast(pa.large_binary()) for column in plain]
    parts = _parts(texts, np.flatnonzero(is_there))
    return Ends(
        tails=_joined(parts, np.take(ranks, codes)),
        lengths=[np.asarray(pc.binary_length(part).fill_null(0)).astype(">u4") for part in parts],
        nulls=[_nulls(column) for column in plain],
    )


def _is_coded(column: pa.Array | pa.ChunkedArray) -> bool:
    return bool(pa.types.is_dictionary(column.type))


def _repeat(columns: Sequence[pa.Array | pa.ChunkedArray]) -> bool:
    """Tell whether there are many rows, and as far as some of them show few different ends."""
    if len(columns[0]) < _LONG or not all(
        _is_coded(each) or pa.types.is_string(each.type) for each in columns
    ):
        return False
    some = [each.slice(0, _TRIED) for each in columns]
    found: int = prod(pc.count_distinct(each, mode="all").as_py() for each in some if not _is_coded(each))
    return found <= _FEW


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.DictionaryArray:
    """Give a column in one piece with one dictionary."""
    if not _is_coded(column):
        column = column.dictionary_encode()
    return column.unify_dictionaries().combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _picks(column: pa.DictionaryArray) -> Picks:
    """Give which value of its dictionary each row has, and the number after the last where it is NULL."""
    count = len(column.dictionary)
    indices = column.indices.fill_null(count) if column.null_count else column.indices
    picks = np.asarray(indices)
    if len(picks) and (picks.min() < 0 or picks.max() >= count + bool(column.null_count)):
        raise IndexError("a value that is not in its dictionary")
    return picks.astype(np.int32, copy=False)


def _nulls(column: pa.DictionaryArray) -> Flags | None:
    return column.is_null().to_numpy(zero_copy_only=False) if column.null_count else None


def _parts(texts: Sequence[pa.LargeBinaryArray], distinct: npt.NDArray[np.int64]) -> list[pa.Array]:
    """Give of each column the value in each combination; these are numbered as the digits of a number do."""
    parts: list[pa.Array] = []
    for text in reversed(texts):
        distinct, own = np.divmod(distinct, len(text) + 1)
        parts.insert(0, text.take(pa.array(own, mask=own == len(text))))
    return parts


def _joined(parts: Sequence[pa.Array], picks: Picks) -> Tails:
    """Join each combination once."""
    empty = pa.scalar(b"", pa.large_binary())
    joined = pc.call_function("binary_join_element_wise", [*parts, empty], _JOIN)
    _, bounds, blob = joined.buffers()
    return Tails(
        blob=memoryview(blob).cast("B") if blob else memoryview(b""),
        bounds=np.frombuffer(bounds, dtype=np.int64)[: len(joined) + 1],
        picks=picks,
    )
