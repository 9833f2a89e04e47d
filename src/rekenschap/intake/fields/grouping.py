# SPDX-License-Identifier: EUPL-1.2
"""One fact per group of rows: first, last, least, most, or most frequent value of each column.

Needs every row of the file at once. A group is represented by its first row, in order of the
time of the fact, then of the lines.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rekenschap.intake.profile import FactRule, GroupKey, Take
from rekenschap.tables import local_day_and_minute

_Numbers = npt.NDArray[np.int64]
_LATEST = np.iinfo(np.int64).max


def grouped(facts: pa.Table, lines: pa.Array, rule: FactRule, *, zone: str) -> tuple[pa.Table, pa.Array]:
    """Give one row per group, with the line of the first row of each; in order of those lines."""
    if not facts.num_rows:
        return facts, lines
    number = _numbers_of(lines, missing=0)
    group = _groups([_key(facts, key, zone) for key in rule.one_per])
    order = np.lexsort((number, _numbers_of(facts.column(rule.relation.happened), missing=_LATEST), group))
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    takes = {column.target.name: column.take for column in rule.columns}
    view = _Groups(group, order, starts)
    taken = {
        c.name: view.take(facts.column(c.name), takes.get(c.name, Take.FIRST)) for c in rule.relation.content
    }
    by_line = np.argsort(number[order[starts]], kind="stable")
    return pa.table(taken).take(pa.array(by_line)), lines.take(pa.array(order[starts][by_line]))


def may_fold(rule: FactRule) -> bool:
    """Tell whether grouping what was grouped before with what came later gives the same as all at once."""
    takes = {column.target.name: column.take for column in rule.columns}
    orders = takes.get(rule.relation.happened, Take.FIRST)
    return orders in (Take.FIRST, Take.MIN) and not {Take.LAST, Take.MOST} & set(takes.values())


def _key(facts: pa.Table, key: GroupKey, zone: str) -> _Numbers:
    values = facts.column(key.column).combine_chunks()
    if key.by_day:
        values = local_day_and_minute(values, zone=zone)[0]
    return _codes(values)


def _codes(values: pa.Array) -> _Numbers:
    """Give equal values equal numbers; null is a value of its own."""
    plain = values.cast(pa.binary()) if pa.types.is_fixed_size_binary(values.type) else values
    coded = plain.dictionary_encode()
    return np.asarray(coded.indices.fill_null(-1)).astype(np.int64) + 1


def _groups(keys: list[_Numbers]) -> _Numbers:
    """Number the combinations of the keys from 0."""
    together = keys[0]
    for key in keys[1:]:
        _, together = np.unique(together * (int(key.max()) + 1) + key, return_inverse=True)
    return np.unique(together, return_inverse=True)[1].astype(np.int64)


def _numbers_of(values: pa.Array | pa.ChunkedArray, *, missing: int) -> _Numbers:
    return np.asarray(values.cast(pa.int64()).fill_null(missing))


class _Groups:
    """Rows sorted by group: `order` is the row at each place, `starts` where each group begins."""

    def __init__(self, group: _Numbers, order: _Numbers, starts: _Numbers) -> None:
        self._group = group
        self._order = order
        self._starts = starts

    def take(self, column: pa.ChunkedArray, take: Take) -> pa.Array:
        """Give one value per group."""
        values = column.combine_chunks()
        match take:
            case Take.FIRST:
                return values.take(pa.array(self._order[self._starts]))
            case Take.LAST:
                ends = np.append(self._starts[1:], len(self._order)) - 1
                return values.take(pa.array(self._order[ends]))
            case Take.MIN | Take.MAX:
                return self._extreme(values, take)
            case Take.MOST:
                return self._most(values)

    def _extreme(self, values: pa.Array, take: Take) -> pa.Array:
        reduce, missing = (np.minimum, _LATEST) if take is Take.MIN else (np.maximum, -_LATEST)
        found = reduce.reduceat(_numbers_of(values, missing=missing)[self._order], self._starts)
        return pa.array(found, pa.int64(), mask=found == missing).cast(values.type)

    def _most(self, values: pa.Array) -> pa.Array:
        """Give the most frequent filled value; of equals the one that came first."""
        rank = np.empty(len(self._order), dtype=np.int64)
        rank[self._order] = np.arange(len(self._order))
        filled = np.flatnonzero(np.asarray(values.is_valid()))
        filled = filled[np.argsort(rank[filled])]
        pair = self._group[filled] * (len(values) + 2) + _codes(values)[filled]
        _, first, counts = np.unique(pair, return_index=True, return_counts=True)
        best = np.lexsort((first, -counts, self._group[filled[first]]))
        rows = filled[first[best]]
        of_group = self._group[rows]
        heads = rows[np.flatnonzero(np.diff(of_group, prepend=-1))]
        chosen = np.full(len(self._starts), -1, dtype=np.int64)
        chosen[self._group[heads]] = heads
        return values.take(pa.array(chosen, mask=chosen < 0))
