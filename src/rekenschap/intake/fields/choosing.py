# SPDX-License-Identifier: EUPL-1.2
"""Which rows of a block a rule is about, and the text it takes for each column. Knows no kinds of value."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from rekenschap.intake.fields.coded import coded_with, compact, first_filled, is_coded, plain
from rekenschap.intake.fields.octets import is_solid
from rekenschap.intake.fields.parsed import Mask, mask_of
from rekenschap.intake.profile import ColumnRule, Condition, FactRule, Split
from rekenschap.model.columns import Kind
from rekenschap.tables import one_chunk

_JSON = "json"
_FEW_TEXTS = frozenset({Kind.TEXT, Kind.CODE, Kind.TOKEN, Kind.FLAG})
"""Kinds of which many rows have the same text, or of which each text is asked much."""


class Texts:
    """The columns of a block, trimmed, the placeholders of the source made null; each is cleaned once."""

    def __init__(self, rows: pa.Table, *, empty: frozenset[str]) -> None:
        self._rows = rows
        self._empty = pa.array(sorted(empty | {""}), pa.string())
        self._clean: dict[str, pa.Array] = {}
        self._coded: dict[str, pa.Array] = {}

    def __len__(self) -> int:
        return int(self._rows.num_rows)

    def column(self, name: str) -> pa.Array:
        """Give a column; one that the block does not have is null throughout."""
        if name not in self._clean:
            self._clean[name] = plain(self._coded[name]) if name in self._coded else self._cleaned(name)
        return self._clean[name]

    def coded(self, name: str) -> pa.Array:
        """Give a column by its distinct texts; one that came in another type as it is."""
        if name not in self._coded:
            column = self._clean.get(name, self._read(name))
            text = pa.types.is_string(column.type) or is_coded(column)
            coded = column.dictionary_encode() if text else column
            self._coded[name] = coded_with(coded, self._of_texts(coded.dictionary)) if text else column
        return self._coded[name]

    def _cleaned(self, name: str) -> pa.Array:
        column = self._read(name)
        if is_coded(column):
            return plain(self.coded(name))
        if not pa.types.is_string(column.type):
            return column  # a reader that knows the type has nothing to trim
        return self._of_texts(column)

    def _read(self, name: str) -> pa.Array:
        if name not in self._rows.column_names:
            return pa.nulls(len(self), pa.string())
        return one_chunk(self._rows.column(name))

    def _of_texts(self, texts: pa.Array) -> pa.Array:
        trimmed = texts if is_solid(texts) else pc.utf8_trim_whitespace(texts)
        nothing = pc.is_in(trimmed, value_set=self._empty)
        if not pc.any(nothing).as_py():
            return trimmed
        return pc.if_else(nothing, pa.scalar(None, pa.string()), trimmed)


def rows_of(texts: Texts, rule: FactRule) -> Mask:
    """Tell which rows give a fact of `rule`."""
    chosen = np.ones(len(texts), dtype=bool)
    for condition in rule.when:
        chosen &= _holds(texts.coded(condition.column), condition)
    return chosen


def _holds(column: pa.Array, condition: Condition) -> Mask:
    if condition.filled is not None:
        return mask_of(column.is_valid() if condition.filled else column.is_null())
    if is_coded(column):
        asked = pa.array(_fits(column.dictionary, condition))
        return mask_of(asked.take(column.indices)) ^ condition.negated
    return _fits(as_texts(column), condition) ^ condition.negated


def _fits(texts: pa.Array, condition: Condition) -> Mask:
    if condition.pattern:
        return mask_of(pc.match_substring_regex(texts, condition.pattern))
    return mask_of(pc.is_in(texts, value_set=pa.array(sorted(condition.values), pa.string())))


class Chosen:
    """The rows of a block that a rule is about.

    `rows` numbers them in the block; with a split column a row stands there once for each part of its list,
    and not at all when the list is empty. Of a list of objects `list.key` is what each object has under key.
    """

    def __init__(self, texts: Texts, rule: FactRule, sound: Mask) -> None:
        self.rows: npt.NDArray[np.intp] = np.flatnonzero(rows_of(texts, rule) & sound)
        self._texts = texts
        self._is_whole = rule.split is None and len(self.rows) == len(texts)
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
        column = self._texts.column(name)
        return column if self._is_whole else column.take(pa.array(self.rows))

    def coded(self, name: str) -> pa.Array:
        """Give a column of the source for these rows, by its distinct texts where it has some."""
        if name in self._parts or (self._inside and name.startswith(self._inside)):
            return self.column(name)
        column = self._texts.coded(name)
        if self._is_whole:
            return column
        some = column.take(pa.array(self.rows))
        return compact(some) if is_coded(some) else some


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
    return plain(coded_text_for(chosen, rule))


def coded_text_for(chosen: Chosen | Texts, rule: ColumnRule) -> pa.Array:
    """Give the same, by its distinct texts where many rows may have one."""
    if rule.value is not None:
        return _alike(rule.value, len(chosen))
    if rule.joined_by is not None:
        return _finished(
            _joined([as_texts(chosen.column(name)) for name in rule.sources], rule.joined_by), rule
        )
    if rule.target.kind in _FEW_TEXTS:
        coded = [chosen.coded(name) for name in rule.sources]
        if all(map(is_coded, coded)):
            found = first_filled(coded)
            texts = coded_with(found, _finished(found.dictionary, replace(rule, default=None)))
            if rule.default is None:
                return texts
            return first_filled([texts, _alike(rule.default, len(chosen))])
    return _finished(pc.coalesce(*_of_one_type([chosen.column(name) for name in rule.sources])), rule)


def _alike(text: str, count: int) -> pa.Array:
    """Give a text for every row."""
    indices = pa.array(np.zeros(count, dtype=np.int32))
    return pa.DictionaryArray.from_arrays(indices, pa.array([text], pa.string()))


def _finished(text: pa.Array, rule: ColumnRule) -> pa.Array:
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
