# SPDX-License-Identifier: EUPL-1.2
"""Which rows of a block a rule is about, and the text it takes for each column. Knows no kinds of value."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.intake.fields.parsed import Mask, mask_of
from rekenschap.intake.profile import ColumnRule, Condition, FactRule, Split

_JSON = "json"


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
        column = self._rows.column(name).combine_chunks()
        if not pa.types.is_string(column.type):
            return column  # a reader that knows the type has nothing to trim
        trimmed = pc.utf8_trim_whitespace(column)
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
    column = as_texts(column)
    if condition.pattern:
        return mask_of(pc.match_substring_regex(column, condition.pattern))
    among = mask_of(pc.is_in(column, value_set=pa.array(sorted(condition.values), pa.string())))
    return ~among if condition.negated else among


class Chosen:
    """The rows of a block that a rule is about.

    `rows` numbers them in the block; with a split column a row stands there once for each part of its list,
    and not at all when the list is empty. Of a list of objects `list.key` is what each object has under key.
    """

    def __init__(self, texts: Texts, rule: FactRule, sound: Mask) -> None:
        self.rows: npt.NDArray[np.intp] = np.flatnonzero(rows_of(texts, rule) & sound)
        self._texts = texts
        self._parts: dict[str, pa.Array] = {}
        self._inside = f"{rule.split.column}." if rule.split is not None and rule.split.by == _JSON else ""
        if rule.split is not None:
            lists = _lists(as_texts(texts.column(rule.split.column)).take(pa.array(self.rows)), rule.split)
            self.rows = self.rows[np.asarray(pc.list_parent_indices(lists))]
            self._parts[rule.split.column] = pc.list_flatten(lists)

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> pa.Array:
        """Give a column of the source for these rows."""
        if self._inside and name.startswith(self._inside) and name not in self._parts:
            objects = self._parts[self._inside[:-1]]
            self._parts[name] = _under(objects, name.removeprefix(self._inside).split("."))
        if name in self._parts:
            return self._parts[name]
        return self._texts.column(name).take(pa.array(self.rows))


def _lists(column: pa.Array, split: Split) -> pa.Array:
    """Give the parts of each text as a list; each distinct text is taken apart once."""
    coded = column.dictionary_encode()
    texts = coded.dictionary.cast(pa.string()).to_pylist()
    apart = [[part for part in _parts(text, split) if part] for text in texts]
    lists = pa.array(apart, pa.list_(pa.string()))
    if split.pattern:
        fits = mask_of(pc.match_substring_regex(lists.flatten(), split.pattern)).tolist()
        held = iter(fits)
        apart = [[part for part in parts if next(held)] for parts in apart]
        lists = pa.array(apart, pa.list_(pa.string()))
    return lists.take(coded.indices)


def _parts(text: str, split: Split) -> list[str]:
    if split.by != _JSON:
        return [part.strip() for part in text.split(split.by)]
    try:
        read = orjson.loads(text)
    except orjson.JSONDecodeError:
        return [text]
    items = read if isinstance(read, list) else [read]
    try:
        return [
            _item(item.get(split.key) if split.key and isinstance(item, dict) else item) for item in items
        ]
    except orjson.JSONEncodeError:  # nested deeper than is written again
        return [text]


def _under(objects: pa.Array, path: list[str]) -> pa.Array:
    """Give what each object of JSON has under a path of keys; each distinct object is read once."""
    coded = objects.dictionary_encode()
    found = [_follow(text, path) for text in coded.dictionary.cast(pa.string()).to_pylist()]
    return pa.array(found, pa.string()).take(coded.indices)


def _follow(text: str, path: list[str]) -> str | None:
    try:
        read = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    for key in path:
        read = read.get(key) if isinstance(read, dict) else None
    return _item(read) or None


def _item(item: object) -> str:
    return "" if item is None else item.strip() if isinstance(item, str) else orjson.dumps(item).decode()


def text_for(chosen: Chosen | Texts, rule: ColumnRule) -> pa.Array:
    """Give the text of one column of a fact, for the chosen rows or for all."""
    if rule.value is not None:
        return pa.repeat(pa.scalar(rule.value, pa.string()), len(chosen))
    parts = _of_one_type([chosen.column(name) for name in rule.sources])
    if rule.joined_by is not None:
        text = _joined([as_texts(part) for part in parts], rule.joined_by)
    else:
        text = pc.coalesce(*parts)
    if rule.pick:
        text = _picked(as_texts(text), rule.pick)
    if rule.mapping:
        text = _mapped(as_texts(text), rule)
    return text if rule.default is None else as_texts(text).fill_null(rule.default)


def _joined(parts: list[pa.Array], between: str) -> pa.Array:
    """Join the filled parts of each row; one without any is null (Arrow itself would drop the row)."""
    filled = mask_of(pc.coalesce(*parts).is_valid())
    some = [part.filter(pa.array(filled)) for part in parts]
    joined = pc.binary_join_element_wise(*some, between, null_handling="skip")
    return joined.take(pa.array(np.cumsum(filled) - 1, mask=~filled))


def as_texts(column: pa.Array) -> pa.Array:
    """Write a column of another type as text, where text is asked for; bytes in hex."""
    if pa.types.is_string(column.type):
        return column
    if pa.types.is_binary(column.type) or pa.types.is_fixed_size_binary(column.type):
        return pa.array([None if raw is None else raw.hex() for raw in column.to_pylist()], pa.string())
    return column.cast(pa.string())


def _of_one_type(columns: list[pa.Array]) -> list[pa.Array]:
    """Leave columns of one type as they are; of several types they become text."""
    return columns if len({column.type for column in columns}) <= 1 else [as_texts(each) for each in columns]


def _picked(texts: pa.Array, pattern: str) -> pa.Array:
    """Take the one group of the pattern out of each text, where it is first found; otherwise nothing."""
    found = pc.match_substring_regex(texts, pattern)
    group = pc.replace_substring_regex(texts, rf"(?s)^.*?(?:(?-s){pattern})(?s:.*)$", r"\1")
    group = pc.utf8_trim_whitespace(group)
    return pc.if_else(pc.and_(found, pc.not_equal(group, "")), group, pa.scalar(None, pa.string()))


def _mapped(texts: pa.Array, rule: ColumnRule) -> pa.Array:
    """Replace what the map names; the rest stays, and a word mapped to nothing becomes null."""
    at = pc.index_in(texts, value_set=pa.array(list(rule.mapping), pa.string()))
    replaced = pa.array([word or None for word in rule.mapping.values()], pa.string()).take(at)
    return pc.if_else(at.is_valid(), replaced, texts)
