# SPDX-License-Identifier: EUPL-1.2
"""Which rows of a block a rule is about, and the text it takes for each column. Knows no kinds of value."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.intake.fields.parsed import Mask, mask_of
from rekenschap.intake.profile import ColumnRule, Condition, FactRule


class Texts:
    """The columns of a block, trimmed, the placeholders of the source made null; each is cleaned once."""

    def __init__(self, rows: pa.Table, *, empty: frozenset[str]) -> None:
        self._rows = rows
        self._empty = pa.array(sorted(empty | {""}), pa.string())
        self._clean: dict[str, pa.Array] = {}

    def __len__(self) -> int:
        return int(self._rows.num_rows)

    def column(self, name: str) -> pa.Array:
        """Give a column; one that the block does not have is null throughout."""
        if name not in self._clean:
            self._clean[name] = self._cleaned(name)
        return self._clean[name]

    def _cleaned(self, name: str) -> pa.Array:
        if name not in self._rows.column_names:
            return pa.nulls(len(self), pa.string())
        trimmed = pc.utf8_trim_whitespace(self._rows.column(name).combine_chunks())
        return pc.if_else(pc.is_in(trimmed, value_set=self._empty), pa.scalar(None, pa.string()), trimmed)


def rows_of(texts: Texts, rule: FactRule) -> Mask:
    """Tell which rows give a fact of `rule`."""
    chosen = np.ones(len(texts), dtype=bool)
    for condition in rule.when:
        chosen &= _holds(texts.column(condition.column), condition)
    return chosen


def _holds(column: pa.Array, condition: Condition) -> Mask:
    if condition.filled is not None:
        return mask_of(column.is_valid() if condition.filled else column.is_null())
    among = mask_of(pc.is_in(column, value_set=pa.array(sorted(condition.values), pa.string())))
    return ~among if condition.negated else among


def text_for(texts: Texts, rule: ColumnRule, where: pa.Array) -> pa.Array:
    """Give the text of one column of a fact, for the rows at `where`."""
    if rule.value is not None:
        return pa.repeat(pa.scalar(rule.value, pa.string()), len(where))
    parts = [texts.column(name).take(where) for name in rule.sources]
    if rule.joined_by is not None:
        text = pc.binary_join_element_wise(*parts, rule.joined_by, null_handling="skip")
        text = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    else:
        text = pc.coalesce(*parts)
    if rule.mapping:
        text = _mapped(text, rule)
    return text if rule.default is None else text.fill_null(rule.default)


def _mapped(texts: pa.Array, rule: ColumnRule) -> pa.Array:
    """Replace what the map names; the rest stays, and a word mapped to nothing becomes null."""
    at = pc.index_in(texts, value_set=pa.array(list(rule.mapping), pa.string()))
    replaced = pa.array([word or None for word in rule.mapping.values()], pa.string()).take(at)
    return pc.if_else(at.is_valid(), replaced, texts)
