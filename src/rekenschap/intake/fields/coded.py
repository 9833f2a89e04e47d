# SPDX-License-Identifier: EUPL-1.2
"""Columns of text by their distinct texts (Arrow dictionaries): what is asked of a text is asked once.

A coded column here has no null in its dictionary: a row without text has no index. The texts of a dictionary
may come twice, and some of them may be of no row.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from rekenschap.intake.fields.parsed import Mask, Parsed


def is_coded(column: pa.Array) -> bool:
    """Tell whether a column is coded."""
    return bool(pa.types.is_dictionary(column.type))


def coded_with(column: pa.Array, texts: pa.Array) -> pa.Array:
    """Give a coded column with other texts in its dictionary; a null among them empties its rows."""
    indices = column.indices
    if texts.null_count:
        filled = pa.array(np.arange(len(texts), dtype=np.int32), mask=np.asarray(texts.is_null()))
        indices, texts = filled.take(indices), texts.fill_null("")
    return pa.DictionaryArray.from_arrays(indices, texts)


def plain(column: pa.Array) -> pa.Array:
    """Give a coded column as one text for each row; another column as it is."""
    return column.dictionary.take(column.indices) if is_coded(column) else column


def first_filled(columns: list[pa.Array]) -> pa.Array:
    """Give, of coded columns, the first text of each row."""
    found = columns[0]
    for other in columns[1:]:
        if not found.indices.null_count:
            break
        if other.indices.null_count == len(other):
            continue
        if found.indices.null_count == len(found):
            found = other
            continue
        behind = _numbers(other.indices) + len(found.dictionary)
        absent = np.asarray(found.indices.is_null())
        both = np.where(absent, behind, _numbers(found.indices)).astype(np.int32)
        nowhere = absent & np.asarray(other.indices.is_null())
        found = pa.DictionaryArray.from_arrays(
            pa.array(both, mask=nowhere), pa.concat_arrays([found.dictionary, other.dictionary])
        )
    return found


def spread(column: pa.Array, parsed: Parsed) -> Parsed:
    """Give to each row of a coded column what was found for its text; values that are text stay coded."""
    there = [(reason, mask) for reason, mask in parsed.refused if mask.any()]
    refused = tuple((reason, _of_rows(column.indices, mask)) for reason, mask in there)
    if pa.types.is_string(parsed.values.type):
        return Parsed(values=coded_with(column, parsed.values), refused=refused)
    return Parsed(values=parsed.values.take(column.indices), refused=refused)


def compact(column: pa.Array) -> pa.Array:
    """Give a coded column whose dictionary holds only what some row has."""
    indices = _numbers(column.indices.drop_null() if column.indices.null_count else column.indices)
    used = np.zeros(len(column.dictionary), dtype=bool)
    used[indices] = True
    if used.all():
        return column
    places = (np.cumsum(used) - 1).astype(np.int32)
    return pa.DictionaryArray.from_arrays(
        pa.array(places).take(column.indices), column.dictionary.filter(pa.array(used))
    )


def _of_rows(indices: pa.Array, mask: Mask) -> Mask:
    return np.asarray(pa.array(mask).take(indices).fill_null(False))


def _numbers(indices: pa.Array) -> np.typing.NDArray[np.int32]:
    return np.asarray(indices.fill_null(0) if indices.null_count else indices)
