# SPDX-License-Identifier: EUPL-1.2
"""Rows of a relation that are found by a key at once, however many there are; only ever added to.

FOLDER/<part>/<column>.bin    values one after another, eight bytes each (a text: the number of a word)
FOLDER/<part>/<column>.none   a byte per row: whether it has no value; absent where every row has one
FOLDER/<part>/<column>.words  the different texts
FOLDER/<part>/<key>.key       the values of a key in rising order, and in <key>.row the row of each
All is mapped and not read: a look-up touches the pages it needs. Nothing in it is a fact.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Whole = npt.NDArray[np.int64]
Keys = Mapping[str, tuple[str, ...]]
"""Which columns make a key: one, or two that are mixed into one number."""


def mixed(one: Whole, other: Whole) -> Whole:
    """Make one key of two numbers; two pairs with the same key are told apart by whoever reads the rows."""
    spread = one.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + other.astype(np.int64).view(np.uint64)
    return (spread ^ (spread >> np.uint64(29))).view(np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Rows that were added together."""

    folder: Path
    rows: int

    @classmethod
    def open(cls, folder: Path) -> _Part:
        return cls(folder=folder, rows=int((folder / "rows").read_text(encoding="ascii")))

    def rows_with(self, key: str, wanted: Whole) -> Whole:
        """Give the rows that have one of the wanted values; `wanted` is in rising order, each once."""
        values = _mapped(self.folder / f"{key}.key")
        if not len(values) or not len(wanted):
            return np.zeros(0, dtype=np.int64)
        first, last = (np.searchsorted(values, wanted, side=side) for side in ("left", "right"))
        times = last - first
        place = np.arange(int(times.sum())) - np.repeat(np.cumsum(times) - times, times)
        rows: Whole = _mapped(self.folder / f"{key}.row")[np.repeat(first, times) + place]
        return rows

    def take(self, rows: Whole, schema: pa.Schema) -> pa.Table:
        """Give some rows; a column that was not kept is null."""
        return pa.Table.from_arrays([self._column(field, rows) for field in schema], schema=schema)

    def _column(self, field: pa.Field, rows: Whole) -> pa.Array:
        values = self.folder / f"{field.name}.bin"
        if not values.exists():
            return pa.nulls(len(rows), field.type)
        found = _mapped(values)[rows]
        none = self.folder / f"{field.name}.none"
        mask = _gaps(none)[rows] if none.exists() else None
        if pa.types.is_string(field.type):
            return _words(self.folder / f"{field.name}.words").take(pa.array(found, mask=mask))
        return pa.array(found, mask=mask).cast(field.type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """All parts of one relation, oldest first."""

    folder: Path
    schema: pa.Schema
    keys: Keys

    def add(self, name: str, rows: Iterable[pa.Table]) -> None:
        """Keep rows as the part `name`, table after table; a part that stands there already is kept as it is.

        Only the keys are held in memory whole: sixteen bytes for each row and key.
        """
        place = self.folder / name
        if place.exists():
            return
        making = self.folder / f".{name}"
        making.mkdir(parents=True, exist_ok=True)
        writer = _Writer(making, self.schema, self.keys)
        for each in rows:
            writer.write(each)
        writer.end()
        making.rename(place)

    def with_key(self, key: str, wanted: Whole) -> pa.Table:
        """Give the rows with one of the wanted values of a key, in no order."""
        return self.with_keys({key: wanted})

    def with_keys(self, wanted: Mapping[str, Whole]) -> pa.Table:
        """Give the rows that have a wanted value of any of the keys, each once."""
        asked = {key: np.unique(values) for key, values in wanted.items()}
        found = []
        for part in self._parts():
            rows = [part.rows_with(key, values) for key, values in asked.items()]
            found.append(part.take(np.unique(np.concatenate(rows)), self.schema))
        return pa.concat_tables([self.schema.empty_table(), *found]).combine_chunks()

    def everything(self) -> pa.Table:
        """Give all rows."""
        parts = [part.take(np.arange(part.rows), self.schema) for part in self._parts()]
        return pa.concat_tables([self.schema.empty_table(), *parts]).combine_chunks()

    def _parts(self) -> list[_Part]:
        places = [each for each in self.folder.glob("*") if not each.name.startswith(".")]
        return [_Part.open(each) for each in sorted(places)]


class _Writer:
    """Puts tables one after another into the files of a part."""

    def __init__(self, folder: Path, schema: pa.Schema, keys: Keys) -> None:
        self._folder, self._schema, self._keys = folder, schema, keys
        self._count = 0
        self._words: dict[str, dict[str, int]] = {}
        self._held: dict[str, list[tuple[Whole, Whole]]] = {name: [] for name in keys}
        self._gaps: set[str] = set()

    def write(self, rows: pa.Table) -> None:
        for field in self._schema:
            if field.name in rows.column_names:
                self._put(field, rows.column(field.name))
        for name, columns in self._keys.items():
            self._held[name].append(_key_of(rows, columns, first=self._count))
        self._count += len(rows)

    def _put(self, field: pa.Field, column: pa.ChunkedArray) -> None:
        is_none = np.asarray(pc.is_null(column), dtype=np.bool_)
        if pa.types.is_string(field.type):
            numbers = self._numbered(field.name, column)
        else:
            plain = column.cast(pa.int8()) if pa.types.is_boolean(field.type) else column
            numbers = np.asarray(pc.fill_null(plain, 0)).astype(np.int64)
        with (self._folder / f"{field.name}.bin").open("ab") as file:
            file.write(numbers.tobytes())
        self._mark(field.name, is_none)

    def _mark(self, name: str, is_none: npt.NDArray[np.bool_]) -> None:
        """Say which rows have no value, from the first such row on."""
        if not is_none.any() and name not in self._gaps:
            return
        with (self._folder / f"{name}.none").open("ab") as file:
            if name not in self._gaps:
                file.write(bytes(self._count))
                self._gaps.add(name)
            file.write(is_none.tobytes())

    def _numbered(self, name: str, column: pa.ChunkedArray) -> Whole:
        words = self._words.setdefault(name, {})
        encoded = pc.dictionary_encode(pa.chunked_array(column).combine_chunks())
        own = np.array([words.setdefault(each, len(words)) for each in encoded.dictionary.to_pylist()] or [0])
        return own[np.asarray(pc.fill_null(encoded.indices, 0), dtype=np.int64)]

    def end(self) -> None:
        for name, words in self._words.items():
            (self._folder / f"{name}.words").write_text(json.dumps(list(words)), encoding="utf-8")
        for name, held in self._held.items():
            values, rows = (np.concatenate([each[at] for each in held] or [_NONE]) for at in (0, 1))
            order = np.argsort(values, kind="stable")
            values[order].tofile(self._folder / f"{name}.key")
            rows[order].tofile(self._folder / f"{name}.row")
        (self._folder / "rows").write_text(str(self._count), encoding="ascii")


_NONE: Whole = np.zeros(0, dtype=np.int64)


def _key_of(rows: pa.Table, columns: tuple[str, ...], *, first: int) -> tuple[Whole, Whole]:
    """Give the values of a key and the rows that have one: those without a null in any of its columns."""
    known = np.ones(len(rows), dtype=np.bool_)
    for name in columns:
        known &= np.asarray(pc.is_valid(rows.column(name)), dtype=np.bool_)
    row = np.flatnonzero(known)
    parts = [np.asarray(rows.column(name).take(pa.array(row)), dtype=np.int64) for name in columns]
    return (parts[0] if len(parts) == 1 else mixed(*parts)), row + first


@lru_cache(maxsize=4_096)
def _words(path: Path) -> pa.Array:
    return pa.array(json.loads(path.read_text(encoding="utf-8")), pa.string())


@lru_cache(maxsize=4_096)
def _gaps(path: Path) -> npt.NDArray[np.bool_]:
    return np.memmap(path, dtype=np.bool_, mode="r")


@lru_cache(maxsize=4_096)
def _mapped(path: Path) -> Whole:
    """Map a file of numbers, once: a part never changes. An empty one cannot be mapped."""
    if not path.stat().st_size:
        return _NONE
    mapped: Whole = np.memmap(path, dtype=np.int64, mode="r")
    return mapped


def let_go() -> None:
    """Let go of all files that were mapped: what was moved or taken away frees its place on the disk."""
    for each in (_words, _gaps, _mapped):
        each.cache_clear()
